"""Senders who are blocked: kept, refused, visible, and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.errors import Refused
from ingest.intake import Intake
from ingest.states import Action, State
from ingest.store import BLOCKED, Store, sender_of
from tests.store.walls import NOW, decided

SERVER = "mx.example.net"


@pytest.fixture
def settings(settings):
    """A wall whose own server says who is who."""
    return replace(settings, mailbox=replace(settings.mailbox, authserv_id=SERVER))


def mail(text: str, *, vouched: bool | None = None, sender: str = "ana@example.org", extra: str = "") -> bytes:
    """A mail, and what our server says of its sender."""
    said = "" if vouched is None else f"dmarc={'pass' if vouched else 'fail'} header.from={sender.partition('@')[2]}"
    head = f"Authentication-Results: {SERVER}; {said}\r\n" if said else ""
    date = "Date: Tue, 7 Jun 2022 21:14:00 +0200\r\n"
    return f"{head}From: {sender}\r\n{date}{extra}Subject: {text}\r\n\r\n{text}, au fond du jardin.\r\n".encode()


def take(store: Store, raw: bytes, *, channel: str = "imap"):
    with Intake(store, store.settings) as intake:
        return intake.take(raw, received_at=NOW, now=NOW, channel=channel)


def replay(store: Store, id_: str):
    with Intake(store, store.settings) as intake:
        return intake.replay(id_, now=NOW, by="zoe", channel="cli")


def block(store: Store, address: str = "Ana@Example.org", *, proven: bool = True, **told):
    facts = {"by": "zoe", "reason": "", "at": NOW, **told}
    return store.block(store.keyed("sender", sender_of(address)), proven=proven, **facts)


def test_mails_of_a_blocked_sender_are_kept_and_refused(store):
    """By mailbox and by hand; each is counted, and everybody else writes on."""
    block(store)
    refused = take(store, mail("Un")), take(store, mail("Deux", vouched=True), channel="import")
    other = take(store, mail("Trois", sender="lou@example.org"))
    row = store.find(refused[0].id)

    assert [(one.outcome, one.reason) for one in refused] == [("refused", BLOCKED)] * 2
    assert (row.state, row.reason, store.raw(row.id)) == (State.DISCARDED, BLOCKED, mail("Un"))
    assert other.outcome == "held"
    assert [one.mails for one in store.blocked()] == [2]
    assert take(store, mail("Un")).outcome == "duplicate"


@pytest.mark.parametrize(
    ("proven", "vouched", "outcome"),
    [
        (True, True, "refused"),
        (True, None, "refused"),
        (True, False, "refused"),
        (False, True, "held"),
        (False, None, "refused"),
        (False, False, "refused"),
    ],
)
def test_whose_address_was_borrowed_writes_on(store, proven, vouched, outcome):
    """A mail that nobody vouched for blocks what nobody vouches for, not the person it pretends to be from."""
    block(store, proven=proven)

    assert take(store, mail("Un", vouched=vouched)).outcome == outcome


def test_a_refused_mail_is_taken_again_once_its_sender_is_not_blocked(store):
    """While they are, it is refused again; afterwards it is a draft like any other."""
    one = block(store)
    taken = take(store, mail("Un"))
    assert replay(store, taken.id).reason == BLOCKED
    assert store.find(taken.id).state is State.DISCARDED
    store.unblock(one.who[:8])
    again = replay(store, taken.id)

    assert (again.outcome, store.find(taken.id).state) == ("held", State.HELD)
    assert [(line.what, line.note) for line in store.journal(taken.id)][-2:] == [("replay", BLOCKED), ("replay", "")]
    assert take(store, mail("Deux")).outcome == "held"


def test_what_a_rule_refused_is_taken_because_somebody_asks(store):
    """The rule's word stays as a warning; what it had refused wrongly is a draft."""
    taken = take(store, mail("Un", extra="Auto-Submitted: auto-replied\r\n"))
    assert (taken.outcome, taken.reason) == ("refused", "auto-reply")
    again = replay(store, taken.id)

    assert again.outcome == "held"
    assert "auto-reply" in store.find(taken.id).warnings


def test_what_somebody_discarded_is_undone_and_not_replayed(store):
    """A draft, and a mail that could not be read."""
    draft = store.find(take(store, mail("Un")).id)
    broken = store.find(take(store, b"pas un en-tete").id)
    for row in (draft, broken):
        decided(store, row, Action.DISCARD)
        with pytest.raises(Refused, match="quarantaine"):
            replay(store, row.id)

    assert decided(store, broken, Action.UNDO).state is State.QUARANTINED


def test_of_a_mail_that_was_too_large_nothing_can_be_taken(store):
    """Its header is all that was kept."""
    with Intake(store, store.settings) as intake:
        taken = intake.take(mail("Un"), received_at=NOW, now=NOW, channel="imap", too_large=True)
        with pytest.raises(Refused, match="en-tête"):
            intake.replay(taken.id, now=NOW, by="zoe", channel="cli")


def test_blocking_twice_forgets_nothing(store):
    """Since when, how many, and what is certain stay; who and why are the newest."""
    block(store, proven=True, reason="insultes")
    take(store, mail("Un"))
    block(store, proven=False, by="lou", at=NOW + timedelta(days=1))
    (one,) = store.blocked()

    assert (one.proven, one.since, one.mails, one.by, one.reason) == (True, NOW, 1, "lou", "insultes")


def test_nobody_is_unblocked_by_mistake(store):
    """Neither somebody who is not blocked, nor by an empty name."""
    block(store)
    for wanted in ("", "zz", store.keyed("sender", "lou@example.org")):
        with pytest.raises(Refused):
            store.unblock(wanted)
    assert len(store.blocked()) == 1


def test_an_erasure_does_not_unblock(store):
    """What was said of them goes; that they are blocked stays, under a hash."""
    draft = take(store, mail("Un"))
    block(store, reason="canari")
    store.bury(draft.id, by="zoe", channel="cli", at=NOW)

    assert [one.reason for one in store.blocked()] == [""]
    assert take(store, mail("Deux")).reason == BLOCKED


def test_a_mail_of_several_senders_is_nobodys(store):
    """Nobody is blocked by it, and it is not refused because of one of them."""
    block(store)
    two = mail("Un").replace(b"From: ana@example.org", b"From: ana@example.org, lou@example.org")

    assert take(store, two).outcome == "held"


def test_the_address_is_nowhere_in_the_database(store, settings):
    """The keyed hash alone."""
    block(store, "canari@example.org", reason="insultes")
    kept = b"".join(path.read_bytes() for path in settings.paths.state.glob("mur.db*"))

    assert b"insultes" in kept
    assert b"canari" not in kept
