"""What is done at once for whoever wrote a contribution: each one transaction, with its line in the journal.

The line is the author's, by mail, and its note names the mail that asked for it: the same mail never does it twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from ingest.errors import Refused
from ingest.model import ContributionId, Digest, Draft
from ingest.moderation import vocabulary
from ingest.moderation.answer import Answer
from ingest.moderation.decide import Decision, judge
from ingest.moderation.entitled import CHANNEL, OPEN
from ingest.publication import article
from ingest.states import DECISIONS, PROJECTED, Action, after
from ingest.store import BY_AUTHOR, SET_ASIDE, Entry, Line, Row, Store, digest_of
from ingest.words import _

AGREED, CHANGED = "author-agreed", "author-changed"
"""Why it is held again, beside what held it before."""
Change = Callable[[Draft], Draft]


def withdraw(store: Store, id_: ContributionId, answer: Answer) -> None:
    """Before publication or after it. Raises `Refused` where there is nothing to withdraw."""
    _decide(store, id_, answer, Action.WITHDRAW, "withdraw")


def put_back(store: Store, id_: ContributionId, answer: Answer) -> None:
    """Take the author's own withdrawal back. Raises `Refused`."""
    _decide(store, id_, answer, Action.UNDO, "undo")


def revise(store: Store, row: Row, answer: Answer, change: Change, what: str) -> None:
    """Another text of what waits, to be decided on; what was said about the old one is void. Raises `Refused`."""
    digest = store.add_draft(row.id, article.document(change(store.draft(row.id, row.digest))))

    def revised(now: Row, past: Sequence[Entry]) -> tuple[Row, Line]:
        _once(past, answer)
        if now.digest != row.digest or now.state not in OPEN:
            raise Refused(_("elle a changé entre-temps"))
        return _held_again(replace(now, digest=digest), past, CHANGED), _line(answer, Action.EDIT.value, what)

    store.change(row.id, revised)


def agree(store: Store, row: Row, answer: Answer) -> None:
    """The author agrees to the text that they were sent back. Raises `Refused`."""

    def agreed(now: Row, past: Sequence[Entry]) -> tuple[Row, Line]:
        _once(past, answer)
        if now.digest != row.digest or now.state not in OPEN:
            raise Refused(_("elle a changé entre-temps"))
        return _held_again(now, past, AGREED), _line(answer, Action.RESUBMIT.value, "agreed")

    store.change(row.id, agreed)


def anonymise(store: Store, row: Row, answer: Answer) -> None:
    """Take the signature off what was accepted, at once: what is online is accepted again without it.

    A newer text that waits beside it loses it too, and goes on waiting. Raises `Refused`.
    """
    shown = row.published_digest or row.accepted_digest
    if shown is None:
        raise Refused(_("elle a changé entre-temps"))
    bare = store.add_draft(row.id, _unsigned(store, row.id, shown))
    other = row.digest if row.digest not in {None, shown} else None
    waiting = store.add_draft(row.id, _unsigned(store, row.id, other)) if other else None

    def accepted(now: Row, past: Sequence[Entry]) -> tuple[Row, Line]:
        _once(past, answer)
        if now.state not in PROJECTED or (now.digest, now.published_digest or now.accepted_digest) != (
            row.digest,
            shown,
        ):
            raise Refused(_("elle a changé entre-temps"))
        online = now.published_digest is not None
        warnings = tuple(word for word in now.warnings if not (online and word.partition(":")[0] == SET_ASIDE))
        changed = replace(
            now,
            state=after(now.state, Action.ACCEPT),
            digest=bare,
            accepted_digest=bare,
            not_before=None if online else now.not_before,
            warnings=warnings,
        )
        return changed, _line(answer, Action.ACCEPT.value, "anonymous")

    def beside(now: Row, _past: Sequence[Entry]) -> tuple[Row, Line]:
        if now.digest != bare or waiting is None:
            raise Refused(_("elle a changé entre-temps"))
        return replace(now, digest=waiting), _line(answer, Action.EDIT.value, "waiting")

    store.change(row.id, accepted)
    if waiting is not None and waiting != bare:
        store.change(row.id, beside)


def before_it(past: Sequence[Entry], row: Row) -> Digest | None:
    """The text before the author's own last change by mail; None where that was not the last thing to happen."""
    told = [entry for entry in past if entry.digest is not None and entry.what not in {"take", "release"}]
    last = told[-1] if told else None
    if last is None or not _is_authors(last) or last.what != Action.EDIT.value or last.digest != row.digest:
        return None
    return next((entry.digest for entry in reversed(told[:-1]) if entry.digest != last.digest), None)


def withdrew(past: Sequence[Entry]) -> bool:
    """Whether the last decision was the author's own, to withdraw."""
    words = {*(action.value for action in DECISIONS), Action.UNDO.value}
    last = next((entry for entry in reversed(past) if entry.what in words), None)
    return last is not None and last.what == Action.WITHDRAW.value and _is_authors(last)


def sent_back(past: Sequence[Entry]) -> bool:
    """Whether it waits for its author."""
    words = {*(action.value for action in DECISIONS), Action.UNDO.value, Action.RESUBMIT.value}
    last = next((entry for entry in reversed(past) if entry.what in words), None)
    return last is not None and last.what == Action.DEFER.value and last.note.startswith(vocabulary.SENT_BACK)


def _decide(store: Store, id_: ContributionId, answer: Answer, action: Action, what: str) -> None:
    zone = ZoneInfo(store.settings.wall.timezone)
    decision = Decision(
        action=action,
        id=id_,
        by=BY_AUTHOR,
        digest=None,
        channel=CHANNEL,
        at=answer.now,
        note=_note(answer, what),
    )

    def judged(row: Row, past: Sequence[Entry]) -> tuple[Row, Line]:
        _once(past, answer)
        if action is Action.UNDO and not withdrew(past):
            raise Refused(_("elle a changé entre-temps"))
        return judge(decision, row, past, zone)

    store.change(id_, judged)


def _held_again(row: Row, past: Sequence[Entry], why: str) -> Row:
    """For a decision, if it was waiting for its author; where somebody put it off for another reason, it stays so."""
    reasons = (*(word for word in row.reasons if word not in {AGREED, CHANGED}), why)
    row = replace(row, reasons=reasons, claimed_by=None, claimed_at=None)
    if not sent_back(past):
        return replace(row, state=after(row.state, Action.EDIT))
    return replace(row, state=after(row.state, Action.RESUBMIT), not_before=None)


def _unsigned(store: Store, id_: ContributionId, digest: Digest | None) -> str:
    return article.document(replace(store.draft(id_, digest), byline=""))


def would_be(store: Store, row: Row, change: Change) -> Digest:
    """The digest of a text that is not written yet."""
    return digest_of(article.document(change(store.draft(row.id, row.digest))).encode("utf-8", "replace"))


def _line(answer: Answer, what: str, asked: str) -> Line:
    return Line(what=what, by=BY_AUTHOR, channel=CHANNEL, note=_note(answer, asked), at=answer.now)


def _note(answer: Answer, asked: str) -> str:
    return f"{vocabulary.ASKED}: {asked} {answer.id}"


def _is_authors(entry: Entry) -> bool:
    return entry.by == BY_AUTHOR and entry.channel == CHANNEL


def by_mail(past: Sequence[Entry], answer: Answer) -> bool:
    """Whether this mail did something before."""
    return any(_is_authors(entry) and entry.note.endswith(answer.id) for entry in past)


def _once(past: Sequence[Entry], answer: Answer) -> None:
    if by_mail(past, answer):
        raise Refused(_("c’est fait"))
