"""One at a time of what removes documents and what copies them, so that a backup never names one that is gone."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest import durable
from ingest.words import _


@contextmanager
def keeping_lock(state: Path, *, report: Callable[[str], None] = lambda _line: None) -> Iterator[None]:
    """Hold the lock; where somebody has it, say so and wait. It ends with its process, however that ends (flock(2)).

    Taken before the publication's lock by whoever needs both. Raises `Unavailable` for the disk.
    """
    with durable.on_disk(state):
        durable.make_folder(state)
        descriptor = os.open(state / "keeping.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            report(_("Une sauvegarde ou un effacement est en cours : on attend la fin."))
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
