"""What age takes away: the mail as it came, or every document. The row stays, and knows the mail again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice

import sqlalchemy as sa

from ingest.errors import Refused
from ingest.model import ContributionId
from ingest.states import DECISIONS, Action, State, after
from ingest.store import tables
from ingest.store.changing import Changing
from ingest.store.paging import in_pages
from ingest.store.rows import BY_ITSELF, Entry, Line, Row, row_of
from ingest.words import _

RAW, ALL = "raw", "all"
"""The mail as it came; every document."""
_AT_A_TIME = 500
_SETTLING = (*sorted(DECISIONS), Action.UNDO.value, Action.REPLAY.value, "refuse", "quarantine")


class Ageing(Changing):
    """The part of a store in which documents grow old."""

    def kept(self, last: Mapping[State, str]) -> Iterator[tuple[Row, ...]]:
        """Contributions in the states that `last` names of which age may still take something, some at a time.

        Its word is the most that age takes in a state: what lost that already is left out.
        """
        table = tables.contribution
        known = sa.select(table.c.id, table.c.state, table.c.purged)
        old = (
            record.id
            for record in in_pages(self._database, known)
            if record.state in last and record.purged not in {ALL, last[State(record.state)]}
        )
        while some := list(islice(old, _AT_A_TIME)):
            with self._database.reading() as connection:
                found = connection.execute(sa.select(table).where(table.c.id.in_(some)).order_by(table.c.id)).all()
            yield tuple(map(row_of, found))

    def last_decided(self, ids: Collection[ContributionId] | None = None) -> dict[ContributionId, datetime]:
        """When each contribution, or each of these few, was last decided on, refused by a rule, or found unreadable."""
        table = tables.journal.c
        query = sa.select(table.contribution, sa.func.max(table.at)).where(table.what.in_(_SETTLING))
        if ids is not None:
            query = query.where(table.contribution.in_(sorted(ids)))
        with self._database.reading() as connection:
            found = connection.execute(query.group_by(table.contribution)).all()
        return {ContributionId(id_): at for id_, at in found}

    def finish_purges(self) -> None:
        """Take the files away of what was purged: a crash may have come between the row and the files."""
        there = self._folders.ids()
        for id_ in self._purged(ALL):
            if id_ in there:
                self._folders.remove(id_)
        for id_ in self._purged(RAW):
            if id_ in there and self._folders.has_raw(id_):
                self._folders.remove_raw(id_)

    def _purged(self, what: str) -> Iterable[ContributionId]:
        table = tables.contribution.c
        with self._database.reading() as connection:
            return [ContributionId(id_) for id_ in connection.scalars(sa.select(table.id).where(table.purged == what))]

    def purge(self, seen: Row, what: str, *, at: datetime) -> bool:
        """Take documents away because of their age (`RAW` or `ALL`); False where somebody decided in between.

        A row in the journal first, then the files: run again, it finishes.
        """

        def aged(row: Row, _past: tuple[Entry, ...]) -> tuple[Row, Line]:
            if row.state is not seen.state or row.purged != seen.purged:
                raise Refused(_("elle a changé entre-temps"))
            state = after(row.state, Action.DISCARD) if row.state is State.QUARANTINED else row.state
            line = Line(what="purge", by=BY_ITSELF, channel="tidy", note=what, at=at)
            return replace(row, purged=what, state=state, claimed_by=None, claimed_at=None), line

        if seen.purged not in {what, ALL}:
            try:
                self.change(seen.id, aged)
            except Refused:
                return False
        if what == ALL:
            self._folders.remove(seen.id)
        else:
            self._folders.remove_raw(seen.id)
        return True
