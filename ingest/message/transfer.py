"""Content-Transfer-Encoding (RFC 2045 section 6), decoded as clients do: what is broken is read as far as it goes."""

from __future__ import annotations

import binascii
import re

_TOKEN = re.compile(r"[a-z0-9-]+")
_SOFT = re.compile(rb"=[ \t]+(?=\r?\n)")
_BASE64_SEGMENT = re.compile(rb"[^=]+=*")
_BASE64_CLEAN = re.compile(rb"[A-Za-z0-9+/\s]*=*\s*")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_PROSE = re.compile(rb"[A-Za-z,.;:!?'] [A-Za-z(]|[\x80-\xff]")
_MAX_SEGMENTS = 10_000


def decode(data: bytes, encoding: str) -> bytes:
    """The bytes of a body. `encoding` is the field's value as it stood; an unknown one leaves them as they are.

    Linear; raises nothing.
    """
    match = _TOKEN.search(encoding.lower().replace("quoted printable", "quoted-printable"))
    name = match[0] if match else ""
    if name in {"base64", "base-64", "b"}:
        return _base64(data)
    if name in {"quoted-printable", "qp", "q"}:
        return binascii.a2b_qp(_SOFT.sub(b"=", data))
    return data


def _base64(data: bytes) -> bytes:
    """A stream may be several, each with its padding; text in clear after it (a list's footer) is left out."""
    if _PROSE.search(data[:400].lstrip().partition(b"\n")[0]):
        return data
    first = data.find(b"=")
    if first < 0 or data[first:].strip() in {b"=", b"=="}:  # one stream, as nearly all are
        return _quanta(data)
    out = []
    for number, match in enumerate(_BASE64_SEGMENT.finditer(data)):
        segment = match[0]
        if number and (number > _MAX_SEGMENTS or not _BASE64_CLEAN.fullmatch(segment)):
            break
        out.append(_quanta(segment))
    return b"".join(out)


def _quanta(segment: bytes) -> bytes:
    try:
        return binascii.a2b_base64(segment)
    except binascii.Error:
        letters = _NOT_BASE64.sub(b"", segment)
        letters = letters[:-1] if len(letters) % 4 == 1 else letters
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
