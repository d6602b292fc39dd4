"""What state a relayed campaign is in: a function of the clock and of what is known, never a typed word. Pure.

The words of the table are those that a page shows; what may still be signed stands in `SIGNABLE`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from ingest.words import _

LAST_DAYS = timedelta(days=7)


class RelayState(StrEnum):
    """Where a campaign stands."""

    OPEN = "open"
    LAST_DAYS = "last-days"
    CLOSED = "closed"
    FILED = "filed"


SIGNABLE = frozenset({RelayState.OPEN, RelayState.LAST_DAYS})
"""In these there is a button to sign; in no other, nowhere."""


def state(now: datetime, *, deadline: datetime | None, filed_on: datetime | None = None) -> RelayState:
    """The state at `now`; all moments are aware.

    `deadline` is the last moment of signing: at it one may still sign. `filed_on` is when it was handed in, which ends
    the signing whatever the deadline says.
    """
    if filed_on is not None and filed_on <= now:
        return RelayState.FILED
    if deadline is None:
        return RelayState.OPEN
    if now > deadline:
        return RelayState.CLOSED
    return RelayState.LAST_DAYS if deadline - now <= LAST_DAYS else RelayState.OPEN


def words(state: RelayState) -> str:
    """The state as a visitor reads it."""
    return {
        RelayState.OPEN: _("Ouverte"),
        RelayState.LAST_DAYS: _("Derniers jours"),
        RelayState.CLOSED: _("Close"),
        RelayState.FILED: _("Déposée"),
    }[state]


def last_moment(value: str, zone: ZoneInfo) -> datetime | None:
    """A deadline as front matter has it: `2022-09-24T23:59+02:00`, or a day, which then ends in `zone`.

    None for anything else: a deadline that cannot be read is no deadline. A time without an offset is one of `zone`.
    """
    return _moment(value, zone, time(23, 59))


def first_moment(value: str, zone: ZoneInfo) -> datetime | None:
    """The same for something that has happened: a day counts from its beginning."""
    return _moment(value, zone, time(0, 0))


def _moment(value: str, zone: ZoneInfo, of_day: time) -> datetime | None:
    try:
        day = date.fromisoformat(value)
        moment = datetime.combine(day, of_day, zone)
    except ValueError:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return None
    return moment
