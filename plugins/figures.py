"""The wall's own media in an article: `![alt](media:0123456789abcdef.jpg)` becomes a picture, a sound or a document.

A picture of any other address never comes through: its words stay. Runs on Python-Markdown's element tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element, SubElement

from markdown.treeprocessors import Treeprocessor

Size = tuple[int, int]
SIZES = Callable[[str], Size | None]

NAME = re.compile(r"[0-9a-f]{16}\.[a-z0-9]{2,5}")
"""How a media file is called: by the hash of its own bytes, and the extension of its detected type."""
PICTURES = frozenset({"jpg", "jpeg", "png", "webp", "gif", "avif"})
SOUNDS = {
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "m4a": "audio/mp4",
    "wav": "audio/wav",
    "flac": "audio/flac",
}
DOCUMENTS = {"pdf": "application/pdf", "ics": "text/calendar"}
_SCHEME = "media:"


class Figures(Treeprocessor):
    """Resolves the one media scheme, and drops every other picture."""

    def begin(self, address: Callable[[str], str], size: SIZES, known: Callable[[str], bool]) -> None:
        """Before each text."""
        self.address, self.size, self.known = address, size, known
        self.made: set[str] = set()
        """The addresses that were written: the gate lets these through, and no other of their kind."""

    def run(self, root: Element) -> None:
        """Change the tree in place."""
        for parent in list(root.iter()):
            for place, child in reversed(list(enumerate(parent))):
                if child.tag == "p":
                    self._alone(child)
                if child.tag == "a":
                    self._link(child)
                elif child.tag == "img":
                    self._inline(parent, place, child)

    def _alone(self, paragraph: Element) -> None:
        """A medium that is all of its paragraph is a figure, with its title as the caption."""
        if len(paragraph) != 1 or (paragraph.text or "").strip() or (paragraph[0].tail or "").strip():
            return
        child = paragraph[0]
        name = self._name(child.get("src" if child.tag == "img" else "href"))
        if child.tag not in {"img", "a"} or not name:
            return
        kind = name.rpartition(".")[2]
        if child.tag == "img" and kind in PICTURES:
            self._figure(paragraph, self._picture(name, child.get("alt", "")), child.get("title", ""))
        elif kind in SOUNDS:
            words = child.get("alt") or "".join(child.itertext())
            self._figure(paragraph, self._sound(name), "")
            caption = SubElement(paragraph, "figcaption")
            caption.append(self._document(name, words))

    def _figure(self, paragraph: Element, medium: Element, caption: str) -> None:
        tail = paragraph.tail
        paragraph.clear()
        paragraph.tag, paragraph.tail = "figure", tail
        paragraph.append(medium)
        if caption:
            SubElement(paragraph, "figcaption").text = caption

    def _inline(self, parent: Element, place: int, image: Element) -> None:
        name = self._name(image.get("src"))
        kind = (name or "").rpartition(".")[2]
        new: Element | None = None
        if image.get("decoding"):
            return  # made here
        if name and kind in PICTURES:
            new = self._picture(name, image.get("alt", ""))
        elif name and kind in SOUNDS | DOCUMENTS:
            new = self._document(name, image.get("alt", ""))
        if new is not None:
            new.tail = image.tail
            parent[place] = new
        else:
            _replace_by_text(parent, place, (image.get("alt") or "") + (image.tail or ""))

    def _link(self, link: Element) -> None:
        name = self._name(link.get("href"))
        if name and not link.get("type"):
            made = self._document(name, "")
            link.attrib.clear()
            link.attrib.update(made.attrib)

    def _picture(self, name: str, alt: str) -> Element:
        size = self.size(name)
        shape = {"width": str(size[0]), "height": str(size[1])} if size else {}
        return Element("img", {"src": self._made(name), "alt": alt, **shape, "loading": "lazy", "decoding": "async"})

    def _sound(self, name: str) -> Element:
        return Element("audio", {"controls": "controls", "preload": "none", "src": self._made(name)})

    def _document(self, name: str, words: str) -> Element:
        kind = name.rpartition(".")[2]
        type_ = (SOUNDS | DOCUMENTS).get(kind)
        link = Element("a", {"href": self._made(name), **({"type": type_, "class": "document"} if type_ else {})})
        link.text = words.strip() or name
        return link

    def _name(self, address: str | None) -> str:
        """The media name in `media:<name>`; empty for any other address, and where there is no such medium."""
        name = (address or "").removeprefix(_SCHEME)
        return name if address != name and NAME.fullmatch(name) and self.known(name) else ""

    def _made(self, name: str) -> str:
        address = self.address(name)
        self.made.add(address)
        return address


def _replace_by_text(parent: Element, place: int, text: str) -> None:
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    del parent[place]
