"""Encoded words of header fields (RFC 2047), as tolerant as mail clients are.

Read as they are sent: broken across lines, cut in the middle of a character, without their closing `?=`, with spaces or
question marks inside, glued to their neighbours, in a charset that they do not name rightly.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

from ingest.message import charsets

_START = re.compile(r"=\?([^?\s=]{1,60})\?([bBqQ])\?")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
_MAX = 20_000
"""Characters of a field that are decoded: no subject is longer, and 2,000 encoded words are enough for any."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring words of one charset, whose bytes belong together (a character may be cut between them)."""

    charset: str
    data: bytes


def decode(raw: bytes) -> str:
    """The text of an unstructured field on one line: encoded words decoded, the rest by the ladder of `charsets`.

    `raw` is a field's value with its folds as LF. Linear; raises nothing.
    """
    return decode_text(charsets.decode(raw).text)


def decode_text(text: str) -> str:
    """Same as `decode`, for a value that is text already."""
    return charsets.one_line("".join(piece if isinstance(piece, str) else _text(piece) for piece in _pieces(text)))


def canonical(text: str) -> str:
    """The same value with each encoded word as RFC 2047 has it, in UTF-8, for a parser that trusts what it is given."""
    pieces = [piece if isinstance(piece, str) else _encoded(_text(piece)) for piece in _pieces(text)]
    return charsets.one_line(" ".join(pieces))


def _pieces(text: str) -> list[str | _Run]:
    """Plain text and runs of encoded words, in turn."""
    text = text[:_MAX]
    pieces: list[str | _Run] = []
    position = 0
    starts = list(_START.finditer(text))
    for index, start in enumerate(starts):
        limit = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        close = text.find("?=", start.end(), limit)
        _plain(pieces, text[position : start.start()])
        _word(pieces, start[1], start[2], text[start.end() : close if close >= 0 else limit])
        position = close + 2 if close >= 0 else limit
    _plain(pieces, text[position:], last=True)
    return pieces


def _encoded(text: str) -> str:
    """At most 45 bytes a word, so that it stays within 75 characters (RFC 2047 section 2)."""
    chunks = (charsets.one_line(text)[start : start + 11].encode() for start in range(0, len(text), 11))
    return " ".join(f"=?utf-8?B?{binascii.b2a_base64(chunk, newline=False).decode()}?=" for chunk in chunks if chunk)


def _plain(pieces: list[str | _Run], between: str, *, last: bool = False) -> None:
    """White space between two encoded words is not shown (RFC 2047 section 6.2)."""
    if not between or (not last and not between.strip() and pieces and isinstance(pieces[-1], _Run)):
        return
    pieces.append(between.replace("\n", " "))


def _word(pieces: list[str | _Run], charset: str, encoding: str, text: str) -> None:
    data = _base64(text) if encoding in "bB" else _quoted(text)
    charset = charset.lower()
    previous = pieces[-1] if pieces else None
    if isinstance(previous, _Run) and previous.charset == charset:
        pieces[-1] = _Run(charset, previous.data + data)
    else:
        pieces.append(_Run(charset, data))


def _base64(text: str) -> bytes:
    letters = _NOT_BASE64.sub("", text)
    letters = letters[:-1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + "=" * (-len(letters) % 4))


def _quoted(text: str) -> bytes:
    joined = text.replace("=\n", "").replace("\n", "")
    return binascii.a2b_qp(joined.encode("utf-8", "surrogateescape"), header=True)


def _text(run: _Run) -> str:
    return charsets.decode(run.data, run.charset).text
