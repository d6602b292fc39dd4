"""Which files break a build that names none of them: found by building without some. Pure but for what it is given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

MOST_CULPRITS = 3
"""Where there are more, they are not what is wrong: a theme is, say."""
MOST_BUILDS = 24
"""Enough for one among a million, or three among a hundred."""


class _Spent(Exception):
    """No more builds."""


def culprits(suspects: Sequence[str], failure: Callable[[Collection[str]], str]) -> tuple[tuple[str, str], ...]:
    """(path, what the build says) of the few without which it works; empty where it is not them.

    `failure` builds without some files and gives back what is wrong, empty where nothing is. Of two that are wrong only
    together, the later one is a culprit.
    """
    builds = 0

    def said(out: Collection[str]) -> str:
        nonlocal builds
        builds += 1
        if builds > MOST_BUILDS:
            raise _Spent
        return failure(out)

    try:
        return () if not suspects or said(suspects) else _found(list(suspects), said)
    except _Spent:
        return ()


def _found(rest: list[str], said: Callable[[Collection[str]], str]) -> tuple[tuple[str, str], ...]:
    """As `culprits`, where it is known that it works without all of `rest`."""
    found: dict[str, str] = {}
    while why := said(tuple(found)):
        if len(found) == MOST_CULPRITS:
            return ()
        good, bad = 0, len(rest)  # it works with the first `good` of them, and does not with the first `bad`
        while bad - good > 1:
            middle = (good + bad) // 2
            wrong = said((*found, *rest[middle:]))
            good, bad, why = (good, middle, wrong) if wrong else (middle, bad, why)
        if not rest:
            return ()
        found[rest[bad - 1]] = why
        rest = rest[bad:]
    return tuple(found.items())
