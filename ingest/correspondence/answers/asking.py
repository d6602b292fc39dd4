"""What somebody who wrote to the wall asks for in an answer, or that it cannot be told. Pure and linear.

Each sentence has to be a request, a courtesy or a name, as for moderators (`reading`); a new text is whatever else is
said, and whether it is one only a comparison with the old text tells. A request beside anything else is unclear.
"""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from ingest.body.blocks import Block
from ingest.body.lines import Line, sift
from ingest.correspondence.answers import refusing
from ingest.correspondence.answers.own import Own, own
from ingest.correspondence.answers.pieces import Piece, pieces
from ingest.correspondence.answers.reading import above_closing, courtesy, polite
from ingest.correspondence.answers.words import Phrases, folded, phrases
from ingest.model import Contribution
from ingest.settings import Limits

_FOLDER = Path(__file__).parent / "asked"
_LONGEST = 1_500
"""Letters of a request; a new text may be longer."""
_FIELD = re.compile(r"[\W_]{0,3}(\w[\w' ’]{2,30}?)[\s*_]{0,3}[:：][\s*_]{0,3}(\S.{0,199})")
_ALT = re.compile(r"(?![\[(])\W{0,2}(?:image|photo)\s?(?:n°\s?)?(\d{1,2})\s?[:：]\s?(\S.{0,499})", re.IGNORECASE)
_KEY = r"(?: (?:du |le )?(?:billet |message )?mur (?P<number>[1-9]\d{0,8}))?"
_MOST_ALTS = 20
_OURS = re.compile(r"={4,} .{2,60} ={4,}")
"""The lines between which our letters show a text: where one is left, nobody can tell whose words are whose."""


class Ask(StrEnum):
    """What is asked for."""

    WITHDRAW = "withdraw"
    CHANGE = "change"
    """The signature, the title, what pictures show: see the fields of `Asked`."""
    TEXT = "text"
    """Perhaps a new text, or a remark."""
    AGREE = "agree"
    UNDO = "undo"
    NOTHING = "nothing"
    """Nothing but courtesies."""
    EMPTY = "empty"
    """Nothing of its sender's own."""
    UNCLEAR = "unclear"


