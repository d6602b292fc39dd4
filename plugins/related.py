"""What to read next: the posts before and after, and up to three that share most tags and are nearest in time."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

MOST = 3
_NEAR = 6
"""How far one looks in the posts of one tag, before and after: the cost of a post does not grow with its tags' use."""
_TAGS = 12
"""How many of a post's tags are looked at."""


def connect(articles: Sequence[Any]) -> None:
    """Give each of `articles` its `related`, its `prev_article` (the older) and its `next_article`; linear.

    Those before and after are not told again, nor relays and what became known of them, which name each other.
    """
    ordered = sorted(articles, key=lambda it: (it.date, it.slug))
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, article in enumerate(ordered):
        for tag in _tags(article):
            places[tag].append(place)
    for place, article in enumerate(ordered):
        article.prev_article = ordered[place - 1] if place else None
        article.next_article = ordered[place + 1] if place + 1 < len(ordered) else None
        article.related = tuple(ordered[other] for other in _nearest(place, article, places, ordered))


def _nearest(place: int, article: Any, places: dict[str, list[int]], ordered: Sequence[Any]) -> list[int]:
    shared: Counter[int] = Counter()
    for tag in _tags(article):
        same = places[tag]
        at = bisect_left(same, place)
        shared.update(same[max(0, at - _NEAR) : at] + same[at + 1 : at + 1 + _NEAR])
    others = [it for it in shared if abs(it - place) > 1 and not _told(article, ordered[it])]
    return sorted(others, key=lambda it: (-shared[it], abs(ordered[it].date - article.date), -it))[:MOST]


def _told(article: Any, other: Any) -> bool:
    return getattr(other, "update_of", None) is article or getattr(article, "update_of", None) is other


def _tags(article: Any) -> tuple[str, ...]:
    return tuple(tag.slug for tag in (getattr(article, "tags", None) or ())[:_TAGS])
