"""Lists that the templates ask for: articles by day, relays that may still be signed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Protocol

from markupsafe import Markup

from plugins.dates import date_fr
from plugins.incremental.pieces import SHEET
from plugins.relays.shown import Shown


class Dated(Protocol):
    """An article, as far as these lists look at it."""

    @property
    def date(self) -> date:
        """When it was published, in the wall's zone."""


class Relayed(Dated, Protocol):
    """An article that may be a relay."""

    @property
    def relay(self) -> Shown | None:
        """What it relays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The articles of one day, under its heading: « mercredi 8 juin 2022 »."""

    date: date
    heading: str
    articles: tuple[Dated, ...]


def newest_first(article: Any) -> tuple[float, str]:
    """What posts are ordered by: of two that came in the same second, always the same one stands first."""
    return -article.date.timestamp(), article.slug


def articles_by_day(articles: Iterable[Dated]) -> Iterator[Day]:
    """`articles` in their order, those of one day together."""
    for (year, month, day), together in groupby(articles, lambda it: (it.date.year, it.date.month, it.date.day)):
        when = date(year, month, day)
        yield Day(date=when, heading=date_fr(when), articles=tuple(together))


def open_relays(articles: Iterable[Relayed]) -> tuple[Relayed, ...]:
    """Those that may still be signed, the one that ends first before the others; those without an end last."""
    signable = [(it.relay.ends, it) for it in articles if it.relay is not None and it.relay.signable]
    ending = sorted(((end, it) for end, it in signable if end is not None), key=lambda pair: pair[0])
    return (*(it for _end, it in ending), *(it for end, it in signable if end is None))


class Once:
    """Remembers, for one build, what a template made of an article: lists show the same one many times."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, str], tuple[object, str]] = {}

    def __call__(self, article: object, root: str, make: Callable[[object], str]) -> str:
        """What `make` makes of `article` on a page that calls the root of the site `root`."""
        key = id(article), root
        if key not in self._made:
            self._made[key] = article, _kept(article, root, make)  # the article stays: its id is no other's
        return self._made[key][1]


def _kept(article: object, root: str, make: Callable[[object], str]) -> str:
    kept = getattr(article, "kept", None)
    if kept is None or kept.root != root:
        return make(article)
    return Markup(kept.piece(SHEET, lambda: make(article)))  # noqa: S704 - what a template made, and escaped
