"""Whether a text calls its readers to sign something, and where. Pure.

What is found is proposed to a moderator, who sees it in the draft's front matter before anything is published; nothing
is taken as fact.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from ingest.body.blocks import Blocks, Link, Text
from ingest.body.tree import inlines

_CALL = re.compile(
    r"\b(?:(?:à|a) signer|signez|signer (?:la|cette|notre|le|ce|l['’])|"
    r"(?:rejoin\w+|rejoignez) (?:la|cette|notre) plainte|mandat(?:er|ez)\b|"
    r"p[ée]tition|plainte collective|recours collectif|sign (?:the|this|our) (?:petition|complaint|letter))",
    re.IGNORECASE,
)
_PLACE = re.compile(r"plainte|petition|p%C3%A9tition|signer|signature|signez|/sign\b|recours|mandat", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"»”]+", re.IGNORECASE)
_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_UNTIL = re.compile(
    r"(?:jusqu['’]au|avant le|d'ici (?:au|le)|date limite(?:\s*:)?|au plus tard le)\s+(?:\w+di|dimanche)?\s*"
    rf"(?P<day>\d{{1,2}})(?:er)?\s+(?P<month>{'|'.join(_MONTHS)})\s+(?P<year>20\d\d)"
    r"(?:\s*(?:,|à|au plus tard à)*\s*(?P<hour>\d{1,2})\s*(?:h|heures?|:)\s*(?P<minute>\d{2})?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call to sign: `sign_url` is where; `deadline` is aware, at 23:59 where the text gives a day alone."""

    sign_url: str
    deadline: datetime | None


def recognise(blocks: Blocks, text: str, *, timezone: ZoneInfo) -> Call | None:
    """The call to sign that a contribution makes, or None.

    It takes both words that call and an address that looks like a place to sign: a story about a petition is none. What
    a link shows is not where it leads: only its address counts.
    """
    if not _CALL.search(text):
        return None
    links = [inline for inline in inlines(blocks) if isinstance(inline, Link)]
    shown = {inline.text for link in links for inline in link.children if isinstance(inline, Text)}
    typed = (url for url in _URL.findall(text) if not any(url in words for words in shown))
    address = next((url for url in chain((link.href for link in links), typed) if _signs(url)), None)
    if address is None:
        return None
    return Call(sign_url=address.rstrip(".,;:!?)"), deadline=_deadline(text, timezone))


def _signs(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(_PLACE.search(f"{parts.netloc}{parts.path}"))


def _deadline(text: str, timezone: ZoneInfo) -> datetime | None:
    match = _UNTIL.search(text)
    if not match:
        return None
    month = _MONTHS.index(match["month"].lower()) + 1
    hour, minute = int(match["hour"] or 23), int(match["minute"] or (0 if match["hour"] else 59))
    try:
        return datetime(int(match["year"]), month, int(match["day"]), hour, minute, tzinfo=timezone)
    except ValueError:
        return None
