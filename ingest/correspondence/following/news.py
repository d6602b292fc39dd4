"""Once a week, and only where there is news: what was published since, in one letter to each who asked for it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from ingest.correspondence.following.lists import active, common, fields
from ingest.correspondence.following.wishes import tag_of
from ingest.correspondence.letter import Case, Filled, Unsent
from ingest.errors import BadMessage, Refused, Unavailable
from ingest.model import NEWS, Draft, Kind
from ingest.moderation.views import beginning
from ingest.moderation.views import kind as kind_words
from ingest.publication.addresses import page_of
from ingest.settings import Settings
from ingest.states import Action, State
from ingest.store import Letter, Row, Store
from ingest.store.followers import FOLLOWER, Follower
from ingest.words import _

KIND = "news"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LISTED, _BEGINNING = 30, 400
_MOST_BYTES = 78_000
"""Of what a letter lists, text and HTML together, in the encoding of a mail: Gmail cuts what is over 102 KB."""
_TOLD = frozenset({Kind.ARTICLE, Kind.RELAY, Kind.UPDATE, Kind.EVENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that was published."""

    row: Row
    at: datetime
    """When it went online first."""
    draft: Draft

    def of(self, topic: str) -> bool:
        """Whether whoever follows a topic is told of it."""
        kind, _colon, name = topic.partition(":")
        return topic == NEWS or (kind == "tag" and any(tag_of(tag) == name for tag in self.draft.tags))


def slot(settings: Settings, now: datetime) -> datetime:
    """The moment of this week's letter: the last one that has come. Pure."""
    local = now.astimezone(ZoneInfo(settings.wall.timezone))
    chosen = settings.following
    at = local.replace(hour=min(chosen.hour, 23), minute=0, second=0, microsecond=0)
    at -= timedelta(days=(at.weekday() - _DAYS.index(chosen.day)) % 7)
    return at if at <= local else at - timedelta(days=7)


def post_news(settings: Settings, store: Store, *, now: datetime) -> int:
    """Put this week's letters into the outbox, once; gives back how many. To be called every few minutes.

    A week without news passes in silence, and the next letter tells of both. Raises `Unavailable`.
    """
    if not active(settings):
        return 0
    until = slot(settings, now)
    waiting = [one for one in store.followers() if not _is_relay(one) and one.told_at and one.told_at < until]
    if not waiting:
        return 0
    items = published(store, since=min(one.told_at for one in waiting if one.told_at), until=until)
    return sum(_post(store, list(ones), items, until, now) for _who, ones in _by_person(waiting))


def _by_person(ones: Iterable[Follower]) -> Iterator[tuple[str, Iterator[Follower]]]:
    return itertools.groupby(sorted(ones, key=lambda one: (one.who, one.id)), key=lambda one: one.who)


def _post(store: Store, ones: list[Follower], items: tuple[Item, ...], until: datetime, now: datetime) -> bool:
    new = [item for item in items if any(one.told_at and item.at > one.told_at and item.of(one.topic) for one in ones)]
    if not new:
        return False
    since = min(item.at for item in new) - timedelta(microseconds=1)
    about = {"since": since.isoformat(), "until": until.isoformat()}
    letter = Letter(kind=KIND, audience=FOLLOWER, who=str(ones[0].id), about=about)
    return store.tell(letter, [one.id for one in ones], now=now, until=until)


def published(store: Store, *, since: datetime, until: datetime) -> tuple[Item, ...]:
    """What went online for the first time in between, and still is; the oldest first."""
    lately = {entry.contribution for entry in store.journal(since=since) if entry.what == Action.PUBLISH.value}
    found = []
    for row in store.rows({State.PUBLISHED}) if lately else ():
        if row.id not in lately or row.kind not in _TOLD:
            continue
        first = next(entry.at for entry in store.journal(row.id) if entry.what == Action.PUBLISH.value)
        if since < first <= until:
            try:
                found.append(Item(row=row, at=first, draft=store.draft(row.id, row.published_digest)))
            except (Refused, BadMessage):
                continue
    return tuple(sorted(found, key=lambda item: (item.at, item.row.id)))


def fill(case: Case) -> Filled | Unsent:
    """What is new for this one person, all of their topics together."""
    one = case.store.follower(case.letter.who)
    if one is None:
        return Unsent(why="left")
    topics = [mine.topic for mine in case.store.follows(one.address) if mine.confirmed_at and not _is_relay(mine)]
    about = case.letter.about
    since, until = (datetime.fromisoformat(about[name]) for name in ("since", "until"))
    items = [
        item for item in published(case.store, since=since, until=until) if any(item.of(topic) for topic in topics)
    ]
    if not items:
        return Unsent(why="nothing-new")
    shown = list(_fitting(_shown(case, item) for item in items[:_LISTED]))
    values = {
        **common(case, one),
        "items": shown,
        "more": len(items) - len(shown),
        "site": case.settings.wall.url,
    }
    return Filled(values=values, fields=fields(case.settings, one))


def _shown(case: Case, item: Item) -> dict[str, str]:
    zone = ZoneInfo(case.settings.wall.timezone)
    return {
        "title": (item.draft.title or _("Sans titre"))[:160],
        "byline": item.draft.byline[:80],
        "kind": "" if item.row.kind is Kind.ARTICLE else kind_words(item.row.kind),
        "day": f"{item.at.astimezone(zone):%d/%m/%Y}",
        "beginning": beginning(item.draft.body, _BEGINNING),
        "url": page_url(case.settings, item.row, case.now),
        "number": item.row.public,
    }


def _fitting(shown: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    """As many as a letter holds, twice each, with three bytes for each that is not ASCII (quoted-printable)."""
    size = 0
    for item in shown:
        text = "".join(item.values()).encode("utf-8", "replace")
        size += 2 * sum(1 if byte < 128 else 3 for byte in text) + 600
        if size > _MOST_BYTES:
            return
        yield item


def page_url(settings: Settings, row: Row, now: datetime) -> str:
    """Where a post is online; empty where the site has no address."""
    if not (settings.wall.url and row.path):
        return ""
    try:
        text = (settings.paths.content / row.path).read_text(encoding="utf-8", errors="replace")
        page = page_of(PurePosixPath(row.path), text, zone=ZoneInfo(settings.wall.timezone), now=now)
    except (OSError, Refused, Unavailable):
        return ""
    return f"{settings.wall.url}/{page}" if page else ""


def _is_relay(one: Follower) -> bool:
    return one.topic.startswith("relay:")
