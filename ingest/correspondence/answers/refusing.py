"""A refusal and its reason, which its author will read. Pure.

"non : hors sujet" says what it says. "non, pas de problème" says the contrary: without a colon or a "car", only a
reason that is known as one counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.body.blocks import Block, Paragraph, Text
from ingest.correspondence.answers.pieces import Piece, category
from ingest.correspondence.answers.words import DECIDING, Phrases, folded, holds

LONGEST = 500
"""Letters of a reason."""
_NEGATION = frozenset({"pas", "ne", "n", "aucun", "aucune", "rien", "jamais", "sans", "not", "no"})
_HEAD = re.compile(r"[^:：]{0,40}[:：]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """`text` is one line, empty where none was given; not `sure` where it may mean the contrary."""

    text: str
    sure: bool


def reason(body: str, parts: Sequence[Piece], known: Phrases) -> Reason | None:
    """The reason in an answer that begins with a refusal; None for an answer that does not.

    `parts` are the pieces of `body` that are no courtesy.
    """
    first, rest = parts[0], parts[1:]
    if category(first.folded, known) == "reject":
        return _behind(body, first, rest, known)
    head = next((phrase for phrase in sorted(known.reject, key=len, reverse=True) if _starts(first, phrase)), None)
    if head is None:
        return None
    inside = first.folded.removeprefix(head).strip(" ")
    because = next((word for word in sorted(known.because, key=len, reverse=True) if _begins(inside, word)), "")
    if not because and inside not in known.reasons:
        return Reason(text="", sure=False)
    text = _written(body, first, len(head.split()) + len(because.split()), parts[-1].end)
    return _judged(text, rest, known, explicit=bool(because))


def headless(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks without the word and the colon that their first line begins with."""
    first = blocks[0]
    if not isinstance(first, Paragraph) or not first.children or not isinstance(first.children[0], Text):
        return tuple(blocks)
    text = _HEAD.sub("", first.children[0].text, count=1)
    children = (Text(text), *first.children[1:]) if text else first.children[1:]
    return (Paragraph(children), *blocks[1:])


def _behind(body: str, first: Piece, rest: Sequence[Piece], known: Phrases) -> Reason:
    while rest and category(rest[0].folded, known) == "reject":
        first, rest = rest[0], rest[1:]
    if not rest:
        return Reason(text="", sure="?" not in body)
    explicit = any(sign in body[first.end : rest[0].start] for sign in ":：")
    if rest[0].folded in known.because and len(rest) > 1:
        explicit, rest = True, rest[1:]
    start = rest[0].start
    because = next((word for word in sorted(known.because, key=len, reverse=True) if _begins(rest[0].folded, word)), "")
    text = " ".join(body[start : rest[-1].end].split())
    return _judged(text, rest, known, explicit=explicit or bool(because))


def _judged(text: str, rest: Sequence[Piece], known: Phrases, *, explicit: bool) -> Reason:
    text = text.strip(" .,;:-–—")[:LONGEST]
    bare = folded(text)
    if any(category(piece.folded, known) in DECIDING for piece in rest) or category(bare, known) in DECIDING:
        return Reason(text="", sure=False)
    if explicit:
        return Reason(text=text, sure="oui" not in bare.split())
    doubtful = "?" in text or holds(bare, known.doubt) or holds(bare, _NEGATION)
    return Reason(text=text, sure=not doubtful and holds(bare, known.reasons))


def _starts(piece: Piece, phrase: str) -> bool:
    return piece.folded.startswith(f"{phrase} ")


def _begins(text: str, word: str) -> bool:
    return text == word or text.startswith((f"{word} ", word if word.endswith("'") else f"{word} "))


def _written(body: str, first: Piece, words: int, end: int) -> str:
    """What stands behind the first `words` words of a piece, as it was typed."""
    return " ".join(body[first.start : end].split()[words:])
