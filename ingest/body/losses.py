"""The check that nothing was lost without a word: each sentence of a mail stands in its draft or in what was
removed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

_SENTENCE = re.compile(r"(?:[^.!?…\n]|[.!?…](?=\S))+")
_WORD = re.compile(r"[^\W_]+")
_SPAN = 3
_NEAR = 2_000
"""Letters beyond where the sentence before stood."""

Words = tuple[str, ...]


def missing(original: str, draft: str, removed: Iterable[str]) -> tuple[str, ...]:
    """The sentences of `original` that stand neither in `draft` nor in `removed`, as they stood.

    Compared by their letters and figures alone, in NFC: how lines, spaces, quote marks and punctuation stand makes no
    difference. A sentence that goes over from the draft into a piece that was removed, as where an address was
    masked in the middle of it, stands in both together: every three words in a row are looked up, and no more
    than two words on end may be known by themselves alone. Linear.
    """
    words, pieces = _words(draft), [_words(piece) for piece in removed]
    places = (_Place([words]), _Place(pieces))
    known: set[Words] = set()
    short = {tuple(piece) for piece in pieces if len(piece) < _SPAN}
    gone: list[str] = []
    for sentence in _sentences(original):
        own = _words(sentence)
        if any(place.holds(own) for place in places):
            continue
        known = known or {gram for part in (words, *pieces) for gram in _grams(part)}
        if not _stands(own, known, short):
            gone.append(sentence)
    return tuple(gone)


class _Place:
    """Where sentences are looked for as a whole, near where the one before stood: most stand there, in their order."""

    def __init__(self, texts: Iterable[list[str]]) -> None:
        self._text = "\n".join(f" {' '.join(words)} " for words in texts)
        self._at = 0

    def holds(self, words: list[str]) -> bool:
        sentence = f" {' '.join(words)} "
        found = self._text.find(sentence, self._at, self._at + len(sentence) + _NEAR)
        self._at = max(self._at, found)
        return found >= 0


def _sentences(text: str) -> Iterator[str]:
    for found in _SENTENCE.finditer(text):
        sentence = " ".join(found[0].split())
        if _WORD.search(sentence):
            yield sentence


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text))


def _grams(words: list[str]) -> Iterator[Words]:
    """Every one, two and three words in a row."""
    for span in range(1, _SPAN + 1):
        yield from zip(*(words[start:] for start in range(span)), strict=False)


def _stands(words: list[str], known: set[Words], short: set[Words]) -> bool:
    if len(words) < _SPAN:
        return tuple(words) in known or all((word,) in short for word in words)
    covered = [False] * len(words)
    for span, grams in ((_SPAN, known), (2, short), (1, short)):
        for at in range(len(words) - span + 1):
            if tuple(words[at : at + span]) in grams:
                covered[at : at + span] = [True] * span
    alone = 0
    for word, done in zip(words, covered, strict=True):
        alone = 0 if done else alone + 1
        if alone >= _SPAN or (not done and (word,) not in known):
            return False
    return True
