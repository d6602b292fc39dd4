"""Where a text names somebody: civility, function, or a given name with a family name. Pure, linear, and often wrong:
what it finds is shown to a person who knows better.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.moderation import wordlists as words

PERSON = "person"
Span = tuple[int, int]

_UPPER = "A-ZÀ-ÖØ-ÞŒŸŠŽ"
_LOWER = "a-zà-öø-ÿœšž"
_CAP = rf"[{_UPPER}](?:[’'][{_UPPER}])?[{_LOWER}]{{1,30}}(?:[-’'][{_UPPER}]?[{_LOWER}]{{1,30}}){{0,3}}"
_CAPS = rf"[{_UPPER}]{{2,30}}(?:-[{_UPPER}]{{2,30}})?"
_PARTICLE = r"(?:(?:de|du|des|le|la|van|von|el|ben|al|di|da|dos)\s|d[’'])"
NAME = rf"{_PARTICLE}?(?:{_CAP}|{_CAPS})(?![\w])"
"""A family name: "Martin", "de La Tour", "N’Diaye", "MARTIN"."""
_GAP = r"[ \u00a0\u202f]"
_CIVIL = re.compile(rf"(?<!\w)(?:{words.CIVILITIES}){_GAP}(?P<name>{NAME}(?:{_GAP}{NAME}){{0,2}})")
_FUNCTION = re.compile(rf"(?<!\w)(?i:{'|'.join(words.FUNCTIONS)}){_GAP}(?P<name>{_CAP}(?:{_GAP}{NAME}){{0,2}})(?!\w)")
_TWO = re.compile(rf"(?<![\w’'-])(?P<given>{_CAP}){_GAP}(?P<name>{NAME})")
_FIRST_LETTER = re.compile(r"(?:\A|[.!?…:;»]|\n)[\s«“\"'(>*_#–—-]*\Z")
_BEFORE = 40
_PLACE_BEFORE = re.compile(
    rf"(?<!\w)(?:{'|'.join(map(re.escape, words.PLACES))})\s+(?:(?:de|du|des|à|le|la)\s+|d[’']|l[’'])?(?:{_CAP}\s+)?\Z",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"(?<!\w)(?:à|en|dans|aux?|vers|depuis|sur|les|des|la|le|un|une|du|ce|cette|of|the|in)\s+\Z|[’']\Z", re.IGNORECASE
)
_END = re.compile(r"(?<!\bM)(?<!\bMM)(?<!\bMr)(?<!\bDr)(?<!\bPr)(?<!\bMe)(?<!\bSt)[.!?…]+[»”\"')]?\s+|\n")
_LINK = re.compile(r"\]\([^()\s]{0,2000}\)|<https?://[^>\s]{0,2000}>|https?://\S{1,2000}")
_MARK = re.compile(r"[\\*_`\[\]#>]")


def blanked(text: str) -> str:
    """The text with Markdown's marks and the addresses of links as spaces: as long as before, so that offsets hold."""
    return _MARK.sub(" ", _LINK.sub(lambda found: " " * len(found[0]), text))


def persons(text: str, byline: str = "") -> Iterator[Span]:
    """Where somebody seems to be named, in the order of the text; whoever signs it is no third person."""
    spans = sorted({*_called(_CIVIL, text), *_called(_FUNCTION, text), *_two_names(text)})
    end = 0
    own = _folded(byline)
    for start, stop in spans:
        if start >= end and not (own and _folded(text[start:stop]) in own):
            yield start, stop
            end = stop


def sentences(text: str) -> Iterator[Span]:
    """Where sentences begin and end; a civility's full stop ends none."""
    start = 0
    for found in _END.finditer(text):
        yield start, found.end()
        start = found.end()
    if start < len(text):
        yield start, len(text)


def _called(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    for found in pattern.finditer(text):
        if not all(map(_is_known, found["name"].split())) and not _at_a_place(text, found.start()):
            yield found.span()


def _two_names(text: str) -> Iterator[Span]:
    for found in _TWO.finditer(text):
        given, family = found["given"], found["name"].split()[-1]
        if _is_known(family) or _at_a_place(text, found.start()):
            continue
        if _is_given(given) or not (
            _is_known(given) or _begins(text, found.start()) or _of_a_place(text, found.start())
        ):
            yield found.span()


def _is_given(word: str) -> bool:
    return word.split("-", maxsplit=1)[0].casefold() in words.GIVEN


def _is_known(word: str) -> bool:
    return any(part.casefold() in words.NOT_FAMILY for part in re.split(r"[-’']", word))


def _begins(text: str, start: int) -> bool:
    return _FIRST_LETTER.search(text[max(0, start - 8) : start]) is not None if start else True


def _at_a_place(text: str, start: int) -> bool:
    return _PLACE_BEFORE.search(text[max(0, start - _BEFORE) : start]) is not None


def _of_a_place(text: str, start: int) -> bool:
    return _PREPOSITION.search(text[max(0, start - 8) : start]) is not None


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
