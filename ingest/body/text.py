"""A tree of blocks as plain text: what a reader sees, without any mark of Markdown and without escapes. Pure."""

from __future__ import annotations

from collections.abc import Iterator

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
    Picture,
    Preformatted,
    Quote,
    Rule,
    Table,
    Text,
)
from ingest.body.markdown.literal import printable


def write(blocks: Blocks) -> str:
    """Blocks as text: a blank line between them, `- ` and `1. ` for items, `> ` for quotes, links as their text.

    Pictures are left out (their description is no text of the author), rules are `* * *`. No final newline.
    """
    return "\n\n".join(_blocks(blocks))


def line(inlines: tuple[Inline, ...]) -> str:
    """Inlines as text, a `Break` as a newline."""
    return "".join(_inline(inline) for inline in inlines)


def _blocks(blocks: Blocks) -> Iterator[str]:
    for block in blocks:
        if text := _block(block):
            yield text


def _block(block: Block) -> str:
    match block:
        case Paragraph(children) | Heading(_, children):
            return line(children).strip()
        case Quote(children):
            return "\n".join(f"> {row}".rstrip() for row in write(children).split("\n")) if children else ""
        case Marked(_, children):
            return write(children)
        case List():
            return _list(block)
        case _:
            return _drawn(block)


def _drawn(block: Preformatted | Table | Rule) -> str:
    match block:
        case Preformatted(text):
            return printable(text).strip("\n")
        case Table(rows):
            return "\n".join(" | ".join(line(cell).replace("\n", " ").strip() for cell in row) for row in rows)
        case Rule():
            return "* * *"


def _list(block: List) -> str:
    written = []
    for number, item in enumerate(block.items, start=block.start or 0):
        mark = "- " if block.start is None else f"{number}. "
        single = all(isinstance(inner, Paragraph | List) for inner in item) and len(item) < 3
        inside = ("\n" if single else "\n\n").join(_blocks(item))
        written.append(mark + inside.replace("\n", "\n" + " " * len(mark)))
    return "\n".join(written)


def _inline(inline: Inline) -> str:
    match inline:
        case Text(text) | Code(text):
            return printable(text)
        case Break():
            return "\n"
        case Picture():
            return ""
        case _:
            return line(inline.children)
