"""The lines that a reader sees in a tree of blocks, and the tree again with some of them left out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.body.blocks import (
    Block,
    Break,
    Code,
    Emphasis,
    Heading,
    Inline,
    Link,
    List,
    Marked,
    Paragraph,
    Picture,
    Preformatted,
    Quote,
    Rule,
    Strong,
    Table,
    Text,
)

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]+")
DELIMITERS = "-_=*~#+\u2010\u2011\u2012\u2013\u2014\u2015\u1427\u00b7 "
"""What a divider is made of; U+1427 is what the trackers of Gmail leave at the end of a mail."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds something. `text` is what a reader sees, `plain` the same with ordinary single spaces."""

    text: str
    plain: str
    quotes: tuple[int, ...]
    """The numbers, in reading order, of the `Quote`s around it, outermost first."""
    marker: str
    """What its client says that it is: see `Marked`; empty for nothing."""
    region: int
    """The number of the innermost thing that a client marked, 0 for none."""
    gap: bool
    """Whether a blank line, or the end of a block, stands before it."""
    picture: bool = False

    @property
    def depth(self) -> int:
        """How many quotes it stands in."""
        return len(self.quotes)

    @property
    def solid(self) -> bool:
        """Whether it is more than a divider."""
        return self.picture or bool(self.plain.strip(DELIMITERS))


def seen(children: Iterable[Inline]) -> str:
    """The text of inlines as a reader sees it; a `Break` is a line feed, a picture its description."""
    parts: list[str] = []
    for child in children:
        match child:
            case Text(text) | Code(text):
                parts.append(text)
            case Break():
                parts.append("\n")
            case Picture(alt=alt):
                parts.append(alt)
            case Strong(inner) | Emphasis(inner) | Link(children=inner):
                parts.append(seen(inner))
    return "".join(parts)


def split(children: Sequence[Inline]) -> list[tuple[Inline, ...]]:
    """Inlines, line by line: a break inside of an emphasis or a link parts it in two."""
    lines: list[list[Inline]] = [[]]
    for child in children:
        match child:
            case Break():
                lines.append([])
            case Strong(inner) if _breaks(inner):
                _extend(lines, (Strong(part) for part in split(inner)))
            case Emphasis(inner) if _breaks(inner):
                _extend(lines, (Emphasis(part) for part in split(inner)))
            case Link(href, inner) if _breaks(inner):
                _extend(lines, (Link(href, part) for part in split(inner)))
            case _:
                lines[-1].append(child)
    return [tuple(line) for line in lines]


def _breaks(children: Sequence[Inline]) -> bool:
    return "\n" in seen(children)


def _extend(lines: list[list[Inline]], parts: Iterator[Inline]) -> None:
    lines[-1].append(next(parts))
    lines.extend([part] for part in parts)


def joined(lines: Iterable[tuple[Inline, ...]]) -> tuple[Inline, ...]:
    """The inverse of `split`."""
    children: list[Inline] = []
    for number, line in enumerate(lines):
        if number:
            children.append(Break())
        children.extend(line)
    return tuple(children)


def _pictured(children: Iterable[Inline]) -> bool:
    return any(
        isinstance(child, Picture) or (isinstance(child, Strong | Emphasis | Link) and _pictured(child.children))
        for child in children
    )


def squashed(text: str) -> str:
    """One line of text with ordinary single spaces and nothing unseen."""
    bare = " ".join(text.split())
    return bare if bare.isprintable() else " ".join(_UNSEEN.sub("", text).split())


def blank(line: Iterable[Inline]) -> bool:
    """Whether a line of inlines shows nothing."""
    line = tuple(line)
    return not squashed(seen(line)) and not _pictured(line)


_OURS = {"quote", "forward", "signature", "attribution", "footer"}


