"""An answer weighed: which letter it answers, whose it is, and which of the six conditions it meets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.errors import Refused
from ingest.model import Address, Authenticity, Digest
from ingest.moderation import entitled
from ingest.moderation.answer import Answer
from ingest.moderation.entitled import CHANNEL, Conditions
from ingest.moderation.roll import moderators_now
from ingest.moderation.tokens import Grant, Scope, Tokens, claim
from ingest.settings import Moderator, Settings
from ingest.states import Action
from ingest.store import Entry, Row, Store
from ingest.store.outbox import Posted
from ingest.words import _

if TYPE_CHECKING:
    from ingest.correspondence.answers import Carried  # and with it what reads mails

NOTICE, UNCLEAR, ALREADY, DECIDED = "notice", "answer-unclear", "answer-already", "answer-done"
DIGEST = "digest"
LETTERS = (NOTICE, UNCLEAR, ALREADY, DECIDED, DIGEST)
"""Kinds of letters that are answered here. A digest shows several texts: each has a code of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    conditions: Conditions
    grant: Grant | None
    row: Row | None
    past: tuple[Entry, ...]
    person: Moderator | None
    """Whose address it comes from."""
    digest: Posted | None = None
    """The digest that it answers, where nothing says which text of it is meant, and its sender is who got it."""


def off(settings: Settings) -> str:
    """Why nobody can decide by mail here, in a sentence; empty where they can. For `mur doctor`."""
    if not settings.moderation.by_mail:
        return _("les décisions par courriel sont coupées ([moderation] by_mail)")
    if not settings.mailbox.authserv_id:
        return _("aucune décision par courriel : [mailbox] authserv_id manque, personne n’est authentifié")
    return ""


def tokens(store: Store) -> Tokens:
    """The wall's own."""
    return Tokens(store.keyed("moderation by mail", ""))


def grant_of(letter: Posted) -> Grant | None:
    """What a letter of ours allows whom it went to; None for one that asks for nothing."""
    if letter.kind not in LETTERS or letter.contribution is None or letter.digest is None:
        return None
    return Grant(
        id=letter.contribution,
        who=letter.who,
        digest=letter.digest,
        scope=Scope(letter.about.get("scope", Scope.DECIDE)),
        issued=letter.created_at,
    )


def code_of(store: Store, letter: Posted) -> str:
    """The code that a letter holds, in its subject and on its last line; empty for one that asks for nothing."""
    grant = grant_of(letter)
    return tokens(store).code(grant) if grant else ""


def known_codes(store: Store, carried: Carried) -> tuple[str, ...]:
    """Codes that begin with the id of a contribution of ours: whatever else looks like one is somebody's word.

    That of the subject; else those of the text, as long as they speak of one contribution only.
    """
    subject = tuple(code for code in carried.subject if _claimed(store, code) is not None)
    text = tuple(code for code in carried.text if _claimed(store, code) is not None)
    alone = len({claimed.prefix for code in text if (claimed := claim(code))}) == 1
    return subject or (text if alone else ())


def is_listed(store: Store, sender: Address | None) -> bool:
    """Whether an address is a moderator's."""
    return _person(store, sender) is not None


def weigh(store: Store, answer: Answer) -> Weighed:
    """The six conditions of an answer."""
    mail, settings = answer.mail, store.settings
    person, who = _person(store, mail.sender), store.who(mail.sender.address) if mail.sender else ""
    grant = _grant(store, answer, who)
    row = store.known(grant.id) if grant else None
    past = store.journal(row.id) if row else ()
    conditions = Conditions(
        alone=mail.sender is not None and len(mail.fields.get("from", ())) == 1,
        listed=person is not None,
        vouched=not off(settings) and mail.authenticity is Authenticity.PASS,
        signed=grant is not None,
        theirs=grant is not None and bool(who) and grant.who == who,
        fits=_fits(store, answer, grant, row, past, person) if grant and row and person else False,
    )
    own = conditions.alone and conditions.listed and conditions.vouched
    digest = next((one for one in answer.letters[:1] if own and one.kind == DIGEST and one.who == who), None)
    return Weighed(
        conditions=conditions, grant=grant, row=row, past=past, person=person, digest=None if grant else digest
    )


def _fits(store: Store, answer: Answer, grant: Grant, row: Row, past: tuple[Entry, ...], person: Moderator) -> bool:
    days = store.settings.moderation.link_days
    if answer.again and _corrected_before(grant, past, person.name) and row.digest is not None:
        grant = replace(grant, digest=row.digest)
    return entitled.fits(grant, row, past, by=person.name, days=days, now=answer.now)


def _corrected_before(grant: Grant, past: tuple[Entry, ...], by: str) -> bool:
    """Whether the last thing that happened is this person's correction by mail, and the decision is still to come."""
    last = past[-1] if past else None
    if last is None or last.what != Action.EDIT.value or last.channel != CHANNEL or last.by != by:
        return False
    return last.digest != grant.digest


def _person(store: Store, sender: Address | None) -> Moderator | None:
    if sender is None:
        return None
    who = store.who(sender.address)
    return next((one for one in moderators_now(store.settings) if store.who(one.address) == who), None)


def _grant(store: Store, answer: Answer, who: str) -> Grant | None:
    """What the first carrier that is ours allows."""
    named = next(filter(None, map(grant_of, answer.letters)), None)
    if named:
        return named
    signer = tokens(store)
    return next(filter(None, (signer.find(code, _possible(store, code, who)) for code in answer.codes)), None)


def _possible(store: Store, code: str, who: str) -> Iterator[Grant]:
    """Everything that a code may have been made for: each person, each version of the draft, each scope."""
    claimed, row = claim(code), _claimed(store, code)
    if claimed is None or row is None:
        return
    people = dict.fromkeys((*(store.who(one.address) for one in store.settings.moderators), *([who] if who else ())))
    versions = dict.fromkeys(filter(None, (row.digest, *(entry.digest for entry in store.journal(row.id)))))
    for person in people:
        for digest in versions:
            for scope in Scope:
                yield Grant(id=row.id, who=person, digest=Digest(digest), scope=scope, issued=claimed.issued)


def _claimed(store: Store, code: str) -> Row | None:
    claimed = claim(code)
    if claimed is None:
        return None
    try:
        return store.find(claimed.prefix)
    except Refused:
        return None
