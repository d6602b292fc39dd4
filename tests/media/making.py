"""Attachments made in code, each with marks (canaries) in every corner where a format can hide something."""

from __future__ import annotations

import io
import struct
import wave
import zlib

import pikepdf
from mutagen.ogg import OggPage
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from ingest.model import Attachment

CANARY = "Canari-7f3a"
"""Stands in every place that must not be published."""
MARK = CANARY.encode()
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>{CANARY}</rdf:RDF></x:xmpmeta>'.encode()


def attachment(name: str, data: bytes, *, inline: bool = False, content_id: str = "") -> Attachment:
    return Attachment(
        name=name, declared_type="application/octet-stream", content_id=content_id, inline=inline, data=data
    )


def scene(size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Something like a photograph: soft, many colours, red in the upper left corner, blue in the lower right."""
    grey = Image.effect_noise((max(8, size[0] // 16), max(8, size[1] // 16)), 70).resize(size, Image.Resampling.BICUBIC)
    image = Image.merge("RGB", (grey, grey.transpose(Image.Transpose.ROTATE_180), grey))
    draw = ImageDraw.Draw(image)
    wide, high = size[0] // 5, size[1] // 5
    draw.rectangle((0, 0, wide, high), fill=(230, 10, 10))
    draw.rectangle((size[0] - wide, size[1] - high, *size), fill=(10, 10, 230))
    return image


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = CANARY
    tags[0x013B] = CANARY
    tags[0x010E] = CANARY
    details = tags.get_ifd(0x8769)
    details[0x9003] = "2024:05:01 12:00:00"
    details[0xA431] = CANARY
    place = tags.get_ifd(0x8825)
    place.update({1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 3.0)})
    return tags


def stored_as(image: Image.Image, orientation: int) -> Image.Image:
    """The pixels as a camera held otherwise would have stored them, to be seen upright through `orientation`."""
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }.get(orientation)
    return image.transpose(turn) if turn is not None else image


def profile() -> bytes:
    """An ICC profile that is not sRGB, with the mark in its description's place."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    return made + MARK


def _iptc() -> bytes:
    """IPTC-IIM 2:120 (caption) in a Photoshop resource block (8BIM 0x0404) in APP13."""
    record = b"\x1c\x02\x78" + struct.pack(">H", len(MARK)) + MARK
    block = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record + b"\0" * (len(record) % 2)
    body = b"Photoshop 3.0\0" + block
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def jpeg(image: Image.Image, orientation: int = 1) -> bytes:
    """A JPEG with EXIF, GPS, XMP, IPTC, ICC, a comment, and a ZIP's worth of bytes behind its end."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, exif=exif(orientation), comment=MARK, xmp=XMP, icc_profile=profile())
    data = out.getvalue()
    return data[:2] + _iptc() + data[2:] + b"PK\x03\x04" + MARK


def saved(image: Image.Image, name: str, orientation: int = 1) -> bytes:
    """The picture in the format `name` with what that format can hold."""
    out = io.BytesIO()
    if name == "JPEG":
        return jpeg(image, orientation)
    if name == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Author", CANARY)
        texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
        image.save(out, "PNG", pnginfo=texts, exif=exif(orientation), icc_profile=profile())
        return out.getvalue() + MARK
    if name == "GIF":
        image.save(out, "GIF", comment=MARK)
        return out.getvalue() + b"/*" + MARK + b"<script>alert(1)</script>*/"
    if name == "TIFF":
        tags = exif(orientation)
        tags[700] = XMP
        image.save(out, "TIFF", exif=tags, icc_profile=profile())
        return out.getvalue() + MARK
    if name == "BMP":
        image.save(out, "BMP")
        return out.getvalue() + MARK
    if name == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    image.save(out, name, exif=exif(orientation).tobytes(), xmp=XMP, quality=80)
    return out.getvalue() + MARK


def png_bomb(width: int, height: int) -> bytes:
    """Black, one bit a pixel: some kilobytes that would be hundreds of megabytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = zlib.compress(bytes((width // 8 + 1) * height), 9)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def gif_of(frames: int) -> bytes:
    """Many frames of 80 x 80, the first red."""
    first, other = Image.new("RGB", (80, 80), (230, 10, 10)), Image.new("RGB", (80, 80), (10, 230, 10))
    draw = ImageDraw.Draw(other)
    rest = []
    for number in range(2):
        draw.point((number, 0), fill=(0, 0, 0))
        rest.append(other.copy())
    out = io.BytesIO()
    first.save(out, "GIF", save_all=True, append_images=rest, duration=50, loop=0, optimize=False)
    data = out.getvalue()
    tail = data[data.rindex(b"\x21\xf9") : -1]
    return data[:-1] + tail * (frames - 3) + b";"


def pdf(texts: tuple[str, ...], *, password: str = "", size: tuple[int, int] = (595, 842)) -> bytes:
    """A page of Helvetica for each text, with an author, a script that runs when opened, an attachment and a link."""
    with pikepdf.new() as made:
        for text in texts:
            page = made.add_blank_page(page_size=size)
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
            shown = text.replace("(", r"\(").replace(")", r"\)")
            page.obj.Contents = made.make_stream(
                f"BT /F 24 Tf 60 {size[1] * 5 // 6} Td ({shown}) Tj ET".encode("latin-1")
            )
        made.docinfo["/Author"] = CANARY
        made.docinfo["/Title"] = CANARY
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{CANARY}')")
        made.attachments["secret.txt"] = MARK
        out = io.BytesIO()
        lock = pikepdf.Encryption(owner=password, user=password) if password else False
        made.save(out, encryption=lock, compress_streams=False)
        return out.getvalue()


def wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"".join(struct.pack("<h", (index * 997) % 20000 - 10000) for index in range(8000)))
    info = b"INFOIART" + struct.pack("<I", len(MARK) + 1) + MARK + b"\0"
    data = out.getvalue() + b"LIST" + struct.pack("<I", len(info)) + info
    return b"RIFF" + struct.pack("<I", len(data) - 8) + data[8:]


MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)
"""Silence: MPEG 1 layer III, 128 kbit/s, 44,100 Hz."""
ADTS_FRAME = b"\xff\xf1\x50\x80\x02\xff\xfc" + bytes(16)
"""AAC LC, 44,100 Hz, stereo: 23 bytes."""


def jpeg_cover() -> bytes:
    out = io.BytesIO()
    scene((64, 64)).save(out, "JPEG", comment=MARK)
    return out.getvalue()


def mp3() -> bytes:
    """Forty frames between ID3v2 with a cover and a title, and APEv2 and ID3v1."""
    from mutagen.apev2 import APEv2
    from mutagen.id3 import APIC, ID3, TIT2

    bare = io.BytesIO(MP3_FRAME * 40)
    tags = ID3()
    tags.add(TIT2(encoding=3, text=CANARY))
    tags.add(APIC(encoding=3, mime="image/jpeg", type=3, desc=CANARY, data=jpeg_cover()))
    tags.save(bare, v1=2)
    ape = APEv2()
    ape["Artist"] = CANARY
    bare.seek(0)
    ape.save(bare)
    return bare.getvalue() + b"Lyrics3" + MARK


def flac() -> bytes:
    """STREAMINFO, a comment with the mark, a picture, an application block, and a frame of silence."""
    info = struct.pack(">HH", 4096, 4096) + bytes(6) + bytes.fromhex("0ac442f000001000") + bytes(16)
    comment = struct.pack("<I", len(MARK)) + MARK + struct.pack("<II", 1, 7 + len(MARK)) + b"ARTIST=" + MARK
    application = b"test" + MARK

    def block(kind: int, body: bytes, *, last: bool = False) -> bytes:
        return bytes([kind | (0x80 if last else 0)]) + len(body).to_bytes(3, "big") + body

    frame = b"\xff\xf8\xc9\x18\x00\xc2\x00\x00\x00\x00\x00\x00\x00\x00"
    return (
        b"fLaC"
        + block(0, info)
        + block(4, comment)
        + block(2, application, last=True)
        + frame
        + b"TAG"
        + MARK.ljust(125)
    )


def opus() -> bytes:
    """An Opus head, comments with the mark, two pages of packets, and bytes behind the last page."""
    head = b"OpusHead\x01\x01" + struct.pack("<HIhB", 312, 48000, 0, 0)
    comment = b"ARTIST=" + MARK
    tags = b"OpusTags" + struct.pack("<I", len(MARK)) + MARK + struct.pack("<II", 1, len(comment)) + comment
    first = OggPage.from_packets([head])[0]
    first.first = True
    pages = [first, *OggPage.from_packets([tags], sequence=1)]
    for number in (2, 3):
        page = OggPage.from_packets([b"\xf8\xff\xfe"] * 50, sequence=number)[0]
        page.position = 960 * 50 * (number - 1)
        page.last = number == 3
        pages.append(page)
    for page in pages:
        page.serial = 0x7F3A
    return b"".join(page.write() for page in pages) + MARK


def box(name: bytes, *body: bytes) -> bytes:
    inside = b"".join(body)
    return struct.pack(">I", len(inside) + 8) + name + inside


SAMPLES = tuple(bytes([33, index]) * (20 + index) for index in range(10))


def m4a(codec: bytes = b"mp4a") -> bytes:
    """Ten samples of AAC in three chunks with the mark between them, in `udta`, in `meta`, in handler and dates."""
    ftyp = box(b"ftyp", b"M4A \0\0\0\0M4A mp42isom")
    chunks = (SAMPLES[:4], SAMPLES[4:8], SAMPLES[8:])
    start, offsets, body = len(ftyp) + 8, [], b""
    for chunk in chunks:
        body += MARK
        offsets.append(start + len(body))
        body += b"".join(chunk)
    dates = struct.pack(">II", 0x7F3A7F3A, 0x7F3A7F3A)
    esds = bytes.fromhex("0000000003190001000411401500000000000000000000000005021210060102")
    entry = box(
        codec,
        bytes(6),
        b"\0\1",
        bytes(8),
        struct.pack(">HHI", 2, 16, 0),
        struct.pack(">I", 44100 << 16),
        box(b"esds", esds),
    )
    stbl = box(
        b"stbl",
        box(b"stsd", bytes(4), struct.pack(">I", 1), entry),
        box(b"stts", bytes(4), struct.pack(">III", 1, 10, 1024)),
        box(b"stsc", bytes(4), struct.pack(">I", 2), struct.pack(">IIIIII", 1, 4, 1, 3, 2, 1)),
        box(b"stsz", bytes(4), struct.pack(">II", 0, 10), *(struct.pack(">I", len(sample)) for sample in SAMPLES)),
        box(b"stco", bytes(4), struct.pack(">IIII", 3, *offsets)),
    )
    minf = box(b"minf", box(b"smhd", bytes(8)), box(b"dinf", box(b"dref", bytes(4), struct.pack(">I", 0))), stbl)
    hdlr = box(b"hdlr", bytes(8), b"soun", bytes(12), MARK, b"\0")
    mdhd = box(b"mdhd", bytes(4), dates, struct.pack(">IIHH", 44100, 10240, 0x55C4, 0))
    tkhd = box(b"tkhd", b"\0\0\0\7", dates, struct.pack(">III", 1, 0, 10240), bytes(60))
    trak = box(b"trak", tkhd, box(b"mdia", mdhd, hdlr, minf), box(b"udta", box(b"name", MARK)))
    mvhd = box(b"mvhd", bytes(4), dates, struct.pack(">II", 44100, 10240), bytes(80))
    moov = box(b"moov", mvhd, trak, box(b"udta", box(b"\xa9xyz", MARK), box(b"meta", MARK)))
    return ftyp + box(b"mdat", body) + moov + box(b"uuid", MARK)


def ics(*lines: str) -> bytes:
    """A calendar with one event made of `lines`."""
    whole = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//example.org//FR",
        "BEGIN:VEVENT",
        *lines,
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
    return "\r\n".join(whole).encode()
