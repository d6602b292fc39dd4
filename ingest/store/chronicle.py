"""The journal in pages: what happened, for whoever asks by what, by whom or of which contribution."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ingest.model import ContributionId
from ingest.store import tables
from ingest.store.reading import Reading
from ingest.store.rows import BY_ITSELF, Entry, Row, entry_of, row_of

NAMES = 100
"""Names that a filter offers at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which lines of the journal."""

    what: Collection[str] = ()
    """Words of the journal; none for all."""
    by: str = ""
    contribution: ContributionId | None = None
    below: int | None = None
    """Only lines older than this one, by its `seq`."""
    above: int | None = None
    """Only newer ones."""


class Chronicle(Reading):
    """The part of a store that tells what happened."""

    def journal_page(self, choice: Choice, *, limit: int) -> tuple[Entry, ...]:
        """Lines, the newest first; with `above`, the nearest above it."""
        table = tables.journal
        upwards = choice.above is not None
        order = table.c.seq if upwards else table.c.seq.desc()
        query = sa.select(table).where(*_clauses(choice)).order_by(order).limit(limit)
        with self._database.reading() as connection:
            found = tuple(entry_of(record) for record in connection.execute(query))
        return found[::-1] if upwards else found

    def rows_of(self, ids: Collection[ContributionId]) -> dict[ContributionId, Row]:
        """The contributions that these lines are about, in one look."""
        table = tables.contribution
        with self._database.reading() as connection:
            found = connection.execute(sa.select(table).where(table.c.id.in_(sorted(ids)))).all()
        return {row.id: row for row in map(row_of, found)}

    def journal_names(self) -> tuple[str, ...]:
        """Who ever did something, in the order of the alphabet; not what went by itself.

        From one name to the next by index: however long the journal is, it costs a look for each name.
        """
        table = tables.journal.c
        names: list[str] = []
        with self._database.reading() as connection:
            name: str | None = ""
            while len(names) <= NAMES and (name := connection.scalar(_next_name(table.by, name or ""))) is not None:
                names.append(name)
        return tuple(name for name in names if name != BY_ITSELF)[:NAMES]


def _next_name(by: sa.ColumnElement[Any], name: str) -> sa.Select[Any]:
    return sa.select(by).where(by > name).order_by(by).limit(1)


def _clauses(choice: Choice) -> list[sa.ColumnElement[bool]]:
    table = tables.journal.c
    clauses: list[sa.ColumnElement[bool]] = []
    if choice.what:
        clauses.append(table.what.in_(sorted(choice.what)))
    if choice.by:
        clauses.append(table.by == choice.by)
    if choice.contribution:
        clauses.append(table.contribution == choice.contribution)
    if choice.below is not None:
        clauses.append(table.seq < choice.below)
    if choice.above is not None:
        clauses.append(table.seq > choice.above)
    return clauses
