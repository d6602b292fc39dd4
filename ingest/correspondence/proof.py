"""A draft as a letter shows it to whoever decides: the words of the page in plain text, and the page's own HTML.

Made from the draft alone: what a mask hides, what was removed and the mail's header are not in it and cannot come out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ingest.body import text as plain_text
from ingest.body.blocks import Inline, Link, Picture, Text
from ingest.body.tree import rewrite
from ingest.errors import BadMessage, Refused
from ingest.model import Draft, SafeHtml, UntrustedHtml
from ingest.words import _
from plugins.guards import Unrenderable

_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")
_DOCUMENT = re.compile(r"(?<!!)\[((?:[^\]\\\n]|\\.)*)\]\(media:([0-9a-f]{16}\.[a-z0-9]{1,8})\)")
_CID = "cid:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a letter shows of a draft."""

    text: str
    """As published: `[image 1 : its description]` for a picture, `words <https://…>` for a link."""
    pictures: tuple[Picture, ...]
    """In the order of their numbers; each source is `media:NAME`."""
    links: tuple[tuple[str, str], ...]
    """What a link shows and where it leads."""
    documents: tuple[tuple[str, str], ...]
    """The same of documents and sounds that are published with it; the second is `media:NAME`."""


def proof(draft: Draft) -> Proof:
    """The plain text of a draft. Raises `Refused` for one that could not be a page."""
    from ingest.body.html import read_html  # it and Markdown are slow to import, and most commands show no letter
    from plugins.rendering import render

    try:
        markup = render(draft.body, media_url=_cid, lang=draft.lang)
        blocks = read_html(UntrustedHtml(markup), text_bytes=10 * len(markup) + 1000).blocks
    except (Unrenderable, BadMessage) as error:
        raise Refused(_("ce texte ne peut pas être montré ({why})").format(why=error)) from None
    pictures: list[Picture] = []
    links: list[tuple[str, str]] = []

    def told(inline: Inline) -> tuple[Inline, ...]:
        match inline:
            case Picture(source, alt):
                pictures.append(Picture(f"media:{source.removeprefix(_CID)}", alt))
                return (Text(picture_words(len(pictures), alt)),)
            case Link(href, children):
                shown = plain_text.line(children)
                links.append((shown, href))
                return children if shown in {href, href.removeprefix("mailto:")} else (*children, Text(f" <{href}>"))
        return (inline,)

    text = plain_text.write(rewrite(blocks, told))
    documents = tuple((_unescaped(words), f"media:{name}") for words, name in _DOCUMENT.findall(draft.body))
    return Proof(text=text, pictures=tuple(pictures), links=tuple(links), documents=documents)


def page(draft: Draft, *, document_url: str, known: Callable[[str], bool]) -> SafeHtml:
    """The body as the page has it; a picture that is `known` as `cid:NAME`, another one by its words.

    Raises `Refused`.
    """

    from plugins.rendering import render

    def address(name: str) -> str:
        return f"{_CID}{name}" if name.endswith(_PICTURES) else document_url

    def there(name: str) -> bool:
        return not name.endswith(_PICTURES) or known(name)

    try:
        return render(draft.body, media_url=address, known=there, lang=draft.lang)
    except Unrenderable as error:
        raise Refused(str(error)) from None


def picture_words(number: int, alt: str) -> str:
    """How a letter names a picture: `[image 2 : la place le soir]`."""
    return _("[image {n} : {alt}]").format(n=number, alt=alt) if alt else _("[image {n}]").format(n=number)


def media_of(draft: Draft) -> tuple[str, ...]:
    """The names of the pictures that a draft shows, in order, each once."""
    found = re.findall(r"!\[(?:[^\]\\\n]|\\.)*\]\(media:([0-9a-f]{16}\.[a-z0-9]{1,8})", draft.body)
    return tuple(dict.fromkeys(found))


def _cid(name: str) -> str:
    return f"{_CID}{name}"


def _unescaped(words: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", words)
