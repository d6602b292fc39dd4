"""Letters without their accents: what every comparison of French words begins with. Pure and linear."""

from __future__ import annotations

import re
import unicodedata
from functools import cache


def unmarked(text: str) -> str:
    """A decomposed text (NFD or NFKD) without its combining marks."""
    return text if text.isascii() else _marks().sub("", text)


@cache
def _marks() -> re.Pattern[str]:
    marks = "".join(chr(point) for point in range(0x300, 0x1E94B) if unicodedata.combining(chr(point)))
    return re.compile(f"[{re.escape(marks)}]+")
