"""Literal text in the dialect of Python-Markdown 3.11 with tables, footnotes and sane_lists.

Only what would mean something where it stands is escaped, since people read and edit this. What a backslash protects is
``\\`*_{}[]()#+-.!>`` and, with tables, ``|``; the rest needs an entity (`markdown.core.Markdown.ESCAPED_CHARS`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

_NO_CHARACTER = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    r"\xad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
"""Controls, surrogates and noncharacters, which no feed may hold (XML 1.0 section 2.2), and characters that are not
seen but change what is: soft hyphens, fillers of preheaders, reversals of direction (Unicode UTS 39 and UTR 36)."""
_FILLER = "\u034f"
"""The one of them that counts as printable to Unicode."""
_SPACES = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")
_ENTITY = re.compile(r"&(?:#[0-9xX]|[a-zA-Z0-9][a-zA-Z0-9.-]*;)")

_BRACKETED = r"\[(?!TOC\])[^\[\]\\`*_<>&{}|!^\n][^\[\]\\`*_<>&{}|\n]{0,60}\]"
_TOKEN = re.compile(rf"{_BRACKETED}|[\\`<&{{|!\[\]]|\*+|_+")
_SMALLER = re.compile(r" |= |3[ !]")
"""What may follow a `<` that is one: `<3@b>` is an address to Python-Markdown, and only a space or `!` ends those."""
_LINE_START = re.compile(
    r"(?P<mark>[#>])|(?P<bullet>[-+](?= |$))|(?P<number>[0-9]+)(?=\.(?: |$))"
    r"|(?P<dashes>-(?=[- ]*$))|(?P<odd>=(?==* *$)|[|:](?=[|: -]*$)|~(?=~~))"
)


def printable(text: str) -> str:
    """Without the characters that are none; lines stay."""
    return text if _is_printable(text) else _NO_CHARACTER.sub("", text)


def _is_printable(text: str) -> bool:
    """Whether nothing has to go, nor any blank but spaces stands in it: seen at a tenth of the price."""
    return text.isprintable() and _FILLER not in text


def text_of(text: str) -> str:
    """One line without the characters that are none."""
    if _is_printable(text):
        return _SPACES.sub(" ", text) if "  " in text else text
    return _SPACES.sub(" ", printable(text))


def inline(text: str, *, before: str = "", after: str = "", linked: bool = False, cell: bool = False) -> str:
    """Text as it may stand inside a line. `before` and `after` are the characters beside it, empty at a line's ends.

    `linked` is for the text of a link or the description of a picture, `cell` for a table cell. Linear.
    """
    text = text_of(text)

    def protect(found: re.Match[str]) -> str:
        token = found[0]
        first = token[0]
        if (first == "]" and not linked) or (first == "|" and not cell):
            return token
        previous = text[found.start() - 1] if found.start() else before
        following = text[found.end()] if found.end() < len(text) else after
        if first == "<":
            ahead = text[found.end() : found.end() + 2] + (after or " ")
            return token if _SMALLER.match(ahead) else "&lt;"
        if first in _MEANS and not (linked and first == "[") and not _MEANS[first](found, previous, following):
            return token
        if first == "[":
            return f"\\{token[:-1]}\\]" if linked and len(token) > 1 else f"\\{token}"
        return "&amp;" if first == "&" else "".join(f"\\{character}" for character in token)

    return _TOKEN.sub(protect, text)


_Means = Callable[[re.Match[str], str, str], bool]
"""Whether a token means something between the characters that stand before and behind it."""


def _star(_found: re.Match[str], previous: str, following: str) -> bool:
    return not previous == following == " "


def _low_line(_found: re.Match[str], previous: str, following: str) -> bool:
    within = previous.isalnum() and following.isalnum()
    return not (within or previous == following == " ")


def _bracket(found: re.Match[str], _previous: str, following: str) -> bool:
    """`[sic]` is text; `[` that nothing closes soon is escaped, since it costs a search to the end of the text."""
    return len(found[0]) == 1 or following in {"(", "[", ":"}


def _backslash(_found: re.Match[str], _previous: str, following: str) -> bool:
    return not (following.isalnum() or following == " ")


def _bang(found: re.Match[str], _previous: str, following: str) -> bool:
    return following == "[" and found.end() == len(found.string)


_MEANS: dict[str, _Means] = {
    "*": _star,
    "_": _low_line,
    "[": _bracket,
    "\\": _backslash,
    "!": _bang,
    "&": lambda found, _previous, _following: bool(_ENTITY.match(found.string, found.start())),
}


def line(rendered: str) -> str:
    """A line that is escaped inside already, such that it begins no heading, list, quote, rule or table."""
    found = _LINE_START.match(rendered)
    if found is None:
        return rendered
    kind, first = found.lastgroup, found[0]
    if kind == "odd":
        return f"&#{ord(first)};{rendered[1:]}"
    return f"{first}\\{rendered[len(first) :]}" if kind == "number" else f"\\{rendered}"


def escape(text: str) -> str:
    """One line of literal text as Markdown: the page shows exactly these characters. Line breaks become spaces."""
    return line(inline(text.strip()))
