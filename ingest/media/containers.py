"""WAV, FLAC and Ogg written anew with their sound alone."""

from __future__ import annotations

import io
import struct
from typing import Any

from mutagen import ogg as mutagen_ogg

from ingest.media.remade import Unusable

_OggPage: Any = mutagen_ogg.OggPage  # untyped there
_SILENT = "il n’y a pas de son dedans"
_WAVE_FORMATS = frozenset({1, 3, 6, 7, 0xFFFE})
"""PCM, float, A-law, mu-law, extensible: what browsers play (RFC 2361)."""


def wav(data: bytes) -> bytes:
    """RIFF with `fmt ` and `data` only: no LIST, no id3, no bext. Raises `Unusable` without both."""
    chunks: dict[bytes, bytes] = {}
    at = 12
    while at + 8 <= len(data) and len(chunks) < 2:
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name in {b"fmt ", b"data"}:
            chunks.setdefault(name, data[at + 8 : at + 8 + size])  # a recorder cut off leaves a size beyond the end
        at += 8 + size + size % 2
    head, sound = chunks.get(b"fmt ", b"")[:40], chunks.get(b"data", b"")
    if len(head) < 16 or not sound or int.from_bytes(head[:2], "little") not in _WAVE_FORMATS:
        raise Unusable(_SILENT)
    sound = sound[: len(sound) // 2 * 2] if len(sound) > 1 else sound + b"\0"
    body = b"WAVE" + b"".join(
        name + struct.pack("<I", len(chunk)) + chunk for name, chunk in ((b"fmt ", head), (b"data", sound))
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def flac(data: bytes) -> bytes:
    """STREAMINFO and the frames (RFC 9639, section 8): no comments, pictures or applications' blocks.

    Raises `Unusable` where STREAMINFO is not first or no frame follows.
    """
    at, last, info = 4, False, b""
    while not last:
        if at + 4 > len(data):
            raise Unusable(_SILENT)
        last, kind, size = bool(data[at] & 0x80), data[at] & 0x7F, int.from_bytes(data[at + 1 : at + 4], "big")
        if kind == 0 and size == 34:
            info = info or data[at + 4 : at + 38]
        at += 4 + size
    frames = _untagged(data[at:])
    if len(info) != 34 or frames[:2] not in {b"\xff\xf8", b"\xff\xf9"}:
        raise Unusable(_SILENT)
    return b"fLaC\x80\x00\x00\x22" + info + frames


def _untagged(frames: bytes) -> bytes:
    """Without the ID3v1 and APE tags that some programs hang behind a stream."""
    if frames[-128:-125] == b"TAG":
        frames = frames[:-128]
    ape = frames.rfind(b"APETAGEX", max(0, len(frames) - 1_000_000))
    if ape >= 0:
        first = frames.find(b"APETAGEX", max(0, len(frames) - 1_000_000))
        frames = frames[:first]
    return frames


def ogg(data: bytes) -> bytes:
    """Opus (RFC 7845) or Vorbis in Ogg, one stream, with an empty comment header and pages numbered anew.

    Raises `Unusable` for anything else, and what mutagen raises on broken pages.
    """
    pages = _pages(data)
    first = bytes(pages[0].packets[0]) if pages and pages[0].packets else b""
    if first.startswith(b"OpusHead"):
        needed, comments = 2, b"OpusTags" + bytes(8)
    elif first.startswith(b"\x01vorbis"):
        needed, comments = 3, b"\x03vorbis" + bytes(8) + b"\x01"
    else:
        raise Unusable("codage que les navigateurs ne lisent pas")
    count, packets = _headers(pages, needed)
    rest = pages[count:]
    if len(packets) != needed or not rest:
        raise Unusable(_SILENT)
    heads = [
        *_OggPage.from_packets([first], sequence=0),
        *_OggPage.from_packets([comments, *packets[2:]], sequence=1),
    ]
    heads[0].first = True
    return b"".join(_numbered(heads, rest))


def _pages(data: bytes) -> list[Any]:
    """The pages of the first logical stream; what follows the last whole page is dropped."""
    stream = io.BytesIO(data)
    pages: list[Any] = []
    while True:
        try:
            page = _OggPage(stream)
        except (EOFError, mutagen_ogg.error):
            return pages
        if not pages or page.serial == pages[0].serial:
            pages.append(page)


def _headers(pages: list[Any], needed: int) -> tuple[int, list[bytes]]:
    """How many pages hold the header packets, and these: sound begins on a page of its own (RFC 7845, section 3)."""
    for count in range(1, min(len(pages), 200) + 1):
        if pages[count - 1].complete:
            packets = [bytes(packet) for packet in _OggPage.to_packets(pages[:count])]
            if len(packets) >= needed:
                return count, packets
    return len(pages), []


def _numbered(heads: list[Any], rest: list[Any]) -> list[bytes]:
    written = []
    for sequence, page in enumerate((*heads, *rest)):
        page.serial, page.sequence = 1, sequence
        if page in heads:
            page.position = 0
        written.append(bytes(page.write()))
    return written
