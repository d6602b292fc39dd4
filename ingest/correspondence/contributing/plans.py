"""What becomes of an answer by whoever wrote: a table from what is asked to what is done, or to a moderator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from ingest.correspondence.answers.asking import Ask, Asked
from ingest.correspondence.audience import SENDER
from ingest.correspondence.contributing import authority, changes, revising
from ingest.correspondence.contributing.authority import Thread
from ingest.errors import BadMessage, Refused
from ingest.model import Contribution, Kind
from ingest.moderation.answer import ANSWER, Answer, Handled
from ingest.moderation.entitled import OPEN
from ingest.states import PROJECTED, State
from ingest.store import ALL, BY_AUTHOR, Letter, Row, Store

Act = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    store: Store
    about: Thread
    asked: Asked
    answer: Answer

    @property
    def row(self) -> Row:
        return self.about.row


def handle(store: Store, answer: Answer) -> Handled | None:
    """What is done for an answer; None where a moderator has to see to it. Raises `Unavailable`."""
    about = authority.thread(store, answer.letters)
    if about is None or not authority.is_believed(store, about, answer.mail):
        return None
    asked = answer.hear(names(store, about.row, answer.mail))
    act = _planned(_Case(store=store, about=about, asked=asked, answer=answer))
    if act is None:
        return None

    def once() -> None:
        with suppress(Refused):  # somebody was faster, or it is done
            act()

    return Handled(word=ANSWER, by=BY_AUTHOR, act=once)


def names(store: Store, row: Row, mail: Contribution) -> tuple[str, ...]:
    """Who may sign an answer about a contribution: whoever the mail names, and however the draft is signed."""
    signed = ""
    if row.digest is not None:
        with suppress(Refused, BadMessage):
            signed = store.draft(row.id, row.digest).byline
    return tuple(name for name in (mail.sender.name if mail.sender else "", signed) if name)


def _planned(case: _Case) -> Act | None:
    if case.row.kind is Kind.COMMAND and case.asked.ask is not Ask.NOTHING:
        return None  # "RETIRER" to a letter about a request may mean the request, or the text that it is about
    named = case.asked.number
    if case.row.purged == ALL or case.row.digest is None or (named is not None and named != case.row.number):
        return None
    return _PLANS[case.asked.ask](case)


def _nothing(_case: _Case) -> Act | None:
    return lambda: None


def _nobody(_case: _Case) -> Act | None:
    return None


def _withdraw(case: _Case) -> Act | None:
    if case.row.state is State.WITHDRAWN:
        return lambda: _tell(case, authority.WITHDRAWN)
    if case.row.state not in OPEN | PROJECTED:
        return None
    return lambda: changes.withdraw(case.store, case.row.id, case.answer)


def _agree(case: _Case) -> Act | None:
    """To a text that was sent back; of any other letter, a yes asks for nothing."""
    if case.about.letter.kind != authority.SENT_BACK:
        return lambda: None
    row, past = case.row, case.store.journal(case.row.id)
    if case.about.letter.digest not in {None, row.digest} or row.state is not State.DEFERRED:
        return None
    return (lambda: changes.agree(case.store, row, case.answer)) if changes.sent_back(past) else None


def _undo(case: _Case) -> Act | None:
    row, past = case.row, case.store.journal(case.row.id)
    if row.state is State.WITHDRAWN and changes.withdrew(past):
        return lambda: changes.put_back(case.store, row.id, case.answer)
    before = changes.before_it(past, row)
    if row.state not in OPEN or before is None:
        return None
    old = case.store.draft(row.id, before)
    return lambda: changes.revise(case.store, row, case.answer, lambda _draft: old, "undo")


def _change(case: _Case) -> Act | None:
    asked, row = case.asked, case.row
    if row.state in PROJECTED and asked.anonymous and not (asked.title or asked.alts):
        return lambda: changes.anonymise(case.store, row, case.answer)
    return _revise(case)


def _revise(case: _Case) -> Act | None:
    """Before publication: of what is online, a new text is proposed to a moderator (`addressed`)."""
    row = case.row
    if row.state not in OPEN or (case.asked.ask is Ask.TEXT and case.answer.mail.attachments):
        return None
    try:
        change = revising.change(case.store, row, case.asked, case.answer.mail)
        if changes.would_be(case.store, row, change) == row.digest:
            return lambda: _tell(case, authority.CHANGED)
    except (Refused, BadMessage):
        return None
    return lambda: changes.revise(case.store, row, case.answer, change, revising.what(case.asked))


def _tell(case: _Case, kind: str) -> None:
    """That it is so already, where this very mail did not make it so: nothing in the journal brings a letter."""
    if changes.by_mail(case.store.journal(case.row.id), case.answer):
        return
    about = {"answer": case.answer.id, "what": "already"}
    letter = Letter(
        kind=kind,
        audience=SENDER,
        who=case.about.letter.who,
        contribution=case.row.id,
        digest=case.row.digest,
        about=about,
    )
    case.store.post([letter], now=case.answer.now, unless_since=case.row.received_at)


_PLANS: Mapping[Ask, Callable[[_Case], Act | None]] = {
    Ask.WITHDRAW: _withdraw,
    Ask.CHANGE: _change,
    Ask.TEXT: _revise,
    Ask.AGREE: _agree,
    Ask.UNDO: _undo,
    Ask.NOTHING: _nothing,
    Ask.EMPTY: _nobody,
    Ask.UNCLEAR: _nobody,
}
