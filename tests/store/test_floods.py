"""Too much at once: nothing is dropped, little is read, and the queue stays one that people can look through."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.errors import Refused
from ingest.intake import Intake
from ingest.moderation import queue
from ingest.settings import Floods, Keeping
from ingest.states import WAITING, Action, State
from ingest.store import APART, Store, tables
from tests.growth import is_linear
from tests.store.walls import NOW, decided, held

FLOODS = Floods(sender_daily=3, daily=5, queue=4)


@pytest.fixture
def settings(settings):
    """A wall that is soon full."""
    return replace(settings, floods=FLOODS)


def mail(number: int, sender: str = "ana@example.org", *, subject: str = "Samedi") -> bytes:
    """A small mail like no other."""
    head = f"From: {sender}\r\nDate: Tue, 7 Jun 2022 21:14:00 +0200\r\nMessage-ID: <{number}.{sender}>\r\n"
    return f"{head}Subject: {subject}\r\n\r\nNumero {number} de {sender.partition('@')[0]}.\r\n".encode()


def taken(store: Store, mails, *, at=NOW, channel="imap", **told):
    """What became of them, in order."""
    with Intake(store, store.settings) as intake:
        return [intake.take(raw, received_at=at, now=at, channel=channel, **told) for raw in mails]


def let_in(store: Store, *, at):
    with Intake(store, store.settings) as intake:
        return intake.let_in(now=at)


def test_what_is_beyond_a_senders_day_is_set_apart(store):
    """Kept as it came, with its subject and its sender's hash; others are read as ever."""
    mine = taken(store, [mail(n, subject=f"Objet {n}") for n in range(5)])
    (other,) = taken(store, [mail(1, "lou@example.net")])
    apart = store.find(mine[4].id)

    assert [one.outcome for one in mine] == ["held"] * 3 + ["quarantined"] * 2
    assert [one.reason for one in mine[3:]] == [APART] * 2
    assert other.outcome == "held"
    assert (apart.apart, apart.sender_key) == (True, store.find(mine[0].id).sender_key)
    assert store.raw(apart.id) == mail(4, subject="Objet 4")
    assert sorted(item.title for item in queue(store, apart=True)) == ["Objet 3", "Objet 4"]


def test_what_is_beyond_everybodys_day_is_set_apart(store):
    """Whoever sent it, and the next day begins anew."""
    today = taken(store, [mail(n, f"s{n}@example.org") for n in range(7)])
    tomorrow = taken(store, [mail(n, f"t{n}@example.org") for n in range(2)], at=NOW + timedelta(days=1))

    assert [one.outcome for one in today] == ["held"] * 5 + ["quarantined"] * 2
    assert [one.outcome for one in tomorrow] == ["held"] * 2


def test_the_day_is_the_walls_own(store):
    """Ten in the evening in London is the next day in Paris, in summer."""
    late = NOW.replace(hour=21, minute=59)
    taken(store, [mail(n) for n in range(3)], at=late)
    before, after = taken(store, [mail(8)], at=late) + taken(store, [mail(9)], at=late + timedelta(minutes=2))

    assert (before.outcome, after.outcome) == ("quarantined", "held")


def test_what_somebody_brings_in_by_hand_is_no_flood(store):
    """An archive of years comes in whole, and does not count."""
    assert {one.outcome for one in taken(store, [mail(n) for n in range(12)], channel="import")} == {"held"}
    assert taken(store, [mail(99)])[0].outcome == "held"


def test_refused_mails_do_not_count(store):
    """Automatic replies leave room to what people write."""
    automatic = [mail(n).replace(b"Subject", b"Auto-Submitted: auto-replied\r\nSubject") for n in range(9)]

    assert {one.outcome for one in taken(store, automatic)} == {"refused"}
    assert taken(store, [mail(1)])[0].outcome == "held"


def test_without_quotas_nothing_is_set_apart(settings):
    """0 is as many as come."""
    with Store.open(replace(settings, floods=Floods(sender_daily=0, daily=0, queue=0))) as store:
        assert {one.outcome for one in taken(store, [mail(n) for n in range(25)])} == {"held"}
        assert not store.too_much()


def test_what_is_set_apart_comes_in_as_soon_as_there_is_room(store):
    """The next day, once the queue was looked through; the longest here first, and never more than a day's worth."""
    came = taken(store, [mail(n) for n in range(4)], spam=True)
    came += taken(store, [mail(n) for n in range(4, 10)], at=NOW + timedelta(minutes=1), spam=True)
    next_day = NOW + timedelta(days=1)
    assert let_in(store, at=NOW) == ()
    first = let_in(store, at=next_day)
    assert [one.id for one in first] == [came[3].id], "the queue has room for one"
    assert store.journal(first[0].id)[-1].what == "replay"
    assert "from-spam-folder" in store.find(first[0].id).warnings
    for row in store.rows([State.HELD]):
        decided(store, row, Action.DISCARD)

    assert len(let_in(store, at=next_day)) == 2, "three of this sender's day"
    assert let_in(store, at=next_day) == ()
    assert store.count(apart=True) == 4


