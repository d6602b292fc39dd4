"""Addresses and numbers that emphasis or a link cuts in two are put together, so that they can be known. Pure, linear.

Word and Outlook part a run of letters wherever somebody corrected one; people make half of a number bold.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from ingest.body.blocks import Block, Code, Heading, Inline, Paragraph, Table, Text
from ingest.body.contacts import may_hold
from ingest.body.runs import Run, flatten, nest, tidy

_TWO = 2
"""Runs at least, for one to end inside of a match."""


def whole(block: Block, patterns: Sequence[re.Pattern[str]]) -> Block:
    """The block, with each match of a pattern of `contacts` in one piece, in the style of its beginning."""
    match block:
        case Paragraph(children) | Heading(_, children):
            mended = _mended(children, patterns)
            return block if mended is children else replace(block, children=mended)
        case Table(rows):
            return Table(tuple(tuple(_mended(cell, patterns) for cell in row) for row in rows))
    return block


def _mended(children: tuple[Inline, ...], patterns: Sequence[re.Pattern[str]]) -> tuple[Inline, ...]:
    runs = list(flatten(children))
    if len(runs) < _TWO:
        return children
    texts = [run.leaf.text if isinstance(run.leaf, Text | Code) else "\n" for run in runs]
    line, edges = "".join(texts), [0, *accumulate(map(len, texts))]
    moved = _moved(edges, line, patterns)
    if moved == edges:
        return children
    return nest(tidy(_with(run, line[start:end]) for run, (start, end) in zip(runs, pairwise(moved), strict=True)))


def _moved(edges: Sequence[int], line: str, patterns: Sequence[re.Pattern[str]]) -> list[int]:
    """Each edge inside of a match, at its end."""
    worthwhile = [pattern for pattern in patterns if may_hold(pattern, line)]
    matches = sorted(found.span() for pattern in worthwhile for found in pattern.finditer(line))
    moved, number = [], 0
    for edge in edges:
        while number < len(matches) and matches[number][1] <= edge:
            number += 1
        start, end = matches[number] if number < len(matches) else (edge, edge)
        moved.append(end if start < edge else edge)
    return moved


def _with(run: Run, text: str) -> Run:
    return replace(run, leaf=type(run.leaf)(text)) if isinstance(run.leaf, Text | Code) else run
