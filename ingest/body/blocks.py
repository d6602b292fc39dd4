"""The text of a mail as a tree: what HTML and plain text are both read into, and what Markdown is written from.

Nothing here is markup: a `Text` is the characters that a reader sees, untrusted and unescaped. Only
`ingest.body.markdown` turns this into Markdown, and escapes every character that would mean something there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# --- inside a paragraph


@dataclass(frozen=True, slots=True)
class Text:
    """Characters, never markup."""

    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """A line break that the author meant."""


@dataclass(frozen=True, slots=True)
class Code:
    """Inline code."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Strong emphasis."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Emphasis."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link; `href` is http, https, mailto or tel, and was cleaned of trackers."""

    href: str
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that travelled with the mail. `source` is `cid:…` until media exist, then `media:<name>`."""

    source: str
    alt: str


Inline = Text | Break | Code | Strong | Emphasis | Link | Picture

# --- blocks


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Inlines; a `Break` parts its lines."""

    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 2 to 6: 1 is the title of the page."""

    level: int
    children: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quotation. `marker` names the client's own mark of a quoted reply (`gmail_quote` …), or is empty."""

    children: tuple[Block, ...]
    marker: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """`start` is None for bullets."""

    items: tuple[tuple[Block, ...], ...]
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Preformatted:
    """Lines that stand as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A data table: the first row is its head. Layout tables never become one."""

    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A thematic break."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Blocks in which a client put something that is not what the author wrote.

    `marker` is one of `quote` (a quoted reply), `forward` (a forwarded message, header lines included), `signature`,
    `attribution` ("Le … a écrit :") and `footer`.
    """

    marker: str
    children: tuple[Block, ...]


Block = Paragraph | Heading | Quote | List | Preformatted | Table | Rule | Marked
Blocks = Sequence[Block]
