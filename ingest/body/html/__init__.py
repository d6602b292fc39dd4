"""The HTML of a mail -> blocks, and all that was left out of it. Pure; fetches nothing.

Read top to bottom: bounds, one normalising walk, bleach, then our own conversion. What is published passes another gate
of its own when the page is made (`plugins`).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning

from ingest.body.blocks import Block
from ingest.body.html import bounds
from ingest.body.html.build import build
from ingest.body.html.gate import gate
from ingest.body.html.normal import Notes, normalise
from ingest.body.html.steps import STEPS, is_line
from ingest.body.html.style import holds, within
from ingest.model import Removed, UntrustedHtml


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlRead:
    """What the markup of a mail says."""

    blocks: tuple[Block, ...]
    removed: tuple[Removed, ...]
    """Hidden text, trackers, remote images, addresses of links that may not stand: in the order of the mail."""
    warnings: tuple[str, ...]
    """`link-mismatch: SHOWN -> HOST`, `link-redirect: HOST`, `link-login: HOST`, `link-scheme: SCHEME`."""


def read_html(markup: UntrustedHtml, *, text_bytes: int) -> HtmlRead:
    """Blocks of an HTML body, whatever client wrote it.

    Markers of clients become `Marked` and `Quote.marker`; pictures keep their `cid:` address; links are cleaned by
    `ingest.body.links`. `text_bytes` bounds the text that a reader sees, and five times that the markup.
    Raises `BadMessage`: `too-long`, `too-deep`.
    """
    pruned = bounds.prune(str(markup))
    bounds.check_markup(pruned, text_bytes)
    tree = _parsed(pruned)
    bounds.check_tree(tree)
    notes = _facts(tree)
    ours = normalise(tree, STEPS, notes)
    bounds.check_normal(ours, text_bytes)
    return HtmlRead(blocks=build(gate(ours)), removed=tuple(notes.removed), warnings=tuple(notes.warnings))


def _parsed(markup: str) -> BeautifulSoup:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        return BeautifulSoup(markup, "lxml")


def _facts(tree: BeautifulSoup) -> Notes:
    """What one element cannot know: whether there is a title above all others, whether empty paragraphs part text."""
    blank = any(
        not paragraph.get_text().strip() and not holds(paragraph, "img") and is_line(paragraph)
        for paragraph in within(tree, "p")
    )
    return Notes(heading_shift=int(holds(tree, "h1")), blank_lines=blank)