def test_one_senders_flood_does_not_keep_others_waiting(settings):
    """Whoever has no room left today is passed over."""
    with Store.open(replace(settings, floods=Floods(sender_daily=3, daily=40, queue=0))) as store:
        taken(store, [mail(n) for n in range(60)])
        taken(store, [mail(n, "lou@example.net") for n in range(4)])
        next_day = NOW + timedelta(days=1)
        came = let_in(store, at=next_day)
        senders = [store.find(one.id).sender_key for one in (*came, *let_in(store, at=next_day))]

    assert len(senders) == 4
    assert len(set(senders)) == 2


def test_whoever_wants_to_look_reads_it_at_once(store):
    """`mur replay` asks no quota."""
    last = taken(store, [mail(n) for n in range(5)])[-1]
    with Intake(store, store.settings) as intake:
        again = intake.replay(last.id, now=NOW, by="zoe", channel="cli")

    assert (again.outcome, store.find(last.id).state, store.find(last.id).apart) == ("held", State.HELD, False)


def test_a_full_queue_says_so(store):
    """From as many waiting on as the settings say; what is set apart is told of elsewhere."""
    rows = [held(store, str(n).encode()) for n in range(3)]
    assert not store.too_much()
    rows.append(held(store, b"3"))
    assert (store.crowd().waiting, store.too_much()) == (4, True)
    decided(store, rows[0], Action.ACCEPT)
    assert not store.too_much()


def test_age_takes_nothing_that_nobody_read(store):
    """What is set apart is kept for as long as it waits."""
    from ingest.keeping.tidy import due

    last = store.find(taken(store, [mail(n) for n in range(5)])[-1].id)

    assert due(last, NOW, Keeping(quarantined_days=1), NOW + timedelta(days=999)) is None
    assert due(replace(last, reason="too-deep"), NOW, Keeping(quarantined_days=1), NOW + timedelta(days=2)) == "all"


def test_what_is_counted_of_a_sender_is_erased_with_their_mail(store):
    """And after some days without anybody asking."""
    (first,) = taken(store, [mail(1)])
    row = store.find(first.id)
    store.bury(row.id, by="zoe", channel="cli", at=NOW)
    taken(store, [mail(2, "lou@example.net")])
    with store._database.reading() as connection:
        counted = {record.who for record in connection.execute(tables.quota.select())}
    assert row.sender_key not in counted
    assert len(counted) == 2
    taken(store, [mail(3, "lou@example.net")], at=NOW + timedelta(days=8))
    with store._database.reading() as connection:
        assert {record.day for record in connection.execute(tables.quota.select())} == {"2022-06-16"}


def test_a_header_that_cannot_be_read_counts_for_all(store):
    """No sender, no quota of theirs; the wall's own holds."""
    broken = [b"pas un en-tete %d" % n for n in range(8)]

    outcomes = taken(store, broken)
    assert {one.outcome for one in outcomes} == {"quarantined"}
    assert [one.reason for one in outcomes].count(APART) == 3


@pytest.mark.long
def test_thousands_of_mails_are_all_kept_at_a_steady_cost(settings, tmp_path):
    """Sent is held and refused and set apart, and eight times as many cost eight times as much."""
    from itertools import count as numbers

    from tests.store.walls import wall

    number, sent = numbers(), 0
    settings = replace(wall(tmp_path / "flood"), floods=Floods(sender_daily=20, daily=60, queue=100))
    with Store.open(settings) as store, Intake(store, settings) as intake:

        def flood(size: int) -> None:
            nonlocal sent
            for _each in range(size):
                n = next(number)
                raw = mail(n, f"s{n % 7}@example.org")
                raw = (
                    raw.replace(b"Subject", b"Auto-Submitted: auto-replied\r\nSubject")
                    if n % 10 == 0 and n < 60
                    else raw
                )
                intake.take(raw, received_at=NOW, now=NOW, channel="imap")
                sent += 1

        flood(80)
        assert is_linear(flood, 150)
        kept = {
            "held": store.count([State.HELD]),
            "refused": store.count([State.DISCARDED]),
            "apart": store.count(WAITING, apart=True),
        }

    assert sent == sum(kept.values())
    assert (kept["held"], kept["refused"]) == (60, 6)
    assert sent >= 1500


def test_somebody_who_was_faster_stops_nothing(store):
    """What was set apart is discarded by all while it is let in: the rest goes on."""
    came = taken(store, [mail(n) for n in range(5)])
    decided(store, store.find(came[4].id), Action.DISCARD)

    with pytest.raises(Refused), Intake(store, store.settings) as intake:
        intake.replay(came[4].id, now=NOW, by="zoe", channel="cli")
    assert store.find(came[4].id).state is State.DISCARDED
