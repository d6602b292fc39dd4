"""Taking a mail again from the bytes that were kept: it was unreadable, too much at once, or refused by a rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ingest.errors import Refused
from ingest.model import Contribution, ContributionId, Outcome
from ingest.states import Action, State, after, undone
from ingest.store import facts, likeness, rows
from ingest.store.arriving import TAKEN_AS, Arriving, Taken
from ingest.store.facts import Arrival, Facts
from ingest.store.rows import Entry, Line, Row
from ingest.words import _

ANSWERS = frozenset({"answer", "unverified-answer"})
"""Reasons of mails that answer one of our letters: they are nobody's contribution."""


class Replaying(Arriving):
    """The part of a store that gives a mail another outcome."""

    def replayable(self, id_: ContributionId) -> Row:
        """The contribution, if its mail can be taken again. Raises `Refused`."""
        row = self.find(id_)
        return _replayable(row, self.journal(row.id))

    def replace(
        self,
        id_: ContributionId,
        outcome: Outcome,
        *,
        contribution: Contribution | None,
        now: datetime,
        by: str,
        channel: str,
    ) -> Taken:
        """Put another outcome in the place of a quarantine or of a refusal by a rule, and count the attempt.

        Raises `Refused` for anything else and where the mail is gone, and `Unavailable`.
        """
        row = self.replayable(id_)
        arrival = Arrival(
            id=row.id,
            raw=self.raw(row.id),
            contribution=contribution,
            received_at=row.received_at,
            now=now,
            channel=channel,
        )
        told = facts.facts_of(arrival, outcome, self.keyed)
        self._folders.revise(told, outcome)
        warnings = self._compared(told)

        def again(row: Row, past: tuple[Entry, ...]) -> tuple[Row, Line]:
            line = Line(what=Action.REPLAY.value, by=by, channel=channel, note=told.reason, at=now)
            return _replayed(_replayable(row, past), told, warnings), line

        after_it = self.change(row.id, again)
        return Taken(id=after_it.id, outcome=TAKEN_AS[after_it.state], reason=told.reason)

    def _compared(self, told: Facts) -> tuple[str, ...]:
        """Look for what is like it, as at its arrival, and keep by what it is known. Done twice, it is the same."""
        text = self._likeness(told)
        with self._database.writing() as connection:
            like = likeness.search(connection, text, told.id)
            likeness.write(connection, told.id, text, like)
            return likeness.warnings(like, likeness.came_before(connection, told.message_id_key, told.id))


def _replayable(row: Row, past: Sequence[Entry]) -> Row:
    if row.state is State.QUARANTINED:
        return row
    if row.reason in ANSWERS:
        raise Refused(_("c’est une réponse à l’une de nos lettres, pas une contribution"))
    if row.state is not State.DISCARDED or row.digest is not None or _decided(row, past):
        raise Refused(_("seule une contribution en quarantaine, ou refusée par une règle, peut être reprise"))
    return row


def _decided(row: Row, past: Sequence[Entry]) -> bool:
    """Whether somebody discarded it: that is undone, not replayed."""
    known = frozenset(action.value for action in Action)
    try:
        undone(
            row.state, [(Action(entry.what), entry.before) for entry in past if entry.what in known and entry.before]
        )
    except Refused:
        return False
    return True


def _replayed(row: Row, told: Facts, warnings: Sequence[str]) -> Row:
    fresh = rows.first_row(told)
    state = row.state
    if told.state is State.HELD:
        state = after(row.state, Action.REPLAY)
    elif told.state is State.DISCARDED and row.state is State.QUARANTINED:
        state = after(row.state, Action.DISCARD)
    return replace(
        fresh,
        state=state,
        warnings=(*fresh.warnings, *warnings),
        attempts=row.attempts + 1,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
    )
