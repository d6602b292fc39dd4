"""Letters without their accents: what every comparison of French words begins with. Pure and linear."""

from __future__ import annotations

import re
import unicodedata

_OTHER = re.compile(r"[^\x00-\x7f]+")


def unmarked(text: str) -> str:
    """A decomposed text (NFD or NFKD) without its combining marks."""
    return text if text.isascii() else _OTHER.sub(_letters, text)


def _letters(found: re.Match[str]) -> str:
    return "".join(char for char in found[0] if not unicodedata.combining(char))
