"""Pictures are re-made from their pixels: nothing else of them is ever published."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import shutil
import subprocess

import pytest
from PIL import Image, ImageDraw

from ingest.media import Remade, remake, remake_one
from ingest.model import Why
from ingest.settings import Limits
from tests.media import making
from tests.media.making import attachment

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF", "TIFF", "BMP")
TELLS_ORIENTATION = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF", "TIFF")


def done(name: str, data: bytes, *, inline: bool = False, content_id: str = "") -> Remade:
    return remake((attachment(name, data, inline=inline, content_id=content_id),), limits=Limits())


def opened(result: Remade) -> Image.Image:
    return Image.open(io.BytesIO(result.media[0].data))


def is_red(image: Image.Image, at: tuple[int, int]) -> bool:
    red, green, blue = image.convert("RGB").getpixel(at)
    return red > 150 and green < 90 and blue < 90


@pytest.mark.parametrize("name", FORMATS)
def test_no_mark_of_the_original_is_left_in_any_format(name: str) -> None:
    """EXIF, GPS, XMP, IPTC, ICC, comments and bytes behind the end are gone, from the narrower copies too."""
    data = making.saved(making.scene((1040, 200)), name)
    assert making.MARK in data
    result = done("IMG_2024.dat", data)
    pieces = [*result.media, *(copy for copies in result.variants.values() for copy in copies)]
    assert len(pieces) == 3
    for piece in pieces:
        assert making.MARK not in piece.data
        with Image.open(io.BytesIO(piece.data)) as image:
            assert not image.getexif()
            assert set(image.info) <= {
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
                "progressive",
                "progression",
            }


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_photo_stands_upright_whatever_way_the_phone_was_held(orientation: int) -> None:
    """The red corner of the scene is in the upper left for each of EXIF's eight orientations."""
    data = making.jpeg(making.stored_as(making.scene((2400, 1600)), orientation), orientation)
    image = opened(done("photo.jpg", data))
    assert image.size == (1600, 1067)
    assert is_red(image, (20, 20))
    assert not is_red(image, (1580, 20))


@pytest.mark.parametrize("name", TELLS_ORIENTATION)
def test_every_format_that_knows_an_orientation_is_turned_once(name: str) -> None:
    """Some decoders turn by themselves and some do not: the outcome is the same."""
    data = making.saved(making.stored_as(making.scene((640, 480)), 6), name, orientation=6)
    image = opened(done("photo", data))
    assert image.size == (640, 480)
    assert is_red(image, (20, 20))


def test_another_program_finds_no_metadata_and_an_upright_picture() -> None:
    """exiftool reads the same file before and after."""
    if not shutil.which("exiftool"):
        assert os.environ.get("CI") != "true", "exiftool is missing in CI (apt: libimage-exiftool-perl)"
        pytest.skip("exiftool is not installed (apt: libimage-exiftool-perl)")
    private = ("GPS", "IFD", "ExifIFD", "XMP", "IPTC", "ICC", "Photoshop", "Trailer", "MPF", "MakerNotes")
    for name in ("JPEG", "PNG", "WEBP", "AVIF", "HEIF", "TIFF"):
        data = making.saved(making.stored_as(making.scene((300, 200)), 6), name, orientation=6)
        before, after = _exiftool(data), _exiftool(done("photo", data).media[0].data)
        assert making.CANARY in str(before), name
        assert not [key for key in after if key.startswith(private) or "Orientation" in key or "Comment" in key], name
        assert (after["File:ImageWidth"], after["File:ImageHeight"]) == (300, 200)


def _exiftool(data: bytes) -> dict[str, object]:
    ran = subprocess.run(["exiftool", "-j", "-G1", "-a", "-u", "-"], input=data, capture_output=True, check=True)
    return json.loads(ran.stdout)[0]


def test_what_was_taken_out_is_said_in_words() -> None:
    """A volunteer reads what a photo told, never the values."""
    (line,) = done("été au lac.jpg", making.jpeg(making.scene())).removed
    assert line.why is Why.METADATA
    assert line.text == (
        "été au lac.jpg\u00a0: lieu, date de prise de vue, appareil, auteur, commentaire, informations cachées, "
        "légende et données ajoutées à l’image (GPS, EXIF, XMP, IPTC, texte, fin de fichier)"
    )


def test_a_picture_without_metadata_is_not_mentioned() -> None:
    """No line where there is nothing to say."""
    out = io.BytesIO()
    making.scene().save(out, "JPEG")
    assert done("photo.jpg", out.getvalue()).removed == ()


def test_names_are_the_hash_of_what_is_published() -> None:
    """The sender's name stays private and chooses nothing, not even the extension."""
    (piece,) = done("../../<b>.html\0", making.jpeg(making.scene()), content_id="a@b").media
    assert piece.name == hashlib.sha256(piece.data).hexdigest()[:16] + ".jpg"
    assert (piece.type, piece.original_name, piece.content_id) == ("image/jpeg", "../../<b>.html\0", "a@b")


def test_the_same_bytes_always_give_the_same_bytes() -> None:
    """A mail taken again changes no file."""
    for name in FORMATS:
        data = making.saved(making.scene((120, 100)), name)
        assert done("a", data) == done("a", data)


def test_a_large_photo_comes_in_three_widths() -> None:
    """At most 1,600 pixels on the long side, with copies of 800 and 400."""
    out = io.BytesIO()
    making.scene((3000, 4000)).save(out, "JPEG")
    result = done("photo.jpg", out.getvalue())
    (piece,) = result.media
    assert (piece.width, piece.height) == (1200, 1600)
    assert [(copy.width, copy.height) for copy in result.variants[piece.name]] == [(800, 1067), (400, 534)]
    assert {copy.type for copy in result.variants[piece.name]} == {"image/jpeg"}
    image = opened(result)
    assert image.info.get("progressive")


