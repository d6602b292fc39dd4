"""Letters as rows of the outbox: put there by the transaction that gives the reason for them, or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from ingest.model import ContributionId, Digest
from ingest.store import tables
from ingest.store.rows import Line, Row

WAITING = "waiting"
"""The state of a letter that no server took yet."""
SENDING = "sending"
"""Of one that somebody is about to hand to a server."""
FEDIVERSE = "fediverse"
"""The audience of what no letter tells: a status, which waits here all the same (`ingest.fediverse`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter to be written: what it is about and for whom, never what it says nor to which address."""

    kind: str
    """Which letter: the name of its template."""
    audience: str
    """`moderator`; `sender`, of the contribution's mail; `follower`; `fediverse`, which is nobody's address."""
    who: str = ""
    """The keyed hash of their address, as contributions have it of their sender: `Outbox.who`."""
    contribution: ContributionId | None = None
    digest: Digest | None = None
    """The draft that it is about."""
    about: Mapping[str, str] = field(default_factory=dict)
    """Whatever else its template needs: short, and nothing private."""
    due_at: datetime | None = None
    """Not before; None for at once."""


Policy = Callable[[Line, Row | None, Row], Iterable[Letter]]
"""Which letters a line of the journal brings, given the row before (None at first) and after it. No IO: a lock is
held."""


def none(_line: Line, _before: Row | None, _after: Row) -> Iterable[Letter]:
    """The policy of a wall that writes to nobody."""
    return ()


def post(connection: sa.Connection, letters: Iterable[Letter], *, now: datetime) -> None:
    """Put letters into the outbox, in the caller's transaction."""
    values = [_values(letter, now) for letter in letters]
    if values:
        connection.execute(tables.outbox.insert(), values)


def _values(letter: Letter, now: datetime) -> dict[str, object]:
    return {
        "kind": letter.kind,
        "audience": letter.audience,
        "who": letter.who,
        "contribution": letter.contribution,
        "digest": letter.digest,
        "about": dict(letter.about),
        "token": secrets.token_hex(16),
        "state": WAITING,
        "said": "",
        "attempts": 0,
        "created_at": now,
        "due_at": letter.due_at or now,
        "tried_at": None,
        "ended_at": None,
    }
