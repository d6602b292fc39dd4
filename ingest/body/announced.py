"""Dates that a text announces: proposed to a moderator, never taken as fact. Pure, linear.

Only a day with its month counts ("samedi 18 juin, de 10 h à 17 h", "18/06/2022 à 20h30"): "samedi" alone may be any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from ingest.body.dates import read

MOST = 3
_LONGEST, _LONGEST_WITHOUT_YEAR = timedelta(days=400), timedelta(days=300)
"""What a text calls "le 2 juin" on the 20th is over, not eleven months ahead."""
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTH = (
    r"janv(?:ier|\.)|f[ée]vr(?:ier|\.)|mars|avr(?:il|\.)|mai|juin|juil(?:let|\.)|ao[ûu]t|sept(?:embre|\.)"
    r"|oct(?:obre|\.)|nov(?:embre|\.)|d[ée]c(?:embre|\.)"
)
_DAY = re.compile(
    rf"\b(?:(?P<weekday>{'|'.join(_WEEKDAYS)}) (?:le )?)?"
    rf"(?P<day>\d{{1,2}}(?:er)? (?:{_MONTH})(?: \d{{4}})?|\d{{1,2}}/\d{{1,2}}(?:/\d{{4}})?)(?![\w/])"
    r"(?:[ ,]{0,3}(?:à|dès|à partir de|de|vers)?[ ]{0,2}(?P<time>\d{1,2} ?(?:h|:) ?(?:[0-5]\d)?)(?!\d))?",
    re.IGNORECASE,
)

_MAY = re.compile(rf"\d(?:er)?[^\S\n]+(?:{_MONTH})|\d/\d", re.IGNORECASE)
"""What stands in whatever `_DAY` matches, for a tenth of the price of looking."""


def announced(text: str, *, since: datetime, timezone: tzinfo) -> tuple[datetime, ...]:
    """The first moments that `text` names after `since`, within a year or so; midnight where it names no hour."""
    if not _MAY.search(text):
        return ()
    flat = re.sub(r"[^\S\n]+", " ", text)
    found = dict.fromkeys(_moments(flat, since, timezone))
    return tuple(found)[:MOST]


def _moments(text: str, since: datetime, timezone: tzinfo) -> Iterator[datetime]:
    for match in _DAY.finditer(text):
        if re.fullmatch(r"\d{1,2}/\d{1,2}", match["day"]) and not match["time"]:
            continue  # "les 3/4 des gens"
        moment = read(f"{match['day']} {match['time'] or ''}".strip(), now=since, timezone=timezone)
        longest = _LONGEST if re.search(r"\d{4}", match["day"]) else _LONGEST_WITHOUT_YEAR
        if moment and since.date() <= moment.date() and moment - since <= longest and _on(match["weekday"], moment):
            yield moment


def _on(weekday: str | None, moment: datetime) -> bool:
    """Whether the day is the one of the week that stands before it: "samedi 18 juin" was one in 2022."""
    return weekday is None or _WEEKDAYS[moment.weekday()] == weekday.lower()
