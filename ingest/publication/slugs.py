"""The last part of an article's address: from its title, once, for good. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from itertools import count

MAX = 60
_RESERVED = frozenset({"index"})
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "€": " euros "}
)


def slug(title: str, *, taken: Collection[str], fallback: str) -> str:
    """A slug of a-z, 0-9 and single hyphens, at most 60 characters, that is not in `taken`, and never `index`.

    A second one of the same words ends in -2. `fallback`, itself a slug, serves a title of no Latin letter or digit.
    """
    words = unicodedata.normalize("NFKD", title.casefold().translate(_LETTERS))
    plain = "".join(c for c in words if not unicodedata.combining(c))
    stem = _cut(re.sub(r"[^a-z0-9]+", "-", plain).strip("-"), MAX) or fallback
    for number in count(1):
        ending = f"-{number}" if number > 1 else ""
        found = _cut(stem, MAX - len(ending)) + ending
        if found not in taken and found not in _RESERVED:
            return found
    raise AssertionError  # `count` does not end


def _cut(words: str, most: int) -> str:
    """`words` cut between two of them, unless the first one is longer than half."""
    if len(words) <= most:
        return words
    kept = words[: most + 1].rpartition("-")[0]
    return (kept if len(kept) > most // 2 else words[:most]).strip("-")
