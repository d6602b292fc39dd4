"""Blocks in the shapes that Markdown can say (see `shape`) as lines of Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.body.blocks import Block, Heading, Inline, List, Paragraph, Preformatted, Quote, Rule, Table
from ingest.body.markdown import inline, literal

_INDENT = " " * 4


def document(blocks: Sequence[Block]) -> str:
    """Blocks parted by blank lines."""
    return "\n\n".join(written for block in blocks if (written := _block(block)))


def _block(block: Block) -> str:
    match block:
        case Paragraph(children):
            return inline.lines(children)
        case Heading(level, children):
            return _heading(level, children)
        case List():
            return _written_list(block, loose=_is_loose(block))
        case Table():
            return _table(block)
        case _:
            return _prefixed_block(block)


def _prefixed_block(block: Block) -> str:
    match block:
        case Quote(children):
            return _prefixed(document(children), "> ")
        case Preformatted(text):
            return _prefixed(literal.printable(text), _INDENT)
        case Rule():
            return "---"
    return ""


def _heading(level: int, children: tuple[Inline, ...]) -> str:
    text = inline.one_line(children, cell=False)
    if not text:
        return ""
    if text.endswith("#"):
        text = f"{text[:-1]}\\#"
    return f"{'#' * level} {text}"


def _prefixed(text: str, prefix: str) -> str:
    return "\n".join(f"{prefix}{row}" if row else prefix.rstrip() for row in text.split("\n")) if text else ""


def _written_list(block: List, *, loose: bool) -> str:
    number = block.start
    written = []
    for item in block.items:
        pieces = [piece for piece in _pieces(item, loose=loose) if piece]
        if not pieces:
            continue
        mark = "- " if number is None else f"{number}. "
        inside = ("\n\n" if loose else "\n").join(pieces)
        written.append(mark + "\n".join(_INDENT + row if row else row for row in inside.split("\n")).lstrip(" "))
        number = None if number is None else number + 1
    return ("\n\n" if loose else "\n").join(written)


def _pieces(item: Sequence[Block], *, loose: bool) -> Iterator[str]:
    for block in item:
        yield _written_list(block, loose=loose) if isinstance(block, List) else _block(block)


def _is_loose(block: List) -> bool:
    """Whether an item holds more than a paragraph and lists: then the whole list has blank lines, or none has."""
    for item in block.items:
        if isinstance(item[0], List) or sum(not isinstance(inner, List) for inner in item) > 1:
            return True
        if len(item) > 2 or any(isinstance(inner, List) and _is_loose(inner) for inner in item):
            return True
    return False


def _table(table: Table) -> str:
    width = max(map(len, table.rows))
    head, *rows = [[inline.one_line(cell, cell=True) for cell in row] for row in table.rows]
    rule = ["---"] * width
    lines = [[*row, *[""] * (width - len(row))] for row in (head, rule, *rows)]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)
