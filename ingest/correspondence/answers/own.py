"""An answer's own words: without what it quotes, without its signature, without our own letter. Pure and linear.

`ingest.body.cut` knows how clients quote. Where one quotes in a way of its own, the line "##- … -##" at the head of
our letters and the code at their end tell what is ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.body import lines as body_lines
from ingest.body.blocks import Block
from ingest.body.cut import cut
from ingest.body.lines import Line
from ingest.body.plain import read_plain
from ingest.correspondence.answers.carriers import CODE
from ingest.model import Contribution, UntrustedHtml
from ingest.settings import Limits

ABOVE = re.compile(r"##- .{1,90} -##")
"""What our letters begin with, in every language: "##- Répondez au-dessus de cette ligne -##"."""
_AS_A_REPLY = "Re: "
"""`cut` asks the subject whether a mail is a forward; an answer to us never is one, whatever its client calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What somebody wrote."""

    blocks: tuple[Block, ...]
    lines: tuple[Line, ...]
    """The same, line by line; a line whose `depth` is not 0 quotes."""


def own(mail: Contribution, *, limits: Limits) -> Own:
    """The sender's own part of an answer; empty where there is none. Raises `BadMessage` for what is beyond limits."""
    if mail.html is not None:
        from ingest.body.html import read_html  # and with it BeautifulSoup, for whoever really reads an answer

        blocks = read_html(UntrustedHtml(mail.html), text_bytes=limits.text_bytes).blocks
    else:
        blocks = read_plain((mail.plain or "")[: limits.text_bytes])
    left = cut(blocks, subject=_AS_A_REPLY)
    if "only-quoted" in left.warnings:
        return Own(blocks=(), lines=())
    lines = body_lines.read(left.blocks)
    kept = _without_ours(lines)
    return Own(
        blocks=body_lines.sift(left.blocks, kept),
        lines=tuple(line for line, stays in zip(lines, kept, strict=True) if stays),
    )


def _without_ours(lines: tuple[Line, ...]) -> list[bool]:
    """Which lines are not our own letter, as far as its first and its last line can still be seen."""
    kept = [True] * len(lines)
    first = next((n for n, line in enumerate(lines) if ABOVE.search(line.plain)), None)
    last = next((n for n in range(len(lines) - 1, -1, -1) if CODE.search(lines[n].plain)), None)
    if first is None and last is not None:
        return [False] * len(lines)  # our letter, without its head: nobody can tell where it begins
    if first is not None:
        end = last + 1 if last is not None and last > first else len(lines)
        kept[first:end] = [False] * (end - first)
    return kept
