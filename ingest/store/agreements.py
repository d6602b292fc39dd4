"""What one moderator said yes to while a second one is needed: lines of the journal, in which nothing moves yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import islice

import sqlalchemy as sa

from ingest.model import ContributionId, Digest
from ingest.states import Action
from ingest.store import tables
from ingest.store.reading import Reading
from ingest.store.rows import AGREE, Entry, entry_of

REVOKE = "revoke"
"""The word of the line that takes an agreement back."""
_AT_A_TIME = 500
_ENDING = frozenset({Action.ACCEPT, Action.REJECT, Action.DISCARD, Action.SPAM, Action.WITHDRAW, Action.UNDO})
_VOIDING = frozenset({REVOKE, "keep", Action.EDIT.value, Action.REPLAY.value, *(action.value for action in _ENDING)})
"""After these an agreement is no more: another text, or another decision. Putting off is none."""


class Agreements(Reading):
    """The part of a store that knows who agreed."""

    def agreements(self, ids: Iterable[ContributionId]) -> Mapping[ContributionId, Entry]:
        """The agreement that stands on the current text of each of these; those without one are left out."""
        wanted = iter(ids)
        found: dict[ContributionId, Entry] = {}
        while some := list(islice(wanted, _AT_A_TIME)):
            found |= self._agreements(some)
        return found

    def _agreements(self, wanted: list[ContributionId]) -> dict[ContributionId, Entry]:
        table, rows = tables.journal.c, tables.contribution.c
        agreed = sa.select(table.contribution).where(table.what == AGREE, table.contribution.in_(wanted))
        query = sa.select(tables.journal).where(table.contribution.in_(agreed)).order_by(table.seq)
        past: dict[ContributionId, list[Entry]] = defaultdict(list)
        with self._database.reading() as connection:
            for record in connection.execute(query):
                past[record.contribution].append(entry_of(record))
            current = sa.select(rows.id, rows.digest).where(rows.id.in_(list(past)))
            digests = {record.id: record.digest for record in connection.execute(current)} if past else {}
        standing = {id_: agreement(entries, digests.get(id_)) for id_, entries in past.items()}
        return {id_: entry for id_, entry in standing.items() if entry is not None}


def agreement(past: Iterable[Entry], digest: Digest | None) -> Entry | None:
    """The agreement that stands on the text of this digest; `past` is its journal, oldest first."""
    standing: Entry | None = None
    for entry in past:
        if entry.what == AGREE:
            standing = entry
        elif entry.what in _VOIDING:
            standing = None
    return standing if standing is not None and standing.digest == digest else None
