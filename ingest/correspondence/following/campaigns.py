"""Letters about a campaign: to whoever follows it, a week and a day before its end, when it is filed, and decided; to
moderators, that its end comes near, or that nobody looked at its source for long.

After the decision its list is deleted: there is nothing more to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ingest.correspondence.audience import MODERATOR, sends
from ingest.correspondence.following.lists import active, common, fields
from ingest.correspondence.following.news import page_url
from ingest.correspondence.letter import Case, Filled, Unsent
from ingest.errors import BadMessage, Refused
from ingest.model import ContributionId, Draft, Kind
from ingest.publication.handwritten import Handwritten, handwritten
from ingest.relay import sentences
from ingest.relay.front import read_relay, read_update
from ingest.relay.model import SIGNABLE, Relay, RelayState, Update
from ingest.relay.state import current, standing
from ingest.settings import Settings
from ingest.states import State
from ingest.store import Letter, Row, Store
from ingest.store.followers import FOLLOWER

REMINDER, FILED, DECIDED, DUE = "relay-reminder", "relay-filed", "relay-decided", "relay-due"
_DATED = re.compile(r"^\d{4}-\d{2}-\d{2}-")
_WEEK, _DAY = timedelta(days=7), timedelta(days=1)
_UNCHECKED = timedelta(days=14)
_OVER = frozenset({RelayState.DECISION, RelayState.ABANDONED})
_LATELY = timedelta(days=60)
_KINDS = {RelayState.FILED: FILED, RelayState.DECISION: DECIDED, RelayState.ABANDONED: DECIDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A relay that is online, as its updates left it."""

    name: str
    """Its public number, `mur-142`, or the slug of one that was written by hand."""
    row: Row | None
    """None for such a one: it has no number either, by which somebody could follow it."""
    draft: Draft
    relay: Relay
    state: RelayState
    since: datetime
    page: str
    """The address of a page that no row knows of, relative to the site."""

    @property
    def topic(self) -> str:
        """Under which it is followed."""
        return f"relay:{self.row.number if self.row else self.name}"


def campaigns(store: Store, settings: Settings, now: datetime) -> tuple[Campaign, ...]:
    """Every relay that is online, whoever wrote it. Raises `Unavailable`."""
    zone = ZoneInfo(settings.wall.timezone)
    by_hand = handwritten(store, now=now)
    updates = [
        update for row in store.rows({State.PUBLISHED}, kind=Kind.UPDATE) for update in _update(store, row, zone)
    ]
    updates += [read_update(one.draft.extra, zone=zone)[0] for one in by_hand if one.draft.kind is Kind.UPDATE]
    rows = store.rows({State.PUBLISHED}, kind=Kind.RELAY)
    return (
        *(one for row in rows for one in _campaign(store, row, updates, now, zone)),
        *(_written(one, updates, now, zone) for one in by_hand if one.draft.kind is Kind.RELAY),
    )


def _campaign(store: Store, row: Row, updates: list[Update], now: datetime, zone: ZoneInfo) -> Iterator[Campaign]:
    try:
        draft = store.draft(row.id, row.published_digest)
    except (Refused, BadMessage):
        return
    names = {row.public, _DATED.sub("", (row.path or "").rpartition("/")[2].removesuffix(".md"))}
    relay = _current(draft, updates, names, zone)
    state, since = standing(relay, now, zone=zone), row.accepted_at or now
    yield Campaign(name=row.public, row=row, draft=draft, relay=relay, state=state, since=since, page="")


def _written(one: Handwritten, updates: list[Update], now: datetime, zone: ZoneInfo) -> Campaign:
    relay = _current(one.draft, updates, {one.name}, zone)
    state = standing(relay, now, zone=zone)
    return Campaign(name=one.name, row=None, draft=one.draft, relay=relay, state=state, since=one.date, page=one.page)


def _current(draft: Draft, updates: list[Update], names: set[str], zone: ZoneInfo) -> Relay:
    first, _problems = read_relay(draft.extra, zone=zone)
    return current(first, [update for update in updates if update.of.lower() in names])


def _update(store: Store, row: Row, zone: ZoneInfo) -> Iterator[Update]:
    try:
        update, _problems = read_update(store.draft(row.id, row.published_digest).extra, zone=zone)
    except (Refused, BadMessage):
        return
    yield update


def can_be_followed(store: Store, settings: Settings, topic: str, now: datetime) -> bool:
    """Whether there is something to come: any news, any tag, and a campaign that is online and not decided."""
    if not topic.startswith("relay:"):
        return True
    return any(one.topic == topic and one.state not in _OVER for one in campaigns(store, settings, now))


def moment(relay: Relay, state: RelayState, now: datetime) -> str:
    """The reminder that is due: `J-7`, `J-1`, or none; it stands for all days until the next one. Pure."""
    if relay.deadline is None or state not in SIGNABLE:
        return ""
    left = relay.deadline.over - now
    if left > _WEEK:
        return ""
    return "J-1" if left <= 2 * _DAY - timedelta(minutes=1) else "J-7"


