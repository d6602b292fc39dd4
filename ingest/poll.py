"""The poller: read the mailbox, have each mail taken, file it away, wait for more.

    the folders named -> each mail: take (durable when it returns) -> file away -> wait -> again

Nothing is decided here, and nothing is remembered: what lies in the folders is new. A mail that was taken and not filed
away, because something was unplugged in between, is taken again, which changes nothing, and filed away then.
"""

from __future__ import annotations

import fcntl
import logging
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Protocol

from ingest.errors import MurError, Unavailable
from ingest.mailbox import Fetched, Mailbox
from ingest.settings import Settings, secret
from ingest.store import ERASED, Taken
from ingest.words import _

_log = logging.getLogger(__name__)

_LONGEST_PAUSE = 900.0


class Room(Protocol):
    """Of a store: whether there is room on the disk."""

    def room_for(self, size: int) -> None:
        """Raise `Unavailable` where a mail of `size` bytes would leave too little."""


class Taker(Protocol):
    """What makes a mail durable, whatever it holds: `ingest.intake.Intake`."""

    def take(
        self,
        raw: bytes,
        *,
        received_at: datetime,
        now: datetime,
        channel: str,
        spam: bool,
        too_large: bool,
    ) -> Taken:
        """The mail is on the disk when this returns. Raises `Unavailable`, and nothing else for what it holds."""

    def let_in(self, *, now: datetime) -> object:
        """Take some of what was too much at once, where there is room again. Raises `Unavailable`."""


class Watch(Protocol):
    """Who looks on: `ingest.watch.watcher.Watcher`. Its methods never raise, but for `watching`."""

    def watching(self) -> AbstractContextManager[None]:
        """Open while this poller, and no other one, reads. Raises `Unavailable`."""

    def mail(self, mail: Fetched, taken: Taken, *, filed: bool, seconds: float) -> None:
        """A mail was taken, in `seconds`."""

    def looked(self, *, unfiled: int) -> None:
        """All folders were read to their end; `unfiled` mails would not leave theirs."""

    def failed(self, error: MurError) -> None:
        """They were not."""


def poll(
    settings: Settings,
    store: Room,
    intake: Taker,
    *,
    once: bool,
    stop: threading.Event,
    say: Callable[[str], None] = lambda _line: None,
    watch: Watch | None = None,
) -> None:
    """Read the mailbox until `stop` is set, or `once`. `say` gets a line for each mail, without private data, and
    `watch` whatever happens.

    Raises `Unavailable` where another poller runs; with `once` also where mailbox or disk say no. Without `once` these
    are logged, and tried again after a pause that grows to a quarter of an hour. Raises `Misconfigured`.
    """
    round_ = _Round(settings=settings, store=store, intake=intake, stop=stop, say=say, watch=watch)
    with only_one(settings.paths.state), watch.watching() if watch else nullcontext():
        if once:
            _once(round_)
        else:
            _always(round_)


def _once(round_: _Round) -> None:
    with _telling(round_.watch), _mailbox(round_.settings) as mailbox:
        left = round_.until_empty(mailbox)
    if left:
        words = _("{left} courriels sont pris, mais le serveur ne les a pas rangés ailleurs")
        raise Unavailable(words.format(left=left))


def _always(round_: _Round) -> None:
    failures = 0
    while not round_.stop.is_set():
        try:
            with _telling(round_.watch), _mailbox(round_.settings) as mailbox:
                round_.until_empty(mailbox)
                failures = 0
                _watch(mailbox, round_)
        except Unavailable as error:
            pause = _pause(failures)
            failures += 1
            _log.warning(_("%s ; nouvel essai dans %.0f s"), error, pause)
            round_.stop.wait(pause)


def _watch(mailbox: Mailbox, round_: _Round) -> None:
    while not round_.stop.is_set():
        mailbox.wait(round_.settings.mailbox.poll_seconds or 1, round_.stop)
        round_.until_empty(mailbox)


