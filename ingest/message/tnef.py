"""`winmail.dat`: Outlook's Transport Neutral Encapsulation Format, [MS-OXTNEF] sections 2.1 and 2.1.3.4.

Own code: the parser of the Python Package Index (tnefparse 1.4) loops four thousand million times where a count in
the file says so, copies the rest of the file at each attribute, and gives up on a name with an accent. Here each step
moves forward or ends.
"""

from __future__ import annotations

import struct
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.message import charsets
from ingest.model import Attachment

_SIGNATURE = b"\x78\x9f\x3e\x22"
_MAX_ATTRIBUTES = 5_000
_MAX_PROPERTIES = 5_000
_ATTRIBUTE = struct.Struct("<BHHI")  # level, identifier, type, length; the data and two bytes of checksum follow
_U32 = struct.Struct("<I")

_CODEPAGE, _BODY, _PROPERTIES = 0x9007, 0x800C, 0x9003
_NEW_ATTACHMENT, _TITLE, _DATA, _ATTACHMENT_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
# [MS-OXPROPS]: PidTagBody, PidTagHtml, PidTagInternetCodepage; then of PidTagAttach: Filename, LongFilename, MimeTag,
# ContentId, DataBinary.
_TEXT, _HTML, _INTERNET_CODEPAGE = 0x1000, 0x1013, 0x3FDE
_SHORT_NAME, _LONG_NAME, _MIME_TYPE, _CONTENT_ID, _BINARY = 0x3704, 0x3707, 0x370E, 0x3712, 0x3701
_SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = frozenset({0x0D, 0x1E, 0x1F, 0x102})
_WIDE, _MANY, _NAMED = 0x1F, 0x1000, 0x8000


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """The texts and files of a winmail.dat. What it holds as RTF only is not read: the mail has that text too."""

    plain: str | None
    html: str | None
    attachments: tuple[Attachment, ...]


def unpack(data: bytes) -> Unpacked | None:
    """What a TNEF stream holds; None where it is none. One that breaks off gives what stands before. Linear; raises
    nothing.
    """
    if not data.startswith(_SIGNATURE):
        return None
    reading = _Reading()
    for name, value in _attributes(data):
        reading.take(name, value)
    return Unpacked(
        plain=reading.text(_TEXT),
        html=reading.text(_HTML),
        attachments=tuple(found for file in reading.files if (found := _attachment(file, reading.charset))),
    )


@dataclass(slots=True)
class _Reading:
    charset: str = ""
    mail: dict[int, bytes] = field(default_factory=dict)
    files: list[dict[int, bytes]] = field(default_factory=list)

    def take(self, name: int, value: bytes) -> None:
        if name == _CODEPAGE and len(value) >= 4:
            self.charset = _codepage(value)
        elif name == _BODY:
            self.mail.setdefault(_TEXT, value)
        elif name == _PROPERTIES:
            self.mail.update(_properties(value))
        elif name == _NEW_ATTACHMENT:
            self.files.append({})
        elif self.files and name in {_TITLE, _DATA}:
            self.files[-1].setdefault(_SHORT_NAME if name == _TITLE else _BINARY, value)
        elif self.files and name == _ATTACHMENT_PROPERTIES:
            self.files[-1].update(_properties(value))

    def text(self, name: int) -> str | None:
        value = self.mail.get(name, b"")
        charset = _codepage(self.mail[_INTERNET_CODEPAGE]) if _INTERNET_CODEPAGE in self.mail else self.charset
        text = charsets.clean(charsets.decode(value, charset, html=name == _HTML).text)
        return text if text.strip() else None


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Identifier and data of each attribute."""
    position = 6
    for _ in range(_MAX_ATTRIBUTES):
        if position + _ATTRIBUTE.size > len(data):
            return
        _, name, _, size = _ATTRIBUTE.unpack_from(data, position)
        begin = position + _ATTRIBUTE.size
        yield name, data[begin : begin + size]
        position = begin + size + 2


def _properties(data: bytes) -> dict[int, bytes]:
    """The first value of each property, strings of UTF-16 as UTF-8 with its mark. What is malformed ends the list."""
    found: dict[int, bytes] = {}
    position = 4
    try:
        for _ in range(min(_U32.unpack_from(data)[0], _MAX_PROPERTIES)):
            kind, name = struct.unpack_from("<HH", data, position)
            position = _after_name(data, position + 4, name)
            value, position = _value(data, position, kind)
            found.setdefault(name, value)
    except (struct.error, ValueError):
        pass
    return found


def _after_name(data: bytes, position: int, name: int) -> int:
    """A named property says its name: a GUID, then a number or a string."""
    if name < _NAMED:
        return position
    kind, number = struct.unpack_from("<II", data, position + 16)
    return position + 24 if kind == 0 else position + 24 + _padded(number)


def _value(data: bytes, position: int, kind: int) -> tuple[bytes, int]:
    """The first value, and where the next property begins."""
    single = kind & ~_MANY
    count = 1
    if kind & _MANY or single in _VARIABLE:
        count = _U32.unpack_from(data, position)[0]
        position += 4
    first = b""
    for number in range(count):
        size = _SIZES.get(single, -1)
        if single in _VARIABLE:
            size = _U32.unpack_from(data, position)[0]
            position += 4
        if size < 0 or position + size > len(data):
            raise ValueError("a property of no known size")
        if number == 0:
            first = data[position : position + size]
        position += _padded(size) if kind != _MANY | 0x02 else 2
    return (BOM_UTF8 + first.decode("utf-16-le", "ignore").encode() if single == _WIDE else first), position


def _padded(size: int) -> int:
    return size + -size % 4


def _codepage(value: bytes) -> str:
    """The number of a Windows code page as the name of a charset."""
    number = int.from_bytes(value[:4], "little")
    return {65001: "utf-8", 20127: "ascii", 28591: "latin-1", 1200: "utf-16"}.get(number, f"cp{number}")


def _attachment(file: dict[int, bytes], charset: str) -> Attachment | None:
    def line(name: int) -> str:
        return charsets.one_line(charsets.decode(file.get(name, b"").rstrip(b"\0"), charset).text)

    if not file.get(_BINARY):
        return None
    content_id = line(_CONTENT_ID).strip("<> ")
    return Attachment(
        name=line(_LONG_NAME) or line(_SHORT_NAME),
        declared_type=line(_MIME_TYPE).lower() or "application/octet-stream",
        content_id=content_id,
        inline=bool(content_id),
        data=file[_BINARY],
    )
