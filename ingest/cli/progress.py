"""Progress on a terminal; silence in a log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import track as rich_track

T = TypeVar("T")
_FEW = 3


def track(items: Sequence[T], words: str) -> Iterator[T]:
    """Each item, with a bar on standard error where somebody looks and there are more than a few."""
    console = Console(stderr=True)
    if len(items) <= _FEW or not console.is_terminal:
        yield from items
        return
    yield from rich_track(items, words, console=console, transient=True)
