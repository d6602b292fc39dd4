"""French typography of a line and of a document: never inside an address, an hour or code. Pure.

The source stays as its author wrote it: this is done when a page is rendered, on text alone. Only what a French reader
would call a mistake is mended, and a second pass changes nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

from plugins.typography import Edit, apply, edits

_PASSES = 5
"""At most: a quote that becomes a guillemet may ask for the space of the sign behind it."""
_HOLE = "\ufffc"
"""Stands for what is not text (a picture, code) while a sentence is looked at (Unicode: object replacement)."""


def french(text: str) -> str:
    """One line or paragraph of plain text, set as French has it."""
    for _pass in range(_PASSES):
        asked = edits(text)
        if not asked:
            break
        text = apply(text, asked)
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
    asked = edits(text)
    starts = [edit.start for edit in asked]
    start = 0
    for piece in pieces:
        end = start + len(piece.text)
        # An insertion between two pieces belongs to the one that it stands before.
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        first -= first > 0 and asked[first - 1].end > start
        mine = [
            Edit(max(e.start, start) - start, min(e.end, end) - start, e.text if e.start >= start else "")
            for e in asked[first:last]
        ]
        if piece.element is not None and mine:
            done = apply(piece.text, mine)
            piece.text = done
            if piece.tail:
                piece.element.tail = done
            else:
                piece.element.text = done
        start = end
    return bool(asked)
