"""Sentences of a text with their places, for whoever says where something was found. Pure, linear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FLAT = str.maketrans({
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\t": " ", "\u2019": "'", "\u02bc": "'", "\u2011": "-",
})  # fmt: skip
_SENTENCE = re.compile(r"(?:[^.!?…\n]|[.!?…](?![\s»\")]|$))+[.!?…]*", re.MULTILINE)
_WRAPPED = re.compile(r"(?<=[^\n]{40})(?<![.!?…:;])\n(?=[^\W_]|[«(\"'])(?!https?:)")
"""The end of a line that stops in the middle of a sentence: text/plain that was wrapped, and not put together again."""
_LONGEST = 300
_ENDS = re.compile(r"\n|[.!?…](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence: its characters with plain spaces and apostrophes, and where it begins in the text."""

    flat: str
    start: int


def flat(text: str) -> str:
    """`text` with plain spaces and apostrophes, lines that a width broke in one; each character where it stood."""
    return _WRAPPED.sub(" ", text.translate(_FLAT))


def spans(text: str) -> Iterator[Span]:
    """The sentences of `text`; a full stop within an address or a number ends none."""
    for match in _SENTENCE.finditer(flat(text)):
        if match[0].strip():
            yield Span(match[0], match.start())


def around(text: str, start: int, end: int) -> str:
    """The sentence of `text` in which the characters from `start` to `end` stand, on one line; at most 300 characters.

    Of a longer one, what stands nearest.
    """
    begin = max(0, start - _LONGEST // 2)
    stop = min(len(text), end + _LONGEST // 2)
    bare = flat(text[begin:stop])
    before = text[max([begin, *(begin + match.end() for match in _ENDS.finditer(bare, 0, start - begin))]) : start]
    ends = _ENDS.search(bare, max(0, end - begin - 1))
    after = text[end : begin + ends.end()] if ends and begin + ends.end() > end else "" if ends else text[end:stop]
    return " ".join((before + text[start:end] + after).split())[:_LONGEST]
