"""The MIME tree of a mail (RFC 2045 and 2046), walked over the bytes themselves, within limits.

Own code where mail-parser and the standard library would serve: they decode every attachment on the way, recurse
without bound, lose what follows a wrong boundary, and open attached messages as if they were ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ingest.errors import BadMessage
from ingest.message import headers, parameters, smime, transfer
from ingest.message.headers import Header
from ingest.settings import Limits

MALFORMED = "malformed"
"""Warning: the structure of the mail is broken, and was read as clients read it."""

_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+", re.ASCII)
_CLOSE = re.compile(rb"(--)?[ \t]*(?:\r{1,3}\n|\n|\r|\Z)")
_LINE_END = re.compile(rb"\r{0,3}\n|\r")
_GUESS = re.compile(rb"(?:\A|[\r\n])--([^\s][^\r\n]{0,199}?)[ \t]*(?:\r?\n|\r)content-[a-z-]+[ \t]*:", re.IGNORECASE)
_MAX_BOUNDARY = 2048  # Postfix's mime_boundary_length_limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A node. `children` is empty for a leaf, whose undecoded bytes are `raw`."""

    type: str
    """`text/plain`, in lower case and always with a slash."""
    parameters: Mapping[str, str]
    disposition: str
    name: str
    content_id: str
    encoding: str
    raw: bytes = b""
    position: int = 0
    """Its place in the mail, counted from 1."""
    children: tuple[Part, ...] = ()

    @property
    def kind(self) -> str:
        """The main type, `text` say."""
        return self.type.partition("/")[0]

    @property
    def data(self) -> bytes:
        """The bytes of a leaf with its transfer encoding undone."""
        return transfer.decode(self.raw, self.encoding)


@dataclass(frozen=True, slots=True)
class Mail:
    """The header of a mail, its tree, and warnings on how it was built."""

    header: Header
    root: Part
    warnings: tuple[str, ...]


def parse(raw: bytes, limits: Limits) -> Mail:
    """The tree of `raw`, in time linear in its size (at most `limits.depth` passes).

    Raises `BadMessage`: `empty`, `no-header`, `header-too-large`, `too-many-fields`, `too-many-parts`, `too-deep`.
    """
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    begin = headers.start(raw)
    if begin >= len(raw):
        raise BadMessage("empty", "no byte that means something")
    header = headers.split(raw, begin, len(raw), limits)
    if not header.fields:
        raise BadMessage("no-header", "does not begin with a header field")
    walk = _Walk(raw, limits)
    root = walk.built(header, len(raw), 0, "text/plain")
    return Mail(header, root, tuple(dict.fromkeys(walk.warnings)))


