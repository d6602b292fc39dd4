"""One publication at a time. The lock ends with its process, however that ends (flock(2))."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ingest import durable
from ingest.errors import Unavailable
from ingest.words import _

WAIT_SECONDS = 600.0
_POLL_SECONDS = 0.1


@contextmanager
def publication_lock(state: Path, *, report: Callable[[str], None], wait: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock. Where another publication is at work, say so once and wait; `Unavailable` after `wait` seconds."""
    with durable.on_disk(state):
        durable.make_folder(state)
        descriptor = os.open(state / "publication.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _taken(descriptor):
            report(_("Une autre publication est en cours : on attend qu’elle finisse."))
            _await(descriptor, time.monotonic() + wait)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def queued(state: Path) -> Iterator[Callable[[], None] | None]:
    """Be the publication that comes next; None where there is one already, which will see all that is decided by now.

    What is given is to be called once its turn has come, and before it looks: from then on another one may queue.
    """
    with durable.on_disk(state):
        durable.make_folder(state)
        descriptor = os.open(state / "publication.queued", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield (lambda: fcntl.flock(descriptor, fcntl.LOCK_UN)) if _taken(descriptor) else None
    finally:
        os.close(descriptor)


def _await(descriptor: int, until: float) -> None:
    while not _taken(descriptor):
        if time.monotonic() > until:
            raise Unavailable(_("une autre publication n’en finit pas ; recommencez plus tard"))
        time.sleep(_POLL_SECONDS)


def _taken(descriptor: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
