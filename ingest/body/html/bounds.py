"""What a mail's markup may cost, decided by linear scans before any tree is built, and once the tree is."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

from ingest.body.markdown.literal import printable
from ingest.errors import BadMessage

MARKUP_FACTOR = 5
"""Markup may be this many times the bytes that text may be; style sheets, half of a mail from Word, are cut first."""
MAX_ELEMENTS = 30_000
MAX_DEPTH = 1_500
MAX_WRITTEN = 7_000
"""Tags of the normalised markup: bleach takes a tenth of a millisecond for each."""

_SKIPPED = re.compile(r"<!--|<(style|script|xml|o:[a-z]+settings|svg|math)\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_DATA = re.compile(r"(data:[\w/+.;=-]{0,80},)[A-Za-z0-9+/=%\s_-]{40,}")


def prune(markup: str) -> str:
    """The markup without comments, style sheets, scripts and the bytes of `data:` pictures, which nobody reads.

    What is not closed stays for the parser. Linear: each kind of closing mark is looked for until it is missing once.
    Raises `BadMessage("too-long")` for more comments than a tree may have elements.
    """
    if markup.count("<!--") > MAX_ELEMENTS:
        raise BadMessage("too-long", f"HTML of more than {MAX_ELEMENTS} comments")
    markup = printable(markup)
    kept: list[str] = []
    missing: set[str] = set()
    at = 0
    for found in _SKIPPED.finditer(markup):
        if found.start() < at:
            continue
        closing = f"</{found[1].lower()}" if found[1] else "-->"
        end = _after(markup, closing, found.end(), missing)
        if end:
            kept.append(markup[at : found.start()])
            at = end
    kept.append(markup[at:])
    return _DATA.sub(r"\1", "".join(kept))


def _after(markup: str, closing: str, start: int, missing: set[str]) -> int:
    if closing in missing:
        return 0
    pattern = re.escape(closing) + ("" if closing == "-->" else r"[^>]{0,200}>")
    found = re.compile(pattern, re.IGNORECASE).search(markup, start)
    if found is None:
        missing.add(closing)
        return 0
    return found.end()


def check_markup(markup: str, text_bytes: int) -> None:
    """Raises `BadMessage("too-long")` for more bytes or more tags than a mail of that much text has."""
    if len(markup.encode(errors="replace")) > MARKUP_FACTOR * text_bytes:
        raise BadMessage("too-long", f"HTML of more than {MARKUP_FACTOR * text_bytes} bytes")
    if markup.count("<") > 2 * MAX_ELEMENTS + 2_000:
        raise BadMessage("too-long", f"HTML of more than {MAX_ELEMENTS} elements")


def check_tree(tree: BeautifulSoup) -> None:
    """Raises `BadMessage` `too-long` or `too-deep` for a tree beyond what is read."""
    level, count, depth = [tree.contents], 0, 0
    while level:
        depth += 1
        children = [child for contents in level for child in contents]
        count += len(children)
        level = [inner for child in children if (inner := getattr(child, "contents", None))]
        if depth > MAX_DEPTH:
            raise BadMessage("too-deep", f"HTML nested deeper than {MAX_DEPTH}")
    if count > 4 * MAX_ELEMENTS:
        raise BadMessage("too-long", f"HTML of more than {4 * MAX_ELEMENTS} nodes")


def check_normal(markup: str, text_bytes: int) -> None:
    """Raises `BadMessage("too-long")` for more text, or more pieces of it, than a contribution may have."""
    if len(_TAG.sub("", markup).encode(errors="replace")) > text_bytes:
        raise BadMessage("too-long", f"text of more than {text_bytes} bytes")
    if markup.count("<") > MAX_WRITTEN:
        raise BadMessage("too-long", f"text of more than {MAX_WRITTEN} pieces")
