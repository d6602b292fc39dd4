"""What two texts have in common, told from a few numbers of each. Pure, linear, the same on every machine.

A text is reduced to its words, without case, accents, marks, addresses of links and figures, so that a programme with
other dates stays the programme; each run of four words becomes a number, a keyed hash, and the smallest of these are
its sketch. Two sketches estimate which part of their runs two texts share (bottom-k: A. Z. Broder, "On the resemblance
and containment of documents", 1997). The key makes the numbers say nothing to whoever does not hold it.
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.body.marks import unmarked

_RUN = 4
"""Words in a run: one word mended changes four of them. With three, turns of phrase made letters alike."""
_SKETCH = 64
_LOOKED_UP = 12
_SHORT = 12
"""Words below which only the whole says something: « Merci beaucoup ! » is not a text sent twice."""
_ALIKE, _WITHIN, _ENOUGH = 0.4, 0.7, 20
"""Alike from this part in common on; or from this part of the shorter one, if it has enough runs."""

_TARGET = re.compile(r"\]\([^()\s]*\)")
_WORD = re.compile(r"[^\W_]+")
_FIGURES = re.compile(r"\d+")
_SPACE = re.compile(b" ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What is kept of a text to know it again."""

    whole: str
    """Of all its words, figures too, in hex: two that are equal are the same text."""
    size: int
    """How many different runs it has; 0 where only the whole is compared."""
    sketch: tuple[int, ...]
    """The smallest of their numbers, each below 2**63, in order."""

    @property
    def marks(self) -> tuple[int, ...]:
        """The numbers that it is looked up by."""
        return self.sketch[:_LOOKED_UP]


def likeness(title: str, body: str, files: Iterable[str], *, key: bytes) -> Likeness | None:
    """The likeness of a draft; None where it has neither words nor files.

    `files` are names made of what they hold. A text of a few words is known by its title, its words and its files
    together, one without words by its files. `key` has at most 64 bytes.
    """
    words = _words(body)
    if len(words) < _SHORT:
        heading = _words(title) if words else []
        all_of_it = [*heading, "", *words, "", *sorted(files)]
        return Likeness(whole=_whole(all_of_it, key), size=0, sketch=()) if any(all_of_it) else None
    runs = _numbers(_bytes(_FIGURES.sub("0", " ".join(words))), key)
    return Likeness(whole=_whole(words, key), size=len(runs), sketch=tuple(sorted(runs)[:_SKETCH]))


def in_common(one: Likeness, other: Likeness) -> int:
    """How much two texts have in common, in per cent; 0 where it is too little to speak of, 100 for the same text."""
    if one.whole == other.whole:
        return 100
    if not one.sketch or not other.sketch:
        return 0
    mine, its = set(one.sketch), set(other.sketch)
    both, either = mine & its, mine | its
    most = min(len(either), _SKETCH)
    if not _speaks(len(both) / most, one, other):
        return 0  # nothing is sorted for most of what is compared: the share is no more than that
    share = sum(number in both for number in sorted(either)[:_SKETCH]) / most
    return min(99, max(1, round(100 * share))) if _speaks(share, one, other) else 0


def _speaks(share: float, one: Likeness, other: Likeness) -> bool:
    """Whether this part in common is enough to speak of; of two parts, the larger is if the smaller is."""
    if share >= _ALIKE:
        return True
    shorter = min(one.size, other.size)
    return shorter >= _ENOUGH and share / (1 + share) * (one.size + other.size) / shorter >= _WITHIN


def _words(text: str) -> list[str]:
    bare = unicodedata.normalize("NFKD", _TARGET.sub("] ", text)).casefold()
    return _WORD.findall(unmarked(bare))


def _whole(words: Iterable[str], key: bytes) -> str:
    return hashlib.blake2b(_bytes(" ".join(words)), key=key, digest_size=16, person=b"whole").hexdigest()


def _numbers(text: bytes, key: bytes) -> set[int]:
    """Of each run of a text whose words are parted by one space."""
    keyed = hashlib.blake2b(key=key, digest_size=8, person=b"run")
    ends = [*(found.start() for found in _SPACE.finditer(text)), len(text)]
    begins = [0, *(end + 1 for end in ends)]
    digests = []
    for begin, end in zip(begins, ends[_RUN - 1 :], strict=False):
        digest = keyed.copy()
        digest.update(text[begin:end])
        digests.append(digest.digest())
    # 63 bits: what every database holds as a number
    return {number >> 1 for number in struct.unpack(f">{len(digests)}Q", b"".join(digests))}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")
