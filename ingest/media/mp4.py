"""M4A written anew: one track of AAC, its samples copied one by one, and the boxes that say how to play them.

ISO/IEC 14496-12 lets a file carry anything anywhere: places and names in `udta`, pictures in `meta`, chapters in tracks
of their own, bytes in `mdat` that no track points to. Only what is on the list below comes along.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from itertools import pairwise

from ingest.media.remade import Unusable

_FTYP = b"M4A \0\0\0\0M4A mp42isom"
# A data reference to "this same file" (8.7.2): none other is ever followed.
_DINF = b"\0\0\0\x1cdref\0\0\0\0\0\0\0\x01\0\0\0\x0curl \0\0\0\x01"
_HDLR = bytes(8) + b"soun" + bytes(13)
_SAMPLES = 4_000_000
_TABLES = frozenset({b"stsd", b"stts", b"stsc", b"stsz"})

Boxes = Mapping[bytes, list[memoryview]]


def m4a(data: bytes) -> bytes:
    """The sound of an MPEG-4 file. Raises `Unusable` where there is none that browsers play."""
    moov = _inside(_one(_inside(memoryview(data)), b"moov"))
    for trak in moov.get(b"trak", []):
        track = _inside(trak)
        mdia = _inside(_one(track, b"mdia"))
        if bytes(_one(mdia, b"hdlr")[8:12]) == b"soun":
            return _written(data, _one(moov, b"mvhd"), track, mdia)
    raise Unusable("il n’y a pas de son dedans")


def _written(data: bytes, mvhd: memoryview, track: Boxes, mdia: Boxes) -> bytes:
    minf = _inside(_one(mdia, b"minf"))
    tables = _inside(_one(minf, b"stbl"))
    if bytes(_one(tables, b"stsd")[12:16]) != b"mp4a":
        raise Unusable("codage que les navigateurs ne lisent pas")
    chunks = tuple(_chunks(data, tables))
    ftyp = _box(b"ftyp", _FTYP)
    # The samples lie behind `moov`, whose size does not depend on where: written once to measure, once for good.
    size = len(_moov(mvhd, track, mdia, minf, _offsets(chunks, 0)))
    moov = _moov(mvhd, track, mdia, minf, _offsets(chunks, len(ftyp) + size + 8))
    return ftyp + moov + _box(b"mdat", b"".join(chunks))


def _moov(mvhd: memoryview, track: Boxes, mdia: Boxes, minf: Boxes, stco: bytes) -> bytes:
    tables = _inside(_one(minf, b"stbl"))
    stbl = b"".join(_box(name, bytes(_one(tables, name))) for name in sorted(_TABLES)) + _box(b"stco", stco)
    sound = _box(b"smhd", bytes(8)) + _box(b"dinf", _DINF) + _box(b"stbl", stbl)
    media = _box(b"mdhd", _undated(_one(mdia, b"mdhd"))) + _box(b"hdlr", _HDLR) + _box(b"minf", sound)
    trak = _box(b"tkhd", _undated(_one(track, b"tkhd"))) + _edits(track) + _box(b"mdia", media)
    return _box(b"moov", _box(b"mvhd", _undated(mvhd)) + _box(b"trak", trak))


def _edits(track: Boxes) -> bytes:
    """The edit list, which takes the encoder's first milliseconds away (8.6.6)."""
    if b"edts" not in track:
        return b""
    lists = _inside(_one(track, b"edts")).get(b"elst", [])
    return _box(b"edts", _box(b"elst", bytes(lists[0][:1024]))) if lists else b""


def _undated(header: memoryview) -> bytes:
    """`mvhd`, `tkhd`, `mdhd` without the times of creation and change (8.2.2, 8.3.2, 8.4.2)."""
    length = 16 if header[0] == 1 else 8
    return bytes(header[:4]) + bytes(length) + bytes(header[4 + length : 128])


def _chunks(data: bytes, tables: Boxes) -> Iterator[bytes]:
    """The sound's own bytes, chunk by chunk (8.7.3 to 8.7.5)."""
    sizes, starts = _sizes(_one(tables, b"stsz")), _starts(tables)
    sample = 0
    for start, count in zip(starts, _counts(_one(tables, b"stsc"), len(starts)), strict=True):
        end = start + sum(sizes[sample : sample + count])
        if end > len(data):
            raise Unusable("il est incomplet")
        sample += count
        yield data[start:end]


def _sizes(stsz: memoryview) -> tuple[int, ...]:
    same, count = struct.unpack(">II", stsz[4:12])
    if count > _SAMPLES:
        raise Unusable("il est trop long")
    return (same,) * count if same else struct.unpack(f">{count}I", stsz[12 : 12 + 4 * count])


def _starts(tables: Boxes) -> tuple[int, ...]:
    name, letter, width = (b"co64", "Q", 8) if b"co64" in tables else (b"stco", "I", 4)
    table = _one(tables, name)
    (count,) = struct.unpack(">I", table[4:8])
    return struct.unpack(f">{count}{letter}", table[8 : 8 + width * count]) if count <= _SAMPLES else ()


def _counts(stsc: memoryview, chunks: int) -> Iterator[int]:
    """How many samples each chunk holds: runs that begin at a chunk's number, counted from 1."""
    (count,) = struct.unpack(">I", stsc[4:8])
    runs = list(struct.iter_unpack(">III", stsc[8 : 8 + 12 * min(count, _SAMPLES)]))
    for (first, samples, _), (following, _, _) in pairwise([*runs, (chunks + 1, 0, 0)]):
        for _ in range(first, min(following, chunks + 1)):
            yield samples


def _offsets(chunks: tuple[bytes, ...], start: int) -> bytes:
    table = bytearray(struct.pack(">II", 0, len(chunks)))
    for chunk in chunks:
        table += struct.pack(">I", start)
        start += len(chunk)
    return bytes(table)


def _inside(data: memoryview) -> Boxes:
    """The boxes in `data` by name (4.2). Stops where they stop making sense."""
    boxes: dict[bytes, list[memoryview]] = {}
    at = 0
    while at + 8 <= len(data):
        size, head = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        size = size or len(data) - at
        if size < head or at + size > len(data):
            break
        boxes.setdefault(bytes(data[at + 4 : at + 8]), []).append(data[at + head : at + size])
        at += size
    return boxes


def _one(boxes: Boxes, name: bytes) -> memoryview:
    try:
        return boxes[name][0]
    except KeyError:
        raise Unusable("illisible ou abîmé") from None


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body
