"""Every point of a command, one after the other: a death before it, a death after it, a full disk at it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from tests.crash.scenes import Set
from tests.crash.tracing import Call, Point, Traced, points, touches

BEFORE, AFTER, FULL = "before", "after", "full"
_INJECT = {
    BEFORE: "{name}:error=EIO:signal=KILL:when={number}",
    AFTER: "{name}:signal=STOP:when={number}",
    FULL: "{name}:error=ENOSPC:when={number}",
}
WRITING = frozenset(
    {
        *("write", "pwrite64", "writev", "sendfile", "copy_file_range", "fsync", "fdatasync", "openat", "open"),
        *("creat", "ftruncate", "fallocate", "mkdir", "mkdirat", "link", "linkat", "symlink", "symlinkat", "rename"),
    }
)
"""The calls that a full disk may refuse (write(2), fsync(2), open(2), mkdir(2), link(2), rename(2))."""
TRIES = 3
"""A run may open a file more than the one before it, and the point is then met one call early."""
PELICAN = "-m pelican"
_WHOLE = frozenset({"rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "symlink", "fsync"})
"""What Pelican does and every one of which is tried; of its writes a sample is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one death, or of one full disk."""

    point: Point
    way: str
    wrong: tuple[str, ...]
    struck: bool
    """Whether it happened at all: a run may take a call less than the one before it."""
    there: bool
    """Whether it happened at the very call that was planned."""
    met: str
    """The call at which it happened."""
    code: int
    """Of the interrupted run: -9 for a death."""

    @property
    def kinds(self) -> Counter[str]:
        """`lost`, `duplicated`, `torn`, `down`, `left`, `other`: how many of each."""
        return Counter(line.partition(":")[0] for line in self.wrong)

    def __str__(self) -> str:
        return f"{self.way} {self.point}: {'; '.join(self.wrong[:3]) or 'well'}"


def plan(ready: Set, *, broken: str = "") -> tuple[Point, ...]:
    """The points of a scene, as two runs in a row show them: the first may still write down what Python compiled."""
    before: tuple[Point, ...] = ()
    for _run in range(TRIES):
        told, folder = traced(ready, broken=broken)
        found = points(told.calls, folder)
        if found == before:
            break
        before = found
    return found


def traced(ready: Set, *, broken: str = "", follow: bool = False) -> tuple[Traced, Path]:
    """One run that nothing interrupts, with what it called; and where its wall lay, which is gone afterwards."""
    wall = ready.wall()
    told = ready.stage.tracer.run(ready.words(wall), env=wall.env, broken=broken, length=200, follow=follow)
    ready.stage.strike(wall)
    return told, wall.folder


def strike(ready: Set, point: Point, way: str, *, broken: str = "", inside: str = "") -> Outcome:
    """Interrupt the command at a point, judge, run it again, judge again.

    With `inside`, a piece of a command line, the point is one of a child of `mur`.
    """
    wall = ready.wall()
    inject = _INJECT[way].format(name=point.name, number=point.number)
    told = ready.stage.tracer.run(
        ready.words(wall), env=wall.env, inject=inject, follow=bool(inside), only=inside, broken=broken
    )
    wrong = ready.killed(wall, told.run.out)
    if way == FULL:
        wrong += complaint(told)
    wrong += ready.again(wall, broken=broken)
    ready.stage.strike(wall)
    call = _struck(told, point, way)
    there = call is not None and call.shape(wall.folder) == point.shape
    return Outcome(
        point=point,
        way=way,
        wrong=tuple(wrong),
        struck=call is not None,
        there=there,
        met=call.shape(wall.folder) if call else "",
        code=told.run.code or 0,
    )


def complaint(told: Traced) -> list[str]:
    """What is wrong with how a command took a full disk: 75 or 1, and one line of its own; or all is well."""
    run = told.run
    if run.code == 0:
        return []
    lines = [line for line in run.error.splitlines() if line.startswith("mur: ")]
    clear = len(lines) == 1 and "Traceback" not in run.error and "inattendue" not in run.error
    return [] if run.code in {75, 1} and clear else [f"other: a full disk ends it with {run.code}: {run.error.strip()}"]


def _struck(told: Traced, point: Point, way: str) -> Call | None:
    if way == FULL:
        return next((call for call in told.calls if "(INJECTED)" in call.answer), None)
    if way == AFTER and told.stopped is None:
        return None
    return told.last if told.run.code != 0 else None


def ways(point: Point) -> tuple[str, ...]:
    """How a point is struck."""
    return (BEFORE, AFTER, FULL) if point.name in WRITING and "socket" not in point.shape else (BEFORE, AFTER)


def every(
    ready: Sequence[Set],
    scheduled: Iterable[tuple[Point, str]],
    *,
    broken: str = "",
    inside: str = "",
    each: Callable[[Outcome], None] = lambda _outcome: None,
) -> list[Outcome]:
    """Strike every point, in as many threads as there are sets, each on a stage of its own."""
    free: SimpleQueue[Set] = SimpleQueue()
    for one in ready:
        free.put(one)

    def job(wanted: tuple[Point, str]) -> Outcome:
        mine = free.get()
        try:
            for _try in range(TRIES):
                outcome = strike(mine, *wanted, broken=broken, inside=inside)
                if outcome.there or outcome.wrong:
                    break
        finally:
            free.put(mine)
        each(outcome)
        return outcome

    with ThreadPoolExecutor(len(ready)) as pool:
        return list(pool.map(job, scheduled))


def in_pelican(ready: Set, *, writes: int, dice: random.Random) -> tuple[Point, ...]:
    """Points of the build: each rename, link, unlink and fsync of Pelican, and a sample of its writes."""
    wall = ready.wall()
    told = ready.stage.tracer.run(ready.words(wall), env=wall.env, follow=True)
    calls = list(_of_the_build(told.calls, wall.folder))
    ready.stage.strike(wall)
    whole = [call for call in calls if call.name in _WHOLE]
    rest = [call for call in calls if call.name not in _WHOLE]
    chosen = whole + sorted(dice.sample(rest, min(writes, len(rest))), key=lambda call: (call.name, call.number))
    return tuple(Point(name=call.name, number=call.number, shape=call.shape(wall.folder)) for call in chosen)


def _of_the_build(calls: Iterable[Call], folder: Path) -> Iterator[Call]:
    yield from (call for call in calls if call.pid and call.creates and touches(call, folder) and call.name != "sendto")


def scheduled(planned: Iterable[Point], *, only: Iterable[str] = (BEFORE, AFTER, FULL)) -> Iterator[tuple[Point, str]]:
    """Every point in every way that fits it."""
    wanted = frozenset(only)
    yield from ((point, way) for point in planned for way in ways(point) if way in wanted)


def summary(name: str, outcomes: Sequence[Outcome]) -> str:
    """A line on a scene."""
    kinds: Counter[str] = Counter()
    for outcome in outcomes:
        kinds.update(set(outcome.kinds))
    told = ", ".join(f"{word} {kinds[word]}" for word in ("lost", "duplicated", "torn", "down", "left", "other"))
    by_way = Counter(outcome.way for outcome in outcomes if outcome.struck)
    ways_told = ", ".join(f"{number} {way}" for way, number in by_way.items())
    missed = sum(not outcome.struck for outcome in outcomes)
    moved = sum(outcome.struck and not outcome.there for outcome in outcomes)
    return f"{name}: {sum(by_way.values())} struck ({ways_told}); {told}; not reached {missed}, elsewhere {moved}"
