"""Publishes beside the poller: what was decided by mail or in a terminal goes online without anybody asking for it.

A publication is a process of its own, `mur publish --wait`, since one build is one process; ten decisions in a row make
two of them, not ten.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from ingest.errors import MurError
from ingest.publication.due import next_turn
from ingest.settings import Settings
from ingest.store import Store

_log = logging.getLogger("ingest.watch.publication")
"""Below the logger whose INFO is shown."""
_COMMAND = (sys.executable, "-c", "from ingest.cli import main; main()")
_LOOK_SECONDS = 3.0
_CLOCK_SECONDS = 60.0
_WAIT_SECONDS = "2"
"""So long a publication lets other decisions join."""
_AGAIN_SECONDS = 900.0
"""When what could not go online is tried again, though nobody decided anything since."""


class Publisher:
    """Works while the context is open. With `on` false, or without a `mur.toml`, it does nothing."""

    def __init__(self, settings: Settings, store: Store, *, on: bool) -> None:
        self._settings, self._store = settings, store
        self._is_on = on and settings.publish.by_itself and settings.file is not None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="publications", daemon=True)
        self._seen = -1
        self._ran = 0.0
        self._looked = 0.0
        self._tried: datetime | None = None

    def __enter__(self) -> Self:
        if self._is_on:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # One that has begun may be cut off with this program (systemd.kill(5)): it swaps in a whole site or none.
        self._stop.set()

    def _work(self) -> None:
        while not self._stop.wait(_LOOK_SECONDS):
            try:
                self._look()
            except (MurError, OSError) as error:
                _log.warning("%s", error)

    def _turned(self, now: datetime, *, rested: bool) -> bool:
        """Whether the clock made the site untrue: a campaign ended, say. Looked at once a minute; what a publication
        did not mend is not tried again at once."""
        if time.monotonic() - self._looked < _CLOCK_SECONDS:
            return False
        self._looked = time.monotonic()
        change = next_turn(self._settings)
        if change is None or change > now or (change == self._tried and not rested):
            return False
        self._tried = change
        return True

    def _look(self) -> None:
        newest, now = self._store.newest(), datetime.now(UTC)
        rested = time.monotonic() - self._ran > _AGAIN_SECONDS
        waits = (newest != self._seen or rested) and self._store.unpublished(now)
        if not waits and not self._turned(now, rested=rested):
            return
        self._seen, self._ran = newest, time.monotonic()
        command = [*_COMMAND, "--config", str(self._settings.file), "publish", "--wait", _WAIT_SECONDS]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        said = " ".join(done.stdout.decode("utf-8", "replace").split())
        _log.log(logging.WARNING if done.returncode else logging.INFO, "publication: %s", said)
