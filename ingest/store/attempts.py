"""How often reading a mail was begun and never came to an end: counted before it begins.

Reading a mail may take the whole program with it, or the machine. A mail that did so three times is not read a fourth
time by itself. A count is a file with one byte for each attempt, gone once there is an outcome.

A byte that was written survives the program, however it is killed, but not a machine that loses its power some seconds
later; and to sync each attempt would cost every mail what one in a million needs. So the first program to begin notes
that one is running, synced once, and the last to end wipes that out: whoever finds the note with nobody running knows
that something went down, and syncs every attempt. See decision 0013.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from ingest import durable

TRIES = 3
"""So many attempts without an outcome, and a mail waits for a person."""
_NOTE = "running"
_RUNNING, _WARY = b"1", b"2"


class Attempts:
    """`attempts/` in the state folder; names are keyed hashes. Methods raise `Unavailable` where the disk says no."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._note: int | None = None
        self._wary = False

    def begin(self, name: str) -> bool:
        """Count one more attempt, before it is made; False where there were enough without an outcome."""
        with durable.on_disk(self._folder):
            if self._note is None:
                self._run()
            descriptor = os.open(self._folder / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                if os.fstat(descriptor).st_size >= TRIES:
                    return False
                os.write(descriptor, b".")
                if self._wary:
                    os.fsync(descriptor)
                    durable.sync_folder(self._folder)
            finally:
                os.close(descriptor)
        return True

    def made(self, name: str) -> bool:
        """Whether an attempt is counted: somebody is at it, or a program ended while it was."""
        with durable.on_disk(self._folder):
            return (self._folder / name).exists()

    def end(self, name: str) -> None:
        """There is an outcome, or none was sought: count from nothing again. Doing it twice does no harm.

        Not synced: a count that comes back belongs to a mail that has its row, and is not read again.
        """
        with durable.on_disk(self._folder), suppress(FileNotFoundError):
            (self._folder / name).unlink()

    def close(self) -> None:
        """This program ends well; if it was the last one, the next finds no note."""
        note, self._note = self._note, None
        if note is None:
            return
        try:
            with suppress(OSError):
                fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.ftruncate(note, 0)
        finally:
            os.close(note)

    def _run(self) -> None:
        durable.make_folder(self._folder)
        note = os.open(self._folder / _NOTE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._wary = self._announce(note)
        except BaseException:
            os.close(note)
            raise
        self._note = note

    def _announce(self, note: int) -> bool:
        """Note that a program is running; whether the last one, or one that runs beside, found that all went down."""
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(note, fcntl.LOCK_SH)
            return os.pread(note, 1, 0) == _WARY
        wary = bool(os.pread(note, 1, 0))
        os.pwrite(note, _WARY if wary else _RUNNING, 0)
        os.fsync(note)
        durable.sync_folder(self._folder)
        fcntl.flock(note, fcntl.LOCK_SH)
        return wary
