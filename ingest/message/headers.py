"""The header block of a mail or of one of its parts: fields in order, as bytes, within limits.

Nothing of a mail is handed to a parser before it went through here, so the limits stand in one place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.errors import BadMessage
from ingest.message import charsets
from ingest.settings import Limits

_MAX_FIELDS = 2000
_MAX_VALUE = 100_000
"""Bytes of one field; Postfix's `header_size_limit` (102,400)."""

# RFC 5322 section 3.2.2; a bare CR or LF, or CR CR LF, ends a line too, as every client reads it.
_LINE = re.compile(rb"([^\r\n]*)(\r{1,3}\n|\n|\r|\Z)")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_KNOWN = re.compile(
    rb"(?:from|to|cc|bcc|subject|date|message-id|in-reply-to|references|reply-to|sender|mime-version|received|return-path"
    rb"|delivered-to|authentication-results|dkim-signature|arc-[a-z-]+|user-agent"
    rb"|content-[a-z-]+|x-[a-z-]+|list-[a-z-]+)[ \t]*:",
    re.IGNORECASE,
)
_MBOX = re.compile(rb">?From [^\r\n]*(?:\r?\n|\r)")
_FOLD = re.compile(rb"(?:\r{1,3}\n|\n|\r)[ \t]*")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: lower-case name, value as it stood, folds as a single LF."""

    name: str
    raw: bytes

    @property
    def text(self) -> str:
        """The value on one line. Bytes beyond ASCII are UTF-8 where they can be (RFC 6532), else cp1252; encoded
        words stay.
        """
        return charsets.one_line(charsets.decode(self.raw).text)


@dataclass(frozen=True, slots=True)
class Header:
    """The fields, in order, and where the body begins."""

    fields: tuple[Field, ...]
    body: int

    def all(self, name: str) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.name == name)

    def first(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)


def start(raw: bytes) -> int:
    """Where the header begins: after blank lines, a byte order mark, an mbox's "From " line or another that is none."""
    position = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    while position < len(raw) and raw[position] in b"\r\n \t":
        position += 1
    match = _MBOX.match(raw, position)
    if match is None and not _FIELD.match(raw, position):
        garbage = _LINE.match(raw, position, position + 2_000)
        match = garbage if garbage and _KNOWN.match(raw, garbage.end()) else None
    return match.end() if match else position


def split(raw: bytes, begin: int, end: int, limits: Limits) -> Header:
    """The fields that stand at `raw[begin:end]`. A line that can be none begins the body, as if a blank line were
    there.

    Raises `BadMessage` `header-too-large` or `too-many-fields`.
    """
    lines: list[tuple[bytes, bytes]] = []
    position = begin
    while position < end:
        match = _LINE.match(raw, position, end)
        if match is None or not match[1]:
            position = match.end() if match else position
            break
        if match[1][:1] in b" \t":
            _continued(lines, match[1])
        elif field := _FIELD.match(match[1]):
            lines.append((field[1], match[1][field.end() :]))
        elif not (lines and _KNOWN.match(raw, match.end(), end)):
            break
        position = match.end()
        _guard(position - begin, len(lines), limits)
    return Header(tuple(Field(_name(name), _folded(value)) for name, value in lines), position)


def _continued(lines: list[tuple[bytes, bytes]], text: bytes) -> None:
    if lines and len(lines[-1][1]) < _MAX_VALUE:
        name, value = lines[-1]
        lines[-1] = (name, value + b"\n" + text.lstrip(b" \t"))


def _guard(size: int, count: int, limits: Limits) -> None:
    if size > limits.header_bytes:
        raise BadMessage("header-too-large", f"a header of more than {limits.header_bytes} bytes")
    if count > _MAX_FIELDS:
        raise BadMessage("too-many-fields", f"more than {_MAX_FIELDS} header fields")


def _name(name: bytes) -> str:
    return name.decode("ascii", "replace").lower()


def _folded(value: bytes) -> bytes:
    return _FOLD.sub(b"\n", value[:_MAX_VALUE]).strip(b" \t\n")
