"""A letter of the outbox as a mail, written now: who gets it, whether they may, what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.correspondence import guard, mime
from ingest.correspondence.audience import FOLLOWER, MODERATOR, SENDER, from_address, own_addresses
from ingest.correspondence.contributors import wanted
from ingest.correspondence.kinds import KINDS, LetterKind
from ingest.correspondence.letter import REPLIED, Case, Filled, Mail, Unsent
from ingest.correspondence.rendering import Templates
from ingest.errors import BadMessage, Misconfigured, Refused
from ingest.message import headers, read
from ingest.model import Address, Contribution, ContributionId
from ingest.moderation.roll import moderators_now
from ingest.settings import Settings
from ingest.states import State
from ingest.store import ALL, Store
from ingest.store.outbox import Posted

_NOBODY = Address(name="", address="")


def write(settings: Settings, store: Store, templates: Templates, letter: Posted, *, now: datetime) -> Mail | Unsent:
    """The mail that a letter is now, or why there is none any more.

    Raises `Misconfigured` for a template, or an address of ours, that is bad, and `Unavailable`.
    """
    kind = KINDS.get(letter.kind)
    if kind is None:
        return Unsent(why="unknown-kind")
    if not wanted(settings, letter.kind):
        return Unsent(why="off")
    case = _case(settings, store, letter, now)
    if isinstance(case, Unsent):
        return case
    filled = kind.fill(case)
    if isinstance(filled, Unsent):
        return filled
    written = templates.write(letter.kind, _values(case, filled))
    try:
        return mime.compose(written, _heading(case, kind, filled), filled.pictures)
    except mime.Unaddressable:
        if not mime.is_address(from_address(settings)):
            raise Misconfigured("[outgoing] address: expected a mail address like mur@example.org") from None
        return Unsent(why="bad-address")


def _case(settings: Settings, store: Store, letter: Posted, now: datetime) -> Case | Unsent:
    row = store.known(letter.contribution) if letter.contribution else None
    if letter.contribution and (row is None or row.state is State.ERASED):
        return Unsent(why="erased")
    case = Case(settings=settings, store=store, letter=letter, recipient=_NOBODY, row=row, mail=None, now=now)
    return _ADDRESSED[letter.audience](case) if letter.audience in _ADDRESSED else Unsent(why="nobody")


def _to_moderator(case: Case) -> Case | Unsent:
    for one in moderators_now(case.settings):
        if case.store.who(one.address) == case.letter.who:
            return replace(case, recipient=Address(name=one.name, address=one.address))
    return Unsent(why="nobody")


def _to_sender(case: Case) -> Case | Unsent:
    """To the one address of the one From field, which is what our server vouched for: never to a Reply-To."""
    mail = heading(case)
    if mail is None:
        return Unsent(why="no-original")
    why = guard.silence(mail, own_addresses(case.settings))
    if why or mail.sender is None:
        return Unsent(why=why)
    if case.letter.who and case.store.who(mail.sender.address) != case.letter.who:
        return Unsent(why="no-sender")
    return replace(case, recipient=replace(mail.sender, name=""), mail=mail)


def _to_follower(case: Case) -> Case | Unsent:
    """To the address of a row, which is gone as soon as they left."""
    one = case.store.follower(case.letter.who)
    return replace(case, recipient=Address(name="", address=one.address)) if one else Unsent(why="left")


_ADDRESSED: Mapping[str, Callable[[Case], Case | Unsent]] = {
    MODERATOR: _to_moderator,
    SENDER: _to_sender,
    FOLLOWER: _to_follower,
}
"""Who gets it, by audience."""


def heading(case: Case) -> Contribution | None:
    """The header of the contribution's mail, or of the sender's later one that the letter answers; None where it is
    kept no more.
    """
    if case.row is None or case.row.purged == ALL:
        return None
    limits = case.settings.limits
    answer = case.store.known(ContributionId(case.letter.about.get("answer", "")))
    answered = answer.id if answer and answer.sender_key == case.letter.who else case.row.id
    try:
        raw = case.store.raw(answered)
        end = headers.split(raw, headers.start(raw), len(raw), limits).body
        return read(raw[:end], limits=limits, authserv_id=case.settings.mailbox.authserv_id)
    except (Refused, BadMessage):
        return None


def _values(case: Case, filled: Filled) -> dict[str, object]:
    zone = ZoneInfo(case.settings.wall.timezone)
    return {
        "wall": case.settings.wall,
        "about": dict(case.letter.about),
        "to": case.recipient.name,
        "row": case.row,
        "now": case.now.astimezone(zone),
        **filled.values,
    }


def _heading(case: Case, kind: LetterKind, filled: Filled) -> mime.Heading:
    address = from_address(case.settings)
    return mime.Heading(
        token=case.letter.token,
        sender=Address(name=case.settings.wall.name, address=address),
        recipient=case.recipient,
        reply_to=filled.reply_to,
        fields=filled.fields,
        submitted=kind.submitted,
        answers=(*case.mail.references, case.mail.message_id) if case.mail else (),
        envelope_sender="" if kind.submitted == REPLIED else address,
        at=case.now,
    )
