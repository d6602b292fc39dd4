"""What the sheet of the week is made from: which articles, and what of their texts can stand on paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from plugins.agenda import Entry, entries
from plugins.lists import open_relays

DAYS = 7
_WIDE = 700
"""Pixels: enough for a picture of 87 mm at 200 dots an inch."""
_SKIPPED = frozenset({"figcaption", "table", "pre", "svg", "audio", "sup"})
_BLOCKS = frozenset({"p", "li", "blockquote", "div", "section", "dt", "dd", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What the sheet of a moment is made from; an article may stand in two of the three."""

    since: datetime
    posts: tuple[Any, ...]
    """In the order of the site: the newest first."""
    relays: tuple[Any, ...]
    """Those that may still be signed, the one that ends first before the others."""
    dates: tuple[Entry, ...]
    """Events to come, the first before the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The first one of a text; `path` is from the root of the site, without a slash."""

    path: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One post on the sheet, with as much of it as there is room for."""

    article: Any
    texts: tuple[str, ...]
    """Plain paragraphs; a line break in one is a line break."""
    picture: Picture | None
    begun: bool
    """Whether there is more of it on the wall."""


def read(articles: Iterable[Any], *, now: datetime) -> Week:
    """All that the sheet of `now` reads: the posts of the last seven days with today, the relays that may be signed,
    and the events to come. No other article can change it.
    """
    everything = tuple(articles)
    since = (now - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    relays = open_relays(everything)
    listed = {id(it) for it in relays}
    coming = (it for it in entries(everything, now=now) if it.article.event is not None and not it.event.over)
    return Week(
        since=since,
        posts=tuple(it for it in everything if since <= it.date <= now and id(it) not in listed),
        relays=relays,
        dates=tuple(coming),
    )


def note(article: Any) -> Note:
    """The whole of `article`: its paragraphs as plain text and its first picture. A table, a recording or a listing
    stays on the wall, and the note is then `begun`.
    """
    reader = _Reader()
    reader.feed(str(article.get_content("")))
    reader.close()
    reader.flush()
    return Note(article=article, texts=tuple(reader.texts), picture=reader.picture, begun=reader.left)


class _Reader(HTMLParser):
    """Reads what the gate let through, which is well formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.picture: Picture | None = None
        self.left = False
        self._said: list[str] = []
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._inside += 1
            self.left = self.left or tag in {"table", "pre", "audio"}
        elif tag == "br":
            self._said.append("\n")
        elif tag == "img":
            self._img({name: value or "" for name, value in attrs})
        elif tag in _BLOCKS:
            self.flush()
            if tag == "li":
                self._said.append("– ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._inside = max(0, self._inside - 1)
        elif tag in _BLOCKS:
            self.flush()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self._said.append(" ".join(data.split(" ")).replace("\n", " "))

    def flush(self) -> None:
        """What was said since is a paragraph."""
        lines = (" ".join(filter(None, line.split(" "))) for line in "".join(self._said).split("\n"))
        text = "\n".join(lines).strip()
        self._said.clear()
        if text and text != "–":
            self.texts.append(text)

    def _img(self, attrs: dict[str, str]) -> None:
        width, height = attrs.get("width", ""), attrs.get("height", "")
        if self.picture is None and width.isdecimal() and height.isdecimal() and int(width) and int(height):
            path = _narrow(attrs).lstrip("/")
            self.picture = Picture(path=path, alt=attrs.get("alt", ""), width=int(width), height=int(height))


def _narrow(attrs: dict[str, str]) -> str:
    """The narrowest of its copies that is wide enough for paper; the picture itself where there is none."""
    copies = (copy.split() for copy in attrs.get("srcset", "").split(","))
    wide = {int(width[:-1]): path for path, width in (it for it in copies if len(it) == 2) if width[:-1].isdecimal()}
    enough = [width for width in wide if width >= _WIDE]
    return wide[min(enough)] if enough else attrs.get("src", "")
