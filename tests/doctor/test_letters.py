"""What `mur doctor` says of outgoing mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.correspondence.sending import send_due
from ingest.doctor import letters
from ingest.doctor.finding import Level, Patient
from ingest.errors import Misconfigured, Unavailable
from tests.correspondence.conftest import MAIL, NOW, Office
from tests.correspondence.smtp import Sink
from tests.servers.dovecot import free_port


@pytest.fixture
def office(tmp_path):
    made = Office(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def sink():
    with Sink() as server:
        yield server


def patient(office: Office, now=NOW) -> Patient:
    return Patient(office.settings, now=now)


def test_the_server_answers(office, sink):
    """Reached and, where it asks for that, logged in; nothing is sent."""
    office.configure(sink.port)

    level, says = letters.outgoing(patient(office))

    assert (Level.OK, []) == (level, sink.taken)
    assert f"127.0.0.1:{sink.port} (none), sans identification" in says


def test_the_server_does_not_answer(office):
    """A failure, in its words."""
    office.configure(free_port())

    with pytest.raises(Unavailable, match="connexion refusée"):
        letters.outgoing(patient(office))


@pytest.mark.parametrize(("moderators", "level"), [(True, Level.WARNING), (False, Level.OK)])
def test_no_server(office, moderators, level):
    """Nothing that is broken: somebody may want it so, but moderators then hear of nothing."""
    settings = replace(office.settings, outgoing=replace(office.settings.outgoing, host=""))
    if not moderators:
        settings = replace(settings, moderators=())

    found = letters.outgoing(Patient(settings, now=NOW))

    assert level is found[0]
    assert "[outgoing] host est vide" in found[1]
    assert Level.SKIPPED is letters.letters(Patient(settings, now=NOW))[0]


def test_no_address(office):
    """A letter comes from somebody."""
    settings = replace(office.settings, wall=replace(office.settings.wall, address=""))

    assert Level.FAILURE is letters.outgoing(Patient(settings, now=NOW))[0]


def test_how_letters_fare(office, sink):
    """All gone; one refused; one that waits for more than a day."""
    office.configure(sink.port)
    office.receive(MAIL)
    send_due(office.settings, office.store, now=lambda: NOW)
    good = letters.letters(patient(office))
    sink.orders.rcpt = ["550 5.1.1 nobody", "450 4.2.1 busy"]
    for number in range(2):
        at = NOW + timedelta(days=2, minutes=number)
        office.receive(MAIL.replace(b"claude", b"c%d" % number), at=at)
        send_due(office.settings, office.store, now=lambda at=at: at)
    late = letters.letters(patient(office, NOW + timedelta(days=4)))
    later = NOW + timedelta(days=4)
    send_due(office.settings, office.store, now=lambda: later)
    refused = letters.letters(patient(office, later))

    assert (Level.OK, "1 partie en sept jours, 0 en attente") == good
    assert Level.WARNING is late[0]
    assert "1 attendent depuis plus d’un jour (450 4.2.1)" in late[1]
    assert Level.WARNING is refused[0]
    assert "1 refusées en sept jours (550 5.1.1)" in refused[1]
    assert "@" not in late[1] + refused[1]


def test_templates_of_the_walls_own(office):
    """Read, and each of them asked for by some letter."""
    folder = office.folder / "letters"
    folder.mkdir()
    none = letters.templates(patient(office))
    (folder / "alarm.txt").write_text("Alarme\n\n{{ says }}\n", encoding="utf-8")
    good = letters.templates(patient(office))
    (folder / "alarme.txt").write_text("Alarme\n\n{{ says }}\n", encoding="utf-8")
    stray = letters.templates(patient(office))
    (folder / "alarm.txt").write_text("Alarme\n\n{% if %}\n", encoding="utf-8")

    assert [Level.OK, Level.OK, Level.WARNING] == [found[0] for found in (none, good, stray)]
    assert "alarme.txt" in stray[1]
    with pytest.raises(Misconfigured, match=r"alarm\.txt:3"):
        letters.templates(patient(office))