@contextmanager
def _telling(watch: Watch | None) -> Iterator[None]:
    try:
        yield
    except MurError as error:
        if watch:
            watch.failed(error)
        raise


@contextmanager
def only_one(state: Path) -> Iterator[None]:
    """Hold the poller's lock. Raises `Unavailable` where another process holds it.

    The kernel lets go of it when the process ends, however it ends.
    """
    path = state / "poll.lock"
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Unavailable(f"{path} : {error.strerror}") from error
    try:
        _lock(handle, path)
        yield
    finally:
        os.close(handle)


@contextmanager
def until_signalled() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set, so that a mail in hand is finished. The second signal interrupts."""
    stop = threading.Event()

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            signal.default_int_handler(number, frame)
        stop.set()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """One look into every folder."""

    settings: Settings
    store: Room
    intake: Taker
    stop: threading.Event
    say: Callable[[str], None]
    watch: Watch | None

    def until_empty(self, mailbox: Mailbox) -> int:
        """Rounds until nothing new came. Returns how many mails were taken but would not be filed away."""
        filed, left = 1, 0
        while filed and not self.stop.is_set():
            filed, left = self.once(mailbox)
        if not self.stop.is_set():
            self.intake.let_in(now=datetime.now(UTC))
        if self.watch and not self.stop.is_set():
            self.watch.looked(unfiled=left)
        return left

    def once(self, mailbox: Mailbox) -> tuple[int, int]:
        """How many mails were filed away, and how many were taken but not filed."""
        filed = left = 0
        self.store.room_for(0)
        for folder in mailbox.folders:
            for mail in mailbox.new(folder):
                began = time.monotonic()
                taken = self._take(mail)
                done = _put_away(mailbox, mail, taken)
                filed, left = filed + done, left + (not done)
                self._tell(taken)
                if self.watch:
                    self.watch.mail(mail, taken, filed=done, seconds=time.monotonic() - began)
                if self.stop.is_set():
                    return filed, left
        return filed, left

    def _take(self, mail: Fetched) -> Taken:
        self.store.room_for(len(mail.raw))
        return self.intake.take(
            mail.raw,
            received_at=mail.received_at,
            now=datetime.now(UTC),
            channel="imap",
            spam=mail.spam,
            too_large=mail.too_large,
        )

    def _tell(self, taken: Taken) -> None:
        reason = f" ({taken.reason})" if taken.reason else ""
        self.say(f"{taken.id} : {_(_SAID.get(taken.outcome, taken.outcome))}{reason}")


def _put_away(mailbox: Mailbox, mail: Fetched, taken: Taken) -> bool:
    """Out of its folder: deleted where it was erased here, so that no copy stays; else filed away."""
    if taken.outcome in {"duplicate", "handled"} and taken.reason == ERASED and mailbox.delete(mail):
        return True
    return mailbox.file_away(mail)


_SAID = {
    "held": "en attente",
    "duplicate": "déjà là",
    "refused": "refusé",
    "quarantined": "illisible, mis de côté",
    "handled": "traité",
}


def _mailbox(settings: Settings) -> Mailbox:
    base = settings.file.parent if settings.file else None
    known = settings.mailbox
    password = secret("mailbox", "password", known.password_file, known.password_env, base=base)
    return Mailbox(known, base=base, password=password)


def _lock(handle: int, path: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
    except BlockingIOError:
        holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "?"
        raise Unavailable(_("un autre « mur poll » est en marche (processus {holder})").format(holder=holder)) from None
    except OSError as error:
        raise Unavailable(f"{path} : {error.strerror}") from error


def _pause(failures: int) -> float:
    # Jitter, so that many walls do not come back to a server all at once.
    longest = min(_LONGEST_PAUSE, 2.0 ** min(failures, 20))
    return random.uniform(longest / 2, longest)  # noqa: S311 - not a secret
