"""Hostile attachments cost little, harm nothing, and are named; the rest of the mail goes on."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from ingest.media import given_up, remake
from ingest.media.kinds import Family, detect
from ingest.model import Why
from ingest.settings import Limits
from tests.media import making
from tests.media.making import attachment


def verdict(name: str, data: bytes) -> str:
    result = remake((attachment(name, data),), limits=Limits())
    assert (result.media, result.aside, result.events) == ((), (), ())
    (line,) = result.removed
    assert line.why is Why.ATTACHMENT
    return line.text


@pytest.mark.parametrize("side", [13_000, 20_000, 60_000])
def test_a_picture_that_would_fill_the_memory_is_refused_by_its_header(side: int) -> None:
    """13,000 x 13,000 pixels in some kilobytes: nothing of it is decoded."""
    bomb = making.png_bomb(side, side) if side < 60_000 else making.png_bomb(60_000, 60)
    began = time.process_time()
    assert "image PNG" in (text := verdict("mur.png", bomb))
    assert "trop grande" in text
    assert time.process_time() - began < 5, "decoding it would take minutes"


@pytest.mark.parametrize("name", ["PNG", "WEBP"])
def test_the_largest_picture_that_is_taken_fits_the_memory(name: str, tmp_path: Path) -> None:
    """64 million pixels, half as many in WebP, in a process of its own: less than 700 megabytes."""
    program = (
        "import io, sys\n"
        "from PIL import Image\n"
        "from ingest.media import remake\n"
        "from ingest.settings import Limits\n"
        "from tests.media.making import attachment, png_bomb\n"
        "data = png_bomb(8000, 8000)\n"
        "if sys.argv[1] == 'WEBP':\n"
        "    data = open(sys.argv[2], 'rb').read()\n"
        "result = remake((attachment('a', data),), limits=Limits())\n"
        "assert result.media, result.removed\n"
        "print(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')).split()[1])\n"
    )
    Image.new("RGBA", (8000, 4000), (9, 9, 9, 99)).save(tmp_path / "a.webp", lossless=True, method=0)
    command = [sys.executable, "-c", program, name, str(tmp_path / "a.webp")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(ran.stdout) < 700_000


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF", "TIFF", "BMP"])
def test_a_picture_that_was_cut_off_is_left_out_by_name(name: str) -> None:
    """Half a file, and a file of which only the head is left."""
    whole = making.saved(making.scene((400, 300)), name)
    for data in (whole[: len(whole) // 3], whole[:60]):
        assert verdict("coupée", data).startswith("coupée (")


PICTURES = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF", "TIFF", "BMP")
SOUNDS = ("mp3", "flac", "opus", "m4a", "wav")


@pytest.mark.parametrize("name", [*PICTURES, *SOUNDS, "leaflet"])
def test_bytes_changed_at_random_never_raise(name: str) -> None:
    """A picture, a word for it, or both: nothing else comes out."""
    chance = random.Random(7)
    if name in PICTURES:
        whole = making.saved(making.scene((96, 96)), name)
    else:
        whole = making.pdf(("a",), size=(400, 30)) if name == "leaflet" else getattr(making, name)()
    for _ in range(25):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 12)):
            data[chance.randrange(4, len(data))] = chance.randrange(256)
        result = remake((attachment("x", bytes(data)),), limits=Limits())
        assert result.media or result.removed


def test_any_bytes_have_a_kind_and_an_answer() -> None:
    """Noise of every length, and noise behind every signature."""
    chance = random.Random(11)
    pictures = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x18ftypheic", b"BM")
    sounds = (b"ID3", b"OggS", b"fLaC", b"\0\0\0\x18ftypM4A soun", b"RIFF\0\0\0\0WAVE", b"\xff\xfb", b"\xff\xf1")
    for head in (b"", *pictures, *sounds, b"%PDF-1.4", b"BEGIN:VCALENDAR", b"PK\x03\x04"):
        for size in (0, 1, 5, 40, 3000):
            result = remake((attachment("bruit", head + chance.randbytes(size)),), limits=Limits())
            assert len(result.removed) + len(result.media) + len(result.events) >= 1


FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(12_000_000)
REFUSED = {
    "film.mp4": (FILM, "vidéo, 12\u00a0Mo", "les vidéos ne sont pas publiées"),
    "film.webm": (b"\x1aE\xdf\xa3" + bytes(40), "vidéo", "vidéos"),
    "lettre.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "document bureautique", "PDF"),
    "dessin.png": (b"<?xml version='1.0'?><svg onload='alert(1)'/>", "dessin SVG", "SVG"),
    "photo.jpg": (b"<!DOCTYPE html><script>alert(1)</script>", "page web", "pages web"),
    "jeu.exe": (b"MZ\x90\0" + bytes(300), "programme", "programmes"),
    "jeu.sh": (b"#!/bin/sh\nrm -rf /\n", "programme", "programmes"),
    "moi.vcf": (b"BEGIN:VCARD\nVERSION:3.0\nFN:X\nEND:VCARD\n", "carte de visite", "privées"),
    "signature.asc": (b"-----BEGIN PGP SIGNATURE-----\n\nabc\n", "signature électronique", "pas publiée"),
    "smime.p7s": (bytes.fromhex("308006092a864886f70d010702a0800000"), "signature électronique", "pas publiée"),
    "cle.asc": (b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabc\n", "clé", "pas publiée"),
    "note.md": (b"# Bonjour\n\n[x](javascript:alert(1))\n", "texte", "collez"),
    "page.rst": (b".. include:: /etc/passwd\n", "texte", "collez"),
    "rien.jpg": (b"", "fichier vide, 0\u00a0octet", "rien"),
    "voix.amr": (b"#!AMR\n" + bytes(50), "son AMR", "pas publié"),
    "chose.bin": (bytes(range(256)) * 4, "format inconnu", "pas publié"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_never_published_is_refused_by_name(name: str) -> None:
    """The sender reads what it was, how large, and what to do instead."""
    data, noun, reason = REFUSED[name]
    text = verdict(name, data)
    assert text.startswith(f"{name} ({noun}")
    assert reason in text


def test_no_archive_is_ever_opened() -> None:
    """ZIP files are archives, or Office documents by the names that stand in clear in their head."""
    for inside, noun in (("photo.jpg", "archive"), ("word/document.xml", "document bureautique")):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            made.writestr(inside, making.jpeg_cover())
        assert f"({noun}, " in verdict("a.jpg", out.getvalue())


def test_files_that_are_two_things_at_once_are_published_as_one() -> None:
    """A GIF that is a script, a JPEG that is a ZIP, a picture called .html: pixels come out, and nothing else."""
    out = io.BytesIO()
    making.scene((200, 200)).save(out, "GIF", comment=b"*/=1;alert(1)/*<script>")
    for name, data in (
        ("a.js", out.getvalue() + b"*/alert(1)//"),
        ("page.html", making.jpeg(making.scene((200, 200)))),
    ):
        (piece,) = remake((attachment(name, data),), limits=Limits()).media
        assert piece.name.rsplit(".", 1)[1] in {"jpg", "png"}
        assert b"alert" not in piece.data
        assert b"PK\x03\x04" not in piece.data
    assert verdict("a.gif", b"GIF89a/*<script>*/=alert(1);//").endswith("illisible ou abîmé")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../x/photo.svg", "photo.svg"),
        ("..\\..\\photo.svg", "photo.svg"),
        ("x\u202egpj.exe", "xgpj.exe"),
        ("a\0b\nc.svg", "abc.svg"),
        ("", "pièce sans nom"),
        ("é" * 400 + ".svg", "é" * 68 + "…" + "é" * 7 + ".svg"),
    ],
)
def test_hostile_names_are_shown_as_one_harmless_line(name: str, shown: str) -> None:
    """Neither a path, nor a line break, nor a change of direction reaches a page."""
    assert verdict(name, b"<svg xmlns='http://www.w3.org/2000/svg'/>").startswith(f"{shown} (dessin SVG")


def test_one_bad_attachment_leaves_the_others_alone() -> None:
    """It is left out by name, and the mail goes on."""
    good = making.jpeg(making.scene())
    parts = (attachment("a.jpg", good[:500]), attachment("b.jpg", good), attachment("c.zip", b"PK\x03\x04"))
    result = remake(parts, limits=Limits())
    assert [piece.original_name for piece in result.media] == ["b.jpg"]
    assert [line.text.split(" ")[0] for line in result.removed if line.why is Why.ATTACHMENT] == ["a.jpg", "c.zip"]


def test_the_same_picture_twice_is_one() -> None:
    """Each of its places in the text finds it."""
    data = making.jpeg(making.scene())
    parts = tuple(attachment(f"{cid}.jpg", data, content_id=cid) for cid in ("un", "deux", ""))
    result = remake(parts, limits=Limits())
    (piece,) = result.media
    assert result.content_ids == {"un": piece.name, "deux": piece.name}


def test_a_mail_brings_so_many_pictures_and_no_more() -> None:
    """The first ones stay, the others are named."""
    parts = []
    for number in range(5):
        out = io.BytesIO()
        Image.new("RGB", (100, 100), (number * 40, 0, 0)).save(out, "PNG")
        parts.append(attachment(f"{number}.png", out.getvalue()))
    result = remake(tuple(parts), limits=Limits(pictures=3))
    assert [piece.original_name for piece in result.media] == ["0.png", "1.png", "2.png"]
    assert ["au-delà de 3 images" in line.text for line in result.removed] == [True, True]


def test_an_attachment_that_had_to_be_stopped_has_a_word_too() -> None:
    """Whoever ran it in a process of its own puts this in its place."""
    (line,) = given_up(attachment("lent.pdf", b"%PDF-1.7")).removed
    assert line.text == "lent.pdf (document PDF, 8\u00a0octets)\u00a0: trop long ou trop lourd à lire"


def test_a_picture_is_told_by_its_content_whatever_it_is_called() -> None:
    """The declared type and the name are never asked."""
    for name, family in (("JPEG", Family.PICTURE), ("HEIF", Family.PICTURE), ("AVIF", Family.PICTURE)):
        assert detect(making.saved(making.scene((64, 64)), name)).family is family
    assert detect(b"\xff\xfe" + "<html>".encode("utf-16-le")).family is not Family.SOUND
    assert detect(struct.pack(">I", 8) + b"ftyp").family is Family.VIDEO


def test_the_words_of_a_text_file_can_be_put_back():
    """It is named, not published; whoever moderates may take its words into the draft, masked like the rest."""
    data = "L’appel des voisines, *à lire*.\n\nÉcrire à voisine@example.org\n".encode()
    done = remake((attachment("appel.txt", data),), limits=Limits())

    assert () == done.media
    assert [Why.ATTACHMENT] == [line.why for line in done.removed]
    assert "L’appel des voisines, \\*à lire\\*." in str(done.removed[0].restore)
    assert "voisine@example.org" not in str(done.removed[0].restore)
