"""Lists as Word writes them: paragraphs with `mso-list:l0 level2 lfo1` and a bullet typed before the text.

Outlook on the web strips the `mso-` declarations; then the class, the margin and the bullet itself tell. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bs4 import Tag
from bs4.element import NavigableString

from ingest.body.html.style import attribute, declarations

_LEVEL = re.compile(r"l\d+\s+level([1-9])")
_NUMBER = re.compile(r"\(?(\d{1,4})[.)]|\(?([a-z]|[ivx]{1,5})[.)]", re.IGNORECASE)
_TYPED = re.compile(r"\s*([·•§o▪‣Øü–—-]|\(?\d{1,3}[.)])[\s\xa0]{2,}", re.IGNORECASE)
_POINTS_A_LEVEL = 36


@dataclass(frozen=True, slots=True)
class Item:
    """`level` from 1; `number` is None for a bullet."""

    level: int
    number: int | None


def item_of(tag: Tag) -> Item | None:
    """What item of a list a paragraph is, None where it is none. Takes a typed bullet off the text."""
    if tag.name not in {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "div"} or tag.name == "li":
        return None
    found = _LEVEL.match(declarations(tag).get("mso-list", "")) if "style" in tag.attrs else None
    if found is not None:
        mark = tag.find(is_bullet)
        return Item(int(found[1]), _number(mark.get_text() if mark else ""))
    if not attribute(tag, "class").startswith("MsoListParagraph"):
        return None
    first = next((piece for piece in tag.descendants if isinstance(piece, NavigableString) and piece.strip()), None)
    typed = _TYPED.match(str(first)) if first is not None and type(first) is NavigableString else None
    if first is None or typed is None:
        return None
    first.replace_with(NavigableString(str(first)[typed.end() :]))
    return Item(_level(tag), _number(typed[1]))


def is_bullet(tag: Tag) -> bool:
    """Whether an element holds the bullet or number that Word typed before an item."""
    return "mso-list:ignore" in re.sub(r"\s", "", attribute(tag, "style")[:200]).lower()


def _number(mark: str) -> int | None:
    found = _NUMBER.match(mark.strip())
    if found is None or mark.strip().lower() == "o":
        return None
    return int(found[1]) if found[1] else 1


def _level(tag: Tag) -> int:
    found = re.match(r"(\d{1,4}(?:\.\d+)?)(pt|cm|in|px)?", declarations(tag).get("margin-left", ""))
    if found is None:
        return 1
    points = float(found[1]) * {"cm": 28.35, "in": 72, "px": 0.75}.get(found[2] or "pt", 1)
    return min(9, max(1, round(points / _POINTS_A_LEVEL)))
