"""Letters without their accents: what every comparison of French words begins with. Pure and linear."""

from __future__ import annotations

import unicodedata

_FEW = 12
"""Different marks that are taken out one after the other; French has five."""


def unmarked(text: str) -> str:
    """A decomposed text (NFD or NFKD) without its combining marks."""
    if text.isascii():
        return text
    marks = [char for char in set(text) if char > "\x7f" and unicodedata.combining(char)]
    if len(marks) > _FEW:
        return text.translate(dict.fromkeys(map(ord, marks)))
    for mark in marks:
        text = text.replace(mark, "")
    return text
