"""What becomes of an `<img>`: only a picture that travelled with the mail may stay."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from bs4 import Tag

from ingest.body.html.style import attribute, declarations
from ingest.model import Removed, Why

_EMOJI = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2934\u2935\u2b00-\u2bff\u3030\u303d\u3297\u3299"
    "\ufe0f\u200d\u20e3\U0001f000-\U0001faff\U000e0020-\U000e007f0-9#*]{1,16}"
)
_SMILEY = re.compile(r"[:;=8xX]['’]?-?[)(DPpOoSs|/\\*]|<3|\^_?\^")
_TRACKERS = re.compile(
    r"(?:/|\b)(?:open|track|pixel|beacon|wf/open|o\.gif|spacer|blank|clear|transparent|1x1)(?:\b|[._/-])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in the place of an image: `source` is `cid:…` or empty, `text` what is shown instead of one."""

    source: str = ""
    alt: str = ""
    text: str = ""
    removed: Removed | None = None


def picture(tag: Tag) -> Shown:
    """An image that came with the mail, the characters of a smiley, or what was left out.

    Nothing is ever fetched: a remote image tells its server who reads the mail, and when.
    """
    source = re.sub(r"[\x00-\x20\x7f]", "", attribute(tag, "src") or attribute(tag, "data-src"))[:2000]
    alt = " ".join(attribute(tag, "alt").split())[:1000]
    kind = source.partition(":")[0].lower()
    if kind == "cid" and len(source) > 4:
        return Shown() if _smallest(tag) <= 1 else Shown(source="cid:" + unquote(source[4:]), alt=_described(alt))
    smiley = alt or attribute(tag, "data-emoji")
    if smiley and (_EMOJI.fullmatch(smiley) or _SMILEY.fullmatch(smiley)) and not smiley.isdigit():
        return Shown(text=smiley)
    if not source:
        return Shown(text=alt)
    if kind == "data":
        shown = f"{alt} data:{source[5:60].partition(',')[0]}".strip()
        return Shown() if _smallest(tag) <= 1 else Shown(removed=Removed(why=Why.REMOTE_IMAGE, text=shown))
    if _smallest(tag) <= 1 or (not alt and _TRACKERS.search(urlsplit_path(source)) and _smallest(tag) < 10):
        return Shown(removed=Removed(why=Why.TRACKER, text=source[:500]))
    return Shown(removed=Removed(why=Why.REMOTE_IMAGE, text=f"{alt} {source[:500]}".strip()))


def urlsplit_path(address: str) -> str:
    """The path of an address, or all of it where it is none."""
    try:
        return urlsplit(address).path
    except ValueError:
        return address


def _described(alt: str) -> str:
    """Without names that a camera or a mail client gave: they describe nothing."""
    made = r"(?:image|img|dsc|pxl|screenshot|whatsapp image|inline image|pastedgraphic)[-_ 0-9a-z.()]*"
    named = re.fullmatch(rf"{made}|\S+\.(?:jpe?g|png|gif|heic|webp|bmp|tiff?)", alt, re.IGNORECASE)
    return "" if named and not re.fullmatch(r"(?:image|photo|img)s?", alt, re.IGNORECASE) else alt


def _smallest(tag: Tag) -> float:
    """The smaller side in pixels as far as the mail tells; 1000 where it does not."""
    style = declarations(tag)
    sides = []
    for side in ("width", "height"):
        for value in (attribute(tag, side), style.get(side, "")):
            found = re.match(r"\s*(\d{1,5}(?:\.\d+)?)\s*(?:px|pt)?\s*$", value)
            if found:
                sides.append(float(found[1]))
    return min(sides, default=1000)
