"""Blocks -> Markdown, in the dialect of Python-Markdown 3.11 with tables, footnotes and sane_lists. Pure.

What is written means exactly the tree and nothing else: every character of a `Text` comes out as itself, and no raw
HTML, no attribute list and no address but http, https, mailto, tel, cid and media is ever written. Rendered, read again
as HTML and written again it is the same text.
"""

from __future__ import annotations

from ingest.body.blocks import Blocks
from ingest.body.markdown.literal import escape
from ingest.body.markdown.shape import shaped
from ingest.body.markdown.write import document
from ingest.model import Markdown

__all__ = ["escape", "write"]


def write(blocks: Blocks) -> Markdown:
    """Blocks as Markdown, without a final newline; empty for no text.

    Headings are level 2 to 6, pictures `![alt](cid:…)` or `![alt](media:…)`, addresses that stand in text `<https://…>`,
    a `Break` two spaces and a newline, nested lists are indented by four. `Marked` is written as what it holds.
    """
    return Markdown(document(shaped(blocks)))
