"""The letter that says that the wall is not well."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.correspondence.alarm import raise_alarms
from ingest.correspondence.sending import send_due
from ingest.settings import load
from ingest.watch import health, keeping
from tests.correspondence.conftest import NOW, Office
from tests.correspondence.test_sending import mur


@pytest.fixture
def ill(office, sink) -> Office:
    """A wall whose poller is dead for an hour."""
    office.configure(sink.port)
    note(office, minutes=60)
    return office


def note(office: Office, *, minutes: int, **more) -> None:
    state = office.settings.paths.state
    at = NOW - timedelta(minutes=minutes)
    keeping.change(state, lambda it: replace(health.polled(it, now=at, unfiled=0, waiting={}), **more))


def round_(office: Office, now=NOW) -> int:
    raise_alarms(office.settings, office.store, now=now)
    return send_due(office.settings, office.store, now=lambda: now).ended.get("sent", 0)


def test_once_an_alarm_and_day(ill, sink):
    """Looked for every quarter of an hour, for two days, by two programs."""
    sent = [round_(ill, NOW + timedelta(minutes=15 * n)) for n in range(0, 192, 4) for _twice in range(2)]

    assert (2, 2) == (sum(sent), len(sink.taken))
    assert {"ana@example.org"} == {one.recipient for one in sink.taken}


def test_each_alarm_has_its_letter(ill, sink):
    """One that came later is told the same day."""
    first = round_(ill)
    note(ill, minutes=60, publish_failures=2)

    assert (1, 1, 0) == (first, round_(ill), round_(ill))


def test_all_of_them_where_nobody_administers(ill, sink):
    """Somebody has to know."""
    ill.file.write_text(ill.file.read_text().replace('role = "administrator"\n', ""))
    ill.settings = load(ill.file)

    assert 2 == round_(ill)
    assert {"ana@example.org", "bo@example.org"} == {one.recipient for one in sink.taken}


def test_what_is_over_is_not_told(ill, sink):
    """A letter that waited for its server until all was well again."""
    raise_alarms(ill.settings, ill.store, now=NOW)
    note(ill, minutes=0)

    assert {"dropped": 1} == send_due(ill.settings, ill.store, now=lambda: NOW).ended
    assert [] == sink.taken


def test_all_is_well(office, sink):
    """Silence."""
    office.configure(sink.port)
    note(office, minutes=1)

    assert 0 == round_(office)


def test_from_a_timer(ill, sink):
    """`mur send --alarms`, which needs no poller."""
    ill.store.close()

    done = [mur(ill, "send", "--alarms") for _ in range(2)]

    assert [(0, "parties : 1\n"), (0, "rien à envoyer\n")] == [(one.returncode, one.stdout) for one in done]
    assert 1 == len(sink.taken)
