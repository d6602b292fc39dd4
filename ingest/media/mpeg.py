"""MPEG sound as a sequence of frames: what is no frame (ID3, APE, Lyrics3, pictures, junk) does not come along."""

from __future__ import annotations

from collections.abc import Callable

from ingest.media.remade import Unusable

_TRIES = 50_000
"""How often a frame is looked for where none is, before the file is given up."""

# ISO/IEC 11172-3 and 13818-3, 2.4.2.3: kbit/s by (is MPEG 1, layer) and index; Hz by version bits and index.
_BITRATES = {
    (True, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def mp3(data: bytes) -> bytes:
    """The frames of an MPEG 1, 2 or 2.5 audio stream. Raises `Unusable` where there are none."""
    return _frames(data, _after_id3(data), _mpeg_length)


def adts(data: bytes) -> bytes:
    """The frames of an AAC stream (ISO/IEC 13818-7, 6.2). Raises `Unusable` where there are none."""
    return _frames(data, _after_id3(data), _adts_length)


def _after_id3(data: bytes) -> int:
    """ID3v2.4, 3.1: ten bytes of header, whose size has seven bits a byte."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _frames(data: bytes, at: int, length: Callable[[bytes, int], int]) -> bytes:
    """Whole frames that follow one another. Where they stop, only two in a row with the same head start again."""
    kept: list[bytes] = []
    tries = 0
    head = b""
    while at < len(data) - 4 and tries < _TRIES:
        size = length(data, at)
        fits = size and at + size <= len(data) and (not head or _same(data, at, head))
        if fits and (kept or length(data, at + size)):
            head = head or data[at : at + 3]
            kept.append(data[at : at + size])
            at += size
            continue
        tries += 1
        at = _resumed(data, at + 1, length, head)
    if not kept:
        raise Unusable("il n’y a pas de son dedans")
    return b"".join(kept)


def _resumed(data: bytes, at: int, length: Callable[[bytes, int], int], head: bytes) -> int:
    """Where frames may go on: a frame that another one follows directly, or the end."""
    for _ in range(_TRIES):
        at = data.find(b"\xff", at)
        if at < 0:
            return len(data)
        size = length(data, at)
        if size and length(data, at + size) and (not head or _same(data, at, head)):
            return at
        at += 1
    return len(data)


def _same(data: bytes, at: int, head: bytes) -> bool:
    """Version, layer and sampling rate never change within a stream."""
    return data[at + 1] & 0xFE == head[1] & 0xFE and data[at + 2] & 0x0C == head[2] & 0x0C


def _mpeg_length(data: bytes, at: int) -> int:
    """Bytes of the frame that begins at `at`; 0 where none does."""
    if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return 0
    version, layer = data[at + 1] >> 3 & 3, 4 - (data[at + 1] >> 1 & 3)
    index, rate, padding = data[at + 2] >> 4, data[at + 2] >> 2 & 3, data[at + 2] >> 1 & 1
    if version == 1 or layer == 4 or index in {0, 15} or rate == 3:
        return 0
    bits, hertz = _BITRATES[version == 3, layer][index] * 1000, _RATES[version][rate]
    if layer == 1:
        return (12 * bits // hertz + padding) * 4
    return (72 if layer == 3 and version != 3 else 144) * bits // hertz + padding


def _adts_length(data: bytes, at: int) -> int:
    if at + 7 > len(data) or data[at] != 0xFF or data[at + 1] & 0xF6 != 0xF0:
        return 0
    size = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
    return size if size >= 7 else 0
