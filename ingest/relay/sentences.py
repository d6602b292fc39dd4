"""What a page, a feed, a poster or a letter says of a relay: sentences in plain French, true at `now`. Pure.

Dates are written here and not by Babel, so that letters and the moderators' pages say the very same words as the site.
Spaces before `h` and inside of numbers do not break.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from ingest.relay.model import SIGNABLE, Count, Precision, Qualifier, Relay, RelayState, When
from ingest.relay.state import standing
from ingest.words import _, ngettext

MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_NBSP, _NARROW = "\u00a0", "\u202f"


def day_words(day: date) -> str:
    """`24 septembre 2022`; the first of a month is `1er`."""
    first = _("1er") if day.day == 1 else day.day
    return _("{day} {month} {year}").format(day=first, month=months()[day.month - 1], year=day.year)


def date_words(day: date) -> str:
    """`samedi 24 septembre 2022`."""
    return f"{_weekdays()[day.weekday()]} {day_words(day)}"


def time_words(moment: datetime) -> str:
    """`18 h 30`, `20 h`."""
    if moment.minute:
        return _("{h} h {m}").format(h=moment.hour, m=f"{moment.minute:02d}")
    return f"{moment.hour}{_NBSP}h"


def zone_words(zone: ZoneInfo) -> str:
    """`heure de Paris`: a zone by the city that names it."""
    city = zone.key.rpartition("/")[2].replace("_", " ")
    return (_("heure d’{city}") if city[:1].lower() in "aeiouyh" else _("heure de {city}")).format(city=city)


def number_words(number: int) -> str:
    """`13 380`, with narrow no-break spaces."""
    return f"{number:,}".replace(",", _NARROW)


def when_words(when: When) -> str:
    """`samedi 24 septembre 2022`, or `samedi 24 septembre 2022 à 18 h 30`."""
    if when.precision is Precision.DAY:
        return date_words(when.day)
    return _("{day} à {time}").format(day=date_words(when.day), time=time_words(when.at))


def until_words(relay: Relay, now: datetime, *, zone: ZoneInfo) -> str:
    """Until when one may sign, in absolute terms; once that is over, since when it is. Empty where nothing is known."""
    at, deadline = standing(relay, now, zone=zone), relay.deadline
    if deadline is None or at in {RelayState.ABANDONED, RelayState.DECISION, RelayState.FILED}:
        return ""
    if at is RelayState.CLOSED and now >= deadline.over:
        return _("signatures closes depuis le {when}").format(when=when_words(deadline))
    if at is RelayState.CLOSED or now >= deadline.over:
        return ""
    if deadline.precision is Precision.DAY:
        words = _("jusqu’au {day} à minuit ({zone})")
        return words.format(day=date_words(deadline.day), zone=zone_words(deadline.zone))
    return _("jusqu’au {when} ({zone})").format(when=when_words(deadline), zone=zone_words(deadline.zone))


def left_words(relay: Relay, now: datetime, *, zone: ZoneInfo) -> str:
    """`il reste 4 jours`, `dernier jour`: empty as soon as one may not sign any more, and without a deadline.

    Days of the calendar in the deadline's zone: on the 20th, four are left until the 24th, at whatever hour.
    """
    if relay.deadline is None or standing(relay, now, zone=zone) not in SIGNABLE:
        return ""
    days = (relay.deadline.day - now.astimezone(relay.deadline.zone).date()).days
    if days <= 0:
        return _("c’est le dernier jour")
    return ngettext("il reste {n} jour", "il reste {n} jours", days).format(n=number_words(days))


def opens_words(relay: Relay, now: datetime, *, zone: ZoneInfo) -> str:
    """`signatures à partir du …`, while it is announced and a day is known."""
    if relay.opens is None or standing(relay, now, zone=zone) is not RelayState.ANNOUNCED or relay.opens.at <= now:
        return ""
    return _("signatures à partir du {when}").format(when=when_words(relay.opens))


def filing_words(relay: Relay, now: datetime, *, zone: ZoneInfo) -> str:
    """`déposée le …` as soon as it is; before that, `dépôt annoncé pour le …` where a day was."""
    at = standing(relay, now, zone=zone)
    if at in {RelayState.FILED, RelayState.DECISION} and relay.filed is not None:
        return _("déposée le {when}").format(when=when_words(relay.filed))
    if relay.filing is None or at in {RelayState.FILED, RelayState.DECISION, RelayState.ABANDONED}:
        return ""
    return _("dépôt annoncé pour le {when}").format(when=when_words(relay.filing))


def outcome_words(relay: Relay, now: datetime, *, zone: ZoneInfo) -> str:
    """What came of it, with its day: empty before there is a decision, or an end."""
    at = standing(relay, now, zone=zone)
    if at is RelayState.DECISION and relay.decided is not None:
        day = _("décision du {day}").format(day=day_words(relay.decided.day))
        return _("{day} : {outcome}").format(day=day, outcome=relay.outcome) if relay.outcome else day
    if at is RelayState.ABANDONED and relay.override is not None and relay.override.since is not None:
        day = _("abandonnée le {day}").format(day=day_words(relay.override.since))
        return _("{day} : {outcome}").format(day=day, outcome=relay.outcome) if relay.outcome else day
    return relay.outcome if at in {RelayState.DECISION, RelayState.ABANDONED} else ""


def count_words(count: Count, *, dated: bool = True) -> str:
    """`plus de 13 380 mandataires au 20 septembre 2022`; "signatures" where the unit is not known."""
    words = {
        Qualifier.AT_LEAST: _("plus de {n} {unit}"),
        Qualifier.ABOUT: _("environ {n} {unit}"),
        Qualifier.EXACTLY: "{n} {unit}",
    }[count.qualifier]
    unit = count.unit or ngettext("signature", "signatures", count.number)
    told = words.format(n=number_words(count.number), unit=unit)
    return _("{count} au {day}").format(count=told, day=day_words(count.on)) if dated and count.on else told


def conditions_words(relay: Relay) -> str:
    """The conditions in a row, attributed to who states them: never in the wall's own name."""
    told = ", ".join(relay.conditions)
    if told and relay.conditions_by:
        return _("{conditions}, selon {who}").format(conditions=told, who=relay.conditions_by)
    return told


def sentences(relay: Relay, now: datetime, *, zone: ZoneInfo) -> tuple[str, ...]:
    """All that the clock changes, in the order of a page: opening, until when, what is left, filing, outcome."""
    told = (opens_words, until_words, left_words, filing_words, outcome_words)
    return tuple(filter(None, (words(relay, now, zone=zone) for words in told)))


def _weekdays() -> tuple[str, ...]:
    return _("lundi"), _("mardi"), _("mercredi"), _("jeudi"), _("vendredi"), _("samedi"), _("dimanche")


def months() -> tuple[str, ...]:
    """The months in the language that is spoken; `MONTHS` is what French mails write."""
    return (
        *(_("janvier"), _("février"), _("mars"), _("avril"), _("mai"), _("juin")),
        *(_("juillet"), _("août"), _("septembre"), _("octobre"), _("novembre"), _("décembre")),
    )
