"""Markup as `normal` wrote it and bleach let it through -> blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from ingest.body import runs
from ingest.body.blocks import (
    Block,
    Break,
    Code,
    Heading,
    Inline,
    List,
    Marked,
    Paragraph,
    Picture,
    Preformatted,
    Quote,
    Rule,
    Table,
    Text,
)
from ingest.body.html.gate import MARK
from ingest.body.html.spaces import Token, paragraphs, typographic
from ingest.body.html.style import attribute
from ingest.body.html.wordlists import WordItem, nested
from ingest.body.markdown.shape import compact
from ingest.body.runs import Run

_MARKERS = frozenset({"quote", "forward", "signature", "attribution", "footer"})


def build(markup: str) -> tuple[Block, ...]:
    """The blocks of clean markup. Its depth is bounded, so that this may recurse."""
    tree = BeautifulSoup(f"<body>{markup}</body>", "lxml")
    return _blocks((tree.body or tree).contents)


def _blocks(nodes: Iterable[object]) -> tuple[Block, ...]:
    builder = _Builder()
    builder.read(nodes, Run(Text("")))
    builder.flush()
    return nested(builder.done)


class _Builder:
    """Gathers what stands in lines, and closes the paragraph before each block."""

    def __init__(self) -> None:
        self.done: list[Block | WordItem] = []
        self.tokens: list[Run | Token] = []

    def flush(self) -> None:
        self.done.extend(Paragraph(children) for children in paragraphs(self.tokens))
        self.tokens = []

    def read(self, nodes: Iterable[object], style: Run) -> None:
        for node in nodes:
            if isinstance(node, Tag):
                self._element(node, style)
            elif isinstance(node, NavigableString):
                self.tokens.append(Run(Text(str(node)), *style.style))

    def _element(self, tag: Tag, style: Run) -> None:
        leaf = _LEAVES.get(tag.name)
        if leaf is not None:
            self.tokens.append(leaf(tag, style))
        elif tag.name in _STYLES:
            self.read(tag.contents, _STYLES[tag.name](tag, style))
        elif (make := _BLOCKS.get(tag.name)) is not None and (block := make(tag)) is not None:
            self.flush()
            self.done.append(block)
        else:
            self.flush()
            self.read(tag.contents, style)
            self.flush()


def _quote(tag: Tag) -> Quote:
    return Quote(_blocks(tag.contents), attribute(tag, MARK).removeprefix("q:"))


def _heading(tag: Tag) -> Heading:
    return Heading(int(tag.name[1]), runs.title(_one_line(_blocks(tag.contents))))


def _marked(tag: Tag) -> Block | WordItem | None:
    kind, _, rest = attribute(tag, MARK).partition(":")
    if kind == "m" and rest in _MARKERS:
        return Marked(rest, _blocks(tag.contents))
    if kind == "w":
        level, _, number = rest.partition(":")
        return WordItem(int(level), int(number) if number else None, _blocks(tag.contents))
    return None


def _list(tag: Tag) -> List:
    """Items; a list that stands between two of them, as Gmail and Word write it, belongs to the one before."""
    items: list[tuple[Block, ...]] = []
    loose: list[object] = []
    for node in tag.contents:
        if isinstance(node, Tag) and node.name == "li":
            items.extend(inner for inner in (_blocks(loose), _blocks(node.contents)) if inner)
            loose = []
        elif isinstance(node, Tag) and node.name in {"ul", "ol"} and items:
            items[-1] += (_list(node),)
        else:
            loose.append(node)
    items.extend(inner for inner in (_blocks(loose),) if inner)
    start = str(tag.get("start") or "1")
    return List(tuple(items), None if tag.name == "ul" else int(start) if start.isdecimal() else 1)


def _table(tag: Tag) -> Table:
    rows = [
        tuple(_one_line(_blocks(cell.contents)) for cell in row.find_all("td", recursive=False))
        for row in tag.find_all("tr")
    ]
    return compact(Table(tuple(rows)))


def _one_line(blocks: Sequence[Block]) -> tuple[Inline, ...]:
    """Blocks as the inlines of one cell or heading, a break between them."""
    leaves: list[Run] = []
    for children in _paragraphs(blocks):
        if leaves:
            leaves.append(Run(Break()))
        leaves.extend(runs.flatten(children))
    return runs.nest(runs.tidy(typographic(leaves)))


def _paragraphs(blocks: Sequence[Block]) -> Iterable[tuple[Inline, ...]]:
    for block in blocks:
        match block:
            case Paragraph(children) | Heading(_, children):
                yield children
            case Quote(children) | Marked(_, children):
                yield from _paragraphs(children)
            case List(items):
                for item in items:
                    yield from _paragraphs(item)
            case Preformatted(text):
                yield from ((Code(line.strip()),) for line in text.split("\n") if line.strip())
            case Table(rows):
                yield from (cell for row in rows for cell in row)


_EDGES = {"p": Token.PARAGRAPH, "l": Token.LINE}
_LEAVES: dict[str, Callable[[Tag, Run], Run | Token]] = {
    "br": lambda tag, _style: _EDGES.get(attribute(tag, MARK), Token.BREAK),
    "code": lambda tag, style: Run(Code(tag.get_text()), *style.style),
    "img": lambda tag, style: Run(Picture(attribute(tag, "src"), attribute(tag, "alt")), *style.style),
}
_STYLES: dict[str, Callable[[Tag, Run], Run]] = {
    "b": lambda _tag, style: replace(style, strong=True),
    "i": lambda _tag, style: replace(style, emphasis=True),
    "a": lambda tag, style: replace(style, href=attribute(tag, "href") or None),
}
_BLOCKS: dict[str, Callable[[Tag], Block | WordItem | None]] = {
    "hr": lambda _tag: Rule(),
    "blockquote": _quote,
    "ul": _list,
    "ol": _list,
    "li": lambda tag: List((_blocks(tag.contents),)),
    "pre": lambda tag: Preformatted(tag.get_text().replace("\r\n", "\n").expandtabs(4)),
    "table": _table,
    "div": _marked,
    **{f"h{level}": _heading for level in range(2, 7)},
}
