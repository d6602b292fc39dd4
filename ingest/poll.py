"""The poller: look into the mailbox until it is empty, wait for more, look again; and outlive what fails meanwhile."""

from __future__ import annotations

import ctypes
import fcntl
import logging
import os
import random
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from types import FrameType

from ingest.errors import MurError, Unavailable
from ingest.mailbox import Mailbox
from ingest.round import Room, Round, Taker, Watch
from ingest.settings import Settings, secret
from ingest.words import _

_log = logging.getLogger(__name__)

_LONGEST_PAUSE = 900.0
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Parameters of mallopt(3)."""
_LARGE, _SPARE = 1 << 20, 16 << 20


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
    _give_back()
    round_ = Round(settings=settings, store=store, intake=intake, stop=stop, say=say, watch=watch)
    with only_one(settings.paths.state), watch.watching() if watch else nullcontext():
        if once:
            _once(round_)
        else:
            _always(round_)


def _give_back() -> None:
    """What is freed in large pieces goes back to the system.

    glibc keeps all that is below what was once freed, up to 32 MiB (mallopt(3), `M_MMAP_THRESHOLD`), so that the mails
    of a large mailbox would lie on top of one another's holes. Other libraries do not know the word, and need none.
    """
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_TRIM_THRESHOLD, _SPARE)


def _once(round_: Round) -> None:
    with _telling(round_.watch), _mailbox(round_.settings) as mailbox:
        left = round_.until_empty(mailbox)
    if left:
        words = _("{left} courriels sont pris, mais le serveur ne les a pas rangés ailleurs")
        raise Unavailable(words.format(left=left))


def _always(round_: Round) -> None:
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


def _watch(mailbox: Mailbox, round_: Round) -> None:
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
