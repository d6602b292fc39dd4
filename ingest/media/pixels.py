"""A decoded picture made ready to publish: small enough, upright, in sRGB, rebuilt from its pixels, encoded."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageCms

from ingest.model import COPIES

LONG_SIDE = 1600

_FEW_COLOURS = 32_768
_QUALITY = 82
_PROFILE_BYTES = 4_000_000

_DRAWN, _PHOTO = Image.Resampling.LANCZOS, Image.Resampling.HAMMING
"""How pictures are shrunk: what is drawn and written stays sharp; a photo, which libjpeg halved or quartered while
decoding, has nothing finer than HAMMING keeps, at half the cost."""

JPEG = ("image/jpeg", "jpg")
PNG = ("image/png", "png")
WEBP = ("image/webp", "webp")

# TIFF 6.0 / EXIF 2.32, tag 0x0112: how the stored pixels have to be turned to stand upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def within(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size that fits `side` on its long side, proportions kept, never larger than it was."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def published(image: Image.Image, orientation: object, side: int = LONG_SIDE, *, photo: bool = False) -> Image.Image:
    """The picture as visitors see it, in mode L, RGB or RGBA, with nothing in it but pixels.

    Shrunk first and turned after: turning first would cost the whole of a phone's photo. The result is put on an empty
    picture, because Pillow carries comments and profiles along through every other operation.
    """
    image = _plain_mode(image)
    target = within(image.size, side)
    if target != image.size:
        image = image.resize(target, _PHOTO if photo else _DRAWN, reducing_gap=3.0)
    image = _opaque(_srgb(image))
    turn = _UPRIGHT.get(orientation) if isinstance(orientation, int) else None
    if turn is not None:
        image = image.transpose(turn)
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    return bare


def _plain_mode(image: Image.Image) -> Image.Image:
    """Modes that can be resampled without harm: palettes and bits would be resized by nearest neighbour."""
    if image.mode in {"L", "RGB", "RGBA", "CMYK"} and not ("transparency" in image.info and image.mode != "RGBA"):
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode.startswith("I;16"):
        image = image.convert("I")  # sixteen bits of grey: Pillow would clip them to eight instead of scaling
    if image.mode == "I":
        return image.point(lambda level: level * (1 / 256)).convert("L")
    return image.convert("L" if image.mode in {"1", "LA", "F"} else "RGB")


def _srgb(image: Image.Image) -> Image.Image:
    """Colours as sRGB, which is what a picture without a profile means on the Web."""
    profile = image.info.get("icc_profile")
    if image.mode in {"RGB", "RGBA", "CMYK"} and isinstance(profile, bytes) and 128 < len(profile) <= _PROFILE_BYTES:
        image = _converted(image, profile)
    return image.convert("RGB") if image.mode == "CMYK" else image


def _converted(image: Image.Image, profile: bytes) -> Image.Image:
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha else image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(source):
            return image
        target = ImageCms.createProfile("sRGB")
        turned = ImageCms.profileToProfile(colours, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image  # a profile that cannot be read, or that is not for these channels: the colours stay as they are
    if turned is None:
        return image
    if alpha:
        turned.putalpha(alpha)
    return turned


def _opaque(image: Image.Image) -> Image.Image:
    """Without an alpha channel that says nothing."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] == 255:
        return image.convert("RGB")
    return image


Encoder = Callable[[Image.Image], bytes]


def encoder(image: Image.Image, *, photo: bool) -> tuple[tuple[str, str], Encoder]:
    """How a picture is best written: its (media type, extension) and the function that does it.

    A photograph is a progressive JPEG. A drawing or a screenshot is a PNG where that is about as small; what is
    transparent is PNG or WebP. The same pixels always give the same bytes.
    """
    few = not photo and image.getcolors(_FEW_COLOURS) is not None
    if image.mode == "RGBA":
        return (PNG, _png) if few else (WEBP, _webp)
    if few and len(_png(image)) <= 1.3 * len(jpeg(image)):
        return PNG, _png
    return JPEG, jpeg


def narrower(image: Image.Image, *, photo: bool = False) -> tuple[Image.Image, ...]:
    """Copies of the widths in `COPIES` that are worth having, widest first."""
    copies = []
    for width in COPIES:
        if image.width >= 1.25 * width:
            image = _halved(image) if photo and image.width == 2 * width else _shrunk(image, width, photo=photo)
            copies.append(image)
    return tuple(copies)


def _halved(image: Image.Image) -> Image.Image:
    """Each four pixels as one: what libjpeg does too, ten times as fast as a filter, and no eye tells them apart."""
    return image.reduce(2)


def _shrunk(image: Image.Image, width: int, *, photo: bool) -> Image.Image:
    size = (width, max(1, round(image.height * width / image.width)))
    return image.resize(size, _PHOTO if photo else _DRAWN)


def jpeg(image: Image.Image, *, progressive: bool = True) -> bytes:
    """A JPEG with nothing in it but the pixels; progressive is smaller, and three times as long to write."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY, progressive=progressive, optimize=True)
    return out.getvalue()


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=6)  # 9 takes four times as long for a few hundredths
    return out.getvalue()


def _webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=_QUALITY, method=4)
    return out.getvalue()
