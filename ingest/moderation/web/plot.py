"""Where the bars of a plot stand, in its own units: the template only draws them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 300, 150
_TOP, _FOOT, _SIDE = 20, 24, 1
BASE = HEIGHT - _FOOT
"""Where the bars stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar: its left upper corner, its size, and what is written below and above it."""

    x: float
    y: float
    width: float
    height: float
    label: str
    value: str


def bars(values: Sequence[int], labels: Sequence[str]) -> tuple[Bar, ...]:
    """One bar a value; the highest reaches the top, and nothing is a line of one unit."""
    highest = max(values, default=0) or 1
    slot = (WIDTH - 2 * _SIDE) / max(len(values), 1)
    return tuple(
        Bar(
            x=round(_SIDE + n * slot + slot * 0.15, 1),
            y=round(BASE - _height(value, highest), 1),
            width=round(slot * 0.7, 1),
            height=round(_height(value, highest), 1),
            label=label,
            value=str(value),
        )
        for n, (value, label) in enumerate(zip(values, labels, strict=True))
    )


def _height(value: int, highest: int) -> float:
    return max(1.0, (BASE - _TOP) * value / highest)