def due(settings: Settings, store: Store, *, now: datetime) -> int:
    """Put what is due about campaigns into the outbox, each letter once, and delete the lists of what is decided.
    Gives back how many. To be called every few minutes. Raises `Unavailable`.
    """
    known = campaigns(store, settings, now) if sends(settings) else ()
    posted = sum(_to_moderators(settings, store, one, now) for one in known)
    if active(settings):
        posted += sum(_to_followers(store, one, now) for one in known)
    return posted


def _to_followers(store: Store, campaign: Campaign, now: datetime) -> int:
    word, kind = _word(campaign, now)
    followers = store.followers(campaign.topic) if word else ()
    about = {"relay": campaign.topic, "word": word}
    posted = sum(
        store.tell(
            Letter(kind=kind, audience=FOLLOWER, who=str(one.id), about=about), [one.id], now=now, word=word, until=None
        )
        for one in followers
        if word not in one.told
    )
    if campaign.state in _OVER:
        store.forget_followers(sorted(store.letters_end([one.id for one in followers], DECIDED)))
    return posted


def _word(campaign: Campaign, now: datetime) -> tuple[str, str]:
    """What is to be told now, and by which letter. A deadline that moved is another one."""
    if campaign.state in _KINDS:
        return campaign.state.value, _KINDS[campaign.state]
    soon = moment(campaign.relay, campaign.state, now)
    deadline = campaign.relay.deadline
    return (f"{soon} {deadline.day.isoformat()}", REMINDER) if soon and deadline else ("", "")


def _to_moderators(settings: Settings, store: Store, campaign: Campaign, now: datetime) -> int:
    posted = 0
    for word, again in _concerns(campaign, now):
        about = {"relay": campaign.topic, "word": word}
        letters = [
            Letter(kind=DUE, audience=MODERATOR, who=store.who(one.address), contribution=_id(campaign), about=about)
            for one in settings.moderators
            if store.notices_of(one) != "none"
        ]
        posted += store.post(letters, now=now, unless_since=now - again)
    return posted


def _id(campaign: Campaign) -> ContributionId | None:
    return campaign.row.id if campaign.row else None


def _concerns(campaign: Campaign, now: datetime) -> Iterator[tuple[str, timedelta]]:
    """What moderators should know, and how long they are not told so again."""
    relay = campaign.relay
    soon = moment(relay, campaign.state, now)
    if soon and relay.deadline:
        yield f"{soon} {relay.deadline.day.isoformat()}", _LATELY
    if campaign.state in SIGNABLE | {RelayState.ANNOUNCED}:
        read = relay.source_read or campaign.since.date()
        if now.date() - read > _UNCHECKED:
            yield f"source {read.isoformat()}", _UNCHECKED


def fill(case: Case) -> Filled | Unsent:
    """To a follower: what is so now, whatever it was when the letter was posted."""
    one = case.store.follower(case.letter.who)
    told = _told(case)
    if one is None or told is None:
        return Unsent(why="left" if one is None else "gone")
    if _word(told, case.now)[0] != case.letter.about.get("word"):
        return Unsent(why="over")
    return Filled(values={**common(case, one), **_values(case, told)}, fields=fields(case.settings, one))


def fill_due(case: Case) -> Filled | Unsent:
    """To a moderator."""
    told = _told(case)
    if told is None or case.letter.about.get("word") not in [word for word, _again in _concerns(told, case.now)]:
        return Unsent(why="over")
    word, _space, day = case.letter.about["word"].partition(" ")
    return Filled(values={**_values(case, told), "word": word, "read": day})


def _told(case: Case) -> Campaign | None:
    topic = case.letter.about.get("relay", "")
    return next((one for one in campaigns(case.store, case.settings, case.now) if one.topic == topic), None)


def _values(case: Case, campaign: Campaign) -> dict[str, object]:
    zone = ZoneInfo(case.settings.wall.timezone)
    relay, now = campaign.relay, case.now
    return {
        "title": campaign.draft.title,
        "number": campaign.name,
        "until": sentences.until_words(relay, now, zone=zone),
        "left": sentences.left_words(relay, now, zone=zone),
        "outcome": sentences.outcome_words(relay, now, zone=zone),
        "abandoned": campaign.state is RelayState.ABANDONED,
        "sign_url": relay.sign_url if campaign.state in SIGNABLE else "",
        "source": relay.source,
        "url": _url(case.settings, campaign, now),
    }


def _url(settings: Settings, campaign: Campaign, now: datetime) -> str:
    if campaign.row is not None:
        return page_url(settings, campaign.row, now)
    return f"{settings.wall.url}/{campaign.page}" if settings.wall.url else ""
