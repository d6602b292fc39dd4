"""A warm child process that may be killed: where untrusted bytes meet parsers.

Size limits alone do not bound a mail (3 KB of `[` cost Python-Markdown 2.8 s), so whatever reads one runs here, with a
limit on memory (RLIMIT_DATA) and on time. A child is reused from mail to mail and replaced only after it was killed.

The two ends speak length-prefixed pickles over the child's standard input and output; the child is this very program.
A function that gives several things one after the other has its seconds for each: see `Worker.each`.
"""

from __future__ import annotations

import contextlib
import fcntl
import inspect
import logging
import os
import pickle
import resource
import select
import signal
import struct
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from ingest.errors import MurError

P = ParamSpec("P")
T = TypeVar("T")
_LENGTH = struct.Struct("!Q")
_PIPE = 1 << 20
"""Bytes that a pipe may hold (pipe(7)): a mail with photos then wakes each end a few times, not a hundred."""
_RETURNED = {"MALLOC_MMAP_THRESHOLD_": str(16 << 20), "MALLOC_TRIM_THRESHOLD_": str(32 << 20)}
"""What the child frees in large pieces goes back to the system: glibc keeps all below what it once freed, up to 32 MiB
(mallopt(3), M_MMAP_THRESHOLD), so that each large mail would lie on top of the last. Others than glibc do not ask."""
_PATIENCE = 6
_FRAMES = 6
_log = logging.getLogger(__name__)


