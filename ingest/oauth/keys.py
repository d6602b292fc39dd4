"""The keys of `[mailbox]` that OAuth2 needs: `ingest.settings.Mailbox` inherits them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

CHOICES = {("mailbox", "oauth"): ("google", "microsoft", "other", "")}


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthKeys:
    """How to log in without a password. The addresses and the scope are known for Google and Microsoft."""

    oauth: str = ""
    """`google`, `microsoft` or `other`; empty: with a password."""
    oauth_client_id: str = ""
    """What the provider calls this program, once registered with it."""
    oauth_client_secret_file: str = ""
    """File with the secret that goes with it; a public client has none."""
    oauth_client_secret_env: str = "MUR_MAILBOX_CLIENT_SECRET"  # noqa: S105 - a variable's name
    oauth_token_file: str = ""
    """Where `mur login` keeps the token, and a refresh writes it; empty: `mailbox.token` in the state folder."""
    oauth_auth_url: str = ""
    oauth_token_url: str = ""
    oauth_device_url: str = ""
    oauth_scope: str = ""


K = TypeVar("K", bound=OAuthKeys)


def anchored(keys: K, state: Path) -> K:
    """The keys with their token file in the state folder where they name none."""
    return keys if keys.oauth_token_file else replace(keys, oauth_token_file=str(state / "mailbox.token"))
