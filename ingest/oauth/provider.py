"""Who gives out tokens: what is known of Google and of Microsoft, and what `mur.toml` says instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ingest import settings as mur
from ingest.errors import Misconfigured
from ingest.oauth.endpoint import checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An authorisation server, and who we are to it."""

    auth_url: str
    token_url: str
    device_url: str
    """Empty where it has no device flow, or none that gives out a token for mail."""
    scope: str
    redirect_host: str
    """How a browser calls this machine when it comes back (RFC 8252 section 7.3)."""
    extra: tuple[tuple[str, str], ...] = ()
    """More parameters of the authorisation request."""
    needed: str = ""
    """A scope that a person can untick, and without which the token opens no mailbox."""
    user: str
    client_id: str
    client_secret: str = field(repr=False)

    def identified(self, **form: str) -> dict[str, str]:
        """A form for one of its endpoints that says who asks (RFC 6749 section 2.3.1)."""
        form["client_id"] = self.client_id
        if self.client_secret:
            form["client_secret"] = self.client_secret
        return form


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    auth_url: str = ""
    token_url: str = ""
    device_url: str = ""
    scope: str = ""
    redirect_host: str = "127.0.0.1"
    extra: tuple[tuple[str, str], ...] = ()
    needed: str = ""


_MICROSOFT = "https://login.microsoftonline.com/common/oauth2/v2.0"
_OUTLOOK = "https://outlook.office.com"
_KNOWN = {
    "google": _Known(
        auth_url="https://accounts.google.com/o/oauth2/v2/auth",
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
        # Google's device flow has a list of scopes, and mail is not on it (developers.google.com, "OAuth 2.0 for TV and
        # Limited-Input Device Applications", "Allowed scopes").
        scope="https://mail.google.com/",
        needed="https://mail.google.com/",
        # Without `consent`, who said yes before gets no refresh token a second time.
        extra=(("access_type", "offline"), ("prompt", "consent")),
    ),
    "microsoft": _Known(
        auth_url=f"{_MICROSOFT}/authorize",
        token_url=f"{_MICROSOFT}/token",
        device_url=f"{_MICROSOFT}/devicecode",
        scope=f"offline_access {_OUTLOOK}/IMAP.AccessAsUser.All {_OUTLOOK}/SMTP.Send",
        # Entra ignores the port of a registered http://localhost alone.
        redirect_host="localhost",
    ),
    "other": _Known(),
}


def provider(settings: mur.Mailbox, base: Path | None) -> Provider:
    """The provider that the settings name. Raises `Misconfigured` where something about it is missing or unsafe."""
    if settings.oauth not in _KNOWN:
        raise Misconfigured(f"[mailbox] oauth: {settings.oauth or 'empty'}; expected google, microsoft or other")
    known = _KNOWN[settings.oauth]
    for key in ("user", "oauth_client_id"):
        if not getattr(settings, key):
            raise Misconfigured(f"[mailbox] {key}: expected with oauth = {settings.oauth!r}")
    secret, variable = settings.oauth_client_secret_file, settings.oauth_client_secret_env
    return Provider(
        auth_url=checked("oauth_auth_url", settings.oauth_auth_url or known.auth_url),
        token_url=checked("oauth_token_url", settings.oauth_token_url or known.token_url),
        device_url=_optional("oauth_device_url", settings.oauth_device_url or known.device_url),
        scope=settings.oauth_scope or known.scope,
        redirect_host=known.redirect_host,
        extra=known.extra,
        needed="" if settings.oauth_scope else known.needed,
        user=settings.user,
        client_id=settings.oauth_client_id,
        client_secret=mur.secret("mailbox", "oauth_client_secret", secret, variable, base=base),
    )


def _optional(key: str, url: str) -> str:
    return checked(key, url) if url else ""
