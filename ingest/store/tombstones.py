"""`var/tombstones`: the keyed hash of every mail that was erased, one a line, only ever appended to.

A file of its own beside the database, so that neither a database that is replaced nor a backup that is put back makes
the wall forget what it has to forget.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from ingest import durable

NAME = "tombstones"
_LINE = re.compile(rb"^[0-9a-f]{64}$", re.MULTILINE)


class Tombstones:
    """The file. Its methods raise `Unavailable` where the disk says no."""

    def __init__(self, state: Path) -> None:
        self._path = state / NAME

    def read(self) -> frozenset[str]:
        """Every tombstone; a line that a crash cut short is none."""
        with durable.on_disk(self._path):
            return read(self._path.read_bytes()) if self._path.exists() else frozenset()

    def add(self, stones: Iterable[str]) -> None:
        """Append those that are not there, durably."""
        fresh = sorted(set(stones) - self.read())
        if not fresh:
            return
        # Each begins a line of its own: what an interrupted write left at the end spoils nothing
        data = "".join(f"\n{stone}\n" for stone in fresh).encode("ascii")
        with durable.on_disk(self._path):
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                while data:
                    data = data[os.write(descriptor, data) :]
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            durable.sync_folder(self._path.parent)


def read(data: bytes) -> frozenset[str]:
    """The tombstones of a file."""
    return frozenset(line.decode("ascii") for line in _LINE.findall(data))
