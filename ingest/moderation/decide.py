"""The one function that every channel calls: web, mail and terminal make a `Decision` and hand it here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.errors import Refused
from ingest.model import ContributionId, Digest, Kind
from ingest.moderation import requested, sentences
from ingest.moderation.agreeing import is_accepted, second_voice
from ingest.moderation.persons import is_same, person
from ingest.states import DECISIONS, PROJECTED, Action, State, after, undone
from ingest.store import AGREE, ALL, REVOKE, SET_ASIDE, Entry, Line, Row, Store, agreement
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

    Where the rule of two persons applies, the first acceptance is an agreement: the row comes back as it stood, and
    `waits_for_second` and `outcome` say so. Raises `Refused`, saying who decided or changed what, where it is
    no longer as it was seen, where `ingest.states` has no such move, where the same was decided already, and where
    the second voice is the first one's; `Unavailable` for the database.
    """
    if decision.action not in DECISIONS and decision.action is not Action.UNDO:
        raise Refused(_("« {action} » n’est pas une décision").format(action=decision.action.value))
    zone = ZoneInfo(store.settings.wall.timezone)
    decision = replace(decision, by=person(store.settings, decision.by))
    row = store.find(decision.id) if decision.action is Action.ACCEPT else None
    if row is not None and row.kind is Kind.COMMAND and row.state in {State.HELD, State.DEFERRED}:
        judge(decision, row, store.journal(row.id), zone)  # whether it still is as it was seen
        return requested.carry_out(store, decision, row, decide)
    seen = row if store.settings.moderation.two_persons else None
    voices = second_voice(store, seen) if seen else ()

    def judged(row: Row, past: Sequence[Entry]) -> tuple[Row, Line]:
        if seen and row.digest != seen.digest:
            raise Refused(sentences.other_text(past, zone))  # the voices were counted for another text
        return judge(decision, row, past, zone, voices)

    return store.change(decision.id, judged)


def waits_for_second(decision: Decision, row: Row) -> bool:
    """Whether what `decide` gave back is not accepted yet: another person has to say yes as well."""
    return decision.action is Action.ACCEPT and not is_accepted(row)


def outcome(decision: Decision, row: Row) -> str:
    """What `decide` did, in a sentence, given what it gave back."""
    return sentences.second_awaited() if waits_for_second(decision, row) else sentences.now_stands(row)


def judge(
    decision: Decision, row: Row, past: Sequence[Entry], zone: ZoneInfo, voices: Sequence[str] = ()
) -> tuple[Row, Line]:
    """What a decision makes of a row; `voices` are the reasons for which it takes two. Pure; raises `Refused`."""
    if decision.state is not None and decision.state is not row.state:
        raise Refused(sentences.impossible(decision.action, row, past, zone))
    agreed = agreement(past, row.digest)
    if decision.action is Action.UNDO and _is_newest(agreed, past):
        return _let_go(row), _line(decision, REVOKE)
    decided = _decided(decision, row, past, zone)
    if decision.action is Action.ACCEPT and voices:
        if agreed is None:
            return _let_go(row), _line(decision, AGREE)
        if is_same(agreed.by, decision.by):
            raise Refused(sentences.agreed_already(agreed, zone))
        decided = replace(decided, not_before=decided.not_before or agreed.not_before)
    warnings = tuple(word for word in row.warnings if word.partition(":")[0] != SET_ASIDE)
    return _let_go(replace(decided, warnings=warnings)), _line(decision, decision.action.value)


def _decided(decision: Decision, row: Row, past: Sequence[Entry], zone: ZoneInfo) -> Row:
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
    return decided


def _let_go(row: Row) -> Row:
    return replace(row, claimed_by=None, claimed_at=None)


def _line(decision: Decision, what: str) -> Line:
    return Line(
        what=what,
        by=decision.by,
        channel=decision.channel,
        note=decision.note,
        at=decision.at,
        not_before=decision.not_before,
    )


def _is_newest(agreed: Entry | None, past: Sequence[Entry]) -> bool:
    """Whether an agreement is what was said last, so that undoing takes it back."""
    decision = sentences.last_decision(past)
    return agreed is not None and (decision is None or decision.seq < agreed.seq)


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
