"""Bombs made in code, each a whole mail: what a piece of text, repeated, costs whoever reads it badly.

They are as large as the limits let through, since what is larger is refused by its size alone.
"""

from __future__ import annotations

import base64
import io
import re
import struct
import zlib
from collections.abc import Callable, Iterator

import pikepdf
from PIL import Image

from tests.bombs import pieces
from tests.media import making

HEAD = b"From: marcel@example.org\r\nTo: mur@example.net\r\nDate: Wed, 08 Jun 2022 09:12:44 +0200\r\n"
TEXT, MARKUP, FIELD, WHOLE = 199_000, 990_000, 250_000, 25_000_000
"""Bytes just below the limits of a text, of its HTML, of a header, and of a mail."""
GOOD = HEAD + b"Subject: Une bonne nouvelle\r\n\r\nLe lavoir rouvre samedi.\r\n"
"""The next mail, which must be right."""

Make = Callable[[], bytes]


def _text(piece: str, *, size: int = TEXT, kind: str = "plain", end: str = "") -> Make:
    def make() -> bytes:
        body = (piece * (size // max(1, len(piece.encode())) + 1)).encode()[:size] + end.encode()
        return HEAD + b"Subject: x\r\nContent-Type: text/" + kind.encode() + b"; charset=utf-8\r\n\r\n" + body

    return make


def _field(name: str, piece: str, size: int = FIELD) -> Make:
    return lambda: f"{name}: {piece * (size // len(piece))}\r\n".encode() + HEAD + b"\r\nx\r\n"


def _mixed(*parts: bytes) -> bytes:
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
    return HEAD + b"Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + body + b"--b--\r\n"


def _file(data: bytes, kind: str = "application/octet-stream") -> bytes:
    head = f"Content-Type: {kind}; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + base64.encodebytes(data)


def _with(make: Callable[[], bytes], count: int = 1) -> Make:
    return lambda: _mixed(b"\r\nBonjour.\r\n", *[_file(make())] * count)


def mail_with(*files: bytes) -> bytes:
    """A mail of one word, and files."""
    return _mixed(b"\r\nBonjour.\r\n", *map(_file, files))


_ONE_TAG = (
    ("attributes", "<p a='1' {}>x", " a{n}=1"),
    ("classes", "<p class='{}'>x", "a{n} "),
    ("style", "<p style='{}'>x", "a:{n};"),
)


def _one_tag(form: str, piece: str) -> Make:
    def make() -> bytes:
        return _text("", kind="html", size=0, end=form.format(_filled(piece)))()

    return make


def _filled(piece: str) -> str:
    count = MARKUP // (len(piece) + 3)
    return "".join(piece.format(n=number) for number in range(count))


def _nested(tag: str, depth: int) -> Make:
    name = tag.partition(" ")[0]
    return _text("", kind="html", size=0, end=f"<{tag}>" * depth + "a" + f"</{name}>" * depth)


# --- trees of parts


def _deep(depth: int) -> bytes:
    parts = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return HEAD + b"".join(parts) + b"\r\nx"


def _attached(depth: int, body: bytes) -> bytes:
    return (HEAD + b"Content-Type: message/rfc822\r\n\r\n") * depth + body


def _alternatives(count: int) -> bytes:
    html = b"Content-Type: text/html\r\n\r\n" + b"<p>a" * (MARKUP // 4 // count)
    return _mixed(*[b"\r\n" + b"a " * (TEXT // 2 // count), html] * (count // 2))


_TREES: dict[str, Make] = {
    "multiparts 18 deep": lambda: _deep(18),
    "multiparts 5,000 deep": lambda: _deep(5_000),
    "mails in mails, 5,000": lambda: _attached(5_000, GOOD),
    "mails in mails, each of much HTML": lambda: _attached(
        3, _text("<b>a</b><i>b</i>", size=MARKUP // 2, kind="html")()
    ),
    "parts of nothing, 20,000": lambda: _mixed(*[b"\r\n"] * 20_000),
    "parts of nothing, 190": lambda: _mixed(*[b"\r\nx"] * 190),
    "attachments, 20,000": lambda: _mixed(*[_file(b"x")] * 20_000),
    "alternatives, 190": lambda: _alternatives(190),
    "almost boundaries": lambda: _mixed(b"--b " * (WHOLE // 4)),
    "boundaries on one line": lambda: HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b" + b" " * WHOLE,
    "nested, with the same boundary": lambda: (
        (HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n") * 5_000
    ),
    "25 MB of text": _text("a\n", size=WHOLE),
    "25 MB of one line": _text("a", size=WHOLE),
    "25 MB of HTML": _text("<p>a", size=WHOLE, kind="html"),
    "25 MB of style sheet": lambda: _text("a{b:c}", size=WHOLE, kind="html", end="</style>a")().replace(
        b"a{", b"<style>a{", 1
    ),
    "25 MB of comments": _text("<!-- a -->", size=WHOLE, kind="html"),
    "25 MB of open comments": _text("<!-- a --", size=WHOLE, kind="html"),
    "25 MB of data: picture": lambda: _text("A", size=WHOLE, kind="html")().replace(
        b"AA", b"<img src='data:image/png;base64,A", 1
    ),
    "25 MB of base64": lambda: _mixed(_file(bytes(18_000_000), "text/plain")),
    "25 MB of quoted-printable": lambda: (
        HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=C3=A9" * 4_000_000
    ),
    "25 MB of carriage returns": lambda: HEAD + b"Subject: x\r\n\r\n" + b"\r" * WHOLE,
    "flowed lines": _text("a \n", kind="plain; format=flowed; delsp=yes"),
    "flowed quotes": _text("> a \n>> b \n", kind="plain; format=flowed"),
    "enriched": _text("<bold>", kind="enriched"),
    "enriched, doubled": _text("<<", kind="enriched"),
    "UTF-7": _text("+AGE-", kind="plain; charset=utf-7"),
    "UTF-16": _text("a", kind="plain; charset=utf-16"),
    "a header of 3 MB": _field("X", "a", 3_000_000),
    "headers, 100,000": lambda: b"X: a\r\n" * 100_000 + HEAD + b"\r\nx",
    "200,000 combining marks": _text("a" + "\u0316\u0301" * 500),
    "winmail.dat of attributes": lambda: _mixed(
        _file(b"\x78\x9f\x3e\x22\1\0" + (b"\2\2\x90\6\0" + bytes(6)) * 400_000, "application/ms-tnef")
    ),
    "S/MIME of zeros": lambda: _mixed(_file(b"\x30\x80" * 2_000_000, "application/pkcs7-mime")),
}

# --- files


def _png(width: int, height: int) -> bytes:
    """Noise-free true colour: three bytes a pixel once decoded, nearly nothing as sent."""
    rows = zlib.compressobj(9)
    body = b"".join(rows.compress(bytes(1 + 3 * width)) for _ in range(height)) + rows.flush()

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def _saved(name: str, size: tuple[int, int], mode: str = "RGB", **told: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, name, **told)
    return out.getvalue()


def _progressive(scans: int) -> bytes:
    """A progressive JPEG whose last scan is sent again and again."""
    data = _saved("JPEG", (6000, 6000), progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * scans + b"\xff\xd9"


def _pdf(content: bytes, pages: int = 20, size: tuple[int, int] = (595, 842)) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=size).obj.Contents = made.make_stream(content)
        made.save(out, compress_streams=True)
    return out.getvalue()


def _forms() -> bytes:
    """A form that draws the next one ten times, nine deep: a thousand million lines in a kilobyte."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        inner = made.make_stream(
            b"0 0 m 500 800 l S", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 595, 842]
        )
        for _ in range(9):
            drawn = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
            inner = made.make_stream(
                b"/F Do " * 10,
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Form,
                BBox=[0, 0, 595, 842],
                Resources=drawn,
            )
        page = made.add_blank_page(page_size=(595, 842))
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner))
        page.obj.Contents = made.make_stream(b"/F Do")
        made.save(out)
    return out.getvalue()


def _many(count: int) -> bytes:
    """Different pictures, each of the largest size that is taken."""
    files = (_file(_png(8000, 7900 + number), "image/png") for number in range(count))
    return _mixed(b"\r\nBonjour.\r\n", *files)


def slow(count: int, strokes: int = 300_000) -> bytes:
    """Different documents of twenty pages; where those have few enough strokes to be drawn, each costs seconds."""
    lines = _pdf(b"0 0 m 500 800 l S " * strokes)
    return _mixed(b"\r\nBonjour.\r\n", *(_file(lines + b"%%%d" % number, "application/pdf") for number in range(count)))


_FILES: dict[str, Make] = {
    "PNG of 13,000 x 13,000": _with(lambda: making.png_bomb(13_000, 13_000)),
    "PNG of 8,000 x 8,000, 64 million pixels": _with(lambda: making.png_bomb(8_000, 8_000)),
    "PNG of 8,000 x 8,000 in colour": _with(lambda: _png(8_000, 8_000)),
    "PNG of 8,000 x 8,000 with alpha": _with(lambda: _saved("PNG", (8_000, 8_000), "RGBA")),
    "PNG, one pixel high": _with(lambda: _png(1_000_000, 1)),
    "JPEG of 8,000 x 8,000": _with(lambda: _saved("JPEG", (8_000, 8_000))),
    "JPEG of 2,000 scans": _with(lambda: _progressive(2_000)),
    "WebP of 8,000 x 8,000": _with(lambda: _saved("WEBP", (8_000, 8_000), lossless=True, method=0)),
    "AVIF of 8,000 x 8,000": _with(lambda: _saved("AVIF", (8_000, 8_000), speed=10)),
    "GIF of 20,000 frames": _with(lambda: making.gif_of(20_000)),
    "GIF of 8,000 x 8,000": _with(lambda: _saved("GIF", (8_000, 8_000), "P")),
    "TIFF of 8,000 x 8,000": _with(lambda: _saved("TIFF", (8_000, 8_000), compression="tiff_lzw")),
    "BMP of a great size and no bytes": _with(
        lambda: _saved("BMP", (8, 8)).replace(struct.pack("<ii", 8, 8), struct.pack("<ii", 7999, 7999))
    ),
    "twenty of the largest pictures": lambda: _many(20),
    "PDF of lines": _with(lambda: _pdf(b"0 0 m 500 800 l S " * 300_000)),
    "PDF of text": _with(lambda: _pdf(b"BT /F 1 Tf (a) Tj ET " * 200_000)),
    "PDF of forms in forms": _with(_forms),
    "PDFs of lines, fifteen": lambda: slow(15),
    "PDF of 14,400 x 14,400 points": _with(lambda: _pdf(b"0 0 m 1 1 l S", size=(14_400, 14_400))),
    "PDF of 2,000 pages": _with(lambda: _pdf(b"", pages=2_000)),
    "PDF of brackets": _with(lambda: b"%PDF-1.7\n1 0 obj\n" + b"[" * 2_000_000),
    "calendar of events": _with(
        lambda: making.ics(*["BEGIN:VEVENT\r\nSUMMARY:a\r\nDTSTART:20220624T180000Z\r\nEND:VEVENT"] * 20_000)
    ),
    "calendar of nested parts": _with(lambda: b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 200_000),
    "calendar of one line": _with(lambda: making.ics("SUMMARY:" + "a;" * 2_000_000, "DTSTART:20220624T180000Z")),
    "calendar of folds": _with(lambda: making.ics("SUMMARY:a" + "\r\n b" * 1_000_000, "DTSTART:20220624T180000Z")),
    "MP3 of frames": _with(lambda: making.MP3_FRAME * 40_000),
    "MP3 of almost frames": _with(lambda: b"ID3" + b"\xff\xfb" * 6_000_000),
    "Ogg of nothing": _with(lambda: b"OggS" + b"OggS\0\2" * 2_000_000),
    "M4A of boxes": _with(lambda: making.m4a()[:24] + b"\0\0\0\x08moov" * 1_500_000),
    "files of one byte, 190": _with(lambda: b"x", 190),
}


def bombs() -> Iterator[tuple[str, Make]]:
    """Every bomb, by name."""
    for piece in pieces.TEXTS:
        yield f"text {piece!r}", _text(piece)
        yield f"text {piece!r}, in paragraphs", _text((piece * 2000)[:1500] + "\n\n")
    for piece in pieces.MARKUP:
        for share in (1, 6):
            yield f"HTML {piece!r} / {share}", _text(piece, kind="html", size=_fitting(piece) // share)
    for name, form, piece in _ONE_TAG:
        yield f"HTML, one tag of {name}", _one_tag(form, piece)
    for tag in pieces.NESTED:
        yield f"HTML, {tag} 2,900 deep", _nested(tag, 2_900)
        yield f"HTML, {tag} 30,000 deep", _nested(tag, 30_000)
    for name, several in pieces.FIELDS.items():
        for piece in several:
            yield f"{name} {piece!r}", _field(name, piece)
    yield from _TREES.items()
    yield from _FILES.items()


def _fitting(piece: str) -> int:
    """As much as the limits of markup, of tags and of text let through."""
    tags = piece.count("<")
    text = len(piece) if not tags else len(re.sub("<[^>]*>?", "", piece))
    most = min(MARKUP, 60_000 * len(piece) // tags if tags else MARKUP)
    return min(most, TEXT * len(piece) // text if text else MARKUP)
