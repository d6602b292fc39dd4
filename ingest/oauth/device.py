"""The device flow (RFC 8628): a code is typed into a browser on any machine, and asked after here meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ingest.errors import Refused, Unavailable
from ingest.oauth.endpoint import ask, one_line
from ingest.oauth.grant import granted, refused_login
from ingest.oauth.provider import Provider
from ingest.oauth.token import Token
from ingest.words import _

_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_INTERVAL = 5
"""Seconds, where the server names none; and what `slow_down` adds each time (section 3.5)."""
_SLOWEST = 60
_LIFETIME, _LONGEST = 900, 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What a person has to do within `seconds`: open `address` and type `code`."""

    address: str
    code: str
    seconds: int
    device_code: str = field(repr=False)
    interval: int


def begin(provider: Provider) -> Invitation:
    """Ask for a code. Raises what `refused_login` says, and `Unavailable`."""
    answer = ask(provider.device_url, provider.identified(scope=provider.scope))
    if answer.error:
        raise refused_login(answer)
    invitation = Invitation(
        # Google says `verification_url`, as the drafts of the RFC did
        address=one_line(answer.text("verification_uri", "verification_url")),
        code=one_line(answer.text("user_code")),
        seconds=answer.number("expires_in", _LIFETIME, most=_LONGEST),
        device_code=answer.text("device_code"),
        interval=answer.number("interval", _INTERVAL, most=_SLOWEST),
    )
    if not (invitation.address and invitation.code and invitation.device_code):
        raise Unavailable(_("le fournisseur n’a pas donné de code"))
    return invitation


def finish(provider: Provider, invitation: Invitation, *, sleep: Callable[[float], None] = time.sleep) -> Token:
    """Wait for the person. Raises `Refused` where they said no or took too long."""
    interval, waited = invitation.interval, 0
    form = provider.identified(grant_type=_GRANT, device_code=invitation.device_code)
    while waited < invitation.seconds:
        sleep(interval)
        waited += interval
        try:
            answer = ask(provider.token_url, form)
        except Unavailable:  # section 3.5: after a time-out, less often
            interval = min(2 * interval, _SLOWEST)
            continue
        if not answer.error:
            return granted(answer, provider, now=time.time())
        if answer.error == "slow_down":
            interval = min(interval + _INTERVAL, _SLOWEST)
        elif answer.error != "authorization_pending":
            raise refused_login(answer)
    raise Refused(_("personne n’a donné le code à temps ; « mur login » recommence"))
