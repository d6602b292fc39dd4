"""French dates, hours and numbers by Babel's tables: no system locale, so that every machine builds the same page."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

_LOCALE = "fr"
_NBSP = "\u00a0"


def date_fr(day: date) -> str:
    """`mercredi 8 juin 2022`; the first of a month is `1er` (CLDR 48 has no ordinal in its French patterns)."""
    return _first(day, format_date(day, f"EEEE d'{_NBSP}'MMMM y", locale=_LOCALE)).replace(_NBSP, " ")


def day_fr(day: date) -> str:
    """`8 juin 2022`."""
    return _first(day, format_date(day, f"d'{_NBSP}'MMMM y", locale=_LOCALE)).replace(_NBSP, " ")


def month_fr(day: date) -> str:
    """`juin 2022`."""
    return format_date(day, "MMMM y", locale=_LOCALE)


def time_fr(moment: datetime) -> str:
    """`23 h 59`, `20 h`, with no-break spaces."""
    return f"{moment.hour}{_NBSP}h" + (f"{_NBSP}{moment.minute:02d}" if moment.minute else "")


def moment_fr(moment: datetime) -> str:
    """`samedi 24 septembre 2022, 23 h 59`."""
    return f"{date_fr(moment)}, {time_fr(moment)}"


def datetime_iso(moment: date) -> str:
    """For `<time datetime>`: ISO 8601, a moment with its offset and no seconds."""
    return moment.isoformat(timespec="minutes") if isinstance(moment, datetime) else moment.isoformat()


def number_fr(number: float) -> str:
    """`13 380`, with the narrow no-break space."""
    return format_decimal(number, locale=_LOCALE)


def zone_fr(zone: ZoneInfo) -> str:
    """`heure de Paris`: a zone by the city that names it."""
    city = zone.key.rpartition("/")[2].replace("_", " ")
    return f"heure d’{city}" if city[:1].lower() in "aeiouyh" else f"heure de {city}"


def _first(day: date, words: str) -> str:
    return words.replace(f"1{_NBSP}", f"1er{_NBSP}", 1) if day.day == 1 else words
