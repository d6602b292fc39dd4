"""What state a relayed campaign is in: a function of the clock and of what is known, never a typed word. Pure.

A state begins at a moment; of all that have begun, the last row of the table is the one. `SIGNABLE` says in which of
them one may still sign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ingest.relay.model import OVERRIDES, SIGNABLE, Precision, Relay, RelayState, Update
from ingest.words import _

__all__ = ["LAST_DAYS", "SIGNABLE", "YEARS", "RelayState", "current", "next_change", "standing", "words"]

LAST_DAYS = timedelta(days=7)
_EVER = datetime.min.replace(tzinfo=UTC)
YEARS = range(1990, 2200)
"""What a campaign may be dated: whatever is computed from such a day is a day too."""

Begin = Callable[[Relay], datetime | None]
"""When a state begins, as far as it itself goes; None for never."""


def _opens(relay: Relay) -> datetime | None:
    return relay.opens.at if relay.opens else _EVER


def _last_days(relay: Relay) -> datetime | None:
    """Wall-clock arithmetic, so that seven days stay seven across a change of clocks; never before it opens."""
    if relay.deadline is None:
        return None
    return max(relay.deadline.at - LAST_DAYS, relay.opens.at if relay.opens else _EVER)


def _filed(relay: Relay) -> datetime | None:
    """A day alone does not cut short the last day of signing; an hour does."""
    if relay.filed is None:
        return None
    if relay.filed.precision is Precision.DAY and relay.deadline and relay.deadline.day == relay.filed.day:
        return relay.deadline.over
    return relay.filed.at


_TABLE: tuple[tuple[RelayState, Begin], ...] = (
    (RelayState.ANNOUNCED, lambda _relay: _EVER),
    (RelayState.OPEN, _opens),
    (RelayState.LAST_DAYS, _last_days),
    (RelayState.CLOSED, lambda relay: relay.deadline.over if relay.deadline else None),
    (RelayState.FILED, _filed),
    (RelayState.DECISION, lambda relay: relay.decided.at if relay.decided else None),
)


def _beginnings(relay: Relay, zone: ZoneInfo) -> Iterable[tuple[RelayState, datetime]]:
    """In UTC: two moments of one zone are compared by their clocks, which the end of summer time shows twice."""
    for state_, begin in _TABLE:
        moment = begin(relay)
        if moment is not None:
            yield state_, moment.astimezone(UTC)
    if relay.override is not None and relay.override.state in OVERRIDES:
        since = relay.override.since
        yield relay.override.state, datetime.combine(since, time(), zone).astimezone(UTC) if since else _EVER


def standing(relay: Relay, now: datetime, *, zone: ZoneInfo) -> RelayState:
    """The state of `relay` at `now`, which is aware; `zone` is the wall's, for the day of an override.

    What has begun is never undone by what is weaker: a decision stays one although the deadline was moved. An
    extension is an update with a later deadline: see `current`.
    """
    begun = [state_ for state_, moment in _beginnings(relay, zone) if moment <= now]
    return begun[-1]


def next_change(relay: Relay, now: datetime, *, zone: ZoneInfo) -> datetime | None:
    """The next moment at which the state, or the words about it, may change; None where nothing will.

    Beginnings that a stronger state hides count too: a page that is built once more does no harm. While
    one may sign, what is left is told in days, which are others after each midnight of the deadline's zone.
    """
    changes = [moment for _state, moment in _beginnings(relay, zone) if moment > now]
    if relay.deadline is not None and standing(relay, now, zone=zone) in SIGNABLE:
        local = now.astimezone(relay.deadline.zone)
        midnight = datetime.combine(local.date() + timedelta(days=1), time(), relay.deadline.zone)
        changes.append(midnight.astimezone(UTC))
    return min(changes).astimezone(zone) if changes else None


def current(relay: Relay, updates: Iterable[Update]) -> Relay:
    """The relay with what its updates changed: of each field the newest word, by the day its source said it.

    Counts stay apart (`ingest.relay.counts.history`). Updates without a day come first, in their order.
    """
    for update in sorted(updates, key=lambda update: update.posted.at if update.posted else _EVER):
        relay = replace(
            relay,
            deadline=update.deadline or relay.deadline,
            filing=update.filing or relay.filing,
            filed=update.filed or relay.filed,
            decided=update.decided or relay.decided,
            outcome=update.outcome or relay.outcome,
            outcome_url=update.outcome_url or relay.outcome_url,
        )
    return relay


def words(state: RelayState) -> str:
    """The state as a visitor reads it."""
    return {
        RelayState.ANNOUNCED: _("Annoncée"),
        RelayState.OPEN: _("Ouverte"),
        RelayState.LAST_DAYS: _("Derniers jours"),
        RelayState.CLOSED: _("Close"),
        RelayState.FILED: _("Déposée"),
        RelayState.DECISION: _("Décision"),
        RelayState.ABANDONED: _("Abandonnée"),
    }[state]
