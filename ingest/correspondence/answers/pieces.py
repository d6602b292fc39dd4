"""A few lines of an answer as pieces between punctuation. Pure and linear."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.correspondence.answers.words import DECIDING, Phrases, folded

_BETWEEN = re.compile(r"(?:[.,;:!?…()\n«»\"“”–—*/•·]|\s-+(?=\s)|^-+\s)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Characters `start` to `end` of a text, and the same folded: see `words.folded`."""

    start: int
    end: int
    folded: str


def pieces(text: str) -> list[Piece]:
    """The pieces that hold a word, in order."""
    found: list[Piece] = []
    at = 0
    for between in [*(match.span() for match in _BETWEEN.finditer(text)), (len(text), len(text))]:
        word = folded(text[at : between[0]])
        if word:
            found.append(Piece(start=at, end=between[0], folded=word))
        at = between[1]
    return found


def category(text: str, known: Phrases) -> str:
    """Which of the phrases a folded piece is; empty for none."""
    return next((name for name in DECIDING if text in getattr(known, name)), "")
