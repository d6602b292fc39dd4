"""Links that a social network cut short on its page: known by their looks, mended from evidence alone. Pure, linear.

Mastodon shows the first 30 characters of an address, without scheme and `www.`; the ellipsis is a style sheet's and
the rest is hidden (`app/lib/text_formatter.rb`), so that a copy of the text alone loses it. Other programs type the
ellipsis. A link that is cut is never linked and never guessed: it would lead to another page, or to none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from ingest.body import links
from ingest.body.blocks import Block, Blocks, Inline, Link, Text
from ingest.body.lines import seen
from ingest.body.tree import inlines, rewrite
from ingest.relay.addresses import shown, web
from ingest.words import _

SHOWN = 30
"""Characters that Mastodon shows of an address."""
_LEAST, _MOST = 12, 200
_ADDRESS = re.compile(
    r"(?<![\w@./:%-])(?:https?://)?(?:www\.)?(?P<bare>(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}[a-z]{2,12}"
    r"(?:/[^\s<>\"«»…]{0,300})?)(?P<more>…|\.\.\.)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CutLink:
    """An address of which the beginning is known. `whole` is all of it, if the mail itself gives it; else empty."""

    shown: str
    whole: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A tree whose cut links are marked and lead nowhere, or were mended from evidence."""

    blocks: tuple[Block, ...]
    cut: tuple[CutLink, ...]


def cut_in(text: str, *, page: bool = True) -> tuple[str, ...]:
    """The beginnings of addresses that `text` shows cut, in its order.

    With an ellipsis any; without one, on a `page` of Mastodon, those of exactly 30 characters.
    """
    lines = "\n".join(line for line in text.split("\n") if "/" in line)
    found = (_cut(match, page=page) for match in _ADDRESS.finditer(lines))
    return tuple(bare for bare in found if bare)


def _cut(match: re.Match[str], *, page: bool) -> str:
    bare = match["bare"]
    if match["more"]:
        return bare if len(bare) >= _LEAST and "/" in bare else ""
    whole = match[0] != bare and not match[0].lower().startswith("www.")
    return bare if page and len(bare) == SHOWN and "/" in bare and not whole else ""


def mended(beginning: str, evidence: Iterable[str]) -> str:
    """The one whole address of `evidence` that begins so; empty where there is none, or more than one."""
    return _whole(beginning, _prepared(evidence))


def _prepared(evidence: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Each address with what a page would show of it."""
    return tuple((shown(address).lower(), address) for address in islice(filter(web, evidence), _MOST))


def _whole(beginning: str, prepared: Iterable[tuple[str, str]]) -> str:
    words = beginning.lower()
    found = {address for bare, address in prepared if bare.startswith(words) and (bare != words or len(bare) == SHOWN)}
    return found.pop() if len(found) == 1 else ""


def _begins(address: str, beginning: str) -> bool:
    return bool(_whole(beginning, _prepared((address,))))


def evidence_of(blocks: Blocks) -> tuple[str, ...]:
    """Whole addresses that a tree holds: where its links lead, and those typed with their scheme.

    A link that leads exactly where a cut one shows is no evidence: a mail program made it of the cut text.
    """
    found: list[str] = []
    for inline in inlines(blocks):
        if isinstance(inline, Link) and not _made_of_its_text(inline):
            found.append(inline.href)
        elif isinstance(inline, Text):
            typed = (match for match in links.BARE.finditer(inline.text) if match[0][-1] not in "….")
            found += [links.ended(match[0]) for match in typed if len(shown(match[0])) > SHOWN]
    return tuple(dict.fromkeys(filter(web, found)))


def _made_of_its_text(link: Link) -> bool:
    """Whether a program linked a text that looks like an address: Gmail and Outlook write `http://` before it."""
    words = seen(link.children).strip()
    return bool(cut_in(words)) and shown(link.href).rstrip("/") == words.rstrip("….").rstrip("/")


def mark(blocks: Blocks, *, page: bool) -> Marked:
    """The tree with cut links as text that says so, or linked whole where the mail itself gives the rest."""
    marker = _Marker(evidence_of(blocks), page=page)
    whole = rewrite(blocks, marker.link)
    return Marked(blocks=rewrite(whole, marker.text), cut=tuple(marker.cut))


class _Marker:
    """Two walks: links first, that what they show is in full before the texts are read."""

    def __init__(self, evidence: tuple[str, ...], *, page: bool) -> None:
        self.evidence, self.page = _prepared(evidence), page
        self.cut: list[CutLink] = []

    def link(self, inline: Inline) -> tuple[Inline, ...]:
        if not isinstance(inline, Link):
            return (inline,)
        words = seen(inline.children).strip()
        beginnings = cut_in(words)
        if _made_of_its_text(inline):
            return inline.children
        if len(beginnings) == 1 and words.rstrip("….").endswith(beginnings[0]) and _begins(inline.href, beginnings[0]):
            self.cut.append(CutLink(shown=beginnings[0], whole=inline.href))
            return (Link(inline.href, (Text(inline.href),)),)
        return (inline,)

    def text(self, inline: Inline) -> tuple[Inline, ...]:
        if isinstance(inline, Link):
            nested = any(isinstance(child, Link) for child in inline.children)
            return inline.children if nested else (inline,)
        return tuple(self.pieces(inline.text)) if isinstance(inline, Text) else (inline,)

    def pieces(self, words: str) -> Iterator[Inline]:
        end = 0
        for match in _ADDRESS.finditer(words):
            beginning = _cut(match, page=self.page)
            if beginning:
                if match.start() > end:
                    yield Text(words[end : match.start()])
                yield self.one(beginning)
                end = match.end()
        if end < len(words) or not end:
            yield Text(words[end:])

    def one(self, beginning: str) -> Inline:
        whole = _whole(beginning, self.evidence)
        self.cut.append(CutLink(shown=beginning, whole=whole))
        if whole:
            return Link(whole, (Text(whole),))
        return Text(_("{address}… (lien coupé dans le message reçu)").format(address=beginning))
