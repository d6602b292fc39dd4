"""What a file is, by its content alone: neither its name nor its declared type is asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import filetype

_HEAD = 4096


class Family(StrEnum):
    """What is done with a file. The first four are published, re-made; the rest never is."""

    PICTURE = "picture"
    LEAFLET = "leaflet"
    SOUND = "sound"
    CALENDAR = "calendar"
    VIDEO = "video"
    OFFICE = "office"
    ARCHIVE = "archive"
    DRAWING = "drawing"
    PAGE = "page"
    PROGRAM = "program"
    CARD = "card"
    SIGNATURE = "signature"
    KEY = "key"
    TEXT = "text"
    EMPTY = "empty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A file's family, its media type, and its name in French."""

    family: Family
    type: str
    noun: str


def detect(data: bytes) -> Kind:
    """What `data` is. Any bytes have an answer; linear time."""
    if not data:
        return Kind(family=Family.EMPTY, type="application/x-empty", noun="fichier vide")
    for look in (_signature, _isobmff, _riff, _ogg, _zip, _mpeg_sound, _text, _document, _listed):
        if kind := look(data):
            return kind
    return Kind(family=Family.UNKNOWN, type="application/octet-stream", noun="format inconnu")


def _kind(family: Family, mime: str, noun: str) -> Kind:
    return Kind(family=family, type=mime, noun=noun)


_OFFICE = _kind(Family.OFFICE, "application/x-office", "document bureautique")
_ARCHIVE = _kind(Family.ARCHIVE, "application/x-archive", "archive")
_PROGRAM = _kind(Family.PROGRAM, "application/x-executable", "programme")
_VIDEO = _kind(Family.VIDEO, "video/x-unknown", "vidéo")
_SIGNED = _kind(Family.SIGNATURE, "application/pkcs7-signature", "signature électronique")
_PDF = _kind(Family.LEAFLET, "application/pdf", "document PDF")
_MP3 = _kind(Family.SOUND, "audio/mpeg", "son MP3")
_AAC = _kind(Family.SOUND, "audio/aac", "son AAC")
_M4A = _kind(Family.SOUND, "audio/mp4", "son M4A")

_SIGNATURES: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", _kind(Family.PICTURE, "image/jpeg", "image JPEG")),
    (b"\x89PNG\r\n\x1a\n", _kind(Family.PICTURE, "image/png", "image PNG")),
    (b"GIF87a", _kind(Family.PICTURE, "image/gif", "image GIF")),
    (b"GIF89a", _kind(Family.PICTURE, "image/gif", "image GIF")),
    (b"II*\x00", _kind(Family.PICTURE, "image/tiff", "image TIFF")),
    (b"MM\x00*", _kind(Family.PICTURE, "image/tiff", "image TIFF")),
    (b"%PDF-", _PDF),
    (b"fLaC", _kind(Family.SOUND, "audio/flac", "son FLAC")),
    (b"ID3", _MP3),
    (b"#!AMR", _kind(Family.UNKNOWN, "audio/amr", "son AMR")),
    (b"\x1aE\xdf\xa3", _VIDEO),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OFFICE),
    (b"{\\rtf", _OFFICE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"Rar!\x1a\x07", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"\x78\x9f\x3e\x22", _kind(Family.UNKNOWN, "application/ms-tnef", "paquet Outlook winmail.dat")),
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"#!", _PROGRAM),
)


def _signature(data: bytes) -> Kind | None:
    for magic, kind in _SIGNATURES:
        if data.startswith(magic):
            return kind
    # BMP: "BM" alone starts too many words; its reserved fields are zero and a known header size follows.
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0" and data[14:15] in b"\x0c\x28\x34\x38\x40\x6c\x7c":
        return _kind(Family.PICTURE, "image/bmp", "image BMP")
    # PKCS #7 in DER: the object identifiers 1.2.840.113549.1.7.* (RFC 5652), seen in S/MIME signatures.
    if data[:1] == b"\x30" and b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07" in data[:32]:
        return _SIGNED
    return None


_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_AVIF = frozenset({b"avif", b"avis"})


def _isobmff(data: bytes) -> Kind | None:
    """ISO/IEC 14496-12: HEIC, AVIF, M4A and most video begin with one `ftyp` box that lists brands."""
    if data[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}
    if brands & _AVIF:
        return _kind(Family.PICTURE, "image/avif", "image AVIF")
    if brands & _HEIC:
        return _kind(Family.PICTURE, "image/heic", "image HEIC")
    # Android's recorders write sound under video brands: what tracks there are says the rest.
    handlers = set(re.findall(rb"hdlr.{8}(.{4})", data, re.DOTALL))
    if b"vide" not in handlers and (b"soun" in handlers or data[8:11] == b"M4A"):
        return _M4A
    return _VIDEO


