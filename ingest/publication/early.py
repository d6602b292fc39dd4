"""Pelican, loaded by a child while the publisher reads its store: both share one start of Python, and two processors.

The child is forked before a database, a lock or a thread is there, so that it holds nothing of them. It builds at most
one site: what is built after it, or where no child can be had, is built by a process of its own.
"""

from __future__ import annotations

import fcntl
import gc
import json
import os
import selectors
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

_BOTH = (
    *("csv", "decimal", "email.utils", "hashlib", "importlib.abc", "numbers", "pickle", "sqlite3", "subprocess"),
    *("tempfile", "unicodedata", "zoneinfo", "ingest.publication.addresses", "ingest.publication.finding"),
    *("ingest.publication.stamps", "ingest.relay.files"),
)
"""What the publisher and the child both import, and one may import for both."""
NAME = "pelican"
"""How the child is called in a list of processes (proc(5), comm)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a build ended."""

    code: int
    said: bytes


class Early:
    """A child that has loaded Pelican, or is about to."""

    def __init__(self, pid: int, order: int, said: int) -> None:
        self._pid, self._order, self._said = pid, order, said

    def run(self, words: Sequence[str], *, env: Mapping[str, str], cwd: Path, seconds: float) -> Ended | None:
        """Run Pelican with these words, once; None where this child cannot any more.

        Raises `TimeoutError` where it does not end in time; it is killed then.
        """
        if not self._order:
            return None
        order, self._order = self._order, 0
        try:
            with os.fdopen(order, "wb") as pipe:
                pipe.write(json.dumps({"words": [*words], "env": {**env}, "cwd": str(cwd)}).encode())
        except BrokenPipeError:  # it could not load
            return None
        said = _read(self._said, time.monotonic() + seconds)
        return Ended(code=self._reaped(), said=said)

    def close(self) -> None:
        """End the child, whatever it is at."""
        if self._order:
            os.close(self._order)
            self._order = 0
        if self._pid:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
            self._reaped()
        if self._said:
            os.close(self._said)
            self._said = 0

    def _reaped(self) -> int:
        pid, self._pid = self._pid, 0
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@contextmanager
def early() -> Iterator[Early | None]:
    """A child for the first build; None where this process may not fork, having threads."""
    if threading.active_count() > 1 or not hasattr(os, "fork"):
        yield None
        return
    child = _forked()
    try:
        yield child
    finally:
        child.close()


def _forked() -> Early:
    for module in _BOTH:
        import_module(module)
    order, to_order = os.pipe()
    said, to_say = os.pipe()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    pid = os.fork()
    if pid == 0:
        _child(order, to_say)
    os.close(order)
    os.close(to_say)
    return Early(pid, to_order, said)


def _read(pipe: int, until: float) -> bytes:
    """All that is said before the other end closes. Raises `TimeoutError`."""
    said = bytearray()
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        while waiting.select(max(until - time.monotonic(), 0)):
            some = os.read(pipe, 65_536)
            if not some:
                return bytes(said)
            said += some
    raise TimeoutError


def _child(order: int, to_say: int) -> None:
    """Everything that the child does; it never comes back."""
    code = 1
    try:
        order = _apart(order, to_say)
        code = _build(order)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        if sys.exc_info()[0] not in {None, SystemExit}:
            traceback.print_exc()
        with suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _apart(order: int, to_say: int) -> int:
    """Leave nothing of the parent: files, streams, what is done on a signal. Gives back where orders come from."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(NAME, encoding="ascii")
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    order, to_say = (fcntl.fcntl(each, fcntl.F_DUPFD, 10) for each in (order, to_say))
    for number, source in ((0, os.open(os.devnull, os.O_RDONLY)), (1, to_say), (2, to_say), (3, order)):
        os.dup2(source, number, inheritable=number < 3)
    os.closerange(4, os.sysconf("SC_OPEN_MAX"))
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    return 3


def _build(order: int) -> int:
    """Load, wait for the order, and do as it says."""
    from plugins import loading

    gc.disable()
    loading.load()
    gc.freeze()  # what was loaded stays
    gc.enable()
    with os.fdopen(order, "rb") as pipe:
        asked = pipe.read()
    if not asked:
        return 0
    told = json.loads(asked)
    os.environ.clear()
    os.environ.update(told["env"])
    time.tzset()
    os.chdir(told["cwd"])
    loading.run(told["words"])
    return 0
