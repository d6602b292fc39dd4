"""A text/plain body as a tree: its lines, its blank lines and its `>` marks, and nothing decided."""

from __future__ import annotations

import re

from ingest.body.blocks import Block, Inline, Paragraph, Picture, Quote, Text
from ingest.body.lines import joined

MAX_DEPTH = 20
"""Quotes nested deeper stand at this depth: nobody reads them apart, and the tree stays shallow."""
_PICTURE = re.compile(r"\ufffc<([^<>\s]{1,300})>")
"""What `ingest.message.bodies` writes for a picture between two texts."""
_MARKS = re.compile(r"(?: ?>)+ ?")
_CLOSING = re.compile(r">[^<>]{0,40}[:：]\s*")
"""The rest of "… <jean@example.org" when a client wrapped its own attribution there: "> a écrit :"."""


def read_plain(text: str) -> tuple[Block, ...]:
    """The blocks of a text whose lines end with LF and whose format=flowed lines (RFC 3676) were joined.

    A line stays a line (parted by `Break`), blank lines part paragraphs, `>` marks (RFC 3676 section 4.5, with
    or without spaces between them) nest in `Quote`. Trailing white space goes; indentation stays.
    """
    root: list[Block] = []
    stack: list[list[Block]] = [root]
    lines: list[str] = []

    def paragraph() -> None:
        if lines:
            stack[-1].append(Paragraph(joined((_inline(line),) for line in lines)))
            lines.clear()

    for raw in text.split("\n"):
        depth, line = (0, raw.rstrip()) if _CLOSING.fullmatch(raw) and _open(lines) else _measured(raw)
        if depth != len(stack) - 1 and (line or depth):
            paragraph()
            _move(stack, depth)
        if line:
            lines.append(line)
        else:
            paragraph()
    paragraph()
    _move(stack, 0)
    return tuple(root)


def _inline(line: str) -> Inline:
    found = _PICTURE.fullmatch(line)
    return Picture(f"cid:{found[1]}", "") if found else Text(line)


def _open(lines: list[str]) -> bool:
    """Whether the last lines hold a `<` that none of them closes."""
    last = "".join(lines[-3:])
    return len(last) < 400 and last.count("<") > last.count(">")


def _measured(raw: str) -> tuple[int, str]:
    found = _MARKS.match(raw)
    if found is None:
        return 0, raw.rstrip()
    return min(found[0].count(">"), MAX_DEPTH), raw[found.end() :].rstrip()


def _move(stack: list[list[Block]], depth: int) -> None:
    while len(stack) - 1 > depth:
        inner = stack.pop()
        if inner:
            stack[-1].append(Quote(tuple(inner)))
    while len(stack) - 1 < depth:
        stack.append([])
