"""Moments that a text tells of a campaign: until when, when it is or was handed in, decided, opened. Pure, linear.

A relative one ("il vous reste 4 jours", "samedi") is resolved against the day on which it was said, and marked so; so
is a day without its year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ingest.body import dates
from ingest.model import Confidence
from ingest.relay.model import When
from ingest.relay.spans import Span, spans
from ingest.relay.state import YEARS

_WEEKDAY = (
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_MONTH = (
    r"janv(?:ier|\.)?|f[ée]v(?:rier|r?\.)|mars|avr(?:il|\.)|mai|juin|juil(?:let|\.)|ao[ûu]t|sept(?:embre|\.)?"
    r"|oct(?:obre|\.)|nov(?:embre|\.)|d[ée]c(?:embre|\.)|january|february|march|april|may|june|july|august|september"
    r"|october|november|december"
)
_NUMBERS = {"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8,
            "neuf": 9, "dix": 10, "quinze": 15, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}  # fmt: skip
_N = rf"(?P<n>\d{{1,3}}|{'|'.join(_NUMBERS)})"
_MOMENT = re.compile(
    rf"(?:\b(?:{_WEEKDAY}),? (?:le )?)?(?<![\d/])(?P<absolute>\d{{4}}-\d\d-\d\d|\d{{1,2}}(?:er|st|nd|rd|th)? "
    rf"(?:{_MONTH})(?:,? \d{{4}})?|(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
    r"|\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d\d)(?!\d)|\d{1,2}/\d{1,2}(?![\d/]))"
    r"(?:,? ?(?:à|at|avant)? ?(?P<time>\d{1,2} ?(?:h|:)(?: ?[0-5]\d)?(?!\d)|midi|noon))?"
    r"|\b(?P<left>il (?:vous |nous )?(?:ne )?(?:vous |nous )?reste(?: plus)?(?: que| encore)?|(?:plus|encore) que"
    r"|(?:only|just)) "
    rf"{_N} (?P<unit>jours?|semaines?|heures?|days?|weeks?|hours?)\b(?P<of_left> left| pour| avant)?"
    rf"|\b(?P<in>dans|d'ici(?: à)?|in|within) {_N.replace('<n>', '<n2>')} "
    r"(?P<unit2>jours?|semaines?|heures?|days?|weeks?|hours?)\b"
    r"|\bJ ?[-–−] ?(?P<j>\d{1,3})\b"
    rf"|\b(?P<named>(?:ce |this )?(?:{_WEEKDAY})(?: prochain| soir)?|demain|tomorrow|ce soir|tonight"
    r"|aujourd'hui|today|hier|yesterday|ce matin)\b",
    re.IGNORECASE,
)
_SIGN = re.compile(
    r"\bsign|rejoin|particip|mandat|soutenir|soutenez|plainte|p[ée]tition|recours|\bjoin\b|deadline", re.IGNORECASE
)
_UNTIL = re.compile(
    r"(?:jusqu'(?:au|à|en)|\bavant(?: le| la fin du)?|d'ici(?: au| le| à)?|date limite[^.\n]{0,40}"
    r"|dernier d[ée]lai[^.\n]{0,30}|cl[ôo]ture[^.\n]{0,30}|limite|au plus tard"
    r"|(?:termine|prend fin|s'arrête|ferme|closes?|ends?)(?: le| on)?|until|till|\bby|before|deadline)"
    r"[ :,–-]{0,3}(?:le |au |the )?$",
    re.IGNORECASE,
)
_PLAIN_LIMIT = re.compile(r"date limite|dernier d[ée]lai|deadline|cl[ôo]ture", re.IGNORECASE)
_FILED = re.compile(
    r"\b(?:(?:a|ont|avons|avez|été|vient d'être|venons de) (?:été )?|plaintes? )"
    r"(?:déposée?s?|déposer|remise?s?|saisie?)\b|\b(?:was|were|have|has) (?:been )?(?:filed|handed in)",
    re.IGNORECASE,
)
_FILING = re.compile(
    r"d[ée]pos(?:er|era|erons|eront|ons)|d[ée]p[ôo]t\b|(?:on|nous|\w+) attaqu(?:e|era|erons|ons)\b|saisirons|saisira"
    r"|remettr|remise (?:de|des)|will (?:file|be filed)|sera déposée|seront déposées",
    re.IGNORECASE,
)
_DECIDED = re.compile(
    r"\b(?:a|ont) (?:rendu|tranché|rejeté|annulé|condamné|donné raison|débouté|ordonné|prononcé)\b|\bdécision du\b",
    re.IGNORECASE,
)
_OPENS = re.compile(r"(?:à partir du|dès le|ouvr\w+ le|ouverture[^.\n]{0,30}|from|opens?(?: on)?)\s*$", re.IGNORECASE)
_BEFORE, _NEAR = 60, 140
_HALF_A_YEAR = timedelta(days=183)


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentFound:
    """A moment that a text tells: `key` is the front matter key that it would be."""

    key: str
    when: When
    start: int
    end: int
    confidence: Confidence
    notes: tuple[str, ...]
    """`relative`, `date-supposed` (counted from the mail's day, for want of the post's), `year-supposed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The day on which a text was said: of the post where it is known, else of the mail."""

    at: datetime
    zone: ZoneInfo
    known: bool
    """Whether it is the day of the post itself."""


def moments_in(text: str, said: Said) -> tuple[MomentFound, ...]:
    """What `text` tells of the moments of a campaign, in its order."""
    return tuple(found for span in spans(text) for found in _in_span(span, said))


def day_in(sentence: str, said: Said) -> When | None:
    """The first day that a sentence names with its year."""
    for span in spans(sentence):
        for match in _MOMENT.finditer(span.flat):
            if match["absolute"] and not _notes(match, said):
                return _absolute(match, said)
    return None


def _in_span(span: Span, said: Said) -> Iterator[MomentFound]:
    for match in _MOMENT.finditer(span.flat):
        told = _key(span.flat, match)
        when = _resolved(match, said) if told else None
        if told and when:
            notes = _notes(match, said)
            yield MomentFound(
                key=told[0],
                when=when,
                start=span.start + match.start(),
                end=span.start + match.end(),
                confidence=min(told[1], Confidence.LIKELY, key=_rank) if _supposed(notes) else told[1],
                notes=notes,
            )


def _supposed(notes: tuple[str, ...]) -> bool:
    return any(note.endswith("-supposed") for note in notes)


def _rank(confidence: Confidence) -> int:
    return tuple(Confidence).index(confidence)


def _key(flat: str, match: re.Match[str]) -> tuple[str, Confidence] | None:
    """What the moment is of, by the words before it and near it."""
    before = flat[max(0, match.start() - _BEFORE) : match.start()]
    near = flat[max(0, match.start() - _NEAR) : match.end() + _NEAR]
    beside = flat[match.end() : match.end() + _NEAR]
    if _UNTIL.search(before) or match["left"] or match["j"]:
        signing = bool(_SIGN.search(near))
        plainly = bool(_PLAIN_LIMIT.search(before))
        sure = signing and (plainly or not match["named"])
        likely = signing or plainly
        return "Deadline", Confidence.CERTAIN if sure else Confidence.LIKELY if likely else Confidence.POSSIBLE
    if match["in"]:
        return ("Filing", Confidence.LIKELY) if _FILING.search(beside) else None
    if _OPENS.search(before) and _SIGN.search(near):
        return "Opens", Confidence.LIKELY
    for key, words in (("Filed", _FILED), ("Decision", _DECIDED), ("Filing", _FILING)):
        if words.search(before) and not (match["named"] and key == "Decision"):
            return key, Confidence.LIKELY
    return None


def _notes(match: re.Match[str], said: Said) -> tuple[str, ...]:
    if match["absolute"]:
        whole = re.search(r"\d{4}|[/.]\d\d?[/.]\d\d$", match["absolute"])
        return () if whole else ("year-supposed",)
    return ("relative",) if said.known else ("relative", "date-supposed")


def _resolved(match: re.Match[str], said: Said) -> When | None:
    here = said.at.astimezone(said.zone)
    if match["absolute"]:
        return _absolute(match, said)
    if match["named"]:
        return _named(match["named"].lower(), said)
    if match["j"]:
        return _later(here, int(match["j"]), "jour", said.zone)
    number, unit = match["n"] or match["n2"], match["unit"] or match["unit2"]
    return _later(here, _NUMBERS.get(number.lower()) or int(number), unit.lower(), said.zone)


def _later(here: datetime, number: int, unit: str, zone: ZoneInfo) -> When:
    """Hours too give a day: nobody counts them from the minute of the mail."""
    if unit.startswith(("heure", "hour")):
        return When.of_day((here + timedelta(hours=number)).date(), zone)
    days = number * 7 if unit.startswith(("semaine", "week")) else number
    return When.of_day((here + timedelta(days=days)).date(), zone)


def _named(words: str, said: Said) -> When | None:
    here = said.at.astimezone(said.zone)
    if words in {"hier", "yesterday"}:
        return When.of_day((here - timedelta(days=1)).date(), said.zone)
    if words in {"ce soir", "tonight", "ce matin"}:
        return When.of_day(here.date(), said.zone)
    words = re.sub(r"^(?:ce|this) | soir$", "", words)
    moment = dates.read(words, now=here, timezone=said.zone)
    return When.of_day(moment.date(), said.zone) if moment else None


def _absolute(match: re.Match[str], said: Said) -> When | None:
    """A day without a year is the nearest one: what was "until 24 September" on the 30th is over, not a year ahead."""
    words = re.sub(r"(?<=[a-zûé])\.(?=\s|$)", "", match["absolute"])
    moment = dates.read(words, now=said.at, timezone=said.zone)
    if moment is None or moment.year not in YEARS:
        return None
    if "year-supposed" in _notes(match, said) and moment - said.at > _HALF_A_YEAR:
        moment = _year_before(moment)
    clock = dates.read(f"{moment:%Y-%m-%d} {match['time']}", now=said.at, timezone=said.zone) if match["time"] else None
    if clock is not None:
        return When.of_minute(clock, said.zone)
    return When.of_day(moment.date(), said.zone)


def _year_before(moment: datetime) -> datetime:
    try:
        return moment.replace(year=moment.year - 1)
    except ValueError:  # 29 February
        return moment
