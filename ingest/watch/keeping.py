"""`var/health.json`: written by the poller and by whoever publishes, one after the other, whole or not at all."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ingest import durable
from ingest.errors import MurError
from ingest.watch import health
from ingest.watch.health import Health

NAME = "health.json"
_log = logging.getLogger(__name__)


def read(state: Path) -> Health:
    """What the file says; nothing at all where there is none, or where it cannot be read."""
    try:
        return health.load((state / NAME).read_bytes())
    except OSError:
        return Health()


def change(state: Path, do: Callable[[Health], Health]) -> Health:
    """Write what `do` makes of what the file says, and give it back.

    Never raises for what the disk says: a wall does not stop because nobody could note that it runs.
    """
    after = Health()
    try:
        durable.make_folder(state)
        with _alone(state):
            after = do(read(state))
            _write(state, health.dump(after))
    except OSError as error:
        _log.warning("%s : %s", state / NAME, error.strerror or error)
    return after


@contextmanager
def publication(state: Path) -> Iterator[Callable[[int], None]]:
    """Notes how a publication ended. What is yielded is to be called, with the articles online, when it went well."""
    try:
        yield lambda articles: _note(state, articles)
    except MurError:
        change(state, lambda it: health.publish_failed(it, now=datetime.now(UTC)))
        raise


def _note(state: Path, articles: int) -> None:
    change(state, lambda it: health.published(it, now=datetime.now(UTC), articles=articles))


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    descriptor = os.open(state / "health.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(state: Path, data: bytes) -> None:
    beside = state / f"{NAME}.new"
    beside.unlink(missing_ok=True)  # of a run that was cut off; nobody else is at work here
    durable.write(beside, data)
    durable.place(beside, state / NAME)
