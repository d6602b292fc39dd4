"""Sends beside the poller, in a thread of its own: a server that does not answer never keeps mails from being read."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from ingest.correspondence.alarm import raise_alarms
from ingest.correspondence.audience import sends
from ingest.correspondence.digest import post_digests
from ingest.correspondence.following.due import post_due
from ingest.correspondence.sending import Round, pause, send_due
from ingest.errors import MurError
from ingest.settings import Settings
from ingest.store import Store
from ingest.store.outbox import Posted
from ingest.words import _

_log = logging.getLogger("ingest.watch.letters")
"""Below the logger whose INFO is shown: a line a letter, like the line a mail."""
_SECONDS = 5.0
"""The longest a letter waits here: decisions are taken by other processes, which wake nobody."""
_ALARM_SECONDS = 300.0
_LEAVING_SECONDS, _LAST_SECONDS = 10.0, 60.0


class Postman:
    """Works while the context is open. `wake` has it look at once. Where nothing can be sent, it does nothing.

    With `once` leaving the context sends what is due then, and no alarm, digest or news is looked for: `mur send` does
    that. The thread never outlives the process, and a letter in hand goes again if it is cut off (see
    `ingest.store.outbox`).
    """

    def __init__(self, settings: Settings, store: Store, *, once: bool = False) -> None:
        self._settings, self._store, self._is_once = settings, store, once
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="letters", daemon=True)
        self._failures = 0
        self._looked = time.monotonic()

    def __enter__(self) -> Self:
        if sends(self._settings):
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(_LAST_SECONDS if self._is_once else _LEAVING_SECONDS)

    def wake(self, _line: str = "") -> None:
        """A mail was taken: there may be a letter."""
        self._wake.set()

    def _work(self) -> None:
        while not self._stop.is_set():
            seconds = self._once(self._stop.is_set)
            if seconds > _SECONDS:
                self._stop.wait(seconds)  # whatever wakes it, the server would not answer
            else:
                self._wake.wait(seconds)
            self._wake.clear()
        if self._is_once and not self._failures:
            self._once(lambda: False)

    def _once(self, stopped: Callable[[], bool]) -> float:
        """One look. Returns how many seconds to wait before the next one."""
        try:
            self._raise_alarms()
            done = send_due(self._settings, self._store, now=_now, stopped=stopped, tell=_tell)
        except MurError as error:
            self._failures += 1
            seconds = pause(self._failures, 0.5).total_seconds()
            _log.warning(_("%s ; nouvel essai dans %.0f s"), error, seconds)
            return seconds
        self._failures = 0
        _complain(done)
        return _SECONDS

    def _raise_alarms(self) -> None:
        if not self._is_once and time.monotonic() - self._looked >= _ALARM_SECONDS:
            self._looked = time.monotonic()
            raise_alarms(self._settings, self._store, now=_now())
            post_digests(self._settings, self._store, now=_now())
            post_due(self._settings, self._store, now=_now())


def _complain(done: Round) -> None:
    if done.problem:
        _log.warning("%s", done.problem)


def _tell(letter: Posted, state: str, word: str) -> None:
    table = {"event": "letter", "kind": letter.kind, "state": state, "said": word, "id": letter.contribution}
    why = f" ({word})" if word else ""
    _log.info("%s : %s%s", letter.kind, state, why, extra={"mur": table})


def _now() -> datetime:
    return datetime.now(UTC)
