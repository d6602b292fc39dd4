"""What is too much at once: quotas by sender and by day, and a queue that says so.

A mail beyond a quota is set apart: kept as it came, durably, and read no further than its header. It is in quarantine
with the reason `flood` until there is room, or until somebody looks (`mur replay`). Counted is what comes into the
queue by the mailbox: what somebody brings in by hand is no flood.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ingest.settings import Settings
from ingest.states import State
from ingest.store import tables
from ingest.store.changing import Changing
from ingest.store.facts import Facts
from ingest.store.rows import APART, Row, row_of

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

CHANNEL = "imap"
"""The one that strangers fill."""
_ALL = ""
_KEPT_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """How full the queue is."""

    waiting: int
    """Held or deferred; counted no further than `limit`."""
    limit: int
    """`[floods] queue`; 0: never too much."""

    @property
    def too_much(self) -> bool:
        """Whether moderators are told of all at once, not of each."""
        return 0 < self.limit <= self.waiting


class Floods(Changing):
    """The part of a store that counts."""

    def crowd(self) -> Crowd:
        """How full the queue is; the cost has a bound, however many wait. Raises `Unavailable`."""
        limit = self.settings.floods.queue
        table = tables.contribution.c
        some = sa.select(table.id).where(table.state.in_([State.HELD.value, State.DEFERRED.value]))
        with self._database.reading() as connection:
            waiting = connection.scalar(sa.select(sa.func.count()).select_from(some.limit(max(limit, 1)).subquery()))
        return Crowd(waiting=int(waiting or 0), limit=limit)

    def too_much(self) -> bool:
        """Whether so many wait that one letter for all of them is better than one for each. Raises `Unavailable`."""
        return self.crowd().too_much

    def wary(self, at: datetime) -> bool:
        """Whether a mail that comes now has to be looked at before it is read: some are blocked, or many came."""
        return not self.calm((at,))

    def calm(self, moments: Sequence[datetime]) -> bool:
        """Whether of mails that come at these moments none has to be looked at before it is read."""
        someone = sa.select(tables.blocked.c.who).limit(1)
        with self._database.reading() as connection:
            if connection.scalar(someone) is not None:
                return False
        return not self.crowded(moments)

    def crowded(self, moments: Sequence[datetime]) -> bool:
        """Whether so many came on the day of one of these mails that it may be too much, all these mails counted."""
        limits = [limit for limit in (self.settings.floods.sender_daily, self.settings.floods.daily) if limit]
        if not limits:
            return False
        days = {day_of(at, self.settings) for at in moments}
        with self._database.reading() as connection:
            return any(_counted(connection, day, _ALL) + len(moments) > min(limits) for day in days)

    def beyond(self, who: str | None, at: datetime) -> bool:
        """Whether one more mail of this sender (None: unknown), come at this moment, is too much for its day."""
        floods, day = self.settings.floods, day_of(at, self.settings)
        with self._database.reading() as connection:
            if floods.daily and _counted(connection, day, _ALL) >= floods.daily:
                return True
            limit = floods.sender_daily
            return who is not None and limit > 0 and _counted(connection, day, who) >= limit

    def count_in(self, who: str | None, at: datetime) -> None:
        """Count a mail that was set apart and comes into the queue now."""
        with self._database.writing() as connection:
            _count(connection, day_of(at, self.settings), who)

    def to_let_in(self, now: datetime, *, limit: int) -> tuple[Row, ...]:
        """What is set apart and has room now: in its sender's day, in everybody's, and in the queue."""
        floods, day = self.settings.floods, day_of(now, self.settings)
        if self.too_much() or self.beyond(None, now):
            return ()
        table, counted = tables.contribution, tables.quota.c
        full = sa.select(counted.who).where(counted.day == day, counted.mails >= floods.sender_daily)
        room = sa.or_(table.c.sender_key.is_(None), table.c.sender_key.not_in(full))
        mine = (table.c.state == State.QUARANTINED.value, table.c.reason == APART)
        query = sa.select(table).where(*mine, *([room] if floods.sender_daily else []))
        with self._database.reading() as connection:
            found = connection.execute(query.order_by(table.c.received_at, table.c.id).limit(limit))
            return tuple(row_of(record) for record in found)


def day_of(at: datetime, settings: Settings) -> str:
    """The wall's calendar day."""
    with suppress(OverflowError):  # a server may say the year 9999
        at = at.astimezone(ZoneInfo(settings.wall.timezone))
    return at.date().isoformat()


def count(connection: sa.Connection, told: Facts, settings: Settings) -> None:
    """Count a mail that came into the queue by the mailbox, in the transaction that gives it its row."""
    if told.channel == CHANNEL and told.state is not State.DISCARDED and told.reason != APART:
        _count(connection, day_of(told.received_at, settings), told.sender_key)


def forget(connection: sa.Connection, who: str | None) -> None:
    """Keep nothing of how much a sender sent."""
    if who:
        connection.execute(tables.quota.delete().where(tables.quota.c.who == who))


def _count(connection: sa.Connection, day: str, who: str | None) -> None:
    table, one_more = tables.quota, _one_more(connection.dialect.name)
    for whose in dict.fromkeys((_ALL, who or _ALL)):
        connection.execute(one_more, {"day": day, "who": whose, "mails": 1})
    if _counted(connection, day, _ALL) == 1:
        connection.execute(table.delete().where(table.c.day < _days_before(day)))


@cache
def _one_more(dialect: str) -> sqlite.Insert | postgresql.Insert:
    table = tables.quota
    how: dict[str, Any] = {"index_elements": ["day", "who"], "set_": {"mails": table.c.mails + 1}}
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as into_postgresql  # a tenth of a second, for who has it

        return into_postgresql(table).on_conflict_do_update(**how)
    from sqlalchemy.dialects.sqlite import insert

    return insert(table).on_conflict_do_update(**how)


def _days_before(day: str) -> str:
    return date.fromordinal(max(1, date.fromisoformat(day).toordinal() - _KEPT_DAYS)).isoformat()


def _counted(connection: sa.Connection, day: str, who: str) -> int:
    return int(connection.scalar(_COUNTED, {"day": day, "who": who}) or 0)


_COUNTED = sa.select(tables.quota.c.mails).where(
    tables.quota.c.day == sa.bindparam("day"), tables.quota.c.who == sa.bindparam("who")
)
