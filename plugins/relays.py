"""A relay as its page shows it: built from flat front matter and the clock, true on the day of the build. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from ingest.relay.state import SIGNABLE, RelayState, first_moment, last_moment, state, words
from ingest.words import _
from plugins.dates import day_fr, moment_fr, number_fr, zone_fr


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """What the templates read as `article.relay`; all but the state, its words and the dates is text from a mail."""

    state: RelayState
    state_words: str
    organiser: str
    organiser_url: str
    """Empty, or http(s); so are the other addresses."""
    sign_url: str
    """Where to sign: empty as soon as one may not any more."""
    sign_host: str
    """The host of `sign_url`, to be spelled out on the button; empty with it."""
    deadline: datetime | None
    deadline_words: str
    """In absolute terms, for the state: « jusqu’au … », « signatures closes le … »; empty without a deadline."""
    filed_on: datetime | None
    count_words: str
    """The count with its date, « 13 380 signatures au 20 septembre 2022 »; empty without one."""
    target: str
    """Before whom."""
    conditions: str
    source_url: str

    @property
    def signable(self) -> bool:
        """Whether one may sign today."""
        return self.state in SIGNABLE


def relay(head: Mapping[str, str], *, now: datetime, zone: ZoneInfo) -> Relay:
    """The relay that front matter describes, at `now`."""
    deadline = last_moment(head.get("Deadline", ""), zone)
    filed_on = first_moment(head.get("Filed", ""), zone)
    at = state(now, deadline=deadline, filed_on=filed_on)
    sign_url = _web(head.get("Sign_url", "")) if at in SIGNABLE else ""
    return Relay(
        state=at,
        state_words=words(at),
        organiser=head.get("Organiser", ""),
        organiser_url=_web(head.get("Organiser_url", "")),
        sign_url=sign_url,
        sign_host=_host(sign_url),
        deadline=deadline,
        deadline_words=_deadline_words(at, deadline, filed_on, zone),
        filed_on=filed_on,
        count_words=_count_words(head.get("Count", ""), head.get("Count_date", ""), zone),
        target=head.get("Target", ""),
        conditions=head.get("Conditions", ""),
        source_url=_web(head.get("Source", "")),
    )


def _deadline_words(at: RelayState, deadline: datetime | None, filed_on: datetime | None, zone: ZoneInfo) -> str:
    if at is RelayState.FILED and filed_on is not None:
        return _("déposée le {day}").format(day=day_fr(filed_on.astimezone(zone)))
    if deadline is None:
        return ""
    local = deadline.astimezone(zone)
    if at is RelayState.CLOSED:
        return _("signatures closes depuis le {moment} ({zone})").format(moment=moment_fr(local), zone=zone_fr(zone))
    return _("jusqu’au {moment} ({zone})").format(moment=moment_fr(local), zone=zone_fr(zone))


def _count_words(count: str, date: str, zone: ZoneInfo) -> str:
    digits = re.sub(r"[\s.]", "", count)
    if digits.isascii() and digits.isdecimal() and len(digits) <= 12:
        count = _("{n} signatures").format(n=number_fr(int(digits)))
    when = first_moment(date, zone)
    if not count or when is None:
        return count
    return _("{count} au {day}").format(count=count, day=day_fr(when.astimezone(zone)))


def _web(address: str) -> str:
    """`address` if it is a plain http(s) one, else nothing: it stands in a link that people are told to follow."""
    if re.search(r"[\s\x00-\x1f\x7f<>\"'`{}|\\^]", address):
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname
        parts.port  # noqa: B018 - a bad port is told by reading it
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and host and "@" not in parts.netloc else ""


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.") if address else ""