REQUESTS = frozenset({Ask.WITHDRAW, Ask.CHANGE, Ask.UNDO})
"""What nobody says but to us about what they sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An answer of a contributor, as far as it is understood."""

    ask: Ask
    anonymous: bool = False
    byline: str = ""
    title: str = ""
    alts: tuple[tuple[int, str], ...] = ()
    """The number of a picture, as our letter counts them, and its description."""
    number: int | None = None
    """Of the post that a sentence names."""
    explicit: bool = False
    """Of `TEXT`: whether it stands behind "CORRIGER"."""
    blocks: tuple[Block, ...] = ()
    """Of `TEXT`: untrusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """Compiled from the tables of every language."""

    withdraw: re.Pattern[str]
    anonymous: re.Pattern[str]
    agree: frozenset[str]
    undo: frozenset[str]
    asking: tuple[str, ...]
    byline: frozenset[str]
    title: frozenset[str]
    correct: frozenset[str]
    polite: Phrases


@dataclass(slots=True)
class _Heard:
    asks: set[Ask] = field(default_factory=set)
    anonymous: bool = False
    byline: str = ""
    title: str = ""
    alts: dict[int, str] = field(default_factory=dict)
    number: int | None = None
    clear: bool = True


def hear(mail: Contribution, *, limits: Limits, names: tuple[str, ...] = ()) -> Asked:
    """What an answer asks for. `names` are those that may sign it. Raises `BadMessage` for a text beyond the limits."""
    signing = frozenset(word for name in names for word in (folded(name), *folded(name).split()) if word)
    return understand(own(mail, limits=limits), signing)


def in_subject(subject: str) -> Asked:
    """What a subject alone asks for, `RETIRER mur-142` say: one request, or `UNCLEAR`."""
    heard, known = _Heard(), _words()
    for piece in pieces(subject):
        _phrase(piece, heard, known, subject, frozenset())
    asked = _asked(heard)
    return asked if asked.ask in REQUESTS else Asked(ask=Ask.UNCLEAR)


def understand(said: Own, names: frozenset[str]) -> Asked:
    """The same as `hear`, of own words."""
    known, lines = _words(), said.lines
    if not any(line.plain or line.picture for line in lines):
        return Asked(ask=Ask.EMPTY)
    start = next((n for n, it in enumerate(lines) if it.picture or not courtesy(it.plain, known.polite, names)), None)
    if start is None:
        return Asked(ask=Ask.NOTHING)
    if any(line.depth or _OURS.search(line.plain) for line in lines):
        return Asked(ask=Ask.UNCLEAR)  # what is quoted may be ours, and what stands between belongs to it
    length = _announced(lines[start].plain, known)
    if length is not None:
        return _text(said, start, length)
    return _requested(lines[start:], known, names) or _free(said, start, known, names)


def _announced(line: str, known: _Words) -> int | None:
    """How many characters of a line announce a new text; None where none does."""
    head, colon, _rest = line.partition(":")
    if folded(head) in known.correct:
        return len(head) + len(colon)
    return None


def _text(said: Own, start: int, length: int) -> Asked:
    rest = said.lines[start].plain[length:].strip()
    if not rest and start + 1 >= len(said.lines):
        return Asked(ask=Ask.UNCLEAR)
    kept = [number > start or (number == start and bool(rest)) for number in range(len(said.lines))]
    blocks = sift(said.blocks, kept)
    return Asked(ask=Ask.TEXT, explicit=True, blocks=refusing.headless(blocks) if rest else blocks)


def _requested(lines: Sequence[Line], known: _Words, names: frozenset[str]) -> Asked | None:
    """What is asked for where nothing else is said; None where something else is."""
    body = above_closing(lines, known.polite)
    if body is None or len(body) > _LONGEST or any(line.picture for line in lines):
        return None
    heard = _Heard()
    for line in body.split("\n"):
        if not _field(line, heard, known):
            for piece in pieces(line):
                _phrase(piece, heard, known, line, names)
    if any(unicodedata.category(sign) == "So" and sign not in known.polite.smiles for sign in body):
        heard.clear = False
    return _asked(heard) if heard.clear else None


def _free(said: Own, start: int, known: _Words, names: frozenset[str]) -> Asked:
    """A text, with what its first lines ask for; unclear where it holds a request."""
    heard, at = _Heard(), start
    while at < len(said.lines) and _field(said.lines[at].plain, heard, known):
        at += 1
    title, heard.title = heard.title, ""
    seen = _Heard()
    for line in said.lines[at:]:
        for piece in pieces(line.plain[:_LONGEST]):
            _phrase(piece, seen, known, line.plain, names)
    if seen.asks & REQUESTS or at == len(said.lines):
        return Asked(ask=Ask.UNCLEAR)
    blocks = sift(said.blocks, [number >= at for number in range(len(said.lines))])
    changed = _asked(heard)
    if changed.ask is Ask.UNCLEAR:
        return changed
    return replace(changed, ask=Ask.TEXT, blocks=blocks, title=title)


def _field(line: str, heard: _Heard, known: _Words) -> bool:
    """`Pseudo : …`, `Titre : …`, `image 1 : …`."""
    picture = _ALT.fullmatch(line)
    if picture and len(heard.alts) < _MOST_ALTS:
        heard.asks.add(Ask.CHANGE)
        heard.alts[int(picture[1])] = picture[2].strip()
        return True
    found = _FIELD.fullmatch(line)
    key = folded(found[1]) if found else ""
    value = found[2].strip(' *_«»"') if found else ""
    if not value or key not in known.byline | known.title:
        return False
    heard.asks.add(Ask.CHANGE)
    if key in known.title:
        heard.clear, heard.title = heard.clear and not heard.title, value
    elif known.anonymous.fullmatch(_loose(folded(value))) or folded(value) in {"aucun", "aucune", "none"}:
        heard.anonymous = True
    else:
        heard.clear, heard.byline = heard.clear and not heard.byline, value
    return True


def _phrase(piece: Piece, heard: _Heard, known: _Words, line: str, names: frozenset[str]) -> None:
    text = _loose(piece.folded)
    asks = "?" in line and not text.startswith(known.asking)
    if text in known.agree:
        heard.asks.add(Ask.AGREE)
    elif text in known.undo:
        heard.asks.add(Ask.UNDO)
    elif found := known.withdraw.fullmatch(text):
        heard.asks.add(Ask.WITHDRAW)
        heard.number = int(found["number"]) if found["number"] else heard.number
    elif found := known.anonymous.fullmatch(text):
        heard.asks.add(Ask.CHANGE)
        heard.anonymous = True
        heard.number = int(found["number"]) if found["number"] else heard.number
    else:
        number = re.fullmatch(r"(?:billet |message )?mur ([1-9]\d{0,8})", text)
        heard.number = int(number[1]) if number else heard.number
        heard.clear = heard.clear and (bool(number) or polite(piece, known.polite, names))
        return
    heard.clear = heard.clear and not asks


def _asked(heard: _Heard) -> Asked:
    if not heard.clear or len(heard.asks) > 1 or (heard.anonymous and heard.byline):
        return Asked(ask=Ask.UNCLEAR)
    if not heard.asks:
        return Asked(ask=Ask.NOTHING)
    return Asked(
        ask=next(iter(heard.asks)),
        anonymous=heard.anonymous,
        byline=heard.byline,
        title=heard.title,
        alts=tuple(sorted(heard.alts.items())),
        number=heard.number,
    )


def _loose(text: str) -> str:
    return " ".join(text.replace("-", " ").split())


@functools.cache
def _words() -> _Words:
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.toml"))]

    def all_of(name: str) -> list[str]:
        return list(dict.fromkeys(_loose(folded(word)) for table in tables for word in table.get(name, ())))

    whose = "(?:mon|ma|mes|ce|cet|cette|le|la|l'|my|the|this) ?(?:dernier |derniere )?"
    thing = rf"(?:le|la|ca|cela|ceci|it|tout|{whose}(?:{_any(all_of('withdraw_object'))}))"
    ask, tail = rf"(?:(?:{_any(all_of('ask'))}) )?", rf"(?: (?:{_any(all_of('tail'))})){{0,3}}"
    verb = rf"(?:le |la |l'|de )?(?:{_any(all_of('withdraw_verb'))})"
    hide = rf"(?:de |d')?(?:{_any(all_of('anonymous_verb'))}) (?:{_any(all_of('anonymous_object'))})"
    once = phrases()
    own_words = frozenset(folded(word) for table in tables for word in table.get("filler", ()))
    return _Words(
        withdraw=re.compile(rf"(?:{ask}{verb}(?: {thing})?|{_any(all_of('withdraw'))}){_KEY}{tail}"),
        anonymous=re.compile(rf"{ask}(?:{hide}|{_any(all_of('anonymous'))}){_KEY}{tail}"),
        agree=frozenset(all_of("agree")),
        undo=frozenset(all_of("undo")),
        asking=tuple(all_of("asking")),
        byline=frozenset(all_of("byline")),
        title=frozenset(all_of("title")),
        correct=frozenset(all_of("correct")),
        polite=replace(once, filler=once.filler | own_words),
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
