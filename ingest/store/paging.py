"""A long list, one page at a time: what it costs does not depend on how many there are."""

from __future__ import annotations

from collections.abc import Iterable
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
from ingest.store.rows import Row, row_of
from ingest.words import _

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


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
