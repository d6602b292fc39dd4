"""How a wall is, in a file: right after what happened, whole, and without a name."""

from __future__ import annotations

import json
import threading
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import BuildFailed, Unavailable
from ingest.intake import Intake
from ingest.poll import poll
from ingest.settings import Mailbox, Settings, Watch
from ingest.store import Store
from ingest.watch import health, keeping
from ingest.watch.health import Health, alarms
from ingest.watch.watcher import Watcher
from tests.publication.walls import TestWall
from tests.servers.dovecot import free_port
from tests.servers.fixtures import USER

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MAILS = Path(__file__).resolve().parents[2] / "ingest" / "demo" / "messages"


def once(settings: Settings) -> None:
    with Store.open(settings) as store, Intake(store, settings) as intake:
        poll(settings, store, intake, once=True, stop=threading.Event(), watch=Watcher(settings, store))


def test_after_a_look_into_the_mailbox_it_says_what_waits(mail_server, wall):
    """A draft and a refusal: both counted, one waits. The file is its owner's alone."""
    for name in ("04-thunderbird-texte.eml", "10-absence-automatique.eml"):
        mail_server.deliver(USER, (MAILS / name).read_bytes())
    settings = wall(mail_server.imap_port)
    before = datetime.now(UTC) - timedelta(seconds=1)

    once(settings)

    path = settings.paths.state / "health.json"
    known = keeping.read(settings.paths.state)
    assert path.stat().st_mode & 0o777 == 0o600
    assert known.polled_at is not None
    assert known.mail_at is not None
    assert before <= known.mail_at <= known.polled_at + timedelta(seconds=1)
    assert known.mails == {"held": 1, "refused": 1}
    assert known.waiting == {"accepted": 0, "deferred": 0, "held": 1, "quarantined": 0}
    assert alarms(known, settings, now=datetime.now(UTC)) == ()


def test_failures_are_counted_until_one_look_goes_well(mail_server, wall):
    """In a row; the last good look is remembered meanwhile."""
    once(wall(mail_server.imap_port))
    good = keeping.read(wall(0).paths.state).polled_at
    for _time in range(2):
        with pytest.raises(Unavailable):
            once(wall(free_port()))
    failed = keeping.read(wall(0).paths.state)

    assert (failed.poll_failures, failed.poll_failure, failed.polled_at) == (2, "Unavailable", good)
    once(wall(mail_server.imap_port))
    assert keeping.read(wall(0).paths.state).poll_failures == 0


def test_mails_that_will_not_leave_their_folder_are_an_alarm(scripted, wall):
    """They were taken; the mailbox would fill."""
    scripted.add(b"From: a@example.org\r\n\r\nUn.\r\n")
    scripted.refuse = ("UID MOVE",)
    settings = wall(scripted.port)
    with pytest.raises(Unavailable):
        once(settings)

    known = keeping.read(settings.paths.state)
    assert known.unfiled == 1
    assert len(alarms(known, settings, now=datetime.now(UTC))) == 1


def test_a_publication_notes_itself(tmp_path):
    """That it went well, with how many articles; that it did not."""
    wall = TestWall(tmp_path)
    wall.accept()
    wall.publish()
    good = keeping.read(wall.settings.paths.state)
    for path in wall.content.rglob("*.md"):
        path.write_text("Title: Cassé\nDate: hier\nStatus: published\n\nUn.\n", encoding="utf-8")
    with pytest.raises(BuildFailed):
        wall.publish()
    bad = keeping.read(wall.settings.paths.state)
    wall.store.close()

    assert (good.articles, good.publish_failures) == (1, 0)
    assert (bad.articles, bad.publish_failures) == (1, 1)
    assert bad.published_at == good.published_at


def test_silence_is_an_alarm_after_the_time_that_the_wall_says():
    """Counted from the last good look, or from the start where there was none."""
    settings = Settings(mailbox=Mailbox(host="imap.example.org"), watch=Watch(silence_minutes=30))
    late = NOW + timedelta(minutes=31)

    assert alarms(Health(polled_at=NOW), settings, now=NOW + timedelta(minutes=29)) == ()
    assert len(alarms(Health(polled_at=NOW), settings, now=late)) == 1
    assert len(alarms(Health(started_at=NOW), settings, now=late)) == 1
    assert alarms(Health(polled_at=NOW), Settings(), now=late) == ()
    assert alarms(Health(), settings, now=late) == ()


def test_what_was_written_is_read():
    """Every key, at another value than its default."""
    full = Health(**{each.name: _other(str(each.type)) for each in fields(Health)})

    assert health.load(health.dump(full)) == full


def _other(kind: str) -> object:
    return {"datetime | None": NOW, "int": 7, "str": "Unavailable", "Mapping[str, int]": {"held": 3}}[kind]


_JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=3)


@given(st.binary(max_size=60) | st.dictionaries(st.sampled_from([f.name for f in fields(Health)]), _JSON))
def test_whatever_stands_in_the_file_it_is_read(found):
    """A file that somebody damaged is as good as none."""
    data = found if isinstance(found, bytes) else json.dumps(found).encode()

    read = health.load(data)

    assert health.load(health.dump(read)) == read


def test_two_who_write_at_once_lose_nothing(tmp_path):
    """The poller and a publication: one after the other."""

    def count() -> None:
        for _time in range(25):
            keeping.change(tmp_path / "var", lambda it: health.took(it, now=NOW, outcome="held"))

    threads = [threading.Thread(target=count) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert keeping.read(tmp_path / "var").mails == {"held": 100}


def test_a_disk_that_says_no_stops_nothing(tmp_path, caplog):
    """One line in the log."""
    (tmp_path / "var").write_text("not a folder")

    keeping.change(tmp_path / "var" / "deeper", lambda it: health.started(it, now=NOW))

    assert len(caplog.records) == 1
