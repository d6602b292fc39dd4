"""What several tests do."""

from __future__ import annotations

import time
from dataclasses import replace

from ingest.oauth.endpoint import Answer
from ingest.oauth.grant import granted
from ingest.oauth.provider import provider
from ingest.oauth.token import token_file


def logged_in(authority, settings, *, ends_in: int = 3600) -> str:
    """Keep a token as `mur login` does; by our clock it ends in so many seconds. Returns the access token."""
    asked = provider(settings, None)
    fields = {name: str(value) for name, value in authority.grant().items()}
    token = granted(Answer(error="", said="", fields=fields), asked, now=time.time())
    token = replace(token, expires_at=int(time.time()) + ends_in)
    kept = token_file(settings, None)
    with kept.locked():
        kept.save(token)
    return token.access_token
