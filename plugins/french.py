"""French typography: narrow spaces, guillemets, apostrophes; never inside an address, an hour or code. Pure.

The source stays as its author wrote it: this is done when a page is rendered, on text alone. Only what a French reader
would call a mistake is mended, and a second pass changes nothing. The rules are those of the Imprimerie nationale's
Lexique, with U+202F before ; ! ? and U+00A0 before : and inside « », as browsers and fonts expect them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

NARROW, NBSP = "\u202f", "\u00a0"
_PASSES = 5
"""At most: a quote that becomes a guillemet may ask for the space of the sign behind it."""
_HOLE = "\ufffc"
"""Stands for what is not text (a picture, code) while a sentence is looked at (Unicode: object replacement)."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start` to `end` become `text`; an insertion where both are the same."""

    start: int
    end: int
    text: str
    sign: int = -1
    """Where the sign stands that asks for it, if elsewhere."""


Rule = Callable[[str], Iterator[Edit]]

# What looks like an address, a file, a tag or a smiley is left as it is; so are Python-Markdown's own \x02…\x03 marks.
_KEPT = re.compile(
    r"\x02[^\x03]{0,40}\x03"
    r"|(?:https?|ftps?|sftp|ssh|mailto|tel|xmpp|matrix|geo|sip):[^\s«»]+"
    r"|(?<!\w)www\.[^\s«»]+"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,5}[a-z]{2,12}[/?#:][^\s«»]*"
    r"|(?<![\w/])\.{0,2}/[^\s«»]+"
    r"|(?<!\S)[:;=8xX][-'^o]?[()\[\]DPpOo/\\|*$3<>]{1,3}(?!\w)"
    r"|&#?\w{1,31};",
)
_CLOSING = r"(?=[\s\u202f\u00a0»)\]”\"’.,…\ufffc]|$)"
_SPACES = r"[ \t\u00a0\u202f\u2009]"

_HIGH_SPACED = re.compile(rf"(?<=[^\s«(\[¿¡]){_SPACES}+([;!?]+{_CLOSING})")
_HIGH_BARE = re.compile(rf"(?<=[\w»)\]…’%€°\ufffc])([;!?][!?]*{_CLOSING})")
_COLON = re.compile(rf"(?<=[^\s«(\[]){_SPACES}+(:)(?=[\s\u00a0«»]|$)")
_OPENING_MARK = re.compile(rf"«{_SPACES}*(?=\S)")
_CLOSING_MARK = re.compile(rf"(?<=[^\s«]){_SPACES}*»")
_QUOTE = re.compile(r'"')
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W_]|[«“\"\ufffc])")
_DOTS = re.compile(r"(?<![./\\])\.\.\.(?![./\\])")
_GROUPS = re.compile(r"(?<![\d.,/+-])[1-9]\d{0,2}(?:[ \u00a0]\d{3})+(?![\d/])(?! \d)")
_UNIT = re.compile(
    rf"(?<=\d){_SPACES}(?=(?:[%€$£‰]|°C|[kcm]?m[²³]?|[km]?g|[kM]?W|kWh|[kMG]o|h|min|s|ans|euros?|k€|M€)(?![\w’'-]))"
)
_HOUR = re.compile(rf"(?<=\d[{NBSP} ]h) (?=\d\d(?!\d))")
_ABBREVIATION = re.compile(
    r"(?<![\w.])(?:(?:n°|no|nos|p\.|pp\.|art\.|chap\.|vol\.) (?=\d)"
    r"|(?:M\.|MM\.|Mme|Mmes|Mlle|Dr|Pr|Me|St|Ste) (?=[A-ZÀ-Ý]))"
)
_SPEECH = re.compile(r"(?:^|(?<=\n))([—–]) (?=\S)")


def french(text: str) -> str:
    """One line or paragraph of plain text, set as French has it."""
    for _pass in range(_PASSES):
        edits = _edits(text)
        if not edits:
            break
        text = _apply(text, edits)
    return text


def is_french(lang: str) -> bool:
    """Whether a language tag (BCP 47) is one of French."""
    return lang.lower().partition("-")[0] == "fr"


class French(Treeprocessor):
    """The same for a document, sentence by sentence, across emphasis and links, never inside code."""

    def run(self, root: Element) -> None:
        """Set every text of the tree."""
        for sentence in list(_sentences(root)):
            for _pass in range(_PASSES):
                if not _set(sentence):
                    break


