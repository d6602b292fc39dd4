"""Calendars (RFC 5545): the events that an `.ics` file announces, without the people in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar, Component
from icalendar.timezone import tzp
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from ingest.media.remade import CalendarEvent, Remade, Unusable
from ingest.media.words import listed, shown, stripped
from ingest.model import Attachment, Removed
from ingest.settings import Limits

_EVENTS = 20
_LINE, _DESCRIPTION = 300, 10_000


def calendar(attachment: Attachment, limits: Limits) -> Remade:
    """The events of a calendar, at most twenty, each with a start.

    Raises `Unusable` where there is none, and whatever icalendar raises on a broken one.
    """
    if len(attachment.data) > limits.text_bytes:
        raise Unusable("trop long")
    tzp.use_zoneinfo()  # forgets the zones that the calendar before this one defined
    found = list(_components(attachment.data))
    events = tuple(event for component in found[:_EVENTS] if (event := _event(component)))
    if not events:
        raise Unusable("aucun événement daté dedans")
    return Remade(
        events=events, removed=_notes(attachment, found), warnings=tuple(_warnings(attachment, found, events))
    )


def _components(data: bytes) -> Iterator[Component]:
    for whole in Calendar.from_ical(_tamed(_decoded(data)), multiple=True):
        yield from whole.walk("VEVENT")


def _decoded(data: bytes) -> str:
    """RFC 5545, 3.1.4: UTF-8. What is not comes from old Windows programs."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _tamed(text: str) -> str:
    """Unfolded, one line for each property, without rules by which a time zone would change every second."""
    lines = re.sub(r"\r?\n[ \t]", "", text.replace("\0", "")).splitlines()
    kept, in_zone = [], False
    for line in lines:
        word = line.strip().upper()
        in_zone = word == "BEGIN:VTIMEZONE" or (in_zone and word != "END:VTIMEZONE")
        if not (in_zone and word.startswith(("RRULE", "EXRULE")) and "FREQ=YEARLY" not in word):
            # "/mozilla.org/2024/Europe/Paris" (3.2.19): icalendar takes the slash for a path and gives the whole up.
            kept.append(re.sub(r"^([A-Z-]*;)?TZID([=:])/+", r"\1TZID\2", line))
    return "\r\n".join([*kept, ""])


def _event(component: Component) -> CalendarEvent | None:
    start, zone = _moment(component, "DTSTART")
    if start is None:
        return None
    return CalendarEvent(
        summary=_words(component, "SUMMARY")[:_LINE],
        start=start,
        end=_end(component, start),
        place=_words(component, "LOCATION")[:_LINE],
        timezone=zone,
        description=_words(component, "DESCRIPTION", lines=True)[:_DESCRIPTION],
    )


def _end(component: Component, start: datetime | date) -> datetime | date | None:
    """DTEND, or DTSTART and DURATION (3.6.1); None for what ends before it begins or in another kind of time."""
    end, _ = _moment(component, "DTEND")
    length = _time(_first(component, "DURATION"))
    if end is None and isinstance(length, timedelta):
        end = start + length
    if end is None or _shape(end) != _shape(start):
        return None
    return end if end > start else None


def _shape(moment: datetime | date) -> tuple[bool, bool]:
    """Whole day, floating or aware: only like may be compared with like."""
    return isinstance(moment, datetime), isinstance(moment, datetime) and moment.tzinfo is not None


def _moment(component: Component, name: str) -> tuple[datetime | date | None, str]:
    """The time of a property and the name of its zone; a zone that cannot be found leaves the time floating."""
    value = _first(component, name)
    moment = _time(value)
    if not isinstance(moment, datetime):
        return (moment if isinstance(moment, date) else None), ""
    identifier = str(getattr(value, "params", {}).get("TZID", ""))[:200]
    if zone := _zone(identifier):
        return moment.replace(tzinfo=zone), zone.key
    offset = moment.utcoffset()
    if offset is None:
        return moment, ""
    fixed = timezone(offset)
    return moment.replace(tzinfo=fixed), "UTC" if not offset else str(fixed)


def _time(value: object) -> object:
    try:
        return getattr(value, "dt", None)
    except ValueError:  # icalendar keeps a broken property, and raises when it is asked
        return None


def _zone(identifier: str) -> ZoneInfo | None:
    """A zone by its IANA name, by Outlook's ("Romance Standard Time"), or behind a prefix ("/x/Europe/Paris")."""
    names = (identifier, WINDOWS_TO_OLSON.get(identifier, ""), "/".join(identifier.split("/")[-2:]))
    for name in names:
        if re.fullmatch(r"[A-Za-z]+(/[A-Za-z_+-]+){1,2}", name):
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return None


def _first(component: Component, name: str) -> object:
    value = component.get(name)
    return value[0] if isinstance(value, list) and value else value


def _words(component: Component, name: str, *, lines: bool = False) -> str:
    text = unicodedata.normalize("NFC", str(_first(component, name) or "")).replace("\r\n", "\n")
    kept = "".join(char for char in text if char == "\n" or unicodedata.category(char) not in {"Cc", "Cs", "Cn"})
    return kept.strip() if lines else " ".join(kept.split())


def _notes(attachment: Attachment, found: list[Component]) -> tuple[Removed, ...]:
    people = (("l’organisateur", "ORGANIZER"), ("les invités", "ATTENDEE"), ("le contact", "CONTACT"))
    words = tuple(word for word, name in people if any(name in component for component in found))
    return (stripped(attachment, listed(words)),) if words else ()


def _warnings(attachment: Attachment, found: list[Component], events: tuple[CalendarEvent, ...]) -> Iterator[str]:
    name = f"{shown(attachment.name)}\u00a0:"
    if any("RRULE" in component or "RDATE" in component for component in found):
        yield f"{name} l’événement se répète, seule sa première date est reprise"
    if any(str(component.get("STATUS", "")).upper() == "CANCELLED" for component in found):
        yield f"{name} l’événement est annoncé comme annulé"
    if any(isinstance(event.start, datetime) and event.start.tzinfo is None for event in events):
        yield f"{name} l’heure est donnée sans fuseau horaire"
    if len(found) > _EVENTS:
        yield f"{name} seuls les {_EVENTS} premiers événements sont repris"
