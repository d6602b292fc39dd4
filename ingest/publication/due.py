"""When a site that is online stops being true by the clock alone: a campaign opens or ends, a day of it passes, a post
that was dated ahead is due.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest import durable
from ingest.errors import Refused
from ingest.model import Kind
from ingest.publication.addresses import ARTICLE_FOLDERS, Head, moment, slug
from ingest.publication.article import split
from ingest.relay.front import read_relay, read_update
from ingest.relay.model import Update
from ingest.relay.state import current, next_change
from ingest.settings import Settings
from ingest.watch import keeping

MARGIN = timedelta(minutes=1)
"""A publication is noted when it ends, and is true for when it began."""
_HEAD = 16_384


def turned(settings: Settings, now: datetime) -> bool:
    """Whether the clock alone has made the site untrue since it was published; false where it never was.

    Raises `Unavailable` where `content/` cannot be read.
    """
    change = next_turn(settings)
    return change is not None and change <= now


def next_turn(settings: Settings) -> datetime | None:
    """The first such moment after the last publication; None for none, and where there was no publication."""
    published = keeping.read(settings.paths.state).published_at
    if published is None:
        return None
    zone = ZoneInfo(settings.wall.timezone)
    with durable.on_disk(settings.paths.content):
        heads = [(path.stem, head) for path, head in _heads(settings.paths.content)]
    return min(_moments(heads, published - MARGIN, zone), default=None)


def _moments(heads: Iterable[tuple[str, Head]], after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    relays: list[tuple[set[str], dict[str, str]]] = []
    updates: defaultdict[str, list[Update]] = defaultdict(list)
    for stem, head in heads:
        date, values = moment(head, "Date", zone), {key: value for key, (_line, value) in head.items()}
        if date is not None and date > after:
            yield date
        kind = values.get("Kind", "")
        if kind == Kind.RELAY:
            relays.append(({values.get("Number", ""), slug(head, stem)} - {""}, values))
        elif kind == Kind.UPDATE:
            update, _problems = read_update(values, zone=zone)
            updates[update.of.lower()].append(update)
    for names, values in relays:
        relay, _problems = read_relay(values, zone=zone)
        told = [update for name in sorted(names) for update in updates[name]]
        change = next_change(current(relay, told), after, zone=zone)
        if change is not None:
            yield change


def _heads(content: Path) -> Iterator[tuple[Path, Head]]:
    for folder in ARTICLE_FOLDERS:
        for path in sorted((content / folder).glob("*.md")):
            with path.open("rb") as file:
                text = file.read(_HEAD).decode("utf-8", "replace")
            try:
                head, _body = split(text)
                moment(head, "Date", ZoneInfo("UTC"))
                slug(head, path.stem)
            except Refused:  # the build says what is wrong with it
                continue
            yield path, head
