"""Dates, hours and numbers by Babel's tables: no system locale, so that every machine builds the same page.

In French unless `use` was told another language; the names of the filters are those that themes know.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton
from babel.numbers import format_decimal

from ingest.words import _

_FRENCH = Locale("fr")
_NBSP = "\u00a0"
_locale = _FRENCH


def use(language: str) -> None:
    """Write dates in `language` (BCP 47) from now on; French where Babel knows none such."""
    global _locale  # noqa: PLW0603 - one language a process, as in `ingest.words`
    try:
        _locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        _locale = _FRENCH
    _date.cache_clear()
    _month.cache_clear()


def date_fr(day: date) -> str:
    """`mercredi 8 juin 2022`; the first of a month is `1er` (CLDR 48 has no ordinal in its French patterns)."""
    return _date(date(day.year, day.month, day.day))


@lru_cache(maxsize=20_000)
def _date(day: date) -> str:
    if not _is_french():
        return format_date(day, "full", locale=_locale)
    return _first(day, format_date(day, f"EEEE d'{_NBSP}'MMMM y", locale=_locale)).replace(_NBSP, " ")


def day_fr(day: date) -> str:
    """`8 juin 2022`."""
    if not _is_french():
        return format_date(day, "long", locale=_locale)
    return _first(day, format_date(day, f"d'{_NBSP}'MMMM y", locale=_locale)).replace(_NBSP, " ")


def span_fr(first: date, last: date) -> str:
    """`du 2 au 8 juin 2022`, `du 30 mai au 5 juin 2022`: nothing is said twice."""
    if not _is_french():
        return format_interval(first, last, "yMMMMd", locale=_locale)
    if first.year != last.year:
        start = day_fr(first)
    elif first.month != last.month:
        start = _first(first, format_date(first, f"d'{_NBSP}'MMMM", locale=_locale)).replace(_NBSP, " ")
    else:
        start = "1er" if first.day == 1 else str(first.day)
    return _("du {start} au {end}").format(start=start, end=day_fr(last))


def month_fr(day: date) -> str:
    """`juin 2022`."""
    return _month(date(day.year, day.month, 1))


@lru_cache(maxsize=2000)
def _month(day: date) -> str:
    return format_date(day, "MMMM y", locale=_locale) if _is_french() else format_skeleton("yMMMM", day, locale=_locale)


def time_fr(moment: datetime) -> str:
    """`23 h 59`, `20 h`, with no-break spaces."""
    if moment.minute:
        return _("{h} h {m}").format(h=moment.hour, m=f"{moment.minute:02d}")
    return f"{moment.hour}{_NBSP}h"


def moment_fr(moment: datetime) -> str:
    """`samedi 24 septembre 2022, 23 h 59`."""
    return f"{date_fr(moment)}, {time_fr(moment)}"


def datetime_iso(moment: date) -> str:
    """For `<time datetime>`: ISO 8601, a moment with its offset and no seconds."""
    return moment.isoformat(timespec="minutes") if isinstance(moment, datetime) else moment.isoformat()


def number_fr(number: float) -> str:
    """`13 380`, with the narrow no-break space."""
    return format_decimal(number, locale=_locale)


def zone_fr(zone: ZoneInfo) -> str:
    """`heure de Paris`: a zone by the city that names it."""
    city = zone.key.rpartition("/")[2].replace("_", " ")
    return (_("heure d’{city}") if city[:1].lower() in "aeiouyh" else _("heure de {city}")).format(city=city)


def _is_french() -> bool:
    return bool(_locale.language == "fr")


def _first(day: date, words: str) -> str:
    return words.replace(f"1{_NBSP}", f"1er{_NBSP}", 1) if day.day == 1 else words
