"""The door by which answers to our letters come in: known by what they carry, read, handed to whom the letter is of.

    a mail -> look: is it an answer to a letter of ours? -> handler -> kept with a word -> acted on -> noted as done

An answer is kept first and acted on afterwards, and a last line of its journal says that this is finished. So what a
crash left undone is done when the mail comes again, and what was done is never done twice: whatever a handler does
must bear being begun again (`Answer.again`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from ingest import message
from ingest.correspondence import answers, contributing
from ingest.correspondence.answers import asking
from ingest.correspondence.answers.carriers import token_of
from ingest.correspondence.audience import own_addresses
from ingest.errors import BadMessage
from ingest.message import REMEMBERED, rules
from ingest.model import Contribution, ContributionId, Refusal
from ingest.moderation import by_mail, weighing
from ingest.moderation.answer import ANSWERED, Answer, Handled
from ingest.moderation.entitled import CHANNEL
from ingest.settings import Settings
from ingest.store import BY_ITSELF, Entry, Line, Row, Store, Taken
from ingest.worker import Overrun

T = TypeVar("T")
Handler = Callable[[Store, Answer], Handled | None]
"""None: it is for a moderator to see to, as a contribution of its own."""
HANDLERS: Mapping[str, Handler] = {
    **dict.fromkeys(weighing.LETTERS, by_mail.handle),
    **dict.fromkeys(contributing.LETTERS, contributing.handle),
}
"""Who takes an answer, by the kind of the letter that it answers. One more kind of letter is one more line."""
_THREAD = re.compile(rb"^(?:in-reply-to|references)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_SUBJECT = re.compile(rb"^subject[ \t]*:[^\n]*(?:=\?|#)", re.IGNORECASE | re.MULTILINE)
_ABOVE = b"##- "
_HEADER_END = re.compile(rb"\r?\n\r?\n")
DONE = "answer"
"""The journal's word for an answer that was seen to."""


class Run(Protocol):
    """How untrusted bytes are read: in a child process, with limits. Raises `Overrun`."""

    def __call__(self, seconds: float, function: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
        """Run one step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    answer: Answer
    handler: Handler


class Answers:
    """Takes answers into one store."""

    def __init__(self, store: Store, settings: Settings, run: Run) -> None:
        self._store, self._settings, self._run = store, settings, run

    def look(self, raw: bytes, run: Run | None = None) -> Contribution | None:
        """A mail, read by `run`, if it may be an answer; None for one that is none. Asks no store."""
        run = run or self._run
        if not self._may_answer(raw, run):
            return None
        mail = self._parsed(raw, run)
        if mail is None or rules.program_wrote(mail.subject):
            return None
        return None if rules.refusal(mail, own=tuple(own_addresses(self._settings))) else mail

    def act(
        self, raw: bytes, looked: Contribution | None, *, received_at: datetime, now: datetime, channel: str
    ) -> Taken | None:
        """Keep an answer and act on it; None for a mail that is none. Raises `Unavailable`."""
        found = self._found(looked, now=now, again=False) if looked else None
        if found is None:
            return None
        handled = found.handler(self._store, found.answer)
        if handled is None:
            return None
        taken = self._store.hold(
            raw,
            Refusal(reason=handled.word),
            contribution=_without_codes(found.answer.mail),
            received_at=received_at,
            now=now,
            channel=channel,
        )
        self._finish(taken.id, handled, now)
        return replace(taken, outcome="handled")

    def resume(self, known: Row, raw: bytes, *, now: datetime) -> None:
        """Do what is left to do of an answer that was kept before."""
        if known.reason not in ANSWERED or any(entry.what == DONE for entry in self._store.journal(known.id)):
            return
        looked = self.look(raw)
        found = self._found(looked, now=now, again=True) if looked else None
        if found is not None:
            handled = found.handler(self._store, found.answer)
            self._finish(known.id, handled or Handled(word=known.reason, by="", act=lambda: None), now)

    def _finish(self, id_: ContributionId, handled: Handled, now: datetime) -> None:
        handled.act()
        by = handled.by or BY_ITSELF

        def noted(row: Row, _past: tuple[Entry, ...]) -> tuple[Row, Line]:
            return row, Line(what=DONE, by=by, channel=CHANNEL, note="", at=now)

        self._store.change(id_, noted)

    def _may_answer(self, raw: bytes, run: Run) -> bool:
        """Whether it is worth reading a mail for that: most are read once only, for what they bring."""
        end = _HEADER_END.search(raw, 0, self._settings.limits.header_bytes)
        header = raw[: end.end()] if end else b""
        if _THREAD.search(header) or _ABOVE in raw or self._names_moderator(header):
            return True
        return _SUBJECT.search(header) is not None and self._has_code(raw if len(raw) <= REMEMBERED else header, run)

    def _has_code(self, raw: bytes, run: Run) -> bool:
        limits = self._settings.limits
        try:
            subject = run(limits.part_seconds, message.subject, raw, limits, self._settings.mailbox.authserv_id)
        except (BadMessage, Overrun):
            return False
        return answers.CODE.search(subject) is not None

    def _names_moderator(self, header: bytes) -> bool:
        folded = header.lower()
        return any(one.address.lower().encode("utf-8", "replace") in folded for one in self._settings.moderators)

    def _parsed(self, raw: bytes, run: Run) -> Contribution | None:
        limits, authserv_id = self._settings.limits, self._settings.mailbox.authserv_id
        try:
            return run(limits.part_seconds, message.read, raw, limits=limits, authserv_id=authserv_id)
        except (BadMessage, Overrun):
            return None

    def _found(self, mail: Contribution, *, now: datetime, again: bool) -> _Found | None:
        carried = answers.carried(mail)
        tokens = tuple(filter(None, map(token_of, carried.message_ids)))
        letters = tuple(filter(None, map(self._store.letter, tokens)))
        kinds = [letter.kind for letter in letters if letter.kind in HANDLERS]
        ours = weighing.known_codes(self._store, carried)
        lost = bool(tokens) and not letters and weighing.is_listed(self._store, mail.sender)
        if not kinds and (letters or not (ours or lost)):
            return None
        answer = Answer(
            id=mail.id,
            mail=mail,
            letters=letters,
            codes=ours,
            again=again,
            now=now,
            read=lambda names: self._read(mail, names),
            hear=lambda names: self._hear(mail, names),
        )
        return _Found(answer=answer, handler=HANDLERS[kinds[0]] if kinds else by_mail.handle)

    def _read(self, mail: Contribution, names: tuple[str, ...]) -> answers.Reply:
        limits = self._settings.limits
        try:
            return self._run(limits.part_seconds, answers.read, mail, limits=limits, names=names)
        except (BadMessage, Overrun):
            return answers.Reply(says=answers.Says.UNCLEAR)

    def _hear(self, mail: Contribution, names: tuple[str, ...]) -> asking.Asked:
        return heard(mail, names, self._settings, self._run)


def heard(mail: Contribution, names: tuple[str, ...], settings: Settings, run: Run) -> asking.Asked:
    """What a mail asks for; unclear where it cannot be read."""
    try:
        return run(settings.limits.part_seconds, asking.hear, mail, limits=settings.limits, names=names)
    except (BadMessage, Overrun):
        return asking.Asked(ask=asking.Ask.UNCLEAR)


def _without_codes(mail: Contribution) -> Contribution:
    """For the records: the subject is shown to every moderator, the code in it was one's own."""
    return replace(mail, subject=answers.CODE.sub("", mail.subject).replace("()", "").strip())
