"""Who moderates, as `mur.toml` says now: whoever is struck from it is out with their next request, answer or letter."""

from __future__ import annotations

import threading

from ingest import settings as wall_settings
from ingest.errors import Misconfigured, Unavailable
from ingest.settings import Moderator, Settings

_Stamp = tuple[int, int, int]


class Roll:
    """The list of moderators, read again whenever the file is another one. Threads may share it."""

    def __init__(self, settings: Settings) -> None:
        self._file, self._known = settings.file, settings.moderators
        self._stamp: _Stamp | None = None
        self._lock = threading.Lock()

    def moderators(self) -> tuple[Moderator, ...]:
        """All of them, in the file's order.

        Raises `Misconfigured` while the file cannot be read: better nobody for a moment than somebody who was struck.
        """
        if self._file is None:
            return self._known
        with self._lock:
            stamp = self._look()
            if stamp != self._stamp:
                self._known = wall_settings.load(self._file).moderators
                self._stamp = stamp
            return self._known

    def _look(self) -> _Stamp:
        assert self._file is not None
        try:
            found = self._file.stat()
        except OSError as error:
            raise Misconfigured(f"{self._file}: {error.strerror}") from None
        return found.st_mtime_ns, found.st_size, found.st_ino


def moderators_now(settings: Settings) -> tuple[Moderator, ...]:
    """The list at this moment, for a program that has been at work for weeks.

    Raises `Unavailable` while the file cannot be read: what asks for it is done later.
    """
    try:
        return Roll(settings).moderators()
    except Misconfigured as error:
        raise Unavailable(str(error)) from None
