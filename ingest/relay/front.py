"""A relay and its updates as flat front matter, and back. Pure.

A value that makes no sense is left out and told by its key; nothing is raised half-way. Lists are one line, parted by
a semicolon and a space: neither stands in an address, and Pelican has no key twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest.relay.addresses import web
from ingest.relay.counts import read_count
from ingest.relay.model import (
    OVERRIDES,
    Count,
    Override,
    Precision,
    Problem,
    Qualifier,
    Relay,
    RelayState,
    Update,
    When,
)
from ingest.relay.state import YEARS
from ingest.words import _

MAX_ITEMS = 20
_PART = re.compile(r";\s+|;$")


class _Unread(Exception):
    """A value that is left out; its one argument is the sentence that says what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    key: str
    name: str
    read: Callable[[str, ZoneInfo], Any]
    write: Callable[[Any], str] = str


def _text(value: str, _zone: ZoneInfo) -> str:
    return " ".join(value.split())


def _address(value: str, _zone: ZoneInfo) -> str:
    if not web(value):
        raise _Unread(_("une adresse qui commence par https:// est attendue"))
    return value


def _items(value: str, _zone: ZoneInfo) -> tuple[str, ...]:
    items = (" ".join(item.split()) for item in _PART.split(value))
    return tuple(dict.fromkeys(filter(None, items)))[:MAX_ITEMS]


def _addresses(value: str, zone: ZoneInfo) -> tuple[str, ...]:
    return tuple(_address(item, zone) for item in _items(value, zone))


def _when(value: str, zone: ZoneInfo) -> When:
    day = _iso_day(value)
    if day is not None:
        return When.of_day(day, zone)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.year not in YEARS:
        raise _Unread(_("un jour (2022-09-24) ou une heure (2022-09-24T18:30+02:00) est attendu"))
    return When.of_minute(moment if moment.tzinfo else moment.replace(tzinfo=zone), zone)


def _day(value: str, _zone: ZoneInfo) -> date:
    day = _iso_day(value)
    if day is None:
        raise _Unread(_("un jour (2022-09-24) est attendu"))
    return day


def _iso_day(value: str) -> date | None:
    try:
        day = date.fromisoformat(value) if len(value) == len("2022-09-24") else None
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


def _number(value: str, _zone: ZoneInfo) -> int:
    digits = re.sub(r"[\s.]", "", value)
    if not re.fullmatch(r"[0-9]{1,9}", digits):
        raise _Unread(_("un nombre est attendu"))
    return int(digits)


def _listed(items: tuple[str, ...]) -> str:
    return "; ".join(item.replace("; ", ", ") for item in items)


def _told(when: When) -> str:
    return when.day.isoformat() if when.precision is Precision.DAY else when.at.isoformat(timespec="minutes")


_SHARED = (
    _Field(key="Deadline", name="deadline", read=_when, write=_told),
    _Field(key="Filing", name="filing", read=_when, write=_told),
    _Field(key="Filed", name="filed", read=_when, write=_told),
    _Field(key="Decision", name="decided", read=_when, write=_told),
    _Field(key="Outcome", name="outcome", read=_text),
    _Field(key="Outcome_url", name="outcome_url", read=_address),
    _Field(key="Attacks", name="attacks", read=_items, write=_listed),
    _Field(key="Source", name="source", read=_address),
    _Field(key="Source_read", name="source_read", read=_day, write=date.isoformat),
)
_RELAY = (
    _Field(key="Organiser", name="organiser", read=_text),
    _Field(key="Organiser_url", name="organiser_url", read=_address),
    _Field(key="Sign_url", name="sign_url", read=_address),
    _Field(key="Sign_aliases", name="sign_aliases", read=_addresses, write=_listed),
    _Field(key="Opens", name="opens", read=_when, write=_told),
    _Field(key="Target", name="target", read=_text),
    _Field(key="Against", name="against", read=_items, write=_listed),
    _Field(key="Who_may_join", name="who_may_join", read=_text),
    _Field(key="Conditions", name="conditions", read=_items, write=_listed),
    _Field(key="Conditions_by", name="conditions_by", read=_text),
    _Field(key="Data_asked", name="data_asked", read=_text),
    _Field(key="Goal", name="goal", read=_number),
    _Field(key="Source_licence", name="source_licence", read=_text),
    _Field(key="Source_archive", name="source_archive", read=_address),
    *_SHARED,
)
_UPDATE = (
    _Field(key="Update_of", name="of", read=_text),
    _Field(key="Posted", name="posted", read=_when, write=_told),
    *_SHARED,
)


def read_relay(head: Mapping[str, str], *, zone: ZoneInfo) -> tuple[Relay, tuple[Problem, ...]]:
    """The relay that front matter describes, and what could not be read of it. `zone` is the wall's.

    `Deadline_zone` names another zone for the moments of this campaign, `Europe/Brussels` say.
    """
    problems: list[Problem] = []
    zone = _zone(head, zone, problems)
    relay = Relay(**_values(head, _RELAY, zone, problems))
    relay = replace(relay, count=_count(head, zone, problems), override=_override(head, zone, problems))
    return relay, (*problems, *_against_each_other(relay, head))


