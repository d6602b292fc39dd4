"""What a target gives: lines of the two tables of `docs/performance.md`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.bench.measuring import Ratio, exponent

REACHED, MISSED, UNMEASURED, EXPLAINS = "reached", "missed", "not measured", "explains"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measure beside something, its limit, what was reached, and the verdict."""

    target: str
    measure: str
    beside: str
    at_most: str
    reached: str
    verdict: str

    @property
    def cells(self) -> tuple[str, ...]:
        """As in the table."""
        return (self.target, self.measure, self.beside, self.at_most, self.reached, self.verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How the cost of something grows: CPU at each size as a multiple of that at the smallest, and the exponent."""

    target: str
    what: str
    points: Mapping[int, float]
    at_most: float

    @property
    def exponent(self) -> float:
        """The slope; see `measuring.exponent`."""
        return exponent(self.points)

    @property
    def verdict(self) -> str:
        """Beside the limit."""
        return REACHED if round(self.exponent, 2) <= self.at_most else MISSED

    @property
    def cells(self) -> tuple[str, ...]:
        """As in the table."""
        least = max(next(iter(self.points.values())), 1e-9)
        grown = ", ".join(f"{size:,}: {cost / least:.2f}" for size, cost in self.points.items())
        return (self.target, self.what, grown, f"{self.exponent:.2f}", f"{self.at_most:.2f}", self.verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one step costs of a whole, and what its floor would."""

    target: str
    step: str
    share: float
    floor: float
    what: str
    """The floor."""

    @property
    def verdict(self) -> str:
        """It explains, and is not judged."""
        return ""

    @property
    def cells(self) -> tuple[str, ...]:
        """As in the table."""
        return (self.target, self.step, f"{self.share:.0%}", f"{self.floor:.0%}", self.what)


def ratio(target: str, measure: str, beside: str, *, at_most: float, reached: Ratio) -> Line:
    """A line for a ratio of two things run in turn."""
    verdict = REACHED if round(reached.value, 3) <= at_most else MISSED
    limit = f"{at_most:.2f}"
    return Line(target=target, measure=measure, beside=beside, at_most=limit, reached=_spread(reached), verdict=verdict)


def floor(target: str, measure: str, beside: str, *, reached: Ratio) -> Line:
    """A line for the least that something could cost on this machine: it explains others, and is not judged."""
    return Line(target=target, measure=measure, beside=beside, at_most="", reached=_spread(reached), verdict=EXPLAINS)


def _spread(reached: Ratio) -> str:
    return f"{reached.value:.3f} ({reached.least:.3f} to {reached.most:.3f}, {reached.pairs} pairs)"


def amount(target: str, measure: str, *, at_most: float, reached: float, unit: str = "", beside: str = "") -> Line:
    """A line for a number that stands by itself: files, MiB, differences, seconds of CPU."""
    shown = f"{reached:.2f}" if isinstance(reached, float) else f"{reached:,}"
    return Line(
        target=target,
        measure=measure,
        beside=beside,
        at_most=f"{at_most:g}{unit}",
        reached=f"{shown}{unit}",
        verdict=REACHED if reached <= at_most else MISSED,
    )


def unmeasured(target: str, measure: str, beside: str, at_most: str, why: str) -> Line:
    """A line for what could not be measured, and why."""
    return Line(target=target, measure=measure, beside=beside, at_most=at_most, reached=why, verdict=UNMEASURED)