class Overrun(Exception):
    """The child took too long, too much memory, died, or met a bug. `reason` is a word for a quarantine."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Worker:
    """One child, started when first needed. Not to be shared between threads."""

    def __init__(self, *, memory_bytes: int) -> None:
        self._memory = memory_bytes
        self._child: subprocess.Popen[bytes] | None = None
        self._killed = False

    def run(self, seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `function(*args, **kwargs)` gives in the child; it and its values must be picklable.

        `seconds` are of the child's own CPU, so that a busy machine makes nothing unreadable; by the clock it may take
        `_PATIENCE` times as long. Raises the `MurError` that the function raises, and `Overrun`: `too-slow` and
        `too-heavy` where the child had to go, `broken` for any other exception, which is a bug of ours and is logged.
        """
        child, deadline = self._started(), time.monotonic() + seconds * _PATIENCE
        with self._limited(child, deadline):
            _send(child.stdin, (seconds, function, args, kwargs), deadline)
            answer = _receive(child.stdout, deadline)
        value: T = self._told(answer)[1]
        return value

    def each(
        self, seconds: float, function: Callable[P, Iterable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> Iterator[T]:
        """What a generator function gives in the child, one by one as it comes, each within `seconds`.

        Raises as `run` does, in the place of the first that could not be had. Whoever stops listening ends the child.
        """
        child, deadline = self._started(), time.monotonic() + seconds * _PATIENCE
        with self._limited(child, deadline):
            _send(child.stdin, (seconds, function, args, kwargs), deadline)
        try:
            while True:
                deadline = time.monotonic() + seconds * _PATIENCE
                with self._limited(child, deadline):
                    answer = _receive(child.stdout, deadline)
                kind, value = self._told(answer)
                if kind == "end":
                    return
                yield value
        except GeneratorExit:
            self.close()
            raise

    @contextlib.contextmanager
    def _limited(self, child: subprocess.Popen[bytes], deadline: float) -> Iterator[None]:
        """Around words with the child: one that takes too long, or has died, is replaced."""
        try:
            yield
        except TimeoutError:
            self.close()
            raise Overrun("too-slow") from None
        except (EOFError, OSError):
            slow = time.monotonic() >= deadline or child.wait() == -signal.SIGPROF
            self.close()
            raise Overrun("too-slow" if slow else "too-heavy") from None

    def _told(self, answer: bytearray) -> tuple[str, Any]:
        """The kind of an answer, and its value; raises what the child says that it raised."""
        kind, value = pickle.loads(answer)  # noqa: S301 - written by our own child
        if kind in {"value", "end"}:
            return kind, value
        if kind == "error":
            raise value
        if kind == "too-heavy":
            self.close()
        else:
            _log.error("%s", value)
        raise Overrun(kind)

    def kill(self) -> None:
        """End the child for good, whoever waits for it: for another thread than the one that leads it."""
        self._killed = True
        child = self._child
        if child is not None:
            child.kill()

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._killed:
            raise Overrun("too-slow")
        if self._child is None or self._child.poll() is not None:
            self.close()
            command = [sys.executable, "-m", "ingest.worker", str(self._memory)]
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "start_new_session": True}
            self._child = subprocess.Popen(command, bufsize=0, env=os.environ | _RETURNED, **pipes)
            os.set_blocking(self._child.stdin.fileno(), False)  # type: ignore[union-attr]
            for stream in (self._child.stdin, self._child.stdout):
                with contextlib.suppress(OSError):  # there is a bound to what one user's pipes may hold (pipe(7))
                    fcntl.fcntl(stream, fcntl.F_SETPIPE_SZ, _PIPE)  # type: ignore[arg-type]
        return self._child


def _send(stream: Any, value: object, deadline: float) -> None:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    for piece in (_LENGTH.pack(len(data)), data):
        view = memoryview(piece)
        while view:
            _wait([], [stream], deadline)
            view = view[os.write(stream.fileno(), view[:_PIPE]) :]


def _receive(stream: Any, deadline: float) -> bytearray:
    def exactly(size: int) -> bytearray:
        data = bytearray()
        while len(data) < size:
            _wait([stream], [], deadline)
            piece = os.read(stream.fileno(), min(size - len(data), _PIPE))
            if not piece:
                raise EOFError
            data += piece
        return data

    return exactly(_LENGTH.unpack(exactly(_LENGTH.size))[0])


def _wait(readers: list[Any], writers: list[Any], deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0 or not any(select.select(readers, writers, [], left)[:2]):
        raise TimeoutError


def _serve(memory_bytes: int) -> None:
    """The child's end: answer until standard input closes."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints may not break the protocol
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What it may write to, threads' stacks included (setrlimit(2), Linux 4.7 and later): libraries that are mapped are
    # no burden. The whole address space bounds it where that is not counted.
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_AS, (2 * memory_bytes, 2 * memory_bytes))
    while size := requests.read(_LENGTH.size):
        _written(answers, _answers(*_asked(requests, _LENGTH.unpack(size)[0])))


def _asked(requests: Any, size: int) -> tuple[float, Callable[..., Any], Any, Any]:
    """Seconds, function and its arguments; nothing else holds them, since a mail may weigh 25 MB."""
    asked: tuple[float, Callable[..., Any], Any, Any]
    asked = pickle.loads(requests.read(size))  # noqa: S301 - written by our own parent
    return asked


def _written(stream: Any, answers: Iterator[bytes]) -> None:
    """Nothing stays of them: the next mail finds the memory that it may have."""
    for data in answers:
        stream.write(_LENGTH.pack(len(data)))
        stream.write(data)
        stream.flush()


def _answers(seconds: float, function: Callable[..., Any], args: Any, kwargs: Any) -> Iterator[bytes]:
    """One answer; of a generator one for each thing that it gives, and one that it ended."""
    if inspect.isgeneratorfunction(function):
        return _one_by_one(seconds, function(*args, **kwargs))
    return iter((_answer(seconds, lambda: ("value", function(*args, **kwargs)))[1],))


def _one_by_one(seconds: float, found: Iterator[object]) -> Iterator[bytes]:
    kind = "value"
    while kind == "value":
        kind, data = _answer(seconds, lambda: ("value", next(found)))
        yield data


def _answer(seconds: float, step: Callable[[], tuple[str, object]]) -> tuple[str, bytes]:
    """The kind of an answer, and all of it as bytes."""
    kind: str
    value: object
    signal.setitimer(signal.ITIMER_PROF, seconds)  # SIGPROF, which nobody catches, ends the process even in C
    try:
        return "value", pickle.dumps(step(), pickle.HIGHEST_PROTOCOL)
    except StopIteration:
        kind, value = "end", None
    except MurError as error:
        kind, value = "error", error
    except MemoryError:
        kind, value = "too-heavy", ""
    except Exception as error:  # noqa: BLE001 - the boundary of one message: it is quarantined, and the next goes on
        kind, value = "broken", _where(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return kind, pickle.dumps((kind, value))


@contextlib.contextmanager
def memory(most_bytes: int) -> Iterator[None]:
    """Within a child, less memory than it may have for a while. Anywhere else nothing changes.

    What does not fit raises `MemoryError`, or ends the child where a library written in C knows no better.
    """
    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most == resource.RLIM_INFINITY:
        yield
        return
    resource.setrlimit(resource.RLIMIT_DATA, (min(before, most_bytes), most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def _where(error: Exception) -> str:
    """What went wrong and where, without a word of the mail: messages of exceptions quote what they choke on."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return " < ".join([type(error).__name__, *(f"{it.filename}:{it.lineno} {it.name}" for it in reversed(frames))])


if __name__ == "__main__":
    try:
        _serve(int(sys.argv[1]))
    except BrokenPipeError:
        os._exit(1)  # who asked was killed: nobody waits for the answer, and there is nothing to tell