def test_a_small_picture_is_never_enlarged() -> None:
    """It stays as it is, and has no copies."""
    out = io.BytesIO()
    making.scene((300, 200)).save(out, "JPEG")
    result = done("photo.jpg", out.getvalue())
    assert (result.media[0].width, result.media[0].height) == (300, 200)
    assert result.variants == {}


def test_colours_of_another_profile_become_srgb() -> None:
    """A profile that calls green what sRGB calls red is obeyed, and then gone."""
    from PIL import ImageCms

    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = plain.replace("sRGB".encode("utf-16-be"), "mine".encode("utf-16-be"))
    green, red = swapped.index(b"gXYZ"), swapped.index(b"rXYZ")
    turned = bytearray(swapped)
    turned[green : green + 4], turned[red : red + 4] = b"rXYZ", b"gXYZ"  # what it calls red is green
    out = io.BytesIO()
    Image.new("RGB", (200, 200), (255, 0, 0)).save(out, "PNG", icc_profile=bytes(turned))
    red_level, green_level, _ = opened(done("a.png", out.getvalue())).convert("RGB").getpixel((100, 100))
    assert green_level > 200 > 100 > red_level


def test_drawings_stay_png_and_transparent_ones_transparent() -> None:
    """A poster with few colours keeps its edges; a photo saved as PNG becomes a JPEG."""
    poster = Image.new("RGBA", (700, 500), (0, 0, 0, 0))
    ImageDraw.Draw(poster).ellipse((100, 100, 400, 400), fill=(200, 0, 0, 255))
    out, photo = io.BytesIO(), io.BytesIO()
    poster.save(out, "PNG")
    making.scene((700, 500)).save(photo, "PNG")
    result = done("affiche.png", out.getvalue())
    assert result.media[0].type == "image/png"
    assert opened(result).getpixel((5, 5))[3] == 0
    assert done("photo.png", photo.getvalue()).media[0].type == "image/jpeg"
    faded = making.scene((700, 500))
    faded.putalpha(Image.linear_gradient("L").resize((700, 500)))
    soft = io.BytesIO()
    faded.save(soft, "PNG")
    assert done("doux.png", soft.getvalue()).media[0].type == "image/webp"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "YCbCr"])
def test_every_mode_a_scanner_may_write_becomes_one_that_browsers_show(mode: str) -> None:
    """Black and white, grey, palette, print colours, sixteen bits."""
    out = io.BytesIO()
    grey = Image.linear_gradient("L").resize((200, 200))
    image = grey.convert("I").point(lambda level: level * 256).convert("I;16") if mode == "I;16" else grey.convert(mode)
    image.save(out, {"CMYK": "JPEG", "YCbCr": "JPEG"}.get(mode, "TIFF" if mode == "I;16" else "PNG"))
    shown = opened(done("scan", out.getvalue())).convert("L")
    assert shown.getpixel((100, 5)) < 40
    assert shown.getpixel((100, 195)) > 215
    if mode != "1":
        assert 90 < shown.getpixel((100, 100)) < 165


def test_an_animation_keeps_its_first_picture_and_says_so() -> None:
    """Ten thousand frames cost no more than one."""
    data = making.gif_of(10_000)
    result = done("danse.gif", data)
    assert is_red(opened(result), (40, 40))
    assert [line.text for line in result.removed] == [
        "danse.gif\u00a0: l’animation (seule la première image est gardée)",
    ]


def test_results_travel_between_processes() -> None:
    """What a child process makes is what the parent receives."""
    item = attachment("photo.jpg", making.jpeg(making.scene()))
    function, result = pickle.loads(pickle.dumps((remake_one, remake_one(item, limits=Limits()))))
    assert function(item, limits=Limits()) == result


@pytest.mark.parametrize(
    ("name", "size", "placed"),
    [
        ("image001.png", (48, 48), True),
        ("trait.png", (600, 20), False),
        ("image002.png", (110, 110), True),
        ("image003.png", (520, 100), True),
        ("logo-mairie.png", (250, 180), True),
        ("facebook@2x.png", (128, 128), True),
    ],
)
def test_logos_and_icons_are_left_aside_and_can_come_back(name: str, size: tuple[int, int], placed: bool) -> None:
    """They are named to the moderator, and one decision puts them back."""
    out = io.BytesIO()
    making.scene(size).save(out, "PNG")
    result = done(name, out.getvalue(), inline=placed, content_id="x@y" if placed else "")
    assert (result.media, result.content_ids) == ((), {})
    (line,), (kept,) = result.removed, result.aside
    assert line.why is Why.ATTACHMENT
    assert line.text.startswith(f"{name} (image PNG, ")
    assert "logo ou icône" in line.text
    assert line.restore == f"![](media:{kept.name})"


@pytest.mark.parametrize(("size", "placed"), [((200, 150), True), ((110, 110), False), ((900, 200), True)])
def test_a_small_photo_is_no_logo(size: tuple[int, int], placed: bool) -> None:
    """In doubt it is a contribution."""
    out = io.BytesIO()
    making.scene(size).save(out, "JPEG")
    assert len(done("photo.jpg", out.getvalue(), inline=placed).media) == 1


def test_a_tracking_pixel_is_called_one() -> None:
    """It is nothing that a reader would have seen, and it never comes back."""
    out = io.BytesIO()
    Image.new("P", (1, 1)).save(out, "GIF")
    result = done("spacer.gif", out.getvalue(), inline=True)
    assert (result.media, result.aside) == ((), ())
    assert (result.removed[0].why, result.removed[0].restore) == (Why.TRACKER, None)
