"""Who looks on while the mailbox is read: a line a mail, the health file, a word to systemd."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime

from ingest.errors import MurError, Unavailable
from ingest.mailbox import Fetched
from ingest.settings import Settings
from ingest.states import State
from ingest.store import Store, Taken
from ingest.watch import health, keeping
from ingest.watch.health import Health
from ingest.watch.notifying import tell_systemd
from ingest.watch.serving import serving
from ingest.words import _

_log = logging.getLogger(__name__)

_SECONDS = 10.0
"""The file is synced to the disk: while many mails come, it is written now and then, and at the end of each look."""
_WAITING = (State.HELD, State.DEFERRED, State.QUARANTINED, State.ACCEPTED)
_SAID = {
    "held": "en attente",
    "duplicate": "déjà là",
    "refused": "refusé",
    "quarantined": "illisible, mis de côté",
    "handled": "traité",
}


class Watcher:
    """What `ingest.poll.poll` calls. Nothing that it writes says who wrote or what.

    With `serve` it answers at `[watch] port` too.
    """

    def __init__(self, settings: Settings, store: Store, *, serve: bool = False) -> None:
        self._settings, self._store, self._serve = settings, store, serve
        self._untold: list[tuple[datetime, str]] = []
        self._told = time.monotonic()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While the poller runs, and it alone. Raises `Unavailable` where the port is taken."""
        self._note(lambda it: health.started(it, now=_now()))
        with serving(self._settings) if self._serve else nullcontext():
            tell_systemd("READY=1")
            yield

    def mail(self, mail: Fetched, taken: Taken, *, filed: bool, seconds: float) -> None:
        """A mail is on the disk, after `seconds` of work."""
        outcome, reason = _(_SAID.get(taken.outcome, taken.outcome)), f" ({taken.reason})" if taken.reason else ""
        left = "" if filed else _(", pas rangé")
        table = {
            "event": "mail",
            "id": taken.id,
            "outcome": taken.outcome,
            "reason": taken.reason,
            "bytes": mail.size,
            "seconds": round(seconds, 3),
            "spam": mail.spam,
            "too_large": mail.too_large,
            "filed": filed,
        }
        words = _("%s : %s%s, %d octets, %.1f s%s")
        _log.info(words, taken.id, outcome, reason, mail.size, seconds, left, extra={"mur": table})
        self._untold.append((_now(), taken.outcome))
        if time.monotonic() - self._told > _SECONDS:
            self._note(lambda it: it)
        tell_systemd("WATCHDOG=1")

    def looked(self, *, unfiled: int) -> None:
        """Every folder was read to its end; `unfiled` mails would not leave theirs."""
        try:
            waiting = {state.value: self._store.count([state]) for state in _WAITING}
        except Unavailable as error:
            _log.warning("%s", error)
            return
        now = _now()
        self._note(lambda it: health.polled(it, now=now, unfiled=unfiled, waiting=waiting))
        status = _("{n} en attente ; boîte lue à {at}").format(n=waiting[State.HELD], at=f"{now.astimezone():%H:%M}")
        tell_systemd(f"WATCHDOG=1\nSTATUS={status}")

    def failed(self, error: MurError) -> None:
        """The mailbox could not be read to its end."""
        kind = type(error).__name__
        known = self._note(lambda it: health.poll_failed(it, now=_now(), kind=kind))
        _log.debug("failure %d in a row", known.poll_failures)
        tell_systemd("WATCHDOG=1\nSTATUS=" + _("{n} échecs de suite").format(n=known.poll_failures))

    def _note(self, do: Callable[[Health], Health]) -> Health:
        """Write what `do` makes of the mails since the last time and of what was noted before."""
        untold, self._untold, self._told = self._untold, [], time.monotonic()

        def all_of_it(known: Health) -> Health:
            for at, outcome in untold:
                known = health.took(known, now=at, outcome=outcome)
            return do(known)

        return keeping.change(self._settings.paths.state, all_of_it)


def _now() -> datetime:
    return datetime.now(UTC)
