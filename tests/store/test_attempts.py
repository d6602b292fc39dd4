"""Attempts are counted before they are made: a mail that takes the program with it is not read for ever."""

from __future__ import annotations

import os
import signal

import pytest

from ingest.errors import Unavailable
from ingest.intake import TOO_MANY_ATTEMPTS, Intake
from ingest.states import State
from ingest.store import TRIES, Attempts, Store
from tests.store.walls import NOW

RAW = b"From: ana@example.org\r\nDate: Tue, 7 Jun 2022 21:14:00 +0200\r\nSubject: Samedi\r\n\r\nVenez samedi soir.\r\n"


class Deadly(Intake):
    """Reading a mail ends the program, as the kernel does where memory runs out."""

    def _convert(self, *_args, **_told):
        os.kill(os.getpid(), signal.SIGKILL)


class Buggy(Intake):
    """Reading a mail meets a bug of ours, outside of the child."""

    def _convert(self, *_args, **_told):
        raise ZeroDivisionError


class Interrupted(Intake):
    """Somebody presses Ctrl-C, or the disk is full."""

    error: type[BaseException] = KeyboardInterrupt

    def _convert(self, *_args, **_told):
        raise self.error


def take(settings, kind=Intake, raw=RAW):
    with Store.open(settings) as store, kind(store, settings) as intake:
        return intake.take(raw, received_at=NOW, now=NOW, channel="imap")


def killed(settings) -> int:
    """A process of its own that takes the mail and dies of it. Gives back the signal that ended it."""
    pid = os.fork()
    if pid == 0:
        try:
            take(settings, Deadly)
        finally:
            os._exit(3)
    return -os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def counts(settings) -> list[int]:
    return [path.stat().st_size for path in (settings.paths.state / "attempts").iterdir() if path.name != "running"]


def test_a_mail_that_kills_the_program_three_times_waits_for_a_person(settings):
    """The fourth time it is quarantined unread; whoever asks for it has it read."""
    assert [killed(settings) for _time in range(TRIES)] == [signal.SIGKILL] * TRIES
    assert counts(settings) == [TRIES]

    taken = take(settings, Deadly)
    assert (taken.outcome, taken.reason) == ("quarantined", TOO_MANY_ATTEMPTS)
    assert counts(settings) == []
    with Store.open(settings) as store, Intake(store, settings) as intake:
        assert store.raw(taken.id) == RAW
        again = intake.replay(taken.id, now=NOW, by="zoe", channel="cli")
        assert (again.outcome, store.find(taken.id).state) == ("held", State.HELD)


def test_twice_is_not_three_times(settings):
    """A mail that was in hand when the machine was unplugged twice is read the third time, and counted no more."""
    for _time in range(TRIES - 1):
        killed(settings)

    assert take(settings).outcome == "held"
    assert counts(settings) == []


def test_a_bug_of_ours_counts(settings):
    """It would end the program at every start, and stand before all other mails."""
    for _time in range(TRIES):
        with pytest.raises(ZeroDivisionError):
            take(settings, Buggy)

    assert take(settings, Buggy).reason == TOO_MANY_ATTEMPTS


@pytest.mark.parametrize("error", [KeyboardInterrupt, Unavailable])
def test_what_is_nobodys_fault_does_not_count(settings, error):
    """Neither a stop nor a full disk says anything of the mail."""
    for _time in range(TRIES + 1):
        with pytest.raises(error):
            take(settings, type("Stopped", (Interrupted,), {"error": error}))

    assert counts(settings) == []
    assert take(settings).outcome == "held"


def test_a_mail_that_was_stored_is_not_counted_any_more(settings):
    """The program died after the mail had its row: what is left of the count goes when the mail is seen again."""
    taken = take(settings)
    with Store.open(settings) as store, Intake(store, settings) as intake:
        attempts = Attempts(settings.paths.state / "attempts")
        attempts.begin(intake._name(RAW))
        attempts.close()
        again = intake.take(RAW, received_at=NOW, now=NOW, channel="imap")

    assert (again.outcome, again.id) == ("duplicate", taken.id)
    assert counts(settings) == []


def test_attempts_are_synced_once_something_went_down(settings):
    """A program that ends well leaves no note; after one that did not, attempts are on the disk before."""
    folder = settings.paths.state / "attempts"
    assert _synced_by(folder) == 2, "the note and its folder, once"
    assert _synced_by(folder) == 2, "ended well, begun again"
    assert _synced_by(folder, ends=False) == 2
    assert _synced_by(folder, ends=False) == 2 + 2 * 2, "two attempts, each with its folder"


def _synced_by(folder, *, ends: bool = True) -> int:
    """How many syncs two attempts cost a process of its own."""
    pid = os.fork()
    if pid == 0:
        count = 0
        real = os.fsync

        def fsync(descriptor):
            nonlocal count
            count += 1
            real(descriptor)

        folder.mkdir(parents=True, exist_ok=True)
        os.fsync = fsync
        attempts = Attempts(folder)
        attempts.begin("one")
        attempts.begin("two")
        attempts.end("one")
        attempts.end("two")
        if ends:
            attempts.close()
        os._exit(count)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_programs_that_run_beside_one_another_share_the_note(tmp_path):
    """The first one to end leaves it to the other."""
    one, two = Attempts(tmp_path), Attempts(tmp_path)
    one.begin("1")
    two.begin("2")
    one.close()
    assert (tmp_path / "running").read_bytes() == b"1"
    two.close()

    assert (tmp_path / "running").read_bytes() == b""


def test_a_folder_that_cannot_be_written_is_unavailable(tmp_path):
    """Nothing is read that could not be counted."""
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(Unavailable):
        Attempts(tmp_path / "file").begin("1")


def test_its_files_are_private_and_tell_nothing(settings):
    """0600, called by a keyed hash."""
    killed(settings)
    names = [path for path in (settings.paths.state / "attempts").iterdir() if path.name != "running"]

    assert [path.stat().st_mode & 0o077 for path in names] == [0]
    with Store.open(settings) as store, Intake(store, settings) as intake:
        assert [path.name for path in names] == [intake._name(RAW)]
