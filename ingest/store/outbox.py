"""The outbox: letters that wait, one at a time under a lease, and how each of them ended.

    waiting -> sending (leased) -> sent | failed | dropped
                    └─> waiting again, later

At least once: a sender that dies between the server's yes and its own note leaves a lease that runs out, and the letter
goes again under the same Message-ID. Two senders never hold one letter: a lease is taken in one transaction, and
whoever lost it (`attempts` tells) ends nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from ingest.model import ContributionId, Digest
from ingest.store import letters, tables
from ingest.store.changing import Changing
from ingest.store.facts import sender_of
from ingest.store.letters import FEDIVERSE, SENDING, WAITING, Letter

SENT, FAILED, DROPPED = "sent", "failed", "dropped"
"""A server took it; none will; nobody should get it any more, or again so soon."""
ENDED = (SENT, FAILED, DROPPED)
OPEN = (WAITING, SENDING)
LEASE = timedelta(minutes=15)
"""Longer than a server may think about one letter; after a crash, the letter goes again this late."""
A_DAY = timedelta(days=1)
_PATIENCE = timedelta(hours=1)
"""When one that waits for the day to be over is looked at again."""
SO_SOON = "once-a-day"
"""Why a letter was dropped: the same kind went to the same address in the last 24 hours."""
_LONGEST_WORD = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A row of the outbox; moments in UTC."""

    id: int
    kind: str
    audience: str
    who: str
    contribution: ContributionId | None
    digest: Digest | None
    about: dict[str, str]
    token: str
    """Random, the letter's own: its Message-ID is made of it."""
    state: str
    said: str
    """How the last attempt ended, in a word: `450`, `once-a-day`; never a server's sentence, which may name people."""
    attempts: int
    created_at: datetime
    due_at: datetime
    """Not before; of one that is being sent, the end of its lease."""
    tried_at: datetime | None
    """The first attempt."""
    ended_at: datetime | None


