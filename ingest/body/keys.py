"""The public keys of posts, `[mur-142]`, as they come back in subjects and addresses. Pure and linear.

Subjects are mangled on their way: brackets become parentheses, hyphens another kind of hyphen, letters capitals; a
web address's `%5B` or HTML's `&#91;` is left as it is; an encoded word loses its end. What may be cut is no key:
`[mur-14` at the end of a subject may have been `[mur-142]`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote

_DASHES = "\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
_TO_HYPHEN = str.maketrans(dict.fromkeys(_DASHES, "-"))
_UNSEEN = str.maketrans(dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", ""))
_NUMBER = r"(?P<number>[1-9][0-9]{0,8})"
_BRACKETED = re.compile(
    rf"\[\s{{0,9}}mur\s{{0,3}}[-_.]?\s{{0,3}}{_NUMBER}\s{{0,9}}\]"
    rf"|[({{<«]\s{{0,9}}mur\s{{0,3}}[-_]\s{{0,3}}{_NUMBER.replace('number', 'other')}\s{{0,9}}[)}}>»]",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?<![\w\[({{<«.@+-])mur-{_NUMBER}(?![\w@+-]|[.,][0-9])", re.IGNORECASE)
_UNCLOSED = re.compile(rf"[\[(]\s{{0,3}}mur\s{{0,3}}-\s{{0,3}}{_NUMBER}(?=\s+[^\W\d])", re.IGNORECASE)
_LEFT_OVER = re.compile(r"=([0-9A-F]{2})", re.IGNORECASE)
_IN_TEXT = re.compile(
    rf"\\?[\[(]\s{{0,3}}mur\s{{0,3}}[-_.{_DASHES}]\s{{0,3}}[1-9][0-9]{{0,8}}\s{{0,3}}\\?[\])](?!\()", re.IGNORECASE
)
_LONGEST = 2_000
_MAY_BE_CUT = 60
"""Characters from which on a key that ends a subject may have lost a digit."""


def named(subject: str) -> tuple[int, ...]:
    """The numbers of the posts that a subject names, each once, in order."""
    text = _plain(subject[:_LONGEST])
    found = [(match.start(), match["number"] or match["other"]) for match in _BRACKETED.finditer(text)]
    rest = _BRACKETED.sub(lambda match: " " * len(match[0]), text)
    found += [(match.start(), match["number"]) for match in _UNCLOSED.finditer(rest)]
    found += [
        (match.start(), match["number"])
        for match in _BARE.finditer(rest)
        if match.end() < len(rest.rstrip()) or len(rest) < _MAY_BE_CUT
    ]
    return tuple(dict.fromkeys(int(number) for _at, number in sorted(found)))


def tagged(values: Iterable[str], own: Iterable[str]) -> tuple[int, ...]:
    """The numbers behind the `+` of one of our own addresses (RFC 5233) in header fields that name recipients."""
    text = "\n".join(value[:_LONGEST] for value in values)
    found: list[int] = []
    for address in own:
        local, _at, domain = address.partition("@")
        whole = rf"(?<![\w.+-]){re.escape(local)}\+mur-{_NUMBER}@{re.escape(domain)}(?![\w.-])"
        found += [int(match["number"]) for match in re.finditer(whole, text, re.IGNORECASE)]
    return tuple(dict.fromkeys(found))


def without(text: str) -> str:
    """A text, or Markdown, without keys in brackets; what stood around them is left with one space."""
    if "mur" not in text.casefold():
        return text
    return re.sub(r"(?<=\S) {2,}(?=\S)", " ", _IN_TEXT.sub("", text)) if _IN_TEXT.search(text) else text


def _plain(subject: str) -> str:
    text = html.unescape(subject) if "&#" in subject else subject
    text = unquote(text) if "%5b" in text.casefold() or "%2d" in text.casefold() else text
    if "=?" in text:  # an encoded word that lost its end: RFC 2047's "Q" is still readable
        text = _LEFT_OVER.sub(lambda match: chr(int(match[1], 16)), text).replace("_", " ")
    text = unicodedata.normalize("NFKC", text.translate(_UNSEEN).translate(_TO_HYPHEN)).translate(_TO_HYPHEN)
    return " ".join(text.split())