def read_update(head: Mapping[str, str], *, zone: ZoneInfo) -> tuple[Update, tuple[Problem, ...]]:
    """The update that front matter describes, and what could not be read of it."""
    problems: list[Problem] = []
    zone = _zone(head, zone, problems)
    values = {"of": ""} | _values(head, _UPDATE, zone, problems)
    update = replace(Update(**values), count=_count(head, zone, problems))
    if not update.of:
        message = _("le numéro ou le nom court du relais est attendu")
        problems.append(Problem(key="Update_of", value=head.get("Update_of", ""), message=message))
    return update, tuple(problems)


def write_update(update: Update) -> dict[str, str]:
    """An update as front matter, empty values left out; `read_update` gives it back."""
    moments = (update.posted, update.deadline, update.filing, update.filed, update.decided)
    return _written(update, _UPDATE) | _count_written(update.count) | _zone_written(*moments)


def _values(
    head: Mapping[str, str], fields: tuple[_Field, ...], zone: ZoneInfo, problems: list[Problem]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in fields:
        found = _one(head, field.key, field.read, zone, problems)
        if found is not None:
            values[field.name] = found
    return values


def _one(
    head: Mapping[str, str], key: str, read: Callable[[str, ZoneInfo], Any], zone: ZoneInfo, problems: list[Problem]
) -> Any:
    value = head.get(key, "").strip()
    try:
        return read(value, zone) if value else None
    except _Unread as unread:
        problems.append(Problem(key=key, value=value, message=str(unread)))
        return None


def _zone(head: Mapping[str, str], zone: ZoneInfo, problems: list[Problem]) -> ZoneInfo:
    name = head.get("Deadline_zone", "").strip()
    if not name:
        return zone
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a name that is a path or a folder
        message = _("un fuseau comme « Europe/Paris » est attendu")
        problems.append(Problem(key="Deadline_zone", value=name, message=message))
        return zone


def _zone_written(*moments: When | None) -> dict[str, str]:
    """Always written with a moment: the wall that reads it may lie elsewhere."""
    zone = next((when.zone.key for when in moments if when is not None), "")
    return {"Deadline_zone": zone} if zone else {}


def _count(head: Mapping[str, str], zone: ZoneInfo, problems: list[Problem]) -> Count | None:
    value = head.get("Count", "").strip()
    count = read_count(value) if value else None
    if count is None:
        if value:
            problems.append(Problem(key="Count", value=value, message=_("un nombre est attendu")))
        return None
    word = head.get("Count_qualifier", "").strip()
    if word in set(Qualifier):
        count = replace(count, qualifier=Qualifier(word))
    elif word:
        message = _("l’un de {known} est attendu").format(known=", ".join(Qualifier))
        problems.append(Problem(key="Count_qualifier", value=word, message=message))
    source = _one(head, "Count_source", _address, zone, problems)
    on = _one(head, "Count_date", _day, zone, problems)
    return replace(count, unit=_text(head.get("Unit", ""), zone) or count.unit, on=on, source=source or "")


def _count_written(count: Count | None) -> dict[str, str]:
    if count is None:
        return {}
    told = {"Count": str(count.number), "Count_qualifier": count.qualifier.value, "Unit": count.unit}
    told |= {"Count_date": count.on.isoformat() if count.on else "", "Count_source": count.source}
    return {key: value for key, value in told.items() if value}


def _override(head: Mapping[str, str], zone: ZoneInfo, problems: list[Problem]) -> Override | None:
    word = head.get("Relay_state", "").strip()
    since = _one(head, "Relay_state_date", _day, zone, problems)
    if word in OVERRIDES:
        return Override(state=RelayState(word), since=since)
    if word:
        known = ", ".join(state for state in RelayState if state in OVERRIDES)
        message = _("l’un de {known} est attendu : une campagne n’est ouverte que par ses dates").format(known=known)
        problems.append(Problem(key="Relay_state", value=word, message=message))
    return None


def _written(value: Update, fields: tuple[_Field, ...]) -> dict[str, str]:
    told = ((field, getattr(value, field.name)) for field in fields)
    return {field.key: field.write(found) for field, found in told if found not in ("", (), None)}


def _against_each_other(relay: Relay, head: Mapping[str, str]) -> tuple[Problem, ...]:
    """Dates in an order that no campaign has. They are kept: which of the two is wrong, only a person knows."""
    pairs = (
        ("Deadline", relay.deadline, relay.opens, _("les signatures se terminent avant leur ouverture")),
        ("Filed", relay.filed, relay.opens, _("le dépôt précède l’ouverture des signatures")),
        ("Decision", relay.decided, relay.filed, _("la décision précède le dépôt")),
    )
    return tuple(
        Problem(key=key, value=head.get(key, ""), message=message)
        for key, later, earlier, message in pairs
        if later is not None and earlier is not None and later.over <= earlier.at
    )
