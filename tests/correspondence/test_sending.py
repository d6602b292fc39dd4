"""Letters on their way: leases, pauses, the day's number, crashes, and what people are told."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes
from itertools import pairwise

import pytest

from ingest.correspondence.policy import open_store
from ingest.correspondence.postman import Postman
from ingest.correspondence.sending import Round, midnight, pause, send_due
from ingest.errors import Unavailable
from ingest.keeping.export import export
from ingest.keeping.tidy import tidy
from ingest.settings import load
from ingest.store import Letter
from ingest.store.outbox import A_DAY, LEASE, OPEN, SO_SOON
from ingest.watch import health, keeping
from tests import calling
from tests.correspondence.conftest import MAIL, NOW, Office
from tests.correspondence.smtp import Sink
from tests.servers.dovecot import free_port

ALL = ("waiting", "sending", "sent", "failed", "dropped")


@pytest.fixture
def silent(office, sink) -> Office:
    """A wall whose mailbox was last read an hour ago, so that letters of alarm are written."""
    office.configure(sink.port)
    state = office.settings.paths.state
    keeping.change(state, lambda it: health.polled(it, now=NOW - timedelta(hours=1), unfiled=0, waiting={}))
    return office


def send(office: Office, now=NOW, **more) -> Round:
    return send_due(office.settings, office.store, now=lambda: now, **more)


def states(office: Office) -> list[tuple[str, str]]:
    return [(one.state, one.said) for one in reversed(office.store.letters(ALL))]


def ids(sink: Sink) -> list[str]:
    return [str(message_from_bytes(one.raw)["Message-ID"]) for one in sink.taken]


def test_what_is_due_is_sent_once(silent, sink):
    """And the second round finds nothing."""
    silent.post(3)

    first, second = send(silent), send(silent, NOW + timedelta(days=2))

    assert ({"sent": 3}, {}) == (first.ended, second.ended)
    assert (3, 3, 1) == (len(sink.taken), len(set(ids(sink))), sink.connections)


def test_what_is_not_due_waits(silent, sink):
    """A digest is posted in the morning for the evening."""
    later = Letter(
        kind="alarm",
        audience="moderator",
        who=silent.store.who("ana@example.org"),
        about={"alarm": "silence"},
        due_at=NOW + timedelta(hours=8),
    )
    silent.store.post([later], now=NOW)

    assert ({}, {"sent": 1}) == (send(silent).ended, send(silent, NOW + timedelta(hours=8)).ended)


def test_a_refusal_for_now_comes_again(silent, sink):
    """After a pause, under the same Message-ID."""
    silent.post()
    sink.orders.data = ["451 4.3.0 later"]

    said = [send(silent, NOW + timedelta(minutes=minute)).ended for minute in (0, 0, 2)]

    assert [{"waiting": 1}, {}, {"sent": 1}] == said
    assert 2 == silent.store.letters(ALL)[0].attempts


def test_a_refusal_for_good_ends_that_letter_alone(silent, sink):
    """The others go, and the outbox keeps the code, not the sentence, which may name people."""
    silent.post(3)
    sink.orders.rcpt = ["", "550 5.1.1 CANARI ana@example.org unknown", ""]

    done = send(silent)

    assert {"sent": 2, "failed": 1} == done.ended
    assert [("sent", ""), ("failed", "550 5.1.1"), ("sent", "")] == states(silent)


def test_nobody_takes_it_for_days(silent, sink):
    """Then it has failed, visibly."""
    silent.post()
    sink.orders.data = ["451 4.3.0 later"] * 3

    said = [send(silent, NOW + timedelta(days=day)).ended for day in (0, 3, 6, 9)]

    assert [{"waiting": 1}, {"waiting": 1}, {"failed": 1}, {}] == said


def test_pauses_grow_to_four_hours_and_never_agree():
    """From half to all of a minute that doubles."""
    longest = [pause(n, 1.0) for n in range(1, 12)]

    assert timedelta(seconds=30) == pause(1, 0.0)
    assert all(before <= after for before, after in pairwise(longest))
    assert timedelta(hours=4) == longest[-1] == pause(10_000, 1.0)


def test_no_more_a_day_than_the_provider_allows(silent, sink):
    """The rest goes after midnight where the wall is."""
    silent.configure(sink.port, "daily = 2")
    silent.post(5)
    tomorrow = midnight(NOW, silent.settings) + timedelta(days=1)

    said = [send(silent, at).ended for at in (NOW, tomorrow - timedelta(seconds=1), tomorrow, tomorrow + A_DAY)]

    assert [{"sent": 2}, {}, {"sent": 2}, {"sent": 1}] == said


def test_a_day_begins_where_the_wall_is(office):
    """Paris is an hour ahead of UTC in November."""
    assert "2026-11-03T00:00:00+01:00" == midnight(NOW, office.settings).isoformat()


def test_at_most_one_of_a_kind_and_day(office, sink):
    """Somebody who sends three mails that are too large in a row is told once; and again another day."""
    office.configure(sink.port)
    for number in range(3):
        office.receive(MAIL.replace(b"un-film", b"film-%d" % number), at=NOW)
    office.receive(MAIL.replace(b"un-film", b"film-9"), at=NOW + timedelta(hours=25))

    today, later = send(office), send(office, NOW + timedelta(hours=25))

    assert ({"sent": 1}, {"sent": 1}) == (today.ended, later.ended)
    assert 2 == states(office).count(("dropped", SO_SOON))


def test_two_senders_at_once(silent, sink):
    """Each letter is taken by one of them."""
    silent.post(20)

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _n: send(silent).ended.get("sent", 0), range(4)))

    assert (20, 20, 20) == (sum(done), len(sink.taken), len(set(ids(sink))))


def test_whoever_lost_the_lease_ends_nothing(silent):
    """A sender that slept for longer than its lease does not undo what another one noted."""
    silent.post()
    take = {"since": NOW, "most": 0, "once_a_day": {}}
    slow = silent.store.take_letter(now=NOW, **take)
    quick = silent.store.take_letter(now=NOW + LEASE, **take)
    silent.store.letter_sent(quick, now=NOW + LEASE)

    silent.store.letter_later(slow, "450", due_at=NOW)

    assert None is silent.store.take_letter(now=NOW + LEASE, **take)
    assert [("sent", "")] == states(silent)


def test_the_connection_ends_before_the_answer(silent, sink):
    """It was taken, as it happens; nobody here knows, so it goes again, and the reader's program shows one."""
    silent.post()
    sink.orders.hang_up = ["after-data"]

    with pytest.raises(Unavailable):
        send(silent)
    again = send(silent, NOW + timedelta(minutes=2))

    assert {"sent": 1} == again.ended
    assert (2, 1) == (len(sink.taken), len(set(ids(sink))))


