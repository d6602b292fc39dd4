"""Markdown of an article -> the HTML that a page, a feed and a moderator's preview hold. Pure.

The order is the proof: normalise, guard, Markdown without raw HTML, our own media, then nh3 on the very bytes that will
be published. Cleaning before rendering would not do: Markdown makes live markup again out of text that was clean.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from threading import local
from xml.etree.ElementTree import Element

from markdown import Markdown as Parser
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import Treeprocessor

from ingest.model import Markdown, SafeHtml
from plugins.figures import SIZES, Figures
from plugins.french import French, is_french
from plugins.gate import clean, legal
from plugins.guards import Unrenderable, check
from plugins.inline import Inline

__all__ = ["Unrenderable", "plain_text", "render", "summary"]

SUMMARY_CHARACTERS = 280


def render(
    body: Markdown,
    *,
    media_url: Callable[[str], str] | str = "medias/",
    size: SIZES = lambda _name: None,
    known: Callable[[str], bool] = lambda _name: True,
    notes: str = "note",
    lang: str = "",
) -> SafeHtml:
    """The HTML of `body`: tables, footnotes and sane lists, no raw HTML, no attribute lists, only our own media.

    `media_url` makes an address of a media name, or is what stands before it. `size` tells a picture's width and height
    in pixels, `known` whether a medium is there: one that is not leaves its words. `notes` begins the ids of footnotes,
    so that several articles may stand on one page. A text whose `lang` (BCP 47) is French is set as French has it.

    Raises `Unrenderable` for a text that is too long, too deep or would take too long; nothing else.
    """
    text = unicodedata.normalize("NFC", legal(body))
    check(text)
    address = media_url if callable(media_url) else media_url.__add__
    press = _press(is_french(lang))
    press.figures.begin(address, size, known)
    press.notes.begin(notes)
    try:
        html = press.parser.reset().convert(text)
    except RecursionError:
        _PRESSES.kept = {}  # whatever it was at is not finished
        raise Unrenderable("too-deep") from None
    return clean(html, ours=press.figures.made | press.notes.made)


def plain_text(html: SafeHtml) -> str:
    """What a reader of `html` sees, one line a block; pictures by their words."""
    return _read(_Words(), html)


def summary(html: SafeHtml, *, most: int = SUMMARY_CHARACTERS) -> str:
    """The first sentences of `html`, as plain text of at most `most` characters; cut between words if need be.

    Headings, captions and footnotes are left out unless there is nothing else.
    """
    text = " ".join((_read(_Sentences(), html, most) or plain_text(html)).split("\n"))
    if len(text) <= most:
        return text
    start = text[:most]
    end = max(start.rfind(mark) for mark in (". ", "! ", "? ", "… "))
    if end > most // 3:
        return start[: end + 1].rstrip()
    return start[: max(start.rfind(" "), most // 2)].rstrip(" ,;:") + "…"


class _Notes(Treeprocessor):
    """Footnotes named by us: the ids of Python-Markdown hold the author's own label."""

    def begin(self, prefix: str) -> None:
        """Before each text."""
        self.prefix = prefix
        self.made: set[str] = set()

    def run(self, root: Element) -> None:
        """Rename ids and what points to them; an address within the page that points to no note goes."""
        names: dict[str, str] = {}
        for element in root.iter():
            if old := element.get("id"):
                names[f"#{old}"] = f"#{self.prefix}-{len(names) + 1}"
                element.set("id", names[f"#{old}"][1:])
        for link in root.iter("a"):
            href = link.get("href", "")
            if href.startswith("#"):
                link.attrib.pop("href")
                if href in names:
                    link.set("href", names[href])
        self.made = set(names.values())


class _Headings(Treeprocessor):
    """The one h1 of a page is its title."""

    def run(self, root: Element) -> None:
        """Every h1 becomes h2."""
        for element in root.iter():
            if element.tag == "h1":
                element.tag = "h2"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Press:
    """A parser with the parts of it that are ours: making one takes as long as a short text."""

    parser: Parser
    figures: Figures
    notes: _Notes


_PRESSES = local()
"""One for each kind of text and thread."""


def _press(french: bool) -> _Press:  # noqa: FBT001
    kept: dict[bool, _Press] = _PRESSES.__dict__.setdefault("kept", {})
    if french not in kept:
        figures, notes = Figures(), _Notes()
        kept[french] = _Press(parser=_parser(figures, notes, french), figures=figures, notes=notes)
    return kept[french]


def _parser(figures: Figures, notes: _Notes, french: bool) -> Parser:  # noqa: FBT001
    footnotes = FootnoteExtension(
        BACKLINK_TITLE="Revenir au texte, note {}",
        BACKLINK_TEXT="↩",
        PLACE_MARKER="\x03mur\x03",  # no text can hold it: footnotes always stand at the end
    )
    parser = Parser(extensions=[TableExtension(), SaneListExtension(), footnotes], output_format="html")
    parser.preprocessors.deregister("html_block")
    parser.inlinePatterns.deregister("html")
    parser.treeprocessors.register(Inline(parser), "inline", 20)  # in place of its own
    # After footnotes were doubled (15) and before line breaks are set (10).
    parser.treeprocessors.register(_Headings(), "mur-headings", 14)
    parser.treeprocessors.register(notes, "mur-notes", 13)
    parser.treeprocessors.register(figures, "mur-figures", 12)
    if french:
        # After backslash escapes were taken back (0): until then, a sign is not yet the sign that it stands for.
        parser.treeprocessors.register(French(), "mur-french", -1)
    return parser


_PART = 1_000
"""Characters of HTML that are read first, where its beginning is all that is asked for; then twice as many, and so on,
so that looking whether it is enough costs no more than reading."""


def _read(reader: _Words, html: SafeHtml, most: int | None = None) -> str:
    """The text of `html`; with `most`, no more of it than makes sure that it is longer than that, and how it begins."""
    at, size = 0, len(html) if most is None else _PART
    while at < len(html):
        reader.feed(html[at : at + size])
        at, size = at + size, 2 * size
        if most is not None and len(found := _lines(reader)) > most + 1:
            return found
    reader.close()
    return _lines(reader)


def _lines(reader: _Words) -> str:
    lines = (" ".join(line.split()) for line in "".join(reader.words).split("\n"))
    return "\n".join(filter(None, lines))


_BLOCKS = frozenset(
    {"p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "div", "tr"}
) | frozenset({"figure", "figcaption", "table"})


class _Words(HTMLParser):
    """Text of HTML that nh3 wrote, without the marks of footnotes."""

    skipped = frozenset({"sup"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a line."""
        if tag in _BLOCKS:
            self.words.append("\n")
        self._skipping += tag in self.skipped and tag != "img"
        if tag == "img" and "img" not in self.skipped:
            self.handle_data(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        """A block ends its line, a cell its word."""
        if tag in _BLOCKS:
            self.words.append("\n")
        elif tag in {"td", "th"}:
            self.words.append(" ")
        self._skipping -= tag in self.skipped

    def handle_data(self, data: str) -> None:
        """Characters."""
        if not self._skipping:
            self.words.append(data)


class _Sentences(_Words):
    """The same without what is no sentence. A `div` is the footnotes."""

    skipped = _Words.skipped | {"h2", "h3", "h4", "h5", "h6", "figure", "div", "pre", "table", "img"}
