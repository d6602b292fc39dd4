"""What an answer of the token endpoint comes to: a token, or who must act (RFC 6749 sections 5.1 and 5.2)."""

from __future__ import annotations

import re

from ingest.errors import LoginNeeded, Misconfigured, MurError, Refused, Unavailable
from ingest.oauth.endpoint import Answer
from ingest.oauth.provider import Provider
from ingest.oauth.token import Token
from ingest.words import _

_BEARER = re.compile(r"[\x21-\x7e]{1,16384}")
"""Visible ASCII: a token stands between control characters in SASL (RFC 7628 section 3.1)."""
_HOUR = 3600
_YEAR = 365 * 24 * _HOUR

_OPERATOR = {
    "invalid_client": "oauth_client_id, oauth_client_secret_file",
    "unauthorized_client": "oauth_client_id",
    "invalid_scope": "oauth_scope",
    "unsupported_grant_type": "oauth_token_url",
    "invalid_request": "oauth_client_id",
}
"""Errors that a setting causes, and which one."""
_PERSON = {"access_denied", "authorization_declined", "consent_required", "interaction_required", "login_required"}
_GONE = {"invalid_grant", "expired_token", "bad_verification_code", "code_expired"}


def granted(answer: Answer, provider: Provider, *, now: float, before: str = "") -> Token:
    """The token that was given out; a refresh that brings no new refresh token leaves the one `before`.

    Raises `Unavailable` for an answer that cannot be used, and `Refused` where mail was not part of what was granted.
    """
    access, refresh = answer.text("access_token"), answer.text("refresh_token") or before
    if answer.text("token_type").lower() != "bearer" or not _BEARER.fullmatch(access):
        raise Unavailable(_("le fournisseur n’a pas donné de jeton utilisable"))
    if not _BEARER.fullmatch(refresh):
        raise Refused(_("le fournisseur ne permet pas de renouveler l’accès ; voyez [mailbox] oauth_scope"))
    scopes = answer.text("scope")
    if provider.needed and scopes and provider.needed not in scopes.split():
        raise Refused(_("l’accès au courrier n’a pas été accordé : recommencez et cochez la case"))
    return Token(
        access_token=access,
        refresh_token=refresh,
        expires_at=int(now) + answer.number("expires_in", _HOUR, most=_YEAR),
        user=provider.user,
        client_id=provider.client_id,
        token_url=provider.token_url,
    )


def refused_login(answer: Answer) -> MurError:
    """Why a person who just tried to log in got no token."""
    if answer.error in _PERSON:
        return Refused(_("l’accès n’a pas été accordé ; « mur login » recommence"))
    if answer.error in _GONE:
        return Refused(_("le code n’est plus valable ; « mur login » recommence"))
    return _refused(answer)


def refused_refresh(answer: Answer, provider: Provider) -> MurError:
    """Why a token could not be renewed: mostly, that it was revoked or has lain too long."""
    if answer.error in _PERSON | _GONE:
        words = _("boîte aux lettres : l’accès de {user} a été retiré ou a expiré ; faites « mur login »")
        return LoginNeeded(words.format(user=provider.user))
    return _refused(answer)


def _refused(answer: Answer) -> MurError:
    why = " : ".join(word for word in (answer.error, answer.said) if word)
    if answer.error in _OPERATOR:
        return Misconfigured(f"[mailbox] {_OPERATOR[answer.error]}: the provider refuses: {why}")
    return Unavailable(_("le fournisseur refuse : {why}").format(why=why))
