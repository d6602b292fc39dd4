"""What to read next: the posts before and after, and up to three that share most tags and are nearest in time."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

MOST = 3
NEAR = 6
"""How far one looks in the posts of one tag, before and after: the cost of a post does not grow with its tags' use."""
_TAGS = 12
"""How many of a post's tags are looked at."""


def connect(articles: Sequence[Any]) -> None:
    """Give each of `articles` its `related`, its `prev_article` (the older) and its `next_article`; linear.

    Those before and after are not told again, nor relays and what became of them, which name each other.
    """
    ordered = sorted(articles, key=lambda it: (it.date, it.slug))
    places: defaultdict[str, list[int]] = defaultdict(list)
    slugs = [tuple(tag.slug for tag in getattr(it, "tags", None) or ()) for it in ordered]
    moments = [it.date.timestamp() for it in ordered]
    for place, tags in enumerate(slugs):
        for tag in tags:
            places[tag].append(place)

    def told(one: int, other: int) -> bool:
        return _told(ordered[one], ordered[other])

    for place, article in enumerate(ordered):
        article.prev_article = ordered[place - 1] if place else None
        article.next_article = ordered[place + 1] if place + 1 < len(ordered) else None
        found = neighbours(place, slugs.__getitem__, places, moments.__getitem__, told)
        article.related = tuple(ordered[other] for other in found)


def neighbours(
    place: int,
    tags: Callable[[int], Sequence[str]],
    places: Mapping[str, Sequence[int]],
    moment: Callable[[int], float],
    told: Callable[[int, int], bool],
) -> list[int]:
    """The places, in the order of time, of what is related to the post at `place`: most tags in common, then nearest.

    `tags` are a post's own, `places` those of each tag in order, `moment` is in seconds, `told` whether two name
    each other already.
    """
    shared: Counter[int] = Counter()
    for tag in tags(place)[:_TAGS]:
        same = places[tag]
        at = bisect_left(same, place)
        shared.update(same[max(0, at - NEAR) : at])
        shared.update(same[at + 1 : at + 1 + NEAR])
    others = [it for it in shared if abs(it - place) > 1 and not told(place, it)]
    here = moment(place)
    return sorted(others, key=lambda it: (-shared[it], abs(moment(it) - here), -it))[:MOST]


def _told(article: Any, other: Any) -> bool:
    return getattr(other, "update_of", None) is article or getattr(article, "update_of", None) is other
