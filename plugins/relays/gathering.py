"""Which updates belong to which relay, and how each is called in addresses."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from plugins.relays.shown import shown

_log = logging.getLogger(__name__)


def gather(articles: Sequence[Any], *, now: datetime, zone: ZoneInfo) -> tuple[Any, ...]:
    """The relays among `articles`, each with `updates` (newest first), `relay` at `now` and `relay_key`.

    An update has its relay as `update_of`, or None: one whose relay is not on the wall is a post like any other.
    """
    relays = [it for it in articles if it.relay is not None]
    by_name: dict[str, Any] = {}
    for it in sorted(relays, key=lambda it: it.date):
        by_name.setdefault(it.slug, it)
    by_name |= {it.number: it for it in relays if it.number}
    belonging: defaultdict[int, list[Any]] = defaultdict(list)
    for it in articles:
        it.update_of = by_name.get(it.update.of.lower()) if it.update is not None else None
        if it.update_of is not None:
            belonging[id(it.update_of)].append(it)
        elif it.update is not None and it.update.of:
            _log.warning("%s: Update_of: %s is not on the wall", it.get_relative_source_path(), it.update.of)
    for it in relays:
        mine = sorted(belonging[id(it)], key=told_at, reverse=True)
        it.updates = tuple(mine)
        it.relay = shown(it.relay.data, [one.update for one in reversed(mine)], now=now, zone=zone)
    _name(relays)
    return tuple(relays)


def told_at(article: Any) -> tuple[datetime, str]:
    posted = article.update.posted
    return (posted.at if posted else article.date, article.slug)


def _name(relays: Iterable[Any]) -> None:
    """By its slug; the later of two that share one has its month too."""
    taken: set[str] = set()
    for it in sorted(relays, key=lambda it: it.date):
        it.relay_key = it.slug if it.slug not in taken else f"{it.slug}-{it.date:%Y-%m}"
        taken.add(it.relay_key)


def in_order(relays: Iterable[Any]) -> tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]:
    """Those that may be signed (the next to end first), those that are announced, those that are over: newest first."""
    listed = sorted(relays, key=lambda it: it.date, reverse=True)
    signable = [it for it in listed if it.relay.signable]
    signable.sort(key=lambda it: (it.relay.ends is None, it.relay.ends.timestamp() if it.relay.ends else 0))
    rest = [it for it in listed if not it.relay.signable]
    return tuple(signable), tuple(it for it in rest if not it.relay.ended), tuple(it for it in rest if it.relay.ended)
