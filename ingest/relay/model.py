"""What a campaign is, what an update to it tells, and how many had signed when: frozen values, without behaviour but
that of a moment known to the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class RelayState(StrEnum):
    """Where a campaign stands."""

    ANNOUNCED = "announced"
    OPEN = "open"
    LAST_DAYS = "last-days"
    CLOSED = "closed"
    FILED = "filed"
    DECISION = "decision"
    ABANDONED = "abandoned"


SIGNABLE = frozenset({RelayState.OPEN, RelayState.LAST_DAYS})
"""In these there is a button to sign; in no other, nowhere."""
OVERRIDES = frozenset(RelayState) - SIGNABLE
"""What a moderator may say against the dates: none of these lets anybody sign after the end."""


class Precision(StrEnum):
    """How well a moment is known."""

    DAY = "day"
    MINUTE = "minute"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A moment as it was told. `at` is aware, in an IANA zone; where only the day is known, its first moment."""

    at: datetime
    precision: Precision

    @classmethod
    def of_day(cls, day: date, zone: ZoneInfo) -> When:
        """A whole day of `zone`."""
        return cls(at=datetime.combine(day, time(), zone), precision=Precision.DAY)

    @classmethod
    def of_minute(cls, moment: datetime, zone: ZoneInfo) -> When:
        """A minute; `moment` is aware, its seconds are dropped."""
        return cls(at=moment.astimezone(zone).replace(second=0, microsecond=0), precision=Precision.MINUTE)

    @property
    def day(self) -> date:
        """The day, in the zone it was told in."""
        return self.at.date()

    @property
    def zone(self) -> ZoneInfo:
        """The zone it was told in."""
        zone = self.at.tzinfo
        return zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")

    @property
    def over(self) -> datetime:
        """The first moment after it: the next midnight of its zone, or the next minute. "Until 23:59" lets that
        minute pass, as "until the 24th" lets that day pass."""
        if self.precision is Precision.DAY:
            return datetime.combine(self.day + timedelta(days=1), time(), self.at.tzinfo)
        return (self.at.astimezone(ZoneInfo("UTC")) + timedelta(minutes=1)).astimezone(self.at.tzinfo)


class Qualifier(StrEnum):
    """What a count says of itself."""

    AT_LEAST = "at-least"
    EXACTLY = "exactly"
    ABOUT = "about"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many had signed, as somebody said on a day. Counts are a history: none replaces another."""

    number: int
    qualifier: Qualifier = Qualifier.EXACTLY
    unit: str = ""
    """Who or what is counted, `mandataires` say; empty for signatures."""
    on: date | None = None
    source: str = ""
    """An http(s) address, or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A state that a moderator gives against the dates; from its day on, or always."""

    state: RelayState
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """A campaign. Texts are one line and untrusted; addresses are http(s) or empty; nothing is taken for granted."""

    organiser: str = ""
    organiser_url: str = ""
    sign_url: str = ""
    sign_aliases: tuple[str, ...] = ()
    """Other addresses of the same place to sign: to know it by, never to show."""
    opens: When | None = None
    deadline: When | None = None
    filing: When | None = None
    """When it is to be handed in, as announced: it changes no state."""
    filed: When | None = None
    """When it was handed in."""
    decided: When | None = None
    target: str = ""
    """Before whom it is brought."""
    against: tuple[str, ...] = ()
    """Whom it is brought against."""
    attacks: tuple[str, ...] = ()
    """What it attacks, or asks."""
    who_may_join: str = ""
    conditions: tuple[str, ...] = ()
    conditions_by: str = ""
    """Who says so: a condition is never said in the wall's own name."""
    data_asked: str = ""
    goal: int | None = None
    count: Count | None = None
    """The one that was known when the relay was written."""
    source: str = ""
    source_read: date | None = None
    source_licence: str = ""
    source_archive: str = ""
    outcome: str = ""
    outcome_url: str = ""
    override: Override | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What became known later: an article of its own, that names its relay by public number or slug."""

    of: str
    posted: When | None = None
    """When its source said so."""
    count: Count | None = None
    deadline: When | None = None
    filing: When | None = None
    filed: When | None = None
    decided: When | None = None
    attacks: tuple[str, ...] = ()
    source: str = ""
    source_read: date | None = None
    outcome: str = ""
    outcome_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A value of front matter that was left out, told to who wrote it."""

    key: str
    value: str
    message: str
