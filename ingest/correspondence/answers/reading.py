"""What an answer decides, or that it decides nothing. Pure; a table of phrases, and doubt in favour of doing nothing.

Read as a person would who must not be wrong: each piece of the answer has to be a phrase that decides, a courtesy or
a name. One piece more ("oui, mais …"), a question, two decisions: unclear.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingest.body.blocks import Block
from ingest.body.lines import Line, sift
from ingest.correspondence.answers import refusing
from ingest.correspondence.answers.own import Own, own
from ingest.correspondence.answers.pieces import Piece, category, pieces
from ingest.correspondence.answers.words import DECIDING, Phrases, folded, phrases
from ingest.model import Contribution
from ingest.settings import Limits

_LONGEST = 4_000
"""Letters of an answer that decides in a word; a correction may be longer."""
_LONGEST_TAIL = 10
_TAIL_LINE = 90
_AFTER_NAME = re.compile(r"(?:p\.? ?-?s\b|nb\b|n\.b\.)", re.IGNORECASE)
_CORRECT = re.compile(r"[\W_]*(\w[\w' ’]{2,20}?)[\s*_]*[:：]")


class Says(StrEnum):
    """What an answer says."""

    ACCEPT = "accept"
    REJECT = "reject"
    DEFER = "defer"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    UNDO = "undo"
    REASONLESS = "reasonless"
    """No, and not why: the author would be told nothing."""
    UNCLEAR = "unclear"
    NOTHING = "nothing"
    """Nothing of its sender's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer, understood or not."""

    says: Says
    reason: str = ""
    """Of `REJECT`: one line, in the words of the answer."""
    blocks: tuple[Block, ...] = ()
    """Of `CORRECT`: the new text, untrusted."""


def read(mail: Contribution, *, limits: Limits, names: tuple[str, ...] = ()) -> Reply:
    """What an answer says. `names` are those that may sign it. Raises `BadMessage` for a text beyond the limits."""
    known = phrases()
    signing = frozenset(folded(name) for name in names) | frozenset(
        word for name in names for word in folded(name).split()
    )
    return understand(own(mail, limits=limits), known, signing)


def understand(said: Own, known: Phrases, names: frozenset[str]) -> Reply:
    """The same, of own words."""
    lines = said.lines
    start = next((n for n, line in enumerate(lines) if not courtesy(line.plain, known, names)), len(lines))
    if start == len(lines):
        return Reply(says=Says.UNCLEAR if any(line.plain for line in lines) else Says.NOTHING)
    if (length := _correction(lines[start].plain, known)) is not None:
        return _corrected(said, start, length)
    if any(line.depth for line in lines) or sum(len(line.plain) for line in lines) > _LONGEST:
        return Reply(says=Says.UNCLEAR)
    body = above_closing(lines[start:], known)
    return Reply(says=Says.UNCLEAR) if body is None else _decided(body, known, names)


def courtesy(line: str, known: Phrases, names: frozenset[str]) -> bool:
    return all(polite(piece, known, names) for piece in pieces(line))


def polite(piece: Piece, known: Phrases, names: frozenset[str]) -> bool:
    bare = _without_names(piece.folded, names)
    return not bare or bare in known.filler


def _without_names(text: str, names: frozenset[str]) -> str:
    """A courtesy may name somebody: "merci Claudine"."""
    words = text.split()
    while words and words[-1] in names:
        words.pop()
    return " ".join(words)


def _correction(line: str, known: Phrases) -> int | None:
    """How many characters of a line say that a correction follows; None where none does."""
    found = _CORRECT.match(line)
    if found and folded(found[1]) in known.correct:
        return found.end()
    return len(line) if folded(line) in known.correct else None


def _corrected(said: Own, start: int, length: int) -> Reply:
    """The text behind the word. Quotes among its lines may be ours: nobody could tell."""
    first = said.lines[start]
    rest = first.plain[length:].strip()
    below = said.lines[start + 1 :]
    if any(line.depth for line in said.lines[start:]) or not (rest or below):
        return Reply(says=Says.UNCLEAR)
    kept = [number > start or (number == start and bool(rest)) for number in range(len(said.lines))]
    blocks = sift(said.blocks, kept)
    return Reply(says=Says.CORRECT, blocks=refusing.headless(blocks) if rest else blocks)


def above_closing(lines: Sequence[Line], known: Phrases) -> str | None:
    """The lines above the closing words; None where something is said below them."""
    end = next((n for n, line in enumerate(lines) if _closes(line.plain, known)), len(lines))
    tail = lines[end + 1 :]
    if len(tail) > _LONGEST_TAIL or any(_says_more(line.plain, known) for line in tail):
        return None
    closing = lines[end].plain if end < len(lines) else ""
    if any(category(piece.folded, known) in DECIDING for piece in pieces(closing)):
        return None
    return "\n".join(line.plain for line in lines[:end])


def _closes(line: str, known: Phrases) -> bool:
    parts = pieces(line)
    return bool(parts) and parts[0].folded in known.closing and len(line) <= _TAIL_LINE


def _says_more(line: str, known: Phrases) -> bool:
    text = folded(line)
    return (
        len(line) > _TAIL_LINE
        or "?" in line
        or _AFTER_NAME.match(line) is not None
        or text.split(" ", 1)[0] in {"mais", "sauf", "attention", "but", "except"}
        or any(category(piece.folded, known) in DECIDING for piece in pieces(line))
    )


def _decided(body: str, known: Phrases, names: frozenset[str]) -> Reply:
    parts = [piece for piece in pieces(body) if not polite(piece, known, names)]
    if not parts or any(unicodedata.category(sign) == "So" and sign not in known.smiles for sign in body):
        return Reply(says=Says.UNCLEAR)
    refused = refusing.reason(body, parts, known)
    if refused is not None:
        return _refused(refused)
    found = {category(piece.folded, known) for piece in parts}
    if len(found) != 1 or "?" in body:
        return Reply(says=Says.UNCLEAR)
    word = found.pop()
    return Reply(says=Says(word) if word in {"accept", "defer", "withdraw", "undo"} else Says.UNCLEAR)


def _refused(refused: refusing.Reason) -> Reply:
    if not refused.sure:
        return Reply(says=Says.UNCLEAR)
    return Reply(says=Says.REJECT, reason=refused.text) if refused.text else Reply(says=Says.REASONLESS)