def _riff(data: bytes) -> Kind | None:
    if data[:4] != b"RIFF":
        return None
    forms = {
        b"WEBP": _kind(Family.PICTURE, "image/webp", "image WebP"),
        b"WAVE": _kind(Family.SOUND, "audio/wav", "son WAV"),
        b"AVI ": _VIDEO,
    }
    return forms.get(data[8:12])


def _ogg(data: bytes) -> Kind | None:
    """RFC 3533: the first packets name the codecs, each on a page of its own."""
    if data[:4] != b"OggS":
        return None
    head = data[:_HEAD]
    if b"theora" not in head and (b"OpusHead" in head or b"\x01vorbis" in head):
        return _kind(Family.SOUND, "audio/ogg", "son Ogg")
    return _VIDEO


def _zip(data: bytes) -> Kind | None:
    """Office documents are ZIP files; no ZIP file is ever opened, its first names lie in clear."""
    if data[:4] not in {b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"}:
        return None
    marks = (
        b"[Content_Types].xml",
        b"_rels/",
        b"word/",
        b"xl/",
        b"ppt/",
        b"vnd.oasis.opendocument",
        b"Index/Document.iwa",
    )
    return _OFFICE if any(mark in data[:_HEAD] for mark in marks) else _ARCHIVE


def _mpeg_sound(data: bytes) -> Kind | None:
    """MPEG audio without a tag before it: eleven set bits, then a layer (ISO/IEC 11172-3) or ADTS (ISO/IEC 13818-7)."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return None
    if data[1] & 0xF6 == 0xF0:
        return _AAC
    layer, bitrate, rate = data[1] >> 1 & 3, data[2] >> 4, data[2] >> 2 & 3
    return _MP3 if layer and bitrate not in {0, 15} and rate != 3 else None


_TEXTS: tuple[tuple[re.Pattern[bytes], Kind], ...] = (
    (re.compile(rb"BEGIN:VCALENDAR", re.IGNORECASE), _kind(Family.CALENDAR, "text/calendar", "agenda")),
    (re.compile(rb"BEGIN:VCARD", re.IGNORECASE), _kind(Family.CARD, "text/vcard", "carte de visite")),
    (
        re.compile(rb"-----BEGIN PGP SIGNATURE"),
        _kind(Family.SIGNATURE, "application/pgp-signature", "signature électronique"),
    ),
    (re.compile(rb"-----BEGIN (PKCS7|CMS)"), _SIGNED),
    (re.compile(rb"-----BEGIN (PGP PUBLIC|PGP PRIVATE|CERT|PUBLIC)"), _kind(Family.KEY, "application/pgp-keys", "clé")),
)
_SVG = re.compile(rb"<(\w{1,20}:)?svg[\s>]", re.IGNORECASE)
_HTML = re.compile(
    rb"<(!doctype\s+html|html|head|body|script|iframe|meta|title|style|table|div|p|a|img)[\s>/]", re.IGNORECASE
)


def _text(data: bytes) -> Kind | None:
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    for pattern, kind in _TEXTS:
        if pattern.match(head):
            return kind
    if _is_text(data[:_HEAD]):
        if _SVG.search(head):
            return _kind(Family.DRAWING, "image/svg+xml", "dessin SVG")
        if _HTML.search(head):
            return _kind(Family.PAGE, "text/html", "page web")
        if b"%PDF-" not in data[:1024]:
            return _kind(Family.TEXT, "text/plain", "texte")
    return None


def _is_text(head: bytes) -> bool:
    return not any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)


def _document(data: bytes) -> Kind | None:
    """ISO 32000 readers take a PDF whose header stands anywhere in the first 1,024 bytes: some scanners need that."""
    return _PDF if b"%PDF-" in data[:1024] else None


_PREFIXES: tuple[tuple[str, Kind], ...] = (
    ("video/", _VIDEO),
    ("image/", _kind(Family.UNKNOWN, "image/x-unknown", "image d’un format rare")),
    ("audio/", _kind(Family.UNKNOWN, "audio/x-unknown", "son d’un format rare")),
    ("application/x-executable", _PROGRAM),
    ("application/", _kind(Family.UNKNOWN, "application/octet-stream", "fichier")),
)


def _listed(data: bytes) -> Kind | None:
    """The long tail of formats, to name what is refused anyway."""
    guess: Callable[[bytes], str | None] = filetype.guess_mime
    try:
        mime = guess(data[:8192]) or ""
    except (IndexError, ValueError, TypeError):  # its matchers index into short files
        return None
    return next((kind for prefix, kind in _PREFIXES if mime.startswith(prefix)), None)
