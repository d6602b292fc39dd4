"""The phrases by which people decide, and a sentence made comparable with them. Pure."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from dataclasses import dataclass, fields
from pathlib import Path

from ingest.body.marks import unmarked

_FOLDER = Path(__file__).parent / "phrases"
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "‘": "'", "´": "'", "`": "'", "ʼ": "'"})
_NO_WORD = re.compile(r"[^\w'+-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """One set of phrases for each thing that can be said, folded as `folded` does."""

    accept: frozenset[str]
    reject: frozenset[str]
    defer: frozenset[str]
    correct: frozenset[str]
    withdraw: frozenset[str]
    undo: frozenset[str]
    filler: frozenset[str]
    closing: frozenset[str]
    because: frozenset[str]
    doubt: frozenset[str]
    reasons: frozenset[str]
    """Known reasons for a refusal."""
    smiles: frozenset[str]
    """Picture signs that turn no sentence round; as they are."""


DECIDING = ("accept", "reject", "defer", "correct", "withdraw", "undo")
"""The fields that decide something."""


@functools.cache
def phrases() -> Phrases:
    """Those of every language together: nobody says in which one they answer."""
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.toml"))]
    return Phrases(
        **{
            each.name: frozenset(_kept(each.name, phrase) for table in tables for phrase in table.get(each.name, ()))
            for each in fields(Phrases)
        }
    )


def _kept(name: str, phrase: str) -> str:
    return phrase if name == "smiles" else folded(phrase)


def folded(text: str) -> str:
    """Lower case, without accents, punctuation and doubled spaces: `« D’accord ! »` is `d'accord`."""
    plain = unicodedata.normalize("NFD", text.casefold().translate(_LIGATURES))
    bare = unmarked(plain)
    return " ".join(word for part in _NO_WORD.split(bare) if (word := part.strip("'-_")))


def holds(text: str, words: frozenset[str]) -> bool:
    """Whether one of `words`, a word or several, stands in a folded text."""
    around = f" {_apart(text)} "
    return any(f" {_apart(word)} " in around for word in words)


def _apart(text: str) -> str:
    return text.replace("'", " ").replace("-", " ")