class _Reader:
    """Walks a tree once and numbers lines, quotes and marked regions in reading order."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.quotes = self.regions = 0
        self.gap = True

    def blocks(self, blocks: Iterable[Block], inside: tuple[int, ...], marker: str, region: int) -> None:
        for block in blocks:
            self.block(block, inside, marker, region)

    def block(self, block: Block, inside: tuple[int, ...], marker: str, region: int) -> None:
        match block:
            case Quote(children, mark):
                self.quotes += 1
                number = self.quotes
                if mark:
                    self.regions += 1
                    marker, region = "quote", self.regions
                self.blocks(children, (*inside, number), marker, region)
            case Marked(mark, children):
                self.regions += 1
                self.blocks(children, inside, mark if mark in _OURS else marker, self.regions)
            case List(items):
                for item in items:
                    self.blocks(item, inside, marker, region)
            case _:
                self.gap = True
                for row in _rows(block):
                    self.line(row, inside, marker, region)

    def line(self, row: tuple[str, bool], inside: tuple[int, ...], marker: str, region: int) -> None:
        text, picture = row
        plain = squashed(text)
        if plain or picture:
            self.lines.append(Line(text.strip("\n"), plain, inside, marker, region, self.gap, picture))
        self.gap = not (plain or picture)


def _rows(block: Block) -> Iterator[tuple[str, bool]]:
    match block:
        case Paragraph(children) | Heading(children=children):
            for line in split(children):
                yield seen(line), _pictured(line)
        case Preformatted(text):
            for row in text.split("\n"):
                yield row, False
        case Table(rows):
            for cells in rows:
                yield " ".join(seen(cell).replace("\n", " ") for cell in cells), any(map(_pictured, cells))
        case Rule():
            yield "-----", False


def read(blocks: Iterable[Block]) -> tuple[Line, ...]:
    """Every line that is not blank, in reading order."""
    reader = _Reader()
    reader.blocks(blocks, (), "", 0)
    return tuple(reader.lines)


class _Sieve:
    """Walks the tree as `_Reader` does, so that the numbers agree, and lets through the lines that are kept."""

    def __init__(self, kept: Sequence[bool], opened: Collection[int]) -> None:
        self.kept, self.opened = kept, opened
        self.line = self.quotes = 0

    def blocks(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        return tuple(part for block in blocks for part in self.block(block))

    def block(self, block: Block) -> tuple[Block, ...]:
        match block:
            case Quote(children, mark):
                self.quotes += 1
                number = self.quotes
                inner = self.blocks(children)
                return inner if number in self.opened or not inner else (Quote(inner, mark),)
            case Marked(_, children):
                return self.blocks(children)
            case List(items, start):
                left = tuple(item for item in map(self.blocks, items) if item)
                return (List(left, start),) if left else ()
            case Paragraph(children):
                lines = self.sifted(split(children))
                return (Paragraph(joined(lines)),) if lines else ()
            case Heading(level, children):
                lines = self.sifted(split(children))
                return (Heading(level, joined(lines)),) if lines else ()
            case _:
                return self.rows(block)

    def rows(self, block: Block) -> tuple[Block, ...]:
        match block:
            case Preformatted(text):
                rows = [row for row in text.split("\n") if not squashed(row) or self.next()]
                return (Preformatted("\n".join(rows).strip("\n")),) if any(map(squashed, rows)) else ()
            case Table(table):
                left = tuple(cells for cells in table if all(map(blank, cells)) or self.next())
                return (Table(left),) if left else ()
            case Rule():
                return (block,) if self.next() else ()
        return (block,)

    def sifted(self, lines: list[tuple[Inline, ...]]) -> list[tuple[Inline, ...]]:
        left = [line for line in lines if blank(line) or self.next()]
        while left and blank(left[0]):
            left.pop(0)
        while left and blank(left[-1]):
            left.pop()
        return left

    def next(self) -> bool:
        self.line += 1
        return self.kept[self.line - 1]


def sift(blocks: Iterable[Block], kept: Sequence[bool], opened: Collection[int] = ()) -> tuple[Block, ...]:
    """The tree without the lines whose `kept` is false; the quotes numbered in `opened` give way to what they hold.

    `Marked` gives way always, and blocks that nothing is left of are gone.
    """
    return _Sieve(kept, opened).blocks(blocks)


def text(lines: Iterable[Line]) -> str:
    """Lines as they stood in the mail, quote marks included."""
    parts: list[str] = []
    above = 0
    for line in lines:
        if line.gap and parts:
            parts.append("> " * (min(above, line.depth) - 1) + ">" * bool(above and line.depth))
        parts.append("> " * line.depth + line.text)
        above = line.depth
    return "\n".join(parts)
