"""The one function that every channel calls: web, mail and terminal make a `Decision` and hand it here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.errors import Refused
from ingest.model import ContributionId, Digest
from ingest.moderation import sentences
from ingest.states import DECISIONS, PROJECTED, Action, State, after, undone
from ingest.store import ALL, SET_ASIDE, Entry, Line, Row, Store
from ingest.words import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who decided what, about which text."""

    action: Action
    """One of `DECISIONS`, or `UNDO`."""
    id: ContributionId
    by: str
    digest: Digest | None
    """The draft that was seen; None decides on whatever is current."""
    channel: str
    at: datetime
    note: str = ""
    not_before: datetime | None = None
    """Accepted for later: not to be published before."""
    state: State | None = None
    """The state that was seen, where the channel knows it: somebody's decision in between is then never run over."""


def decide(store: Store, decision: Decision) -> Row:
    """Take a decision, in one transaction with its line in the journal; what it gives back is on the disk.

    Raises `Refused`, saying who decided or changed what, where the contribution is no longer as it was seen, where
    `ingest.states` has no such move, and where the same was decided already; `Unavailable` for the database.
    """
    if decision.action not in DECISIONS and decision.action is not Action.UNDO:
        raise Refused(_("« {action} » n’est pas une décision").format(action=decision.action.value))
    zone = ZoneInfo(store.settings.wall.timezone)
    return store.change(decision.id, lambda row, past: judge(decision, row, past, zone))


def judge(decision: Decision, row: Row, past: Sequence[Entry], zone: ZoneInfo) -> tuple[Row, Line]:
    """What a decision makes of a row. Pure; raises `Refused`."""
    if decision.state is not None and decision.state is not row.state:
        raise Refused(sentences.impossible(decision.action, row, past, zone))
    try:
        decided = _undo(row, past) if decision.action is Action.UNDO else _move(decision, row)
    except Refused:
        raise Refused(sentences.impossible(decision.action, row, past, zone)) from None
    if row.purged == ALL:
        raise Refused(_("ses documents ne sont plus gardés"))
    if _says_nothing_new(decision, row):
        raise Refused(sentences.already(past, zone))
    if decision.digest is not None and decision.digest != row.digest:
        raise Refused(sentences.other_text(past, zone))
    line = Line(
        what=decision.action.value, by=decision.by, channel=decision.channel, note=decision.note, at=decision.at
    )
    warnings = tuple(word for word in row.warnings if word.partition(":")[0] != SET_ASIDE)
    return replace(decided, claimed_by=None, claimed_at=None, warnings=warnings), line


def _move(decision: Decision, row: Row) -> Row:
    decided = _in_state(row, after(row.state, decision.action))
    if decision.action is Action.DEFER:
        return replace(decided, not_before=decision.not_before)
    if decision.action is not Action.ACCEPT:
        return decided
    return replace(
        decided,
        accepted_digest=row.digest,
        accepted_at=row.accepted_at or decision.at,
        not_before=decision.not_before,
    )


def _undo(row: Row, past: Sequence[Entry]) -> Row:
    steps = [(Action(entry.what), entry.before) for entry in past if entry.what in _ACTIONS and entry.before]
    accepted = _standing(past)
    return replace(
        _in_state(row, undone(row.state, steps)),
        accepted_digest=accepted.digest if accepted else None,
        not_before=accepted.not_before if accepted else None,
    )


def _standing(past: Iterable[Entry]) -> Entry | None:
    """The acceptance that counts once the newest decision is taken back; see `ingest.states.undone`."""
    stack: list[Entry] = []
    for entry in past:
        if entry.what in DECISIONS:
            stack.append(entry)
        elif entry.what == Action.UNDO and stack:
            stack.pop()
    return next((entry for entry in reversed(stack[:-1]) if entry.what == Action.ACCEPT), None)


def _in_state(row: Row, state: State) -> Row:
    # What left the site is not online any more: an old text must never come back while a newer one waits for its date
    online = row.published_digest if state in PROJECTED and row.state in PROJECTED else None
    return replace(row, state=state, published_digest=online)


def _says_nothing_new(decision: Decision, row: Row) -> bool:
    return (
        decision.action is Action.ACCEPT
        and row.state in PROJECTED
        and not row.set_aside
        and row.accepted_digest == row.digest
        and decision.digest in {None, row.digest}
        and decision.not_before in {None, row.not_before}
    )


_ACTIONS = frozenset(action.value for action in Action)
