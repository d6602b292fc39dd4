"""What a campaign attacks: numbered pillars, a list below words that announce it, else headings. Pure, linear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from ingest.body.blocks import Block, Blocks, Heading, List, Paragraph, Strong
from ingest.body.lines import read, seen, split
from ingest.model import Confidence
from ingest.relay.spans import flat

_ORDINAL = (
    r"(?:1(?:er|ère|re|st)|2(?:nde?|nd)|[1-9](?:e|è|ème|eme|nd|rd|th)|[1-9]\)|(?:first|second|third|fourth|fifth)"
    r"|(?:premi|deuxi|second|troisi|quatri|cinqui|sixi)\w{1,5})"
)
_NOUN = (
    r"(?:piliers?|points?|motifs?|griefs?|axes?|volets?|demandes?|raisons?|reproches?|revendications?|pillar|demand)"
)
_PILLAR = re.compile(
    rf"^\W{{0,4}}(?:le |la |l'|the )?(?:{_ORDINAL} {_NOUN}|{_NOUN} (?:n° ?)?[1-9])\s?[:,–—-]\s*"
    r"(?P<what>[^:;.!?…(\n]{3,120})",
    re.IGNORECASE | re.MULTILINE,
)
_ANNOUNCES = re.compile(
    r"attaqu|conteste|dénon[çc]|visée?s?\b|vise\b|s'en prend|demand(?:ons|es?\b|ent)|exige|revendi|reproch|griefs?"
    r"|piliers?|we (?:attack|ask|demand)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"détail|plainte|p[ée]tition|sign(?:er|ez|ature)|source|contact|conclusion|introduction|\bcomment|pourquoi"
    r"|\bfaq\b|merci|savoir plus|\bagir\b|commentaire|particip|rejoin|mobilis|souten|soutien|presse|mention|calendrier"
    r"|contexte|bonjour|salut|partag|à propos|rappel|conditions?|pratique|\bdons?\b|^qui |^quand|^où |^que |tract"
    r"|se joindre",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*[-–—•*▪◦‣·][ \t\u00a0]")
_MOST, _HEADING, _SURELY = 12, 70, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class AttackFound:
    """One thing that is attacked."""

    what: str
    start: int
    end: int
    confidence: Confidence


def attacks_in(blocks: Blocks, text: str) -> tuple[AttackFound, ...]:
    """What a text says that it attacks, in its order: of three ways of saying so, the plainest that it uses."""
    for way in (_pillars, _announced, _headings):
        found = tuple(islice(way(blocks, text), _MOST))
        if len(found) > 1 or (found and way is _pillars):
            return found
    return ()


def _pillars(_blocks: Blocks, text: str) -> Iterator[AttackFound]:
    for match in _PILLAR.finditer(flat(text)):
        start, end = match.span("what")
        what = text[start:end].partition(", ")[0].strip(" ,*_")
        if what:
            yield AttackFound(what=what, start=start, end=start + len(what), confidence=Confidence.CERTAIN)


def _announced(blocks: Blocks, text: str) -> Iterator[AttackFound]:
    """The items of a list that follows a line like "Nous attaquons :"."""
    before = ""
    for block in blocks:
        items = tuple(_items(block)) if _ANNOUNCES.search(flat(before)[-160:]) else ()
        if items:
            for item in items:
                yield from _at(item, text, Confidence.LIKELY)
            return
        before = seen(block.children) if isinstance(block, Paragraph | Heading) else ""


def _items(block: Block) -> Iterator[str]:
    """What each item of a list names, or each line of a paragraph that begins with a bullet."""
    if isinstance(block, List):
        for item in block.items:
            first = item[0].children if item and isinstance(item[0], Paragraph) else ()
            yield _named(seen(first[0].children if first and isinstance(first[0], Strong) else first))
    elif isinstance(block, Paragraph):
        for line in split(block.children):
            if bullet := _BULLET.match(seen(line)):
                yield _named(seen(line)[bullet.end() :])


def _named(words: str) -> str:
    """What stands before the first mark of an item."""
    line = words.partition("\n")[0]
    stop = re.search(r"\s?[:;.!?(]", line)
    return (line[: stop.start()] if stop else line).strip(" ,*_")


def _headings(blocks: Blocks, text: str) -> Iterator[AttackFound]:
    """Headings; in a text without any, short lines below a blank one that prose follows."""
    marked = [seen(block.children) for block in blocks if isinstance(block, Heading)]
    confidence = Confidence.LIKELY if marked else Confidence.POSSIBLE
    for words in marked or _short_lines(blocks):
        if not _OTHER.search(flat(words)):
            yield from _at(words.strip(" :*_"), text, confidence)


def _short_lines(blocks: Blocks) -> Iterator[str]:
    for line, below in pairwise(read(blocks)):
        apart = line.gap and (below.gap or len(line.plain) <= _SURELY)
        if apart and _like_a_heading(line.plain) and len(below.plain) > 2 * len(line.plain) + 40:
            yield line.text


def _like_a_heading(line: str) -> bool:
    short = 0 < len(line) <= _HEADING and line[:1].isupper()
    return short and not re.search(r"[.,;:!?…@/»]$|https?:", line)


def _at(words: str, text: str, confidence: Confidence) -> Iterator[AttackFound]:
    words = " ".join(words.split())
    if 2 < len(words) <= 120:
        start = max(0, text.find(words))
        yield AttackFound(what=words, start=start, end=start + len(words) * (words in text), confidence=confidence)