_BLOCKS = frozenset(
    {"p", "div", "li", "ul", "ol", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre"}
)
_NOT_TEXT = frozenset({"code", "pre", "kbd", "img", "audio", "sup"})


@dataclass(slots=True)
class _Piece:
    """A text of the tree: `element`'s own, or what follows it; without an element, something that is not text."""

    element: Element | None
    tail: bool
    text: str


def _sentences(root: Element) -> Iterator[list[_Piece]]:
    """The texts that stand in one block, in reading order."""
    current: list[_Piece] = []
    for piece in _pieces(root):
        if piece is None:
            yield current
            current = []
        else:
            current.append(piece)
    yield current


def _pieces(root: Element) -> Iterator[_Piece | None]:
    """Every text, None between two blocks; a walk with its own stack, since a tree may be deep."""
    steps: list[tuple[Element, bool]] = [(root, False)]
    while steps:
        element, leaving = steps.pop()
        if element.tag in _BLOCKS:
            yield None
        if leaving:
            if element.tail and element is not root:
                yield _Piece(element, tail=True, text=element.tail)
            continue
        yield _own(element)
        steps.append((element, True))
        if element.tag not in _NOT_TEXT:
            steps.extend((child, False) for child in reversed(element))


def _own(element: Element) -> _Piece:
    """The text of an element before its first child."""
    if element.tag == "br":
        return _Piece(None, tail=False, text="\n")
    if element.tag in _NOT_TEXT:
        return _Piece(None, tail=False, text=_HOLE)
    return _Piece(element, tail=False, text=element.text or "")


def _set(pieces: list[_Piece]) -> bool:
    """One pass; whether anything changed."""
    text = "".join(piece.text for piece in pieces)
    edits = _edits(text)
    starts = [edit.start for edit in edits]
    start = 0
    for piece in pieces:
        end = start + len(piece.text)
        # An insertion between two pieces belongs to the one that it stands before.
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        first -= first > 0 and edits[first - 1].end > start
        mine = [
            Edit(max(e.start, start) - start, min(e.end, end) - start, e.text if e.start >= start else "")
            for e in edits[first:last]
        ]
        if piece.element is not None and mine:
            done = _apply(piece.text, mine)
            piece.text = done
            if piece.tail:
                piece.element.tail = done
            else:
                piece.element.text = done
        start = end
    return bool(edits)


def _apply(text: str, edits: list[Edit]) -> str:
    done, at = [], 0
    for edit in edits:
        done += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join((*done, text[at:]))


def _edits(text: str) -> list[Edit]:
    """What to change, in order, never twice at one place and never in what is kept."""
    found = [edit for rule in _RULES for edit in rule(text) if text[edit.start : edit.end] != edit.text]
    if not found:  # as in most sentences, and in each that was set just now
        return []
    kept = [match.span() for match in _KEPT.finditer(text)]
    starts = [start for start, _end in kept]

    def is_kept(at: int) -> bool:
        index = bisect_right(starts, at) - 1
        return index >= 0 and at < kept[index][1]

    edits: list[Edit] = []
    for edit in sorted(found, key=lambda edit: (edit.start, edit.end)):
        free = not is_kept(edit.start) and (edit.sign < 0 or not is_kept(edit.sign))
        if free and (not edits or edit.start >= edits[-1].end):
            edits.append(edit)
    return edits


def _replacing(pattern: re.Pattern[str], made: str) -> Rule:
    def rule(text: str) -> Iterator[Edit]:
        for match in pattern.finditer(text):
            yield Edit(match.start(), match.end(), made)

    return rule


def _space_before_high(text: str) -> Iterator[Edit]:
    for pattern in (_HIGH_SPACED, _HIGH_BARE):
        for match in pattern.finditer(text):
            if not _is_spanish(text, match.start(1)):
                yield Edit(match.start(), match.start(1), NARROW, match.start(1))


def _space_before_colon(text: str) -> Iterator[Edit]:
    for match in _COLON.finditer(text):
        yield Edit(match.start(), match.start(1), NBSP, match.start(1))


def _is_spanish(text: str, at: int) -> bool:
    """Whether the sentence that ends at `at` began with ¿ or ¡."""
    begin = text[max(0, at - 200) : at]
    return any(begin.rfind(opening) > begin.rfind(text[at]) for opening in "¿¡")


def _guillemets(text: str) -> Iterator[Edit]:
    for match in _OPENING_MARK.finditer(text):
        yield Edit(match.start() + 1, match.end(), NBSP)
    for match in _CLOSING_MARK.finditer(text):
        yield Edit(match.start(), match.end() - 1, NBSP)


def _quotes(text: str) -> Iterator[Edit]:
    """Straight quotes become guillemets where all of a paragraph pair; inches and seconds never do."""
    marks = [match.start() for match in _QUOTE.finditer(text)]
    if not marks or len(marks) % 2 or len(marks) > 200:
        return
    pairs = list(zip(marks[::2], marks[1::2], strict=True))
    if all(_opens(text, a) and _closes(text, b) and b > a + 1 for a, b in pairs):
        for a, b in pairs:
            yield Edit(a, a + 1, f"«{NBSP}")
            yield Edit(b, b + 1, f"{NBSP}»")


def _opens(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return (not before or before in " \n\t([—–-'’" + NBSP + NARROW) and bool(after) and not after.isspace()


def _closes(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return not before.isspace() and (not after or not after.isalnum()) and after != '"'


def _number_spaces(text: str) -> Iterator[Edit]:
    for match in _GROUPS.finditer(text):
        for space in re.finditer(r"[ \u00a0]", match[0]):
            at = match.start() + space.start()
            yield Edit(at, at + 1, NARROW)


def _after_abbreviations(text: str) -> Iterator[Edit]:
    for match in _ABBREVIATION.finditer(text):
        yield Edit(match.end() - 1, match.end(), NBSP)


def _speech(text: str) -> Iterator[Edit]:
    for match in _SPEECH.finditer(text):
        yield Edit(match.end() - 1, match.end(), NBSP)


_RULES: tuple[Rule, ...] = (
    _quotes,
    _guillemets,
    _space_before_high,
    _space_before_colon,
    _replacing(_APOSTROPHE, "’"),
    _replacing(_DOTS, "…"),
    _number_spaces,
    _replacing(_UNIT, NBSP),
    _replacing(_HOUR, NBSP),
    _after_abbreviations,
    _speech,
)
