"""What a command costs, and how two of them compare: run in turn, so that a busy machine slows both alike.

CPU is user and system time of the command and of all that it started and waited for; it is what verdicts look at
first. Wall and peak memory stand beside it. Peak is that of the largest process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from statistics import fmean, median

ROOT = Path(__file__).resolve().parents[2]
"""Of the program."""
_LAUNCH = Path(__file__).with_name("launch.py")


class Failed(Exception):
    """A command that was to be measured did not end well: its last words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One run: seconds of CPU, seconds by the clock, MiB at most of its largest process."""

    cpu: float
    wall: float
    peak: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Two things run in turn: the median of the ratios of each pair, and the smallest and the largest of them."""

    value: float
    least: float
    most: float
    pairs: int


Measured = Callable[[], Cost]
"""Runs something once, having made everything ready before the clock starts."""


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Cost:
    """Run a command to its end. Raises `Failed` where it does not end with 0."""
    words = [str(word) for word in command]
    words[0] = shutil.which(words[0]) or words[0]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report"
        done = subprocess.run(
            [sys.executable, "-I", "-S", _LAUNCH, report, *words],
            env={**os.environ, **(env or {})},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode or not report.exists():
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-8:]
            raise Failed(f"{' '.join(words)[:300]}: " + "\n".join(said))
        cpu, wall, peak, _code = map(float, report.read_text().split())
    return Cost(cpu=cpu, wall=wall, peak=peak / 1024)


def in_turn(first: Measured, second: Measured, *, pairs: int, tick: Callable[[], None] = lambda: None) -> Pairs:
    """`pairs` times one after the other, the order changing with each pair: A B, B A, A B …"""
    ours: list[Cost] = []
    theirs: list[Cost] = []
    for number in range(pairs):
        for which in ((0, 1), (1, 0))[number % 2]:
            (ours, theirs)[which].append((first, second)[which]())
            tick()
    return Pairs(ours=tuple(ours), theirs=tuple(theirs))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """What two things cost that were run in turn."""

    ours: tuple[Cost, ...]
    theirs: tuple[Cost, ...]

    def ratio(self, of: str) -> Ratio:
        """Of `cpu`, `wall` or `peak`."""
        ratios = [getattr(a, of) / max(getattr(b, of), 1e-9) for a, b in zip(self.ours, self.theirs, strict=True)]
        return Ratio(value=median(ratios), least=min(ratios), most=max(ratios), pairs=len(ratios))

    def __str__(self) -> str:
        """Medians of both, for whoever looks on: seconds of this machine, which go nowhere else."""
        return f"ours {_medians(self.ours)}; beside {_medians(self.theirs)}"


def _medians(costs: Sequence[Cost]) -> str:
    cpu, wall, peak = (median(getattr(cost, of) for cost in costs) for of in ("cpu", "wall", "peak"))
    return f"{cpu:.2f} s CPU, {wall:.2f} s wall, {peak:.0f} MiB"


def exponent(points: Mapping[int, float]) -> float:
    """How cost grows with size: the slope of the straight line through the logarithms, by least squares.

    1 is linear, 2 quadratic, 0 does not grow. Needs two sizes at least.
    """
    xs, ys = [log(size) for size in points], [log(max(cost, 1e-9)) for cost in points.values()]
    x, y = fmean(xs), fmean(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)
