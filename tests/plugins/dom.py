"""What a browser would make of some HTML, and what in it could act. html5lib parses as the HTML standard says.

Knows nothing of our gate: its own lists, so that a mistake in the one is not a mistake in the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

TAGS = (
    {"p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "sup", "a", "ul", "ol", "li", "blockquote", "code"}
    | {"pre", "div", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "img", "audio"}
)  # fmt: skip
ATTRIBUTES = (
    {"href", "src", "alt", "title", "class", "id", "start", "width", "height", "loading", "decoding", "controls"}
    | {"preload", "rel", "type"}
)  # fmt: skip
_ADDRESSES = frozenset(
    {"href", "src", "action", "formaction", "data", "poster", "cite", "xlink:href", "srcset", "background"}
)
_ACTING = frozenset(
    {"script", "iframe", "object", "embed", "form", "base", "style", "svg", "math", "meta", "link", "input"}
)
_LINK = re.compile(r"(?:https?://|mailto:|tel:|#)", re.IGNORECASE)
_OURS = re.compile(r"(?:\.{0,2}/)*(?:https://mur\.example\.org/)?medias/[0-9a-f]{16}\.[a-z0-9]{2,5}")


def fragment(html: str) -> Element:
    """The tree of a body's HTML."""
    return html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)


def page(html: str) -> Element:
    """The tree of a whole page."""
    return html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)


def elements(tree: Element) -> Iterator[Element]:
    """All of them but comments and the container."""
    for element in tree.iter():
        if element is not tree:
            yield element


def faults(html: str) -> list[str]:
    """What a published body must not hold."""
    found = []
    for element in elements(fragment(html)):
        if not isinstance(element.tag, str) or element.tag not in TAGS:
            found.append(f"<{element.tag}>")
            continue
        found += [
            f"{element.tag}@{name}={value}" for name, value in element.attrib.items() if not _fine(element, name, value)
        ]
    return found


def acting(html: str) -> list[str]:
    """What in a whole page could act, the theme's own doing included: to be held beside a harmless page's."""
    found = []
    for element in page(html).iter():
        if not isinstance(element.tag, str):
            found.append("comment")
            continue
        if element.tag in _ACTING:
            found.append(f"<{element.tag}>")
        for name, value in element.attrib.items():
            if str(name).lower().startswith("on") or name == "style":
                found.append(f"{element.tag}@{name}")
            elif name in _ADDRESSES and _leads_astray(name, value):
                found.append(f"{element.tag}@{name}={value}")
    return sorted(found)


def _leads_astray(name: str, value: str) -> bool:
    address = re.sub(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029\ufeff]", "", value)
    scheme = re.match(r"(?:javascript|data|vbscript|file|blob):|\|", address, re.IGNORECASE)
    return bool(scheme) or (name == "src" and "evil" in value)


def _fine(element: Element, name: str, value: str) -> bool:
    if name not in ATTRIBUTES:
        return False
    if name == "href":
        return bool(_LINK.match(value) or _OURS.fullmatch(value)) and not re.search(r"[{}|]", value)
    return bool(_OURS.fullmatch(value)) if name == "src" else True
