"""Dates and times as people type them at the head of a mail, in French and English: "12 juin 2022", "12/06 à
18h", "demain 9 h"."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, time, timedelta, tzinfo

_MONTHS = {
    "jan": 1, "fev": 2, "feb": 2, "mar": 3, "avr": 4, "apr": 4, "mai": 5, "may": 5, "juin": 6, "jun": 6,
    "juil": 7, "jul": 7, "aou": 8, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RELATIVE = {"aujourd'hui": 0, "today": 0, "ce jour": 0, "demain": 1, "tomorrow": 1, "apres-demain": 2}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?(?!\d)")
_WRITTEN = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)? (?:de )?([a-z]{3,9})\.?(?: (\d{4}))?")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_TIME = re.compile(r"\b(\d{1,2}) ?(?:h|:) ?([0-5]\d)?(?!\d)|\b(\d{1,2}) ?(am|pm)\b|\b(midi|minuit|noon|midnight)\b")
_FILLER = re.compile(
    r"\b(?:le|la|a|at|on|vers|partir|du|de|des|pas|avant|not|before|from|the|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|prochain|prochaine|next|heures?|heure"
    r"|matin|soir)\b|[ ,.;()]"
)


def read(text: str, *, now: datetime, timezone: tzinfo) -> datetime | None:
    """The moment that a short text names, in `timezone`, at midnight where it names no time; None where it is no date.

    `now` is aware. A day without a year is the next one to come; a weekday is the next such day, never today.
    Nothing but the date may stand in the text, so that "12 juin, place de la mairie" is none.
    """
    bare = unicodedata.normalize("NFKD", text[:80].casefold().replace("’", "'")).encode("ascii", "ignore").decode()
    bare = " ".join(bare.split())
    here = now.astimezone(timezone)
    clock, rest = _clock(bare, dated=True)
    found = _day(rest, here)
    if found is None:
        clock, rest = _clock(bare, dated=False)
        found = _day(rest, here)
    if found is None or clock is None or _FILLER.sub("", found[1]):
        return None
    return datetime.combine(found[0], clock, tzinfo=timezone)


def _clock(text: str, *, dated: bool) -> tuple[time | None, str]:
    found = _TIME.search(text) if dated else None
    if not found:
        return time(), text
    hour, minute, twelve, half, word = found.groups()
    if word:
        value = 12 if word in {"midi", "noon"} else 0
    elif twelve:
        value = int(twelve) % 12 + (12 if half == "pm" else 0)
    else:
        value = int(hour)
    rest = text[: found.start()] + " " + text[found.end() :]
    return (time(value, int(minute or 0)), rest) if value < 24 else (None, rest)


def _day(text: str, here: datetime) -> tuple[datetime, str] | None:
    """The day named, and the text without it."""
    for words, days in _RELATIVE.items():
        if words in text and not (words == "demain" and "apres-demain" in text):
            return here + timedelta(days=days), text.replace(words, " ")
    for pattern, order in ((_ISO, "ymd"), (_NUMERIC, "dmy"), (_MONTH_FIRST, "mdy"), (_WRITTEN, "dmy")):
        found = pattern.search(text)
        day = _built(dict(zip(order, found.groups(), strict=True)), here) if found else None
        if found and day:
            return day, text[: found.start()] + " " + text[found.end() :]
    return _weekday(text, here)


def _weekday(text: str, here: datetime) -> tuple[datetime, str] | None:
    for names in (_DAYS, _ENGLISH_DAYS):
        for number, name in enumerate(names):
            if re.search(rf"\b{name}\b", text):
                return here + timedelta(days=(number - here.weekday() - 1) % 7 + 1), text
    return None


def _built(parts: dict[str, str | None], here: datetime) -> datetime | None:
    day, month = int(parts["d"] or 0), _month(parts["m"] or "")
    year = parts["y"]
    try:
        if year:
            return here.replace(year=int(year) + (2000 if len(year) == 2 else 0), month=month, day=day)
        this = here.replace(month=month, day=day)
        return this if this.date() >= here.date() else this.replace(year=here.year + 1)
    except ValueError:
        return None


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    return _MONTHS.get(text[:4], _MONTHS.get(text[:3], 0))
