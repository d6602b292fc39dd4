"""How the number of those who signed grew, as points of a small drawing. Pure; the table beside it says the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ingest.relay.model import Count

WIDTH, HEIGHT = 300, 80
_EDGE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Points in a box of `WIDTH` by `HEIGHT`; the lowest line is zero, so that a small growth does not look large."""

    points: tuple[tuple[int, int], ...]

    @property
    def line(self) -> str:
        """As `<polyline points>` has them."""
        return " ".join(f"{x},{y}" for x, y in self.points)


def plot(counts: Iterable[Count]) -> Plot | None:
    """The drawing of the counts that have a day; None for fewer than two days, and where nobody had signed."""
    by_day: dict[date, int] = {}
    for count in counts:
        if count.on is not None:
            by_day[count.on] = max(count.number, by_day.get(count.on, 0))
    most = max(by_day.values(), default=0)
    if len(by_day) < 2 or not most:
        return None
    days = sorted(by_day)
    first, span = days[0], (days[-1] - days[0]).days
    width, height = WIDTH - 2 * _EDGE, HEIGHT - 2 * _EDGE
    points = (
        (_EDGE + round(width * (day - first).days / span), HEIGHT - _EDGE - round(height * by_day[day] / most))
        for day in days
    )
    return Plot(points=tuple(points))
