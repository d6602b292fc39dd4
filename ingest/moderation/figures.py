"""A few figures on the work: how long contributions wait, and how many decisions a week are taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from ingest.model import ContributionId
from ingest.moderation.bands import Band, band
from ingest.states import DECISIONS, WAITING
from ingest.store import BY_ITSELF, Entry, Row, Store

WEEKS = 12
_ARRIVALS = frozenset({"hold", "quarantine"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What was decided from a Monday to the Sunday after, by the wall's clock; by a rule or by age does not count."""

    monday: date
    decisions: int
    by_action: Mapping[str, int]
    """`accept`, `reject` …: how many, of those there were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a team may want to know of itself, and of nobody in particular."""

    waiting: int
    bands: Mapping[Band, int]
    median_wait: timedelta | None
    """Of what waits now; None where nothing does."""
    oldest_wait: timedelta | None
    median_decision: timedelta | None
    """From the arrival to the first decision, of what came and was decided in these weeks; None where nothing was."""
    weeks: tuple[Week, ...]
    """The oldest first, this one last; weeks without a decision too."""


def counted(store: Store, now: datetime, *, weeks: int = WEEKS) -> Figures:
    """The figures of a wall. Raises `Unavailable`."""
    zone = ZoneInfo(store.settings.wall.timezone)
    since = datetime.combine(_monday(now, zone) - timedelta(weeks=weeks - 1), time(), zone)
    return figures(store.rows(WAITING), store.journal(since=since), now=now, zone=zone, weeks=weeks)


def figures(
    waiting: Iterable[Row], entries: Iterable[Entry], *, now: datetime, zone: ZoneInfo, weeks: int = WEEKS
) -> Figures:
    """The figures that rows which wait and lines of the journal, oldest first, give together."""
    listed = tuple(entries)
    rows = tuple(waiting)
    since = [max(now - row.received_at, timedelta()) for row in rows]
    bands = Counter(band(row.received_at, now) for row in rows)
    return Figures(
        waiting=len(since),
        bands={one: bands[one] for one in Band},
        median_wait=_median(since),
        oldest_wait=max(since, default=None),
        median_decision=_median_decision(listed),
        weeks=_weeks(listed, _monday(now, zone), zone, weeks),
    )


def _weeks(entries: Iterable[Entry], this: date, zone: ZoneInfo, weeks: int) -> tuple[Week, ...]:
    counts: dict[date, Counter[str]] = {this - timedelta(weeks=n): Counter() for n in reversed(range(weeks))}
    for entry in filter(_is_decision, entries):
        monday = _monday(entry.at, zone)
        if monday in counts:
            counts[monday][entry.what] += 1
    return tuple(Week(monday=day, decisions=of.total(), by_action=dict(of)) for day, of in counts.items())


def _median_decision(entries: Iterable[Entry]) -> timedelta | None:
    came: dict[ContributionId, datetime] = {}
    took: dict[ContributionId, timedelta] = {}
    for entry in entries:
        if entry.what in _ARRIVALS:
            came[entry.contribution] = entry.at
        elif _is_decision(entry) and entry.contribution in came:
            took.setdefault(entry.contribution, max(entry.at - came[entry.contribution], timedelta()))
    return _median(took.values())


def _median(spans: Iterable[timedelta]) -> timedelta | None:
    seconds = [span.total_seconds() for span in spans]
    return timedelta(seconds=median(seconds)) if seconds else None


def _is_decision(entry: Entry) -> bool:
    return entry.what in DECISIONS and entry.by != BY_ITSELF


def _monday(at: datetime, zone: ZoneInfo) -> date:
    day = at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())
