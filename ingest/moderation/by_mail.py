"""Decisions by mail: an answer to a notice, weighed and done. What it says is read by `correspondence.answers`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from ingest.body import text as plain_text
from ingest.body.masks import mask
from ingest.body.plain import read_plain
from ingest.correspondence.answers import Reply, Says
from ingest.correspondence.answers.words import folded
from ingest.correspondence.audience import MODERATOR
from ingest.correspondence.proof import proof
from ingest.errors import BadMessage, Refused
from ingest.model import Digest
from ingest.moderation import entitled, refusals
from ingest.moderation.answer import ANSWER, UNVERIFIED, Answer, Handled
from ingest.moderation.corrected import corrected
from ingest.moderation.decide import Decision, decide
from ingest.moderation.edit import edit
from ingest.moderation.entitled import CHANNEL
from ingest.moderation.tokens import ALLOWED, Grant, Scope
from ingest.moderation.weighing import ALREADY, DIGEST, NOTICE, UNCLEAR, Weighed, off, weigh
from ingest.publication import article
from ingest.settings import Moderator
from ingest.states import Action
from ingest.store import Letter, Row, Store, digest_of
from ingest.words import _

_ACTIONS: Mapping[Says, Action] = {
    Says.ACCEPT: Action.ACCEPT,
    Says.REJECT: Action.REJECT,
    Says.DEFER: Action.DEFER,
    Says.WITHDRAW: Action.WITHDRAW,
    Says.UNDO: Action.UNDO,
}
_A_DAY = timedelta(days=1)
_MOST_A_DAY = 5
"""Letters of one kind to one person on one contribution: beyond that, two programs are talking to each other."""
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def handle(store: Store, answer: Answer) -> Handled:
    """An answer, weighed: what becomes of it, to be acted on once it is kept. Raises `Unavailable`."""
    weighed = weigh(store, answer)
    if weighed.digest is not None:
        return Handled(word=ANSWER, by="", act=lambda: _which(store, answer, weighed))
    if not entitled.believed(weighed.conditions):
        return Handled(word=UNVERIFIED, by="", act=lambda: _warn(store, answer, weighed))
    by = weighed.person.name if weighed.person else ""
    return Handled(word=ANSWER, by=by, act=lambda: _act(store, answer, weighed))


def _which(store: Store, answer: Answer, weighed: Weighed) -> None:
    """A digest was answered: nobody can tell which of its texts is meant."""
    if weighed.digest is not None:
        letter = Letter(
            kind=UNCLEAR, audience=MODERATOR, who=weighed.digest.who, about={"answer": answer.id, "why": DIGEST}
        )
        store.post([letter], now=answer.now, unless_since=_EVER)


def _act(store: Store, answer: Answer, weighed: Weighed) -> None:
    """What an answer brings that surely is its person's."""
    grant, row, person = weighed.grant, weighed.row, weighed.person
    if grant is None or row is None or person is None:
        return
    if not entitled.entitled(weighed.conditions):
        _too_late(store, answer, grant, weighed, person)
        return
    reply = answer.read((person.name, answer.mail.sender.name if answer.mail.sender else ""))
    try:
        _do(store, answer, grant, row, person, reply)
    except Refused:
        _tell(store, ALREADY, grant, answer, scope=Scope.REVISE)


def _do(store: Store, answer: Answer, grant: Grant, row: Row, person: Moderator, reply: Reply) -> None:
    if reply.says is Says.CORRECT and Action.EDIT in ALLOWED[grant.scope]:
        _correct(store, answer, grant, row, person, reply)
        return
    action = _ACTIONS.get(reply.says)
    if action is None:
        _tell(store, UNCLEAR, grant, answer, why=reply.says.value, scope=grant.scope)
    elif action not in ALLOWED[grant.scope]:
        _tell(store, UNCLEAR, grant, answer, why="elsewhere", scope=grant.scope)
    else:
        _decide(store, answer, row, person, action, digest=grant.digest, note=_note(reply.reason))


