"""What a moderator is written who answered a notice: done, too late, or not understood."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ingest.correspondence import notices
from ingest.correspondence.audience import MODERATOR
from ingest.correspondence.letter import Case, Filled, Unsent
from ingest.moderation import refusals, sentences
from ingest.moderation.entitled import CHANNEL, DECIDING, OPEN
from ingest.moderation.tokens import Scope
from ingest.moderation.weighing import DECIDED
from ingest.states import Action
from ingest.store import AGREE, REVOKE, Entry, Letter, Line, Row
from ingest.words import _

if TYPE_CHECKING:
    from ingest.correspondence.policy import Office

_DONE = {
    Action.ACCEPT.value: "Vous l’avez acceptée\u202f: elle sera en ligne à la prochaine publication.",
    Action.REJECT.value: "Vous l’avez refusée.",
    Action.DEFER.value: "Vous l’avez remise à plus tard\u202f: elle reste dans la file.",
    Action.WITHDRAW.value: "Vous l’avez retirée\u202f: elle ne sera plus en ligne après la prochaine publication.",
    Action.UNDO.value: "La dernière décision est annulée.",
    AGREE: "Votre accord est noté\u202f; il en faut un second, de quelqu’un d’autre, pour qu’elle soit acceptée.",
    REVOKE: "Votre accord est retiré.",
}
_NOTED = frozenset({Action.REJECT.value})
_WITHOUT_CODE = frozenset({"unverified", "off", "digest"})
"""Letters that cannot be answered: nobody knows whom one reaches, or about what it is."""


def done(office: Office, line: Line, _before: Row | None, after: Row) -> Iterator[Letter]:
    """A word that it is done, to whoever decided by mail, in the transaction that does it."""
    if line.channel != CHANNEL or line.what not in DECIDING or after.digest is None:
        return
    scope = Scope.DECIDE if after.state in OPEN and line.what != AGREE else Scope.REVISE
    person = next((one for one in office.settings.moderators if one.name == line.by), None)
    if person is not None:
        yield Letter(
            kind=DECIDED,
            audience=MODERATOR,
            who=office.who(person.address),
            contribution=after.id,
            digest=after.digest,
            about={"did": line.what, "scope": scope.value},
        )


def fill_done(case: Case) -> Filled | Unsent:
    """What was done, and how to take it back."""
    did = case.letter.about.get("did", "")
    if did not in _DONE:
        return Unsent(why="unknown")
    said = next((entry for entry in reversed(_past(case)) if entry.what == did and entry.channel == CHANNEL), None)
    values = {
        **notices.common(case),
        "did": did,
        "sentence": _(_DONE[did]),
        "note": said.note if said and did in _NOTED else "",
        "silent": bool(said) and did in _NOTED and refusals.is_silent(said.note if said else ""),
        "revise": case.letter.about.get("scope") == Scope.REVISE.value,
    }
    return Filled(values=values, reply_to=notices.reply_to(case.settings))


def fill_already(case: Case) -> Filled | Unsent:
    """Who decided what, and when."""
    if case.row is None:
        return Unsent(why="erased")
    zone = ZoneInfo(case.settings.wall.timezone)
    decided = sentences.last_decision(_past(case))
    values = {
        **notices.common(case),
        "decided": sentences.who(decided, zone) if decided else "",
        "stands": _sentence(sentences.now_stands(case.row)),
    }
    return Filled(values=values, reply_to=notices.reply_to(case.settings))


def fill_unclear(case: Case) -> Filled | Unsent:
    """That an answer did nothing, and how to be understood."""
    why = case.letter.about.get("why", "")
    if case.row is not None and case.row.digest != case.letter.digest:
        return Unsent(why="changed")
    scope = case.letter.about.get("scope", Scope.DECIDE.value)
    common = notices.common(case)
    if why in _WITHOUT_CODE:
        common["code"] = ""
    values = {**common, "why": why, "revise": scope == Scope.REVISE.value}
    return Filled(values=values, reply_to=notices.reply_to(case.settings))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _past(case: Case) -> tuple[Entry, ...]:
    return case.store.journal(case.row.id) if case.row else ()
