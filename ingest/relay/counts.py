"""How many have signed: read where a text says so, and kept as a history. Pure, linear."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ingest.relay.model import Count, Qualifier, Relay, Update

_NUMBER = r"(?P<number>\d{1,3}(?:[ .,]\d{3}){1,2}(?!\d)|\d{1,9})(?![\d/])"
_UNITS = (
    r"mandataires?|mandats?|signataires?|signatures?|plaignante?s?|plaignant·e·s|plaintes?|soutiens?|adh[ée]sions?"
    r"|participante?s?|personnes?|citoyen(?:ne)?s?|citoyen·ne·s|habitante?s?|requérante?s?|co-?signataires?"
    r"|paraphes?|signatories|signers?|people|supporters?|complainants?"
)
_AT_LEAST = (
    r"plus de|plus d'|au moins|déjà plus de|déjà|dépass\w+(?: les?)?|franchi\w* (?:le cap des|les)"
    r"|more than|over|at least|already"
)
_ABOUT = r"environ|près de|presque|quelques?|à peu près|autour de|about|around|nearly|almost"
_QUALIFIERS = (
    (Qualifier.AT_LEAST, _AT_LEAST),
    (Qualifier.ABOUT, _ABOUT),
    (Qualifier.EXACTLY, r"exactement|exactly"),
)
_COUNT = re.compile(
    rf"(?<![\d./-]){_NUMBER}(?P<after>\+| et plus)?[ ](?:de |d')?(?P<unit>(?:{_UNITS}))\b(?P<verb>[^.!?\n]{{0,60}})",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"\b(?:(?:nous|on|vous) (?:sommes|est|êtes)(?: maintenant| aujourd'hui)?|nous (?:voilà|voici)|we are|déjà|already|"
    rf"compteur(?: est)? à|cap des)(?: (?:déjà|already|{_AT_LEAST}|{_ABOUT}))? {_NUMBER}(?P<after>\+)?"
    r"(?= à (?:avoir|l'avoir|nous)| ?[.!,;:)\n]| ?$| to )",
    re.IGNORECASE | re.MULTILINE,
)
"""Without a noun: "nous sommes déjà 13 380 !"."""
_JOINED = re.compile(
    r"sign|soutien|rejoin|mandat|plaign|plaint|particip|adh[ée]r|mobilis|engag|support|join", re.IGNORECASE
)
_GENERIC = re.compile(
    r"personnes?|citoyen\S*|habitant\S*|people|plaintes?|participante?s?|mandats?|soutiens?", re.IGNORECASE
)
"""Nouns that count anything: they need a word of signing near them."""
_BEFORE = re.compile(rf"\b(?P<qualifier>{'|'.join(words for _q, words in _QUALIFIERS)})\s*$", re.IGNORECASE)
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u2019": "'"})
_AROUND = 90
_LEAST_BARE = 20
"""Fewer are a group of friends, or a table at a restaurant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountFound:
    """A count that a text gives, and where."""

    count: Count
    start: int
    end: int


def counts_in(text: str) -> tuple[CountFound, ...]:
    """The counts of people who signed that `text` gives, in its order, without a day.

    Only a number with a noun that says what it counts: "13 380 mandataires", "plus de 13 000 signatures"; a noun that
    counts anything ("12 000 personnes") needs a word of signing beside it.
    """
    return tuple(sorted(_found(text.translate(_SPACES)), key=lambda found: found.start))


def _found(flat: str) -> Iterator[CountFound]:
    for match in _COUNT.finditer(flat):
        start = match.start("number")
        general = bool(_GENERIC.fullmatch(match["unit"]))
        near = flat[max(0, start - _AROUND) : start] + match["verb"]
        if not general or _JOINED.search(near):
            yield _one(flat, match, match.end("unit"), "" if general else match["unit"].lower())
    for match in _BARE.finditer(flat):
        if _value(match) >= _LEAST_BARE:
            yield _one(flat, match, match.end("number"), "")


def _one(flat: str, match: re.Match[str], end: int, unit: str) -> CountFound:
    qualifier, begin = qualified(flat, match.start("number"), match["after"] or "")
    return CountFound(count=Count(number=_value(match), qualifier=qualifier, unit=_unit(unit)), start=begin, end=end)


def _value(match: re.Match[str]) -> int:
    return int(re.sub(r"[ .,]", "", match["number"]))


def qualified(flat: str, start: int, after: str = "") -> tuple[Qualifier, int]:
    """What the words before a number say of it, and where they begin; without a word it is exact."""
    found = _BEFORE.search(flat[max(0, start - 26) : start].replace("\n", " "))
    if after:
        return Qualifier.AT_LEAST, start
    if found is None:
        return Qualifier.EXACTLY, start
    for qualifier, words in _QUALIFIERS:
        if re.fullmatch(words, found["qualifier"], re.IGNORECASE):
            return qualifier, start - min(start, 26) + found.start("qualifier")
    return Qualifier.EXACTLY, start


def _unit(word: str) -> str:
    return "" if word in {"", "signature", "signatures"} else word


def read_count(value: str) -> Count | None:
    """A count as front matter has it: `13380`, `13 380`, "plus de 13 380 mandataires"; None where it is none."""
    flat = " ".join(value.translate(_SPACES).split())
    found = re.fullmatch(rf"(?P<before>[^\d]{{0,40}}?)\s*{_NUMBER}(?P<after>\+)?\s*(?P<unit>[^\d]{{0,60}})", flat)
    if found is None:
        return None
    qualifier, _begin = qualified(flat, found.start("number"), found["after"] or "")
    unit = re.sub(r"^(?:de |d')", "", found["unit"].strip(" .")).strip()
    return Count(number=_value(found), qualifier=qualifier, unit=_unit(unit.lower()))


def history(relay: Relay, updates: Iterable[Update]) -> tuple[Count, ...]:
    """Every count of a relay, the oldest first; those without a day come first. Two alike are one."""
    counts = [count for count in (relay.count, *(update.count for update in updates)) if count is not None]
    return tuple(dict.fromkeys(sorted(counts, key=lambda count: count.on or date.min)))