_KILLED = """
import os, signal, sys
from datetime import datetime
from ingest.correspondence.policy import open_store
from ingest.correspondence.sending import send_due
from ingest.settings import load
settings = load(__import__("pathlib").Path(sys.argv[1]))
store = open_store(settings)
store.letter_sent = lambda letter, now: os.kill(os.getpid(), signal.SIGKILL)
send_due(settings, store, now=lambda: datetime.fromisoformat(sys.argv[2]))
"""


def test_killed_between_the_servers_yes_and_our_note(silent, sink):
    """Once its lease is over it goes again, under the same Message-ID; it is never lost."""
    silent.post()

    done = subprocess.run([sys.executable, "-c", _KILLED, silent.file, NOW.isoformat()], check=False)
    held, again = send(silent, NOW + LEASE - timedelta(seconds=1)), send(silent, NOW + LEASE)

    assert -signal.SIGKILL == done.returncode
    assert ({}, {"sent": 1}) == (held.ended, again.ended)
    assert (2, 1) == (len(sink.taken), len(set(ids(sink))))


def test_a_dead_server_is_asked_once_a_round(office):
    """With one letter: the others keep their turn."""
    port = free_port()
    office.configure(port)
    keeping.change(
        office.settings.paths.state,
        lambda it: health.polled(it, now=NOW - timedelta(hours=1), unfiled=0, waiting={}),
    )
    office.post(3)

    with pytest.raises(Unavailable, match="connexion refusée"):
        send(office)

    assert [("waiting", "unreached"), ("waiting", ""), ("waiting", "")] == states(office)


def test_a_bad_template_of_the_walls_own(silent, sink):
    """Its letters wait until it is mended, the line says where it is wrong, and other letters go."""
    (silent.folder / "letters").mkdir()
    template = silent.folder / "letters" / "alarm.txt"
    template.write_text("Alarme\n\n{% if says %}{{ says }}\n", encoding="utf-8")
    silent.post()
    silent.receive(MAIL)

    first = send(silent)
    template.write_text("Alarme\n\n{{ says }}\n", encoding="utf-8")
    second = send(silent, NOW + timedelta(minutes=2))

    assert ({"waiting": 1, "sent": 1}, {"sent": 1}) == (first.ended, second.ended)
    assert f"{template}:" in str(first.problem)


def test_beside_the_poller(silent, sink):
    """A letter posted while it waits is sent as soon as somebody wakes it, and leaving ends the thread."""
    arrived = threading.Event()
    handle = sink.handle_DATA

    async def noticed(*told):
        said = await handle(*told)
        arrived.set()
        return said

    sink.handle_DATA = noticed
    before = threading.active_count()
    with Postman(silent.settings, silent.store) as postman:
        silent.receive(MAIL)
        postman.wake()
        came = arrived.wait(20)

    assert came
    assert before >= threading.active_count()


def test_once_sends_before_it_ends(silent, sink):
    """`mur poll --once`, from cron."""
    with Postman(silent.settings, silent.store, once=True):
        silent.receive(MAIL)

    assert ["claude@example.net"] == [one.recipient for one in sink.taken]


