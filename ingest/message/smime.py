"""S/MIME (RFC 8551) as far as a reader without keys needs it: what is encrypted, and what is only signed.

A signed mail that is not multipart/signed stands inside a CMS structure (RFC 5652 section 5), whose BER is walked here.
"""

from __future__ import annotations

SIGNED = "signed"
"""Warning: carries an OpenPGP or S/MIME signature, which was not checked."""
TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})

_ENVELOPED = (
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03",  # envelopedData, RFC 5652 section 6
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17",  # authEnvelopedData, RFC 5083
)
_SIGNED = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
_CONSTRUCTED, _OCTETS, _EXPLICIT = 0x20, 0x04, 0xA0
_MAX_CHUNKS = 100_000


def is_enveloped(data: bytes) -> bool:
    """Whether a PKCS #7 body begins by naming an encrypted content."""
    return any(oid in data[:64] for oid in _ENVELOPED)


def signed(data: bytes) -> bytes | None:
    """The MIME entity inside signedData; None where there is none. Linear; raises nothing."""
    if _SIGNED not in data[:64]:
        return None
    position = data.find(_DATA, 0, 4_000)
    if position < 0:
        return None
    try:
        return _octets(data, position + len(_DATA))
    except IndexError:
        return None


def _octets(data: bytes, position: int) -> bytes | None:
    """The content octets of `[0] EXPLICIT OCTET STRING`, in one piece or, as BER allows, in many."""
    if data[position] != _EXPLICIT:
        return None
    _, position = _length(data, position + 1)
    tag = data[position]
    size, position = _length(data, position + 1)
    if tag == _OCTETS:
        return data[position:] if size is None else data[position : position + size]
    if tag != _OCTETS | _CONSTRUCTED:
        return None
    end = len(data) if size is None else min(len(data), position + size)
    chunks: list[bytes] = []
    while position < end and data[position] == _OCTETS and len(chunks) < _MAX_CHUNKS:
        size, position = _length(data, position + 1)
        chunks.append(data[position : position + (size or 0)])
        position += size or 0
    return b"".join(chunks)


def _length(data: bytes, position: int) -> tuple[int | None, int]:
    """A length of X.690 section 8.1.3, None for the indefinite one, and where the contents begin."""
    first = data[position]
    if first < 0x80:
        return first, position + 1
    count = first & 0x7F
    if count > 8:
        raise IndexError(position)
    after = position + 1 + count
    return (int.from_bytes(data[position + 1 : after]) if count else None), after
