"""Any mail's HTML -> few elements of our own: what is hidden, remote or a client's furniture is named and left out.

One walk over the tree without recursion, which writes as it goes. Every element is asked of the steps in `STEPS`, in
order; the first that knows it says what is written for it. Nothing of the mail's own markup is copied: elements and
attributes are written anew, paragraphs and lines are only marked where they part (`<br data-mur="p">`, `"l"`), and
emphasis and links are written around each piece of text, so that what comes out is shallow and well-formed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html import escape

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from ingest.body.html.clients import FROM_HERE, Mark, mark_of
from ingest.body.html.gate import MARK
from ingest.model import Removed, Why

MAX_DEPTH = 40
"""Of what is written; what is nested deeper keeps its text and its lines."""

PARAGRAPH = f'<br {MARK}="p">'
LINE = f'<br {MARK}="l">'
_EDGES = re.compile(rf"(?:{PARAGRAPH}|{LINE})(?:[ \t\r\n]*(?:{PARAGRAPH}|{LINE}))+")
"""Of elements that stand in one another, with nothing between them: one says as much as all."""
_UNSEEN = re.compile(r"[\u00ad\u034f\u200b-\u200f\u2007\ufeff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What an element inherits."""

    strong: bool = False
    emphasis: bool = False
    href: str = ""
    code: bool = False
    lines: bool = False
    """Whether a line break in the source is one on the screen (`white-space: pre-wrap`)."""
    pre: bool = False
    tiny: bool = False
    cell: bool = False
    data: bool = False
    """Inside a table that stays one."""
    marked: str = ""
    """What reaches from here to its parent's end, and so what stands in it too."""
    rows: bool = False
    """Inside a table whose rows are lines."""
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is written for an element: before it, after it, and how its children are read (None: not at all)."""

    opening: str = ""
    closing: str = ""
    state: State | None = None
    deep: bool = False
    """Whether `opening` and `closing` are an element that holds others."""


SKIP = Step()


@dataclass(slots=True)
class Notes:
    """What the walk found: facts of the whole tree, and what was left out."""

    heading_shift: int = 0
    blank_lines: bool = False
    removed: list[Removed] = field(default_factory=list)
    warnings: dict[str, None] = field(default_factory=dict)

    def remove(self, why: Why, text: str) -> None:
        shown = " ".join(_UNSEEN.sub("", text).split())[:5_000]
        if shown and (not self.removed or self.removed[-1] != Removed(why=why, text=shown)):
            self.removed.append(Removed(why=why, text=shown))

    def warn(self, warning: str | None) -> None:
        if warning and len(self.warnings) < 100:
            self.warnings[warning] = None


Rule = Callable[[Tag, State, Notes], Step | None]


@dataclass(slots=True)
class _Frame:
    children: Iterator[PageElement]
    closing: str
    state: State


def normalise(tree: BeautifulSoup, steps: tuple[Rule, ...], notes: Notes) -> str:
    """The tree as markup of our own; what was left out is added to `notes`. Linear.

    A mail may hold several documents one after the other: Apple Mail's texts around a picture, a list's footer below.
    """
    written = "".join(_written(tree, steps, notes))
    return _EDGES.sub(lambda edges: PARAGRAPH if PARAGRAPH in edges[0] else LINE, written)


def _written(root: Tag, steps: tuple[Rule, ...], notes: Notes) -> Iterator[str]:
    frames = [_Frame(iter(root.contents), "", State())]
    while frames:
        frame = frames[-1]
        child = next(frame.children, None)
        if child is None:
            yield frame.closing
            frames.pop()
        elif isinstance(child, Tag):
            opening, inner = _entered(child, frame, steps, notes)
            yield opening
            if inner is not None:
                frames.append(inner)
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            yield _text(str(child), frame.state, notes)


def _entered(tag: Tag, frame: _Frame, steps: tuple[Rule, ...], notes: Notes) -> tuple[str, _Frame | None]:
    step = next((found for rule in steps if (found := rule(tag, frame.state, notes)) is not None), SKIP)
    opening, closing = step.opening, step.closing
    if step.deep and frame.state.depth >= MAX_DEPTH:
        opening = closing = LINE
    mark = _mark(tag) if step.state is not None or tag.name == "hr" else None
    if mark is not None and frame.state.depth < MAX_DEPTH and not frame.state.cell:
        before, after = _around(mark, frame)
        opening, closing = before + opening, closing + (after or PARAGRAPH)
    if step.state is None:
        return opening + closing, None
    inside = _deeper(step.state, deep=step.deep or mark is not None)
    if inside.marked != frame.state.marked:
        inside = replace(inside, marked=frame.state.marked)
    return opening, _Frame(iter(tag.contents), closing, inside)


def _deeper(state: State, *, deep: bool) -> State:
    if not deep:
        return state
    return replace(state, depth=state.depth + 1)


def _around(mark: Mark, frame: _Frame) -> tuple[str, str]:
    """What opens and closes a marked piece; one that reaches to its parent's end is closed by the parent's frame."""
    opening = f'<div {MARK}="m:{mark.marker}">'
    if mark.reach != FROM_HERE:
        return opening, "</div>"
    if mark.marker == frame.state.marked:
        return "", ""
    frame.closing = "</div>" + frame.closing
    frame.state = replace(_deeper(frame.state, deep=True), marked=mark.marker)
    return opening, ""


def _mark(tag: Tag) -> Mark | None:
    """The mark of an element, or of the one element that fills it where that reaches beyond (Word wraps its header)."""
    mark = mark_of(tag)
    for _ in range(3):
        if mark is not None or tag.name != "div":
            break
        filled = [child for child in tag.contents[:8] if isinstance(child, Tag) or str(child).strip()]
        if len(filled) != 1 or len(tag.contents) > 8 or not isinstance(filled[0], Tag):
            break
        tag = filled[0]
        inner = mark_of(tag)
        mark = inner if inner is not None and inner.reach == FROM_HERE else None
    return mark


def _text(text: str, state: State, notes: Notes) -> str:
    if state.tiny and text.strip():
        notes.remove(Why.HIDDEN, text)
        return " "
    if state.pre:
        return escape(text, quote=False)
    if state.lines and text.strip():
        return "<br>".join(_styled(line, state) for line in text.replace("\r", "").split("\n"))
    return _styled(text, state)


def _styled(text: str, state: State) -> str:
    shown = escape(text, quote=False)
    if not text.strip():
        return shown
    if state.code:
        shown = f"<code>{shown}</code>"
    if state.emphasis:
        shown = f"<i>{shown}</i>"
    if state.strong:
        shown = f"<b>{shown}</b>"
    return linked(shown, state)


def linked(markup: str, state: State) -> str:
    """A piece of markup inside the link that it inherits."""
    return f'<a href="{escape(state.href)}">{markup}</a>' if state.href else markup
