"""A long list, one page at a time: what a page costs, and what is in memory, does not depend on how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

import sqlalchemy as sa

from ingest.errors import Refused
from ingest.model import ContributionId, Kind
from ingest.states import State
from ingest.store import tables
from ingest.store.changing import Changing
from ingest.store.database import Database
from ingest.store.rows import Row, row_of
from ingest.words import _

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_AT_A_TIME = 500


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """Where a page of the queue ends: the one after it came later."""

    received_at: datetime
    id: ContributionId

    def __str__(self) -> str:
        return f"{(self.received_at - _EPOCH) // _MICROSECOND}-{self.id}"


def place(text: str) -> Place:
    """A place from its text. Raises `Refused` for what is none."""
    moment, dash, id_ = text.partition("-")
    try:
        if dash and len(text) < 60:
            return Place(received_at=_EPOCH + int(moment) * _MICROSECOND, id=ContributionId(id_))
    except (ValueError, OverflowError):
        pass
    raise Refused(_("cette page de la liste n’existe pas"))


class Paging(Changing):
    """The part of a store that shows long lists."""

    def page(
        self,
        states: Iterable[State],
        *,
        kind: Kind | None = None,
        mine: str | None = None,
        warned: bool = False,
        after: Place | None = None,
        limit: int = 25,
    ) -> tuple[Row, ...]:
        """The next `limit` contributions in these states, the longest here first, from behind `after` on.

        `mine` is who took them, `warned` asks for those with a warning. One look by index for each state: an order over
        several of them would read all there are.
        """
        clauses = [*_asked(kind, mine, warned=warned), *_behind(after)]
        with self._database.reading() as connection:
            found = [
                [row_of(record) for record in connection.execute(_in(state).where(*clauses).limit(limit))]
                for state in sorted(states)
            ]
        return tuple(islice(merge(*found, key=lambda row: (row.received_at, row.id)), limit))

    def every(self, states: Iterable[State] | None = None) -> Iterator[Row]:
        """Every contribution in these states (None: in all), by id: for what has to look at all of them.

        Read in pages, each as it then is: what changes meanwhile is seen before or after, and what comes perhaps not.
        """
        among = frozenset(State if states is None else states)
        return (row_of(record) for record in in_pages(self._database) if record.state in among)

    def strays(self) -> frozenset[ContributionId]:
        """Folders without a row: what the next opening, if it is not only to look, finishes."""
        there = self._folders.ids()
        with self._database.reading() as connection:
            return there.difference(map(ContributionId, connection.scalars(sa.select(tables.contribution.c.id))))


def in_pages(database: Database, columns: sa.Select[Any] | None = None) -> Iterator[sa.Row[Any]]:
    """Every record of `contribution`, by id, or these columns of it, of which the id is one.

    By the primary key alone: with a state beside it, SQLite would take the index of states and sort all for each page.
    """
    table, last = tables.contribution, ""
    query = (sa.select(table) if columns is None else columns).order_by(table.c.id).limit(_AT_A_TIME)
    while True:
        with database.reading() as connection:
            found = connection.execute(query.where(table.c.id > last)).all()
        yield from found
        if len(found) < _AT_A_TIME:
            return
        last = found[-1].id


def _in(state: State) -> sa.Select[Any]:
    table = tables.contribution
    return sa.select(table).where(table.c.state == state.value).order_by(table.c.received_at, table.c.id)


def _asked(kind: Kind | None, mine: str | None, *, warned: bool) -> list[sa.ColumnElement[bool]]:
    table = tables.contribution.c
    clauses: list[sa.ColumnElement[bool]] = []
    if kind is not None:
        clauses.append(table.kind == kind.value)
    if mine is not None:
        clauses.append(table.claimed_by == mine)
    if warned:
        clauses.append(sa.cast(table.warnings, sa.Text) != "[]")
    return clauses


def _behind(after: Place | None) -> list[sa.ColumnElement[bool]]:
    if after is None:
        return []
    table = tables.contribution.c
    same = sa.and_(table.received_at == after.received_at, table.id > after.id)
    return [table.received_at >= after.received_at, sa.or_(table.received_at > after.received_at, same)]
