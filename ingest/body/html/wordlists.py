"""Word's list items, which follow each other flat, as nested lists. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.body.blocks import Block, List, Marked, Quote


@dataclass(frozen=True, slots=True)
class WordItem:
    """A paragraph that is an item at `level` (from 1); `number` is None for a bullet."""

    level: int
    number: int | None
    children: tuple[Block, ...]


@dataclass(slots=True)
class _Open:
    level: int
    start: int | None
    items: list[list[Block]] = field(default_factory=list)


def nested(blocks: Iterable[Block | WordItem]) -> tuple[Block, ...]:
    """Blocks with each series of items as a list; empty blocks are left out."""
    done: list[Block] = []
    stack: list[_Open] = []
    for block in blocks:
        if isinstance(block, WordItem):
            _add(block, stack, done)
            continue
        _close(stack, 0, done)
        if not isinstance(block, Quote | Marked) or block.children:
            done.append(block)
    _close(stack, 0, done)
    return tuple(block for block in done if not _is_empty(block))


def _add(item: WordItem, stack: list[_Open], done: list[Block]) -> None:
    _close(stack, item.level, done)
    top = stack[-1] if stack else None
    if top is not None and top.level == item.level and (top.start is None) != (item.number is None):
        _close(stack, item.level - 1, done)
        top = stack[-1] if stack else None
    if top is None or top.level < item.level:
        top = _Open(item.level, item.number)
        stack.append(top)
    top.items.append(list(item.children))


def _close(stack: list[_Open], level: int, done: list[Block]) -> None:
    """Finish the lists that are deeper than `level`."""
    while stack and stack[-1].level > level:
        closed = stack.pop()
        finished = List(tuple(tuple(item) for item in closed.items if item), closed.start)
        if stack:
            stack[-1].items[-1].append(finished)
        else:
            done.append(finished)


def _is_empty(block: Block) -> bool:
    return (isinstance(block, List) and not block.items) or getattr(block, "children", True) == ()
