"""Walking and rewriting the tree of `ingest.body.blocks`. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

from ingest.body.blocks import (
    Block,
    Blocks,
    Emphasis,
    Heading,
    Inline,
    Link,
    List,
    Marked,
    Paragraph,
    Quote,
    Strong,
    Table,
)

Rewrite = Callable[[Inline], tuple[Inline, ...]]
"""What stands in the place of one inline; children were rewritten before."""


def inlines(blocks: Blocks) -> Iterator[Inline]:
    """Every inline of a tree, depth first, parents before children."""
    for block in blocks:
        for children in _runs(block):
            yield from _nested(children)


def rewrite(blocks: Blocks, each: Rewrite) -> tuple[Block, ...]:
    """The tree with each inline replaced; paragraphs, headings and quotes that are then empty are gone."""
    return tuple(done for block in blocks if (done := _block(block, each)) is not None)


def _runs(block: Block) -> Iterator[tuple[Inline, ...]]:
    match block:
        case Paragraph() | Heading():
            yield block.children
        case Quote() | Marked():
            yield from chain.from_iterable(map(_runs, block.children))
        case List():
            yield from chain.from_iterable(map(_runs, chain.from_iterable(block.items)))
        case Table():
            yield from chain.from_iterable(block.rows)


def _nested(children: tuple[Inline, ...]) -> Iterator[Inline]:
    for child in children:
        yield child
        if isinstance(child, Strong | Emphasis | Link):
            yield from _nested(child.children)


def _block(block: Block, each: Rewrite) -> Block | None:
    match block:
        case Paragraph():
            children = _inline(block.children, each)
            return Paragraph(children) if children else None
        case Heading(level):
            children = _inline(block.children, each)
            return Heading(level, children) if children else None
        case Quote() | Marked():
            inner = rewrite(block.children, each)
            return replace(block, children=inner) if inner else None
        case List():
            items = tuple(item for old in block.items if (item := rewrite(old, each)))
            return replace(block, items=items) if items else None
        case Table():
            return Table(tuple(tuple(_inline(cell, each) for cell in row) for row in block.rows))
    return block


def _inline(children: tuple[Inline, ...], each: Rewrite) -> tuple[Inline, ...]:
    done: list[Inline] = []
    for child in children:
        if isinstance(child, Strong | Emphasis | Link):
            inner = _inline(child.children, each)
            again = Link(child.href, inner) if isinstance(child, Link) else type(child)(inner)
            done.extend(each(again) if inner else ())
        else:
            done.extend(each(child))
    return tuple(done)
