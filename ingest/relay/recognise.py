"""Whether a text calls its readers to sign something, and where. Pure.

This decides of what kind a draft is, and what its front matter begins with: where to sign, and a deadline that is told
with its year. All the rest is proposed beside (`ingest.relay.proposals`); nothing is taken as fact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.body.blocks import Blocks
from ingest.relay.sentences import MONTHS
from ingest.relay.signing import PLACE, PlaceFound, places_in

_CALL = re.compile(
    r"\b(?:(?:à|a) signer|signez|signer (?:la|cette|notre|le|ce|l['’])|"
    r"(?:rejoin\w+|rejoignez) (?:la|cette|notre) plainte|mandat(?:er|ez)\b|"
    r"p[ée]tition|plainte collective|recours collectif|sign (?:the|this|our) (?:petition|complaint|letter)|"
    r"pour signer\b|(?:soutenez|soutenir|signons) (?:la|cette|notre|le|ce|l['’])|"
    r"se joindre à (?:la|cette|notre) plainte|join (?:the|this|our) complaint)",
    re.IGNORECASE,
)
_NEEDED = ("sign", "plainte", "mandat", "tition", "recours", "souten", "complaint")
"""One of these stands in whatever calls: they are found much faster."""
_BY_ITSELF, _BY_WORDS = 3, 4
"""Scores of `ingest.relay.signing`: of an address that says what it is, and of one that the words beside it say."""
_UNTIL = re.compile(
    r"(?:jusqu['’]au|avant le|d'ici (?:au|le)|date limite(?:\s*:)?|au plus tard le)\s+(?:\w+di|dimanche)?\s*"
    rf"(?P<day>\d{{1,2}})(?:er)?\s+(?P<month>{'|'.join(MONTHS)})\s+(?P<year>20\d\d)"
    r"(?:\s*(?:,|à|au plus tard à)*\s*(?P<hour>\d{1,2})\s*(?:h|heures?|:)\s*(?P<minute>\d{2})?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call to sign: `sign_url` is where, or empty where the text names it without its scheme.

    `deadline` is aware, at 23:59 where the text gives a day alone, which `day_only` says.
    """

    sign_url: str
    deadline: datetime | None
    day_only: bool = False

    @property
    def front_matter(self) -> dict[str, str]:
        """What a draft's front matter begins with."""
        head = {"Sign_url": self.sign_url} if self.sign_url else {}
        if self.deadline is not None:
            day = self.deadline.date().isoformat()
            head["Deadline"] = day if self.day_only else self.deadline.isoformat(timespec="minutes")
        return head


def recognise(blocks: Blocks, text: str, *, timezone: ZoneInfo) -> Call | None:
    """The call to sign that a contribution makes, or None.

    It takes both words that call and an address that looks like a place to sign: a story about a petition is none. What
    a link shows is not where it leads: only its address counts.
    """
    small = text.casefold()
    if not any(word in small for word in _NEEDED) or not _CALL.search(text):
        return None
    places = places_in(blocks, text)
    typed = next((place for place in places if "scheme-supposed" not in place.notes and _signs(place)), None)
    bare = next((place for place in places if place.score >= _BY_WORDS), None)
    if typed is None and bare is None:
        return None
    deadline, day_only = _deadline(text, timezone)
    return Call(sign_url=typed.address if typed else "", deadline=deadline, day_only=day_only)


def _signs(place: PlaceFound) -> bool:
    return place.score >= _BY_WORDS or (place.score >= _BY_ITSELF and bool(PLACE.search(place.address)))


def _deadline(text: str, timezone: ZoneInfo) -> tuple[datetime | None, bool]:
    match = _UNTIL.search(text)
    if not match:
        return None, False
    month = MONTHS.index(match["month"].lower()) + 1
    hour, minute = int(match["hour"] or 23), int(match["minute"] or (0 if match["hour"] else 59))
    try:
        moment = datetime(int(match["year"]), month, int(match["day"]), hour, minute, tzinfo=timezone)
    except ValueError:
        return None, False
    return moment, not match["hour"]
