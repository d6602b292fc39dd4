"""The last gate: nh3 on the HTML that will be published, whatever came before it.

It knows nothing of Markdown or of bleach and trusts neither: only the tags, attributes and addresses below come out.
Nothing is done to the HTML after it but setting constants around it, or the wall's own address before a media name.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

import nh3

from ingest.model import SafeHtml

TAGS = frozenset(
    {"p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "sup", "a", "ul", "ol", "li", "blockquote"}
    | {"code", "pre", "div", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "img", "audio"}
)
_ATTRIBUTES = {
    "a": {"href", "title", "type"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "audio": {"src", "controls", "preload"},
    "ol": {"start"},
    "li": {"id"},
    "sup": {"id"},
}
_CLASSES = {
    "div": {"footnote"},
    "a": {"footnote-ref", "footnote-backref", "document"},
}
_OUTSIDE = re.compile(r"(?:https?://[^\s/?#]|mailto:|tel:)", re.IGNORECASE)
_SCHEMES = {"http", "https", "mailto", "tel"}
_BRACES = {ord("{"): "%7B", ord("}"): "%7D", ord("|"): "%7C"}
REL = "nofollow ugc"

# Not a character of XML 1.0 (section 2.2, production 2): one of them in a feed stops the whole build.
_ILLEGAL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]+)|([0-9]+));?", re.IGNORECASE)


def legal(text: str) -> str:
    """`text` without what XML forbids, C1 controls and lone surrogates; CR and CRLF become LF."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean(html: str, *, ours: AbstractSet[str]) -> SafeHtml:
    """`html` with nothing in it that could act: safe in a page and in a feed.

    `ours` holds the addresses that we made ourselves (media, `#note-1`): no other one may be relative or a picture's.
    """
    html = legal(_REFERENCE.sub(_legal_reference, html))

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "href":
            if value in ours:
                return value
            return value.translate(_BRACES) if tag == "a" and _OUTSIDE.match(value) else None
        if name == "src":
            return value if value in ours else None
        if name == "id":
            return value if f"#{value}" in ours else None
        if name in {"width", "height", "start"}:
            return value if value.isascii() and value.isdecimal() and len(value) <= 9 else None
        return value

    cleaner = nh3.Cleaner(
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        attribute_filter=attribute,
        url_schemes=_SCHEMES | {url.partition(":")[0] for url in ours if re.match(r"[a-z]+:", url)},
        url_relative="pass_through",
        link_rel=REL,
        strip_comments=True,
    )
    # The character instead of its name: the same to every reader, in a third of the bytes
    return SafeHtml(cleaner.clean(html).replace("&nbsp;", "\u00a0"))


def _legal_reference(match: re.Match[str]) -> str:
    """A character reference that names a forbidden character becomes U+FFFD, which cannot spell another reference."""
    digits, base = (match[1], 16) if match[1] else (match[2], 10)
    digits = digits.lstrip("0")
    if not digits or len(digits) > 7:
        return "\ufffd"
    code = int(digits, base)
    if code > 0x10FFFF or (_ILLEGAL.match(chr(code)) and not 0x80 <= code <= 0x9F):
        return "\ufffd"
    return match.group()
