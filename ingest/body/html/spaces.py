"""Blanks, lines and paragraphs: where HTML shows a space, a new line or an empty one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import partial

from ingest.body import runs
from ingest.body.blocks import Break, Inline, Text
from ingest.body.markdown.literal import printable
from ingest.body.runs import Run


class Token(Enum):
    """What parts lines: the edge of a paragraph, the edge of a line, a line break."""

    PARAGRAPH = "p"
    LINE = "l"
    BREAK = "br"


_OTHER = r"\t\r\n\f\v\xa0\u2002-\u200a\u202f\u205f\u3000"
_BLANKS = re.compile(rf"[{_OTHER}][ {_OTHER}]*| [ {_OTHER}]+")
"""A series of blanks, but for one space by itself, which stays as it is."""
_UNBREAKABLE = "\xa0\u202f"


def paragraphs(tokens: Sequence[Run | Token]) -> Iterator[tuple[Inline, ...]]:
    """The inlines of each paragraph, a `Break` between its lines.

    A block's edge ends a line only where something stands in it; `<br>` always does, so that `<div><br></div>` and
    `<br><br>` are an empty line, which parts paragraphs, and a `<br>` at the end of a block is not.
    """
    lines: list[list[Run]] = []
    for line in _lines(tokens):
        if line:
            lines.append(line)
        elif lines:
            yield _paragraph(lines)
            lines = []
    if lines:
        yield _paragraph(lines)


def _lines(tokens: Sequence[Run | Token]) -> Iterator[list[Run]]:
    """Runs of each line; an empty list for an empty line and for the edge of a paragraph."""
    line: list[Run] = []
    for token in (*tokens, Token.PARAGRAPH):
        if isinstance(token, Run):
            line.append(token)
            continue
        filled = not all(run.blank for run in line)
        if filled:
            yield line
        elif token is Token.BREAK or _held_open(line):
            yield []
        if token is Token.PARAGRAPH:
            yield []
        line = []


def _held_open(line: Sequence[Run]) -> bool:
    """A block that holds a no-break space and nothing else is as high as a line."""
    return any("\xa0" in run.leaf.text for run in line if isinstance(run.leaf, Text))


def _paragraph(lines: Sequence[Sequence[Run]]) -> tuple[Inline, ...]:
    joined: list[Run] = []
    for line in lines:
        if joined:
            joined.append(Run(Break()))
        joined.extend(line)
    return runs.nest(runs.tidy(typographic(joined)))


def typographic(leaves: Sequence[Run]) -> list[Run]:
    """Each series of blanks as one: unbreakable where French sets one, else a space. Nothing invisible stays.

    Pictures, breaks and code count as letters for what stands beside them.
    """
    texts = [printable(run.leaf.text) if isinstance(run.leaf, Text) else "\x00" for run in leaves]
    whole = "".join(texts)
    done: list[Run] = []
    start = 0
    for run, text in zip(leaves, texts, strict=True):
        end = start + len(text)
        if isinstance(run.leaf, Text):
            done.append(Run(Text(_BLANKS.sub(partial(_blank, whole, start), text)), *run.style))
        else:
            done.append(run)
        start = end
    return done


def _blank(whole: str, at: int, found: re.Match[str]) -> str:
    """What stands for a series of blanks, by the characters beside it in the whole paragraph."""
    blanks = found[0]
    if not any(kind in blanks for kind in _UNBREAKABLE):
        return " "
    before, after = at + found.start(), at + found.end()
    previous = whole[before - 1] if before else ""
    following = whole[after] if after < len(whole) else ""
    unbreakable = "\u202f" if "\u202f" in blanks else "\xa0"
    if (following and following in ";:!?»%€") or previous == "«":
        return unbreakable
    numeric = (previous.isdigit() and following.isalnum()) or previous == "°"
    return unbreakable if len(blanks) == 1 and numeric else " "