@dataclass(slots=True)
class _Walk:
    raw: bytes
    limits: Limits
    count: int = 0
    warnings: list[str] = field(default_factory=list)

    def built(self, header: Header, end: int, depth: int, default: str) -> Part:
        """The part whose header was read and whose body ends at `end`."""
        self.count += 1
        position = self.count
        if self.count > self.limits.parts:
            raise BadMessage("too-many-parts", f"more than {self.limits.parts} parts")
        if depth > self.limits.depth:
            raise BadMessage("too-deep", f"parts nested deeper than {self.limits.depth}")
        content = parameters.parse(header.first("content-type"))
        disposition = parameters.parse(header.first("content-disposition"))
        kind = _type(content.head, default)
        children = self._children(header.body, end, depth, content, kind) if kind.startswith("multipart/") else ()
        if kind.startswith("multipart/") and not children:
            self.warnings.append(MALFORMED)
            kind = "text/plain"
        encoding = header.first("content-transfer-encoding")
        identity = header.first("content-id")
        part = Part(
            type=kind,
            parameters=content.parameters,
            disposition=disposition.head,
            name=disposition.parameters.get("filename") or content.parameters.get("name", ""),
            content_id=identity.text.strip("<> ") if identity else "",
            encoding=encoding.text if encoding else "",
            raw=b"" if children else self.raw[header.body : end],
            position=position,
            children=children,
        )
        return self._opened(part, depth) if kind in smime.TYPES else part

    def _opened(self, part: Part, depth: int) -> Part:
        """What S/MIME wrapped to sign it stands in the tree as multipart/signed does."""
        inner = smime.signed(part.data)
        if inner is None:
            return part
        walk = _Walk(inner, self.limits, self.count, self.warnings)
        child = walk.built(headers.split(inner, 0, len(inner), self.limits), len(inner), depth + 1, "text/plain")
        self.count = walk.count
        self.warnings.append(smime.SIGNED)
        return replace(part, type="multipart/signed", raw=b"", children=(child,))

    def _children(self, begin: int, end: int, depth: int, content: parameters.Value, kind: str) -> tuple[Part, ...]:
        default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        boundary = content.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")[:_MAX_BOUNDARY]
        children = []
        for start, stop in self._sections(begin, end, boundary) or self._sections(begin, end, self._guess(begin, end)):
            header = headers.split(self.raw, start, stop, self.limits)
            if header.fields or header.body < stop:
                children.append(self.built(header, stop, depth + 1, default))
        return tuple(children)

    def _sections(self, begin: int, end: int, boundary: bytes) -> list[tuple[int, int]]:
        """Where the bodies between the delimiter lines begin and end (RFC 2046 section 5.1.1)."""
        sections: list[tuple[int, int]] = []
        start = None
        closed = False
        for line, after, closes in _delimiters(self.raw, begin, end, boundary):
            if start is not None:
                sections.append((start, _before_line_end(self.raw, start, line)))
            start, closed = (None, True) if closes else (after, False)
            if len(sections) > self.limits.parts:
                raise BadMessage("too-many-parts", f"more than {self.limits.parts} parts")
        if start is not None and start < end:
            sections.append((start, end))
        if sections and not closed:
            self.warnings.append(MALFORMED)
        return sections

    def _guess(self, begin: int, end: int) -> bytes:
        """The boundary that a body uses where its Content-Type names none, or another one."""
        match = _GUESS.search(self.raw, begin, min(end, begin + 10_000))
        if match is None:
            return b""
        self.warnings.append(MALFORMED)
        return match[1]


def _type(head: str, default: str) -> str:
    """RFC 2045 section 5.2: what is no type is text/plain. Old mailers wrote `text` alone."""
    if not head:
        return default
    return head if _TYPE.fullmatch(head) else "text/html" if head in {"html", "text/htm"} else "text/plain"


def _delimiters(raw: bytes, begin: int, end: int, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Each delimiter line: where it begins, where the next line does, and whether it closes."""
    if not boundary:
        return
    marker = b"--" + boundary
    for hit in _line_starts(raw, begin, end, marker):
        match = _CLOSE.match(raw, hit + len(marker), end)
        if match:
            yield hit, match.end(), bool(match[1])


def _line_starts(raw: bytes, begin: int, end: int, marker: bytes) -> Iterator[int]:
    """Where a line begins with `marker`, in order: behind either line end, and at the very beginning."""
    if raw.startswith(marker, begin, end):
        yield begin
    at, coming = begin, dict.fromkeys((b"\n", b"\r"), begin - 1)
    while True:
        for line_end, found in coming.items():
            if found < at:
                later = raw.find(line_end + marker, at, end)
                coming[line_end] = later if later >= 0 else end
        nearest = min(coming.values())
        if nearest >= end:
            return
        yield nearest + 1
        at = nearest + len(marker)


def _before_line_end(raw: bytes, start: int, line: int) -> int:
    """The line end before a delimiter belongs to the delimiter."""
    for size in (2, 1):
        if line - size >= start and _LINE_END.fullmatch(raw, line - size, line):
            return line - size
    return line
