"""Posts beside the poller, in a thread of its own: a server that does not answer keeps neither mails nor letters."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from ingest.correspondence.sending import pause
from ingest.errors import MurError
from ingest.fediverse.posting import post_due
from ingest.fediverse.rules import active
from ingest.settings import Settings
from ingest.store import Row, Store
from ingest.words import _

_log = logging.getLogger("ingest.watch.fediverse")
"""Below the logger whose INFO is shown: a line a status, like the line a mail."""
_SECONDS = 30.0
_LEAVING_SECONDS = 10.0


class Herald:
    """Works while the context is open, where this wall says anything there; with `once`, when it is left.

    The thread never outlives the process: a status in hand is looked for by whoever comes next.
    """

    def __init__(self, settings: Settings, store: Store, *, once: bool = False) -> None:
        self._settings, self._store, self._is_once = settings, store, once
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="fediverse", daemon=True)
        self._failures = 0

    def __enter__(self) -> Self:
        if active(self._settings) and not self._is_once:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_once and active(self._settings) and kind is None:
            self._once()
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(_LEAVING_SECONDS)

    def _work(self) -> None:
        while not self._stop.is_set():
            self._stop.wait(self._once())

    def _once(self) -> float:
        """One look. Returns how many seconds to wait before the next one."""
        try:
            post_due(self._settings, self._store, now=_now, stopped=self._stop.is_set, tell=_tell)
        except MurError as error:
            self._failures += 1
            seconds = pause(self._failures, 0.5).total_seconds()
            _log.warning(_("%s ; nouvel essai dans %.0f s"), error, seconds)
            return seconds
        self._failures = 0
        return _SECONDS


def _tell(row: Row | None, how: str, word: str) -> None:
    why = f" ({word})" if word else ""
    table = {"event": "status", "state": how, "said": word, "id": row.id if row else None}
    _log.info("status %s : %s%s", row.id if row else "?", how, why, extra={"mur": table})


def _now() -> datetime:
    return datetime.now(UTC)
