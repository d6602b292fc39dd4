"""What we log in with to the server that takes our letters: a password, or the mailbox's OAuth2 token."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, replace

from ingest.errors import Misconfigured
from ingest.oauth.access import Access
from ingest.settings import Settings, secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """`token` and `password` are never both set."""

    user: str
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    access: Access | None = field(default=None, repr=False)
    """Where a fresh token comes from."""
    required: bool = False
    """Whether `mur.toml` names them for this server, so that one that asks for no login is not what was meant."""

    def renewed(self) -> Credentials | None:
        """With another token, where the one they hold was not made just now. Raises `LoginNeeded`, `Unavailable`."""
        if self.access is None or self.access.is_fresh:
            return None
        return replace(self, token=self.access.renewed(self.token))

    def oauth(self) -> tuple[tuple[str, str], ...]:
        """Mechanisms and what each says first: RFC 7628, and Google's own, which Microsoft has alone."""
        name = self.user.replace("=", "=3D").replace(",", "=2C")  # RFC 5801 section 4
        return (
            ("OAUTHBEARER", f"n,a={name},\1auth=Bearer {self.token}\1\1"),
            ("XOAUTH2", f"user={self.user}\1auth=Bearer {self.token}\1\1"),
        )

    def plain(self) -> str:
        """SASL PLAIN in base64: UTF-8, which smtplib's own does not say (RFC 4616)."""
        return base64.b64encode(f"\0{self.user}\0{self.password}".encode()).decode("ascii")


def credentials(settings: Settings) -> Credentials | None:
    """Those of `[outgoing]`, else the mailbox's; None where neither has any.

    Raises `Misconfigured` for a user without a password, and what `Access.token` raises.
    """
    outgoing, mailbox = settings.outgoing, settings.mailbox
    base = settings.file.parent if settings.file else None
    password = secret("outgoing", "password", outgoing.password_file, outgoing.password_env, base=base)
    user, own = outgoing.user or mailbox.user, bool(outgoing.user or password)
    if password and user:
        return Credentials(user=user, password=password, required=True)
    if user and user == mailbox.user:
        if mailbox.oauth:
            access = Access(mailbox, base)
            return Credentials(user=user, token=access.token(), access=access, required=own)
        password = secret("mailbox", "password", mailbox.password_file, mailbox.password_env, base=base)
        if password:
            return Credentials(user=user, password=password, required=own)
    if own:
        named = outgoing.password_file or f"the environment variable {outgoing.password_env}"
        raise Misconfigured(f"[outgoing] user, password_file, password_env: {named} holds no password for {user!r}")
    return None
