"""What a mail costs the child process that reads it: CPU seconds, and the most memory that it ever held at once."""

from __future__ import annotations

import contextlib
import os
import resource
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from ingest.conversion import convert
from ingest.model import Converted, Outcome
from ingest.settings import Settings
from ingest.worker import Worker
from plugins.rendering import render

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SETTINGS = Settings()
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One mail: what became of it, and what it took."""

    outcome: Outcome
    cpu: float
    """Seconds of all its children and of the parent."""
    peak: float
    """Megabytes that its child held at most, of RAM (VmHWM of proc(5))."""

    @property
    def word(self) -> str:
        """`draft`, or why not."""
        if isinstance(self.outcome, Converted):
            return "draft"
        return f"{type(self.outcome).__name__.lower()} {self.outcome.reason}"


class Reader:
    """Reads mails in one worker, as a mailbox is read. A context manager."""

    def __init__(self, settings: Settings = SETTINGS) -> None:
        self._settings = settings
        self._worker = Worker(memory_bytes=settings.limits.memory_bytes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._worker.close()

    def read(self, raw: bytes) -> Cost:
        """One mail, from its bytes to its page."""
        before = _spent()
        with _watched() as watch:
            outcome = convert(raw, settings=self._settings, now=NOW, each=self._worker.each).outcome
            if isinstance(outcome, Converted):
                self._worker.run(self._settings.limits.part_seconds, render, outcome.draft.body)
        return Cost(outcome=outcome, cpu=_spent() - before, peak=watch.peak)


@dataclass(slots=True)
class _Watch:
    peak: float = 0.0


@contextlib.contextmanager
def _watched() -> Iterator[_Watch]:
    """Looks at the peak of every child, again and again: a child that is killed takes its own with it."""
    watch, done = _Watch(), threading.Event()
    for child in _children():
        (child / "clear_refs").write_text("5")  # proc(5): resets the peak

    def look() -> None:
        while True:
            watch.peak = max([watch.peak, *map(_peak, _children())])
            if done.wait(0.01):
                return

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield watch
    finally:
        done.set()
        thread.join()
        watch.peak = max([watch.peak, *map(_peak, _children())])


def _children() -> list[Path]:
    found = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):
            found += (task / "children").read_text().split()
    return [Path("/proc") / pid for pid in found]


def _peak(child: Path) -> float:
    with contextlib.suppress(OSError):
        if b"ingest.worker" not in (child / "cmdline").read_bytes():
            return 0.0  # not begun yet: it still holds what whoever forked it holds
        for line in (child / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _spent() -> float:
    """CPU of this process, of its children that ended, and of those that live."""
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    living = 0
    for child in _children():
        with contextlib.suppress(OSError):
            fields = (child / "stat").read_text().rpartition(")")[2].split()
            living += int(fields[11]) + int(fields[12])
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime + living / _TICKS