class Outbox(Changing):
    """The part of a store in which letters wait."""

    def who(self, address: str) -> str:
        """An address as the outbox holds it: the keyed hash that contributions have of their sender."""
        return self.keyed("sender", sender_of(address))

    @property
    def has_key(self) -> bool:
        """Whether anybody can be known again: looking makes no key."""
        return self._key.there

    def post(self, written: Iterable[Letter], *, now: datetime, unless_since: datetime | None = None) -> int:
        """Put letters into the outbox that no line of the journal brings. Gives back how many were put there.

        With `unless_since` one of which the same (kind, who, about) was posted after that moment is left out.
        """
        table, new = tables.outbox.c, []
        with self._database.writing() as connection:
            _alone(connection)
            for letter in written:
                same = (table.kind == letter.kind, table.who == letter.who, table.created_at > (unless_since or now))
                found = connection.scalars(sa.select(table.about).where(*same)) if unless_since else ()
                if dict(letter.about) not in [dict(about) for about in found]:
                    new.append(letter)
            letters.post(connection, new, now=now)
        return len(new)

    def take_letter(
        self, *, now: datetime, since: datetime, most: int, once_a_day: Mapping[str, bool], fediverse: bool = False
    ) -> Posted | None:
        """Lease the letter that is due the longest, or the status, for `fediverse`; None where none is.

        `since` and `most`: no more than so many sent or in hand since then (0: as many as there are). One of the kinds
        `once_a_day` whose address got one in 24 hours is dropped on the way, or waits where that says so.
        """
        with self._database.reading() as connection:
            if _due(connection, now, fediverse) is None:
                return None
        with self._database.writing() as connection:
            _alone(connection)
            while not most or _handed(connection, since, now, fediverse) < most:
                posted = _due(connection, now, fediverse)
                if posted is None:
                    return None
                if posted.kind not in once_a_day or not _came_lately(connection, posted, now - A_DAY):
                    return _lease(connection, posted, now)
                if once_a_day[posted.kind]:
                    _write(connection, posted, said=SO_SOON, due_at=now + _PATIENCE)
                else:
                    _write(connection, posted, state=DROPPED, said=SO_SOON, ended_at=now)
        return None

    def letter_sent(self, posted: Posted, *, now: datetime) -> None:
        """A server took it."""
        self._settle(posted, state=SENT, said="", ended_at=now)

    def letter_later(self, posted: Posted, said: str, *, due_at: datetime) -> None:
        """Not now."""
        self._settle(posted, state=WAITING, said=said[:_LONGEST_WORD], due_at=due_at)

    def letter_ended(self, posted: Posted, state: str, said: str, *, now: datetime) -> None:
        """No server takes it (`FAILED`), or nobody should get it any more (`DROPPED`)."""
        self._settle(posted, state=state, said=said[:_LONGEST_WORD], ended_at=now)

    def letters(self, states: Collection[str] = OPEN, *, limit: int | None = None) -> tuple[Posted, ...]:
        """Letters in these states, the newest first."""
        table = tables.outbox
        query = sa.select(table).where(table.c.state.in_(sorted(states))).order_by(table.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return tuple(posted_of(record) for record in connection.execute(query))

    def letters_to(self, address: str) -> tuple[Posted, ...]:
        """Every letter to an address that is still known of, the oldest first."""
        if not self._key.there:
            return ()
        table = tables.outbox
        query = sa.select(table).where(table.c.who == self.who(address)).order_by(table.c.id)
        with self._database.reading() as connection:
            return tuple(posted_of(record) for record in connection.execute(query))

    def letter(self, token: str) -> Posted | None:
        """The letter whose Message-ID was made of `token`."""
        table = tables.outbox
        with self._database.reading() as connection:
            found = connection.execute(sa.select(table).where(table.c.token == token)).one_or_none()
        return posted_of(found) if found else None

    def letters_by_state(self, *, since: datetime) -> dict[str, int]:
        """How many wait, and how many ended since then, by state."""
        table = tables.outbox.c
        counted = sa.select(table.state, sa.func.count()).where(
            sa.or_(table.ended_at.is_(None), table.ended_at >= since)
        )
        with self._database.reading() as connection:
            return {str(state): int(number) for state, number in connection.execute(counted.group_by(table.state))}

    def sweep_letters(self, *, before: datetime) -> int:
        """Forget letters that ended before then. Gives back how many."""
        table = tables.outbox
        with self._database.writing() as connection:
            return connection.execute(table.delete().where(table.c.ended_at < before)).rowcount

    def _settle(self, posted: Posted, **values: object) -> None:
        """Only while the lease is ours; a letter whose contribution was erased meanwhile is gone, and stays so."""
        with self._database.writing() as connection:
            _write(connection, posted, **values)


def posted_of(record: sa.Row[Any]) -> Posted:
    """A record of `outbox`."""
    return Posted(**dict(record._mapping))  # noqa: SLF001 - SQLAlchemy's public name for it


def _alone(connection: sa.Connection) -> None:
    """One transaction at a time among senders: SQLite's writers are alone already, PostgreSQL's are not."""
    table = tables.counter
    connection.execute(sa.select(table).where(table.c.name == "outbox").with_for_update()).all()


def _ours(fediverse: bool) -> sa.ColumnElement[bool]:  # noqa: FBT001
    """Letters and statuses lie in one box, and are taken out by two."""
    audience = tables.outbox.c.audience
    return audience == FEDIVERSE if fediverse else audience != FEDIVERSE


def _handed(connection: sa.Connection, since: datetime, now: datetime, fediverse: bool) -> int:  # noqa: FBT001
    table = tables.outbox.c
    in_hand = sa.and_(table.state == SENDING, table.due_at > now)
    handed = sa.or_(sa.and_(table.state == SENT, table.ended_at >= since), in_hand)
    return int(connection.scalar(sa.select(sa.func.count()).where(handed, _ours(fediverse))) or 0)


def _due(connection: sa.Connection, now: datetime, fediverse: bool) -> Posted | None:  # noqa: FBT001
    table = tables.outbox
    query = sa.select(table).where(table.c.state.in_(OPEN), table.c.due_at <= now, _ours(fediverse))
    found = connection.execute(query.order_by(table.c.due_at, table.c.id).limit(1)).one_or_none()
    return posted_of(found) if found else None


def _came_lately(connection: sa.Connection, posted: Posted, since: datetime) -> bool:
    table = tables.outbox.c
    lately = sa.or_(sa.and_(table.state == SENT, table.ended_at > since), table.state == SENDING)
    same = sa.and_(table.kind == posted.kind, table.who == posted.who, table.id != posted.id)
    return connection.scalar(sa.select(table.id).where(same, lately).limit(1)) is not None


def _lease(connection: sa.Connection, posted: Posted, now: datetime) -> Posted:
    leased = replace(
        posted, state=SENDING, attempts=posted.attempts + 1, due_at=now + LEASE, tried_at=posted.tried_at or now
    )
    changed = {"state", "attempts", "due_at", "tried_at"}
    _write(
        connection, posted, **{each.name: getattr(leased, each.name) for each in fields(Posted) if each.name in changed}
    )
    return leased


def _write(connection: sa.Connection, posted: Posted, **values: object) -> None:
    table = tables.outbox.c
    same = (table.id == posted.id, table.state == posted.state, table.attempts == posted.attempts)
    connection.execute(tables.outbox.update().where(*same).values(values))
