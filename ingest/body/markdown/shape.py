"""A tree that Markdown can say: what would be read as something else is turned into what cannot be misread.

Python-Markdown joins neighbouring quotes, lists and code blocks into one, takes an indented block behind a list as part
of its last item, and recurses. So neighbours are joined here, code inside or behind a list becomes lines of inline
code, and depth is bounded. Text is never left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ingest.body import runs
from ingest.body.blocks import (
    Block,
    Blocks,
    Break,
    Code,
    Heading,
    Inline,
    List,
    Marked,
    Paragraph,
    Preformatted,
    Quote,
    Strong,
    Table,
    Text,
)
from ingest.body.markdown.inline import allowed

MAX_DEPTH = 8
"""Lists and quotes inside of each other; what lies deeper is lifted to this depth."""


def shaped(blocks: Blocks, depth: int = 0, *, item: bool = False) -> list[Block]:
    """Blocks with only the shapes that survive. `item` says that they are inside a list item."""
    done: list[Block] = []
    for block in _opened(blocks, depth):
        for piece in _one(block, depth, item=item):
            _join(done, piece)
    return done


def _opened(blocks: Iterable[Block], depth: int) -> Iterator[Block]:
    """Without `Marked`, and without lists and quotes beyond the depth."""
    for block in blocks:
        match block:
            case Marked(_, children):
                yield from _opened(children, depth)
            case Quote(children) if depth >= MAX_DEPTH:
                yield from _opened(children, depth)
            case List(items) if depth >= MAX_DEPTH:
                for inner in items:
                    yield from _opened(inner, depth)
            case _:
                yield block


def _one(block: Block, depth: int, *, item: bool) -> Iterable[Block]:
    match block:
        case Quote(children):
            inner = shaped(children, depth + 1)
            return (Quote(tuple(inner)),) if inner else ()
        case List():
            return _list(block, depth)
        case Paragraph(children):
            return _paragraphs(children)
        case _:
            return _in_item(block) if item else _alone(block)


def _alone(block: Block) -> Iterable[Block]:
    match block:
        case Preformatted(text):
            return (Preformatted(_code(text)),) if text.strip() else ()
        case Heading(level, children):
            title = runs.title(allowed(children))
            return (Heading(min(max(level, 2), 6), title),) if title else ()
        case Table():
            return _table(block)
    return (block,)


def _table(block: Table) -> Iterable[Block]:
    """A table of one row or one column says nothing by being one."""
    table = compact(
        Table(tuple(tuple(runs.nest(runs.tidy(runs.flatten(allowed(cell)))) for cell in row) for row in block.rows))
    )
    if len(table.rows) > 1 and len(table.rows[0]) > 1:
        return (table,)
    return _paragraphs(tuple(_rows(table)))


def compact(table: Table) -> Table:
    """A table whose rows are equally long and without rows and columns that are empty."""
    kept = [row for row in table.rows if any(row)]
    width = max(map(len, kept), default=0)
    used = [column for column in range(width) if any(column < len(row) and row[column] for row in kept)]
    return Table(tuple(tuple(row[column] if column < len(row) else () for column in used) for row in kept))


def _in_item(block: Block) -> Iterable[Block]:
    """What would not be told from the text of a list item, or not end with it, as paragraphs."""
    match block:
        case Preformatted(text):
            return code_lines(text)
        case Heading(_, children):
            return _paragraphs((Strong(children),))
        case Table():
            return _paragraphs(tuple(_rows(block)))
    return ()


def _list(block: List, depth: int) -> Iterator[Block]:
    """An item that begins with a list gives its items to this one: `- - a` is read in several ways."""
    items: list[tuple[Block, ...]] = []
    for old in block.items:
        inner = shaped(old, depth + 1, item=True)
        while inner and isinstance(first := inner[0], List | Quote):
            inner = inner[1:]
            if isinstance(first, List):
                items.extend(first.items)
            else:
                inner = [*shaped(first.children, depth + 1, item=True), *inner]
        if inner:
            items.append(tuple(inner))
    if items:
        start = None if block.start is None else min(max(block.start, 0), 999_999_999)
        yield replace(block, items=tuple(items), start=start)


def _join(done: list[Block], block: Block) -> None:
    """Append, joined with what stands before where Python-Markdown would join them."""
    match done[-1] if done else None, block:
        case Quote(before), Quote(after):
            joined = list(before)
            for piece in after:
                _join(joined, piece)
            done[-1] = Quote(tuple(joined))
        case List() as last, List():
            _join_lists(done, last, block)
        case List(), Preformatted(text):
            done.extend(code_lines(text))
        case Preformatted(before_it), Preformatted(text):
            done[-1] = Preformatted(f"{before_it}\n\n{text}")
        case _:
            done.append(block)


def _join_lists(done: list[Block], last: List, block: List) -> None:
    if last.start is None and block.start is None:
        done[-1] = replace(last, items=last.items + block.items)
    elif last.start is None or block.start is None:
        done.append(block)
    elif block.start == last.start + len(last.items):
        done[-1] = replace(last, items=last.items + block.items)
    else:
        for piece in _numbered(block):
            _join(done, piece)


def _numbered(block: List) -> Iterator[Block]:
    """A list that counts anew right behind another one, as paragraphs that begin with their number."""
    for number, item in enumerate(block.items, start=block.start or 0):
        first, rest = item[0], item[1:]
        if isinstance(first, Paragraph):
            yield Paragraph((Text(f"{number}. "), *first.children))
        else:
            yield from (Paragraph((Text(f"{number}."),)), first)
        yield from rest


def _paragraphs(children: tuple[Inline, ...]) -> Iterator[Paragraph]:
    """Parted where two breaks or more follow each other: Markdown has no empty line inside a paragraph."""
    return map(Paragraph, runs.parted(allowed(children)))


def code_lines(text: str) -> Iterator[Paragraph]:
    """Lines of code as paragraphs of inline code, for where a block of it cannot stand; their indent is lost."""
    pieces: list[Inline] = []
    for line in _code(text).split("\n"):
        pieces.extend((Code(line.strip()), Break()))
    return _paragraphs(tuple(pieces))


def _code(text: str) -> str:
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")]
    while lines and not lines[0]:
        lines.pop(0)
    return "\n".join(lines).rstrip("\n")


def _rows(table: Table) -> Iterator[Inline]:
    for number, row in enumerate(table.rows):
        if number:
            yield Break()
        for column, cell in enumerate(row):
            yield from (Text(" | "), *cell) if column else cell
