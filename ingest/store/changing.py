"""One change: one row under its lock, one line in the journal, one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa

from ingest.errors import Refused
from ingest.model import ContributionId, Digest
from ingest.store import facts, letters, rows, tables
from ingest.store.reading import Reading
from ingest.store.rows import Entry, Line, Row, entry_of, row_of
from ingest.words import _

_LOCKED = sa.select(tables.contribution).where(tables.contribution.c.id == sa.bindparam("id")).with_for_update()

Decide = Callable[[Row, tuple[Entry, ...]], tuple[Row, Line]]
"""Looks at a row and its journal, and says what follows, or raises `Refused`. It does no IO: a lock is held."""


class Changing(Reading):
    """The half of a store that changes one contribution at a time."""

    def change(self, id_: ContributionId, decide: Decide) -> Row:
        """Let `decide` see a contribution as it is while nobody else can change it, and write what it answers.

        State, journal line and, at the first acceptance, the public number are written in one transaction: all is there
        when this returns, and nothing where anything was raised. Raises what `decide` raises, `Refused` for an unknown
        id, `Unavailable`.
        """
        with self._database.writing() as connection:
            row = self._locked(connection, id_)
            if row is None:
                raise Refused(_("aucune contribution ne s’appelle « {name} »").format(name=id_))
            after, line = decide(row, self._past(connection, id_))
            if after.accepted_at is not None and after.number is None:
                after = replace(after, number=_next_number(connection))
            rows.update(connection, row, after)
            self._note(connection, line, before=row, after=after)
        return after

    def add_draft(self, id_: ContributionId, document: str) -> Digest:
        """Write one more version of the draft, durably; it counts only once a `change` names its digest."""
        return self._folders.add_draft(id_, facts.encoded(document))

    def _note(self, connection: sa.Connection, line: Line, *, before: Row | None, after: Row) -> None:
        """A line in the journal, and the letters that it brings."""
        rows.note(connection, line, before=before, after=after)
        letters.post(connection, self._policy(line, before, after), now=line.at)

    def _locked(self, connection: sa.Connection, id_: ContributionId) -> Row | None:
        found = connection.execute(_LOCKED, {"id": id_}).one_or_none()
        return row_of(found) if found else None

    def _past(self, connection: sa.Connection, id_: ContributionId) -> tuple[Entry, ...]:
        table = tables.journal
        query = sa.select(table).where(table.c.contribution == id_).order_by(table.c.seq)
        return tuple(entry_of(record) for record in connection.execute(query))


def _next_number(connection: sa.Connection) -> int:
    table = tables.counter
    connection.execute(table.update().where(table.c.name == "number").values(value=table.c.value + 1))
    return int(connection.scalar(sa.select(table.c.value).where(table.c.name == "number")) or 0)
