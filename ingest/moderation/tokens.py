"""Codes that let one person decide on one text by mail: signed, short, and of no use to anybody else. Pure.

    code = base32(5 bytes of the contribution's id, 4 bytes of the time, 11 bytes of the signature): 32 characters

What the signature covers does not all stand in the code: person, draft and what may be done are tried from what the
wall knows, so that a code says nothing to whoever finds it, and fits into a subject line. 88 bits of HMAC-SHA-256 are
more than RFC 2104 section 5 asks for, and each guess needs a mail that our server vouches for. Alone uses itsdangerous
for this purpose; the salt keeps a code from being taken for anything else that the wall signs.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from itsdangerous import Signer

from ingest.model import ContributionId, Digest
from ingest.states import Action

LENGTH = 32
"""Characters of a code: a-z and 2-7 (RFC 4648 section 6), in either case."""
_HEAD = struct.Struct("!5sI")
_SIGNED = 11
_PURPOSE = "mur.moderation.by-mail"


class Scope(StrEnum):
    """What the letter that carries a code asks for."""

    DECIDE = "decide"
    """What to do with a text that waits."""
    REVISE = "revise"
    """Whether what was decided should stand."""


ALLOWED: dict[Scope, frozenset[Action]] = {
    Scope.DECIDE: frozenset({Action.ACCEPT, Action.REJECT, Action.DEFER, Action.EDIT}),
    Scope.REVISE: frozenset({Action.UNDO, Action.WITHDRAW}),
}
"""The action set that each is bound to. Neither holds `discard` or `spam`: an answer throws nothing away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a code allows, and whom."""

    id: ContributionId
    who: str
    """The keyed hash of the moderator's address, as the outbox has it."""
    digest: Digest
    """The draft that the letter showed."""
    scope: Scope
    issued: datetime
    """When the letter was posted; only its whole seconds count."""

    @property
    def second(self) -> int:
        """`issued` in whole seconds since 1970."""
        return int(self.issued.timestamp())

    def over(self, now: datetime, days: int) -> bool:
        """Whether `days` went by since."""
        return now >= self.issued + timedelta(days=days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What stands in a code, before anybody looked whether it is true."""

    prefix: str
    """The first ten digits of the id."""
    issued: datetime


class Tokens:
    """Signs and reads codes. `secret` is the wall's, for this purpose alone."""

    def __init__(self, secret: str) -> None:
        self._signer = Signer(secret, salt=_PURPOSE, key_derivation="hmac", digest_method=hashlib.sha256)

    def code(self, grant: Grant) -> str:
        """The code of a grant: always the same."""
        head = _HEAD.pack(bytes.fromhex(grant.id[:10]), grant.second)
        return base64.b32encode(head + self._signature(grant)).decode("ascii").lower()

    def find(self, code: str, grants: Iterable[Grant]) -> Grant | None:
        """The one of `grants` that `code` is the code of; None where it is none's."""
        claimed, found = code.strip().lower().encode("ascii", "replace"), None
        for grant in grants:
            if hmac.compare_digest(claimed, self.code(grant).encode("ascii")):
                found = grant
        return found

    def _signature(self, grant: Grant) -> bytes:
        words = (grant.scope, *sorted(ALLOWED[grant.scope]), grant.id, grant.who, grant.digest, str(grant.second))
        signed = self._signer.get_signature("\n".join(words))
        return base64.urlsafe_b64decode(signed + b"=" * (-len(signed) % 4))[:_SIGNED]


def claim(code: str) -> Claim | None:
    """What a code says of itself; None for what cannot be one."""
    try:
        raw = base64.b32decode(code.strip().upper())
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _HEAD.size + _SIGNED:
        return None
    prefix, second = _HEAD.unpack(raw[: _HEAD.size])
    return Claim(prefix=prefix.hex(), issued=datetime.fromtimestamp(second, UTC))
