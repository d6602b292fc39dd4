"""Pictures: decoded within limits, re-made from their pixels, told apart from logos."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageFile

from ingest.media import pixels
from ingest.media.jpegs import scans
from ingest.media.kinds import Kind
from ingest.media.ornaments import ornament
from ingest.media.remade import Remade, Unusable, media
from ingest.media.told import told
from ingest.media.words import left_out, shortened, stripped
from ingest.media.words import pixels as in_pixels
from ingest.model import Attachment, Markdown, Media, Removed
from ingest.settings import Limits

_LONGEST_SIDE = 30_000
"""libjpeg and WebP end at 65,535 and 16,383; no camera and no scanner comes near this."""
_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
    "image/heic": "HEIF",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
}
_SCANNED = 1_000_000_000
"""Pixels that the scans of a JPEG go over, all together: programs write ten scans or so, of 64 megapixels at most."""
_HELD = 1.8
"""Four bytes a pixel, and a little more to shrink it: where a photo has 64 million pixels, a drawing has 35 million, as
a page of A4 scanned with 600 dpi."""
_COSTLY = {"image/webp": 2}
"""libwebp's animation decoder, which Pillow uses for all WebP, holds the picture more than once."""
_PHOTOS = frozenset({"image/jpeg", "image/heic", "image/avif"})


def picture(attachment: Attachment, kind: Kind, limits: Limits) -> Remade:
    """One picture as it would be published, with narrower copies.

    Raises `Unusable` where it is too large or not what it says, `ImportError` for HEIC without pillow-heif, and
    whatever Pillow's decoders raise on broken input.
    """
    with _opened(attachment.data, kind, limits) as image:
        size = image.size
        if kind.type == "image/jpeg":
            _check_scans(attachment.data, size)
            image.draft(None, pixels.within(size, pixels.LONG_SIDE))  # decodes at 1/2, 1/4 or 1/8: the cheap way down
        image.load()
        _check(image.size, limits)
        removed = _notes(attachment, image)
        # Read after loading, because Pillow turns TIFF itself then, and pillow-heif HEIC.
        photo = kind.type in _PHOTOS
        clean = pixels.published(image, image.getexif().get(0x0112), photo=photo)
    verdict = ornament(attachment, kind, size)
    shown, copies = _written(attachment, clean, photo=photo)
    if verdict:
        line = left_out(attachment, kind.noun, verdict.reason)
        restore = None if verdict.pixel else Markdown(f"![](media:{shown.name})")
        return Remade(
            removed=(Removed(why=verdict.why, text=line.text, restore=restore),),
            aside=() if verdict.pixel else (shown,),
        )
    return Remade(
        media=(shown,),
        removed=removed,
        variants={shown.name: copies} if copies else {},
        content_ids={shown.content_id: shown.name} if shown.content_id else {},
    )


@contextmanager
def _opened(data: bytes, kind: Kind, limits: Limits) -> Iterator[ImageFile.ImageFile]:
    """The picture, its header read and found bearable, nothing decoded yet.

    Only the decoder of the detected format may look at it, and Pillow's own guard is set to our limit, its warning an
    error. Its other warnings are about odd metadata, which are thrown away anyway.
    """
    name = _FORMATS[kind.type]
    if name == "HEIF":
        _register_heif()
    before = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = limits.picture_pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with _open(data, name) as image:
                _check(image.size, limits, _cost(kind, image.mode))
                yield image
    finally:
        Image.MAX_IMAGE_PIXELS = before


def _open(data: bytes, name: str) -> ImageFile.ImageFile:
    try:
        return Image.open(io.BytesIO(data), formats=(name,))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Unusable("trop grande une fois décompressée") from None


def _register_heif() -> None:
    import pillow_heif  # an extra, and its libraries take a while to load

    pillow_heif.register_heif_opener()


def _cost(kind: Kind, mode: str) -> float:
    """How much more a pixel costs than one of a photo: what cannot be decoded at a part of its size is held whole."""
    whole = 1.0 if kind.type in {"image/jpeg", "image/heic"} or mode in {"1", "L"} else _HELD
    return max(whole, _COSTLY.get(kind.type, 1))


def _check(size: tuple[int, int], limits: Limits, cost: float = 1) -> None:
    if size[0] * size[1] * cost > limits.picture_pixels or max(size) > _LONGEST_SIDE:
        raise Unusable(f"trop grande ({in_pixels(size)})")


def _check_scans(data: bytes, size: tuple[int, int]) -> None:
    """A progressive JPEG is all its scans over one another, and each goes over the whole picture (T.81, annex G)."""
    most = max(1, _SCANNED // (size[0] * size[1]))
    if scans(data, most + 1) > most:
        raise Unusable("trop compliquée à décoder")


def _notes(attachment: Attachment, image: ImageFile.ImageFile) -> tuple[Removed, ...]:
    notes = []
    if getattr(image, "is_animated", False) and image.format != "MPO":
        notes.append(shortened(attachment, "l’animation (seule la première image est gardée)"))
    if what := told(image, attachment.data):
        notes.append(stripped(attachment, what))
    return tuple(notes)


def _written(attachment: Attachment, image: Image.Image, *, photo: bool) -> tuple[Media, tuple[Media, ...]]:
    """The picture and its narrower copies, all in one format."""
    kind, encode = pixels.encoder(image, photo=photo)
    shown = media(attachment, encode(image), kind, size=image.size, alt="")
    copies = tuple(
        media(attachment, encode(copy), kind, size=copy.size, alt="")  # the srcset of `shown`
        for copy in pixels.narrower(image, photo=photo)
    )
    return shown, copies
