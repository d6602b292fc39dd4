"""The token to log in with now: the one that was kept, or a fresh one where that is over."""

from __future__ import annotations

import time
from pathlib import Path

from ingest import settings as mur
from ingest.oauth.endpoint import ask
from ingest.oauth.grant import granted, refused_refresh
from ingest.oauth.provider import provider
from ingest.oauth.token import token_file


class Access:
    """To one account. Several processes may hold one each: of two that refresh at once, the second takes the first's.

    Everything raises `LoginNeeded` where only `mur login` helps, `Misconfigured`, and `Unavailable` where the provider
    or the disk does not answer.
    """

    def __init__(self, settings: mur.Mailbox, base: Path | None) -> None:
        self._provider = provider(settings, base)
        self._file = token_file(settings, base)
        self.is_fresh = False
        """Whether the last token was made just now: who refuses it has another reason than its age."""

    def token(self) -> str:
        """An access token that is good by the clock."""
        known = self._file.load(self._provider)
        if known.lasts(time.time()):
            return known.access_token
        return self.renewed(known.access_token)

    def renewed(self, worn: str) -> str:
        """Another access token than `worn`, which is over, or was refused."""
        with self._file.locked():
            known = self._file.load(self._provider)
            if known.access_token != worn and known.lasts(time.time()):
                return known.access_token
            self._file.rehearse(known)
            form = self._provider.identified(grant_type="refresh_token", refresh_token=known.refresh_token)
            answer = ask(self._provider.token_url, form)
            if answer.error:
                raise refused_refresh(answer, self._provider)
            fresh = granted(answer, self._provider, now=time.time(), before=known.refresh_token)
            self._file.save(fresh)
            self.is_fresh = True
            return fresh.access_token