def _correct(store: Store, answer: Answer, grant: Grant, row: Row, person: Moderator, reply: Reply) -> None:
    """The corrected text, then the yes to it: two lines of the journal, of which the first alone changes nothing."""
    seen = store.draft(row.id, grant.digest)
    names = (person.name, answer.mail.sender.name if answer.mail.sender else "")
    try:
        draft = corrected(seen, proof(seen), reply.blocks, names=names, keep=store.settings.wall.address)
    except (Refused, BadMessage):
        _tell(store, UNCLEAR, grant, answer, why="unlike", scope=grant.scope)
        return
    document = article.document(draft)
    digest = digest_of(document.encode("utf-8", "replace"))
    if row.digest != digest:
        edit(store, row.id, document, seen=grant.digest, by=person.name, channel=CHANNEL, at=answer.now)
    _decide(store, answer, row, person, Action.ACCEPT, digest=digest, note="")


def _decide(
    store: Store, answer: Answer, row: Row, person: Moderator, action: Action, *, digest: Digest, note: str
) -> None:
    decision = Decision(
        action=action,
        id=row.id,
        by=person.name,
        digest=digest,
        channel=CHANNEL,
        at=answer.now,
        note=note,
        state=row.state,
    )
    decide(store, decision)


def _too_late(store: Store, answer: Answer, grant: Grant, weighed: Weighed, person: Moderator) -> None:
    """What waits is shown again, as it is now; of what was decided, by whom.

    Whoever sends an answer that was acted on once more, or a crash does, gets no second letter.
    """
    row, days = weighed.row, store.settings.moderation.link_days
    before = entitled.used(grant, weighed.past, by=person.name)
    if row is None or (answer.again and before):
        return
    if grant.scope is Scope.DECIDE and row.state in entitled.OPEN:
        why = "over" if grant.over(answer.now, days) else "used" if before else "changed"
        _tell(store, NOTICE, grant, answer, again=why)
    else:
        _tell(store, ALREADY, grant, answer, scope=Scope.REVISE)


def _warn(store: Store, answer: Answer, weighed: Weighed) -> None:
    """To whom the letter went, once a day: an answer came in their name that nobody vouches for."""
    grant, conditions = weighed.grant, weighed.conditions
    if grant is None or not (conditions.alone and conditions.listed and conditions.theirs):
        return
    why = "off" if off(store.settings) else "unverified"
    letter = _letter(UNCLEAR, grant, {"why": why, "scope": grant.scope.value})
    store.post([letter], now=answer.now, unless_since=answer.now - _A_DAY)


def _tell(store: Store, kind: str, grant: Grant, answer: Answer, **about: str) -> None:
    """A letter for this answer, once, however often the answer comes."""
    letter = _letter(kind, grant, {"answer": answer.id, **about}, current=store.known(grant.id))
    lately = [
        one
        for one in store.letters_to(answer.mail.sender.address if answer.mail.sender else "")
        if one.kind == kind and one.contribution == grant.id and one.created_at > answer.now - _A_DAY
    ]
    if len(lately) < _MOST_A_DAY:
        store.post([letter], now=answer.now, unless_since=_EVER)


def _letter(kind: str, grant: Grant, about: Mapping[str, str], current: Row | None = None) -> Letter:
    digest = current.digest if current and kind in {NOTICE, ALREADY} else grant.digest
    return Letter(kind=kind, audience=MODERATOR, who=grant.who, contribution=grant.id, digest=digest, about=dict(about))


def _note(reason: str) -> str:
    """What its author will read: the ready lines, where the reason is the name of one; else these very words.

    Without what reaches whoever wrote it, should a signature have slipped in.
    """
    named = folded(reason).replace("-", " ")
    for ready in refusals.REASONS:
        if named in {folded(ready.key).replace("-", " "), folded(_(ready.label)).replace("-", " ")}:
            return refusals.letter(ready.key)
    return " ".join(plain_text.write(mask(read_plain(reason)).blocks).split())