def test_a_wall_without_a_server_writes_nothing(tmp_path):
    """No letter waits for nobody."""
    office = Office(tmp_path)
    office.store.close()
    office.file.write_text(re.sub(r"(?s)\[outgoing\].*?\n\[\[", "[[", office.file.read_text(), count=1))
    office.settings = load(office.file)
    with open_store(office.settings) as office.store:
        taken = office.receive(MAIL)
        waiting = office.store.letters(ALL)

    assert ("refused", "too-large", ()) == (taken.outcome, taken.reason, waiting)


def mur(office: Office, *words: str) -> subprocess.CompletedProcess[str]:
    told = {"MUR_NOW": NOW.isoformat(), "MUR_CONFIG": str(office.file)}
    return calling.mur(*words, folder=office.file.parent, env=told)


def test_the_commands(silent, sink):
    """`mur send` and `mur outbox`: what went, what waits and why; a name at most, never an address."""
    silent.post(2)
    silent.receive(MAIL)
    sink.orders.rcpt = ["450 4.2.1 busy"]

    sent, shown, table = mur(silent, "send"), mur(silent, "outbox"), mur(silent, "outbox", "--json")

    assert (0, "remises à plus tard : 1, parties : 2\n", "") == (sent.returncode, sent.stdout, sent.stderr)
    assert ["attend", "partie", "partie"] == [line.split()[2] for line in shown.stdout.splitlines()]
    assert "Ana" in shown.stdout
    assert "450 4.2.1" in shown.stdout
    assert "@" not in shown.stdout + table.stdout
    assert {"waiting", "sent"} == {one["state"] for one in json.loads(table.stdout)}
    assert {"Ana", None} == {one["moderator"] for one in json.loads(table.stdout)}


def test_not_now(office):
    """75, as sysexits has it, and the letters wait."""
    office.configure(free_port())
    office.receive(MAIL)

    done = mur(office, "send")

    assert 75 == done.returncode
    assert "connexion refusée" in done.stderr
    assert "Traceback" not in done.stderr
    assert 1 == len(office.store.letters(OPEN))


def test_what_was_erased_is_not_written_of(office, sink):
    """Its rows go with it."""
    office.configure(sink.port)
    taken = office.receive(MAIL)
    assert 1 == len(office.store.letters(ALL))

    office.store.bury(taken.id, by="ana", channel="cli", at=NOW)

    assert () == office.store.letters(ALL)
    assert {} == send(office).ended


def test_what_ended_long_ago_is_forgotten(silent, sink):
    """What waits is not."""
    silent.post(2)
    sink.orders.rcpt = ["", "450 later"]
    send(silent)

    swept = silent.store.sweep_letters(before=NOW + timedelta(seconds=1))

    assert (1, ["waiting"]) == (swept, [one.state for one in silent.store.letters(ALL)])


def test_what_is_held_on_an_address_tells_of_letters(office, sink):
    """`mur export`: kinds and dates; and `mur tidy` forgets them in the end."""
    office.configure(sink.port, "kept_days = 90")
    office.receive(MAIL)
    send(office)
    target = office.folder / "export.json"

    export(office.settings, office.store, "Claude@example.net", target, now=NOW)
    tidy(office.settings, office.store, now=NOW + timedelta(days=89))
    kept = len(office.store.letters(ALL))
    tidy(office.settings, office.store, now=NOW + timedelta(days=91))

    told = json.loads(target.read_text())["letters"]
    assert [("refused-too-large", "sent")] == [(one["kind"], one["state"]) for one in told]
    assert (1, ()) == (kept, office.store.letters(ALL))


def test_a_silent_server_keeps_no_mail_from_being_read(silent):
    """One that takes the connection and never says a word, while mails are taken; leaving does not wait for it."""
    with socket.create_server(("127.0.0.1", 0)) as hole:
        silent.configure(hole.getsockname()[1])
        silent.post()
        with Postman(silent.settings, silent.store):
            line, _address = hole.accept()
            taken = [silent.receive(MAIL.replace(b"un-film", b"film-%d" % n)).outcome for n in range(3)]
            line.close()

    assert ["refused"] * 3 == taken
    assert ("waiting", "unreached") in states(silent)


def test_what_somebody_waits_for_waits_for_the_next_day(silent):
    """A second letter that a person's words brought is not dropped: it leaves when the day is over."""
    who = silent.store.who("zo@example.org")
    silent.store.post([Letter(kind="sent-back", audience="sender", who=who) for _each in range(2)], now=NOW)
    take = {"since": NOW, "most": 0, "once_a_day": {"sent-back": True}}

    first = silent.store.take_letter(now=NOW, **take)
    silent.store.letter_sent(first, now=NOW)

    assert silent.store.take_letter(now=NOW + timedelta(hours=2), **take) is None
    second = silent.store.take_letter(now=NOW + timedelta(hours=26), **take)
    assert (first.id + 1, "sent-back") == (second.id, second.kind)
