"""What age takes away: the mail as it came, or every document. The row stays, and knows the mail again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from ingest.errors import Refused
from ingest.model import ContributionId
from ingest.states import DECISIONS, Action, State, after
from ingest.store import tables
from ingest.store.changing import Changing
from ingest.store.rows import BY_ITSELF, Entry, Line, Row
from ingest.words import _

RAW, ALL = "raw", "all"
"""The mail as it came; every document."""
_SETTLING = (*sorted(DECISIONS), Action.UNDO.value, Action.REPLAY.value, "refuse", "quarantine")


class Ageing(Changing):
    """The part of a store in which documents grow old."""

    def settled(self) -> dict[ContributionId, datetime]:
        """When each contribution was last decided on, refused by a rule, or found unreadable."""
        table = tables.journal.c
        query = sa.select(table.contribution, sa.func.max(table.at)).where(table.what.in_(_SETTLING))
        with self._database.reading() as connection:
            found = connection.execute(query.group_by(table.contribution)).all()
        return {ContributionId(id_): at for id_, at in found}

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
