"""Logging in with a token: OAUTHBEARER (RFC 7628), or XOAUTH2, Google's own, which Microsoft has alone."""

from __future__ import annotations

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from ingest import settings as mur
from ingest.errors import Misconfigured


def log_in(client: IMAPClient, *, settings: mur.Mailbox, token: str) -> None:
    """By the first mechanism that the server knows of.

    Raises `Misconfigured` where it knows neither, and LoginError where it refuses, without the token in its words.
    """
    for mechanism, message, acknowledgement in (
        ("OAUTHBEARER", f"n,a={_saslname(settings.user)},\1auth=Bearer {token}\1\1", "\1"),
        ("XOAUTH2", f"user={settings.user}\1auth=Bearer {token}\1\1", ""),
    ):
        if client.has_capability(f"AUTH={mechanism}"):
            # A refusal is a challenge first, which has to be answered before the NO (RFC 7628 section 3.2.3)
            steps = iter((message, acknowledgement))
            try:
                client.sasl_login(mechanism, lambda _challenge, steps=steps: next(steps, None))
            except IMAPClientError as error:  # cut short, too: some servers hang up instead of saying NO
                raise LoginError(str(error).replace(token, "…")) from None
            return
    raise Misconfigured(f"[mailbox] oauth: {settings.host} knows neither OAUTHBEARER nor XOAUTH2")


def _saslname(name: str) -> str:
    """RFC 5801 section 4."""
    return name.replace("=", "=3D").replace(",", "=2C")
