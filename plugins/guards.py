"""What Python-Markdown could not read in time is refused before it is given to it. Pure, and linear itself.

Python-Markdown 3.11 scans to the end of a block for every bracket that nothing closes, copies a block for every
character it replaces, and recurses for every level of nesting: 3 KB of `[` cost seconds, 1 KB of `- ` a RecursionError.
What a text will cost is told here from counts, in units of about a nanosecond measured on one machine; only their
proportions matter.
"""

from __future__ import annotations

import re

MAX_CHARACTERS = 400_000
"""A mail's text is capped at 200 KB; escaping may double it."""
MAX_DEPTH = 40
BUDGET = 2_000_000_000

_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)*\n")
_BRACKET = re.compile(r"\\.|(?P<open>\[)|(?P<close>\])(?P<target>\()?", re.DOTALL)
_SPECIAL = "\\*_&<!["
_MARK = r"(?:>|[-*+](?=[ \t])|\d+\.(?=[ \t])|\[\^[^\]\n]*\]:)"
_HEAD = re.compile(rf"^(?:[ \t]*+{_MARK})++", re.MULTILINE)
_MARKS = re.compile(_MARK)
_OF_HEADINGS = "#=-_*"
"""A block without one of these has no heading, and no rule."""
_HEADINGS = re.compile(r"^[ ]{0,3}(?:#|=+[ ]*$|(?:[-_*][ ]*){2,}$|-+[ ]*$)", re.MULTILINE)

# Measured on Python-Markdown 3.11.3: what one step costs beside copying one character.
_BACKTICK, _HEADING, _OPEN, _TARGET, _LINE, _NOTE = 36, 45, 1000, 300, 2, 900


class Unrenderable(ValueError):
    """This text is not rendered. `reason` is a word for it: `too-long`, `too-deep` or `too-tangled`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check(text: str) -> None:
    """Raise `Unrenderable` for a text that is too long, nested too deep, or would take seconds to read."""
    if len(text) > MAX_CHARACTERS:
        raise Unrenderable("too-long")
    if any(_depth(head.group()) > MAX_DEPTH for head in _HEAD.finditer(text)):
        raise Unrenderable("too-deep")
    blocks = _BLANK_LINES.split(text)
    purse = _Purse()
    purse.spend(_LINE * len(blocks) ** 2)
    if "]:" in text:
        purse.spend(_NOTE * text.count("[^") ** 2)
    for block in blocks:
        _inline(block, purse)
        _brackets(block, purse)


class _Purse:
    """What may still be spent."""

    def __init__(self) -> None:
        self.left = BUDGET

    def spend(self, units: int) -> None:
        self.left -= units
        if self.left < 0:
            raise Unrenderable("too-tangled")


def _depth(head: str) -> int:
    marks = len(_MARKS.findall(head))
    return marks + sum(4 if c == "\t" else 1 for c in head if c in " \t") // 4


def _inline(block: str, purse: _Purse) -> None:
    specials = sum(map(block.count, _SPECIAL)) + block.count("  \n")
    headings = sum(1 for _ in _HEADINGS.finditer(block)) if any(sign in block for sign in _OF_HEADINGS) else 0
    purse.spend(len(block) * (specials + _BACKTICK * block.count("`") + _HEADING * headings))
    purse.spend(_LINE * block.count("\n") ** 2)


def _brackets(block: str, purse: _Purse) -> None:
    """Each `[` is followed to its `]`, each `](` to its `)`; code between backticks may hide a closing one."""
    if "[" not in block and "]" not in block:
        return
    hidden = "`" in block
    open_at: list[int] = []
    for match in _BRACKET.finditer(block):
        at = match.start()
        if match["open"]:
            open_at.append(at)
            purse.spend(_OPEN * (len(block) - at) * hidden)
        elif match["close"]:
            purse.spend(_OPEN * (at - open_at.pop()) if open_at else 0)
        if match["target"]:
            _shallow(open_at)
            purse.spend(_TARGET * _target(block, match.end()))
    for at in open_at:
        purse.spend(_OPEN * (len(block) - at))


def _shallow(open_at: list[int]) -> None:
    if len(open_at) > MAX_DEPTH:
        raise Unrenderable("too-deep")


def _target(block: str, start: int) -> int:
    """How far the search for the end of a link's target may go: quotes, brackets and parentheses send it to the end."""
    end = block.find(")", start)
    if end < 0 or any(block.find(c, start, end) >= 0 for c in "\"'(") or block.count("<", start, end) > 1:
        return len(block) - start
    return end - start
