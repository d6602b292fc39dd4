"""PDF leaflets: pictures of their pages, a PDF made anew of those pictures, and their text.

The model is Dangerzone: a document is turned into pixels, and what is published is made of the pixels alone. Scripts,
links, attachments, author and hidden layers cannot come along. PDFium is built without JavaScript and without forms.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image

from ingest.media import pixels
from ingest.media.drawing import Pen, is_light
from ingest.media.remade import Leaflet, Remade, Unusable, media
from ingest.media.words import listed, shortened, shown, stripped
from ingest.model import COPIES, Attachment, Media, Removed
from ingest.settings import Limits

PAGES = 20
_PRINT_SIDE = 2000
"""Pixels on the long side of a page as it is printed: 171 dots an inch on A4."""
_PRINT_AREA = 3_200_000
"""Pixels of a printed page: a square has no more of them than A4 and Letter."""
_DRAWING = 0.2
"""Of `part_seconds`: how long one page may be drawn."""
_POINTS = (3.0, 14_400.0)
"""The smallest and largest side of a page, in points (ISO 32000-1, annex C)."""
_PASSWORD = 4
"""FPDF_ERR_PASSWORD of fpdfview.h."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    shown: Media
    copies: tuple[Media, ...]
    printed: bytes
    """JPEG."""
    pixels: tuple[int, int]
    points: tuple[float, float]
    text: str


def leaflet(attachment: Attachment, limits: Limits) -> Remade:
    """A PDF as it may be published: its first `PAGES` pages.

    Raises `Unusable` for one that is locked, broken, without pages, or too much to draw.
    """
    with _opened(attachment.data) as pdf:
        count = len(pdf)
        if not count:
            raise Unusable("il n’a aucune page")
        pen = Pen(_DRAWING * limits.part_seconds)
        pages = tuple(_page(attachment, pdf, pen, number) for number in range(min(count, PAGES)))
        removed = _notes(attachment, pdf, count)
    printed = media(attachment, _printed(pages), ("application/pdf", "pdf"), size=None, alt="")
    text = "\n\n".join(page.text for page in pages if page.text)
    names = tuple(page.shown.name for page in pages)
    warnings = () if text else (f"{shown(attachment.name)}\u00a0: aucun texte lisible par une machine dans ce PDF",)
    return Remade(
        media=(printed, *{page.shown.name: page.shown for page in pages}.values()),
        removed=removed,
        warnings=warnings,
        leaflets=(Leaflet(name=printed.name, pages=names, text=_bounded(text, limits.text_bytes)),),
        variants={page.shown.name: page.copies for page in pages if page.copies},
    )


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == _PASSWORD
        raise Unusable("protégé par un mot de passe" if locked else "illisible ou abîmé") from None
    with closing(pdf):
        yield pdf


def _page(attachment: Attachment, pdf: Any, pen: Pen, number: int) -> _Page:
    with pen.page(pdf, number) as page:
        points = _size(page.get_size())
        image = pen.draw(page, _pixels(points))
        small, *copies = _drawn_anew(page, pen, points) if is_light(page) else _shrunk(image)
        text = _text(page)
    kind, encode = pixels.encoder(small, photo=True)
    alt = f"Page {number + 1} du document"
    return _Page(
        shown=media(attachment, encode(small), kind, size=small.size, alt=alt),
        copies=tuple(media(attachment, encode(copy), kind, size=copy.size, alt=alt) for copy in copies),
        printed=pixels.jpeg(image, progressive=False),
        pixels=image.size,
        points=points,
        text=text,
    )


def _drawn_anew(page: Any, pen: Pen, points: tuple[float, float]) -> tuple[Image.Image, ...]:
    """As it is shown, and narrower: letters are sharper so than in a drawing that was made smaller."""
    sizes = [pixels.within(_pixels(points), pixels.LONG_SIDE)]
    height = sizes[0][1] / sizes[0][0]
    sizes += [(width, max(1, round(width * height))) for width in COPIES if sizes[0][0] >= 1.25 * width]
    return tuple(pen.draw(page, size) for size in sizes)


def _shrunk(image: Image.Image) -> tuple[Image.Image, ...]:
    small = pixels.published(image, None, photo=True)
    return small, *pixels.narrower(small, photo=True)


def _size(points: tuple[float, float]) -> tuple[float, float]:
    """Width and height of a page in points, as bounded as the format says they are."""
    if not all(math.isfinite(side) and side > 0 for side in points):
        raise Unusable("une page n’a pas de taille")
    shrink = min(1.0, _POINTS[1] / max(points))
    width, height = (max(_POINTS[0], round(side * shrink, 2)) for side in points)
    return width, height


def _pixels(points: tuple[float, float]) -> tuple[int, int]:
    """How large a page is drawn, `_PRINT_SIDE` pixels long whatever size it claims."""
    width, height = points
    scale = min(_PRINT_SIDE / max(points), math.sqrt(_PRINT_AREA / (width * height)))
    if min(points) * scale < 8:
        raise Unusable("une page est plus étroite qu’un trait")
    return math.ceil(width * scale), math.ceil(height * scale)


def _text(page: Any) -> str:
    """What stands within the page's bounds, a line a line."""
    with closing(page.get_textpage()) as words:
        raw: str = words.get_text_bounded()
    # PDFium writes U+0002 (once U+FFFE) where a word is hyphenated at the end of a line.
    joined = re.sub("[\x02\ufffe](\r?\n)?", "", raw).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in joined if char == "\n" or unicodedata.category(char) not in {"Cc", "Cs", "Cn"})
    return unicodedata.normalize("NFC", kept).strip()


def _bounded(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")


def _printed(pages: tuple[_Page, ...]) -> bytes:
    """A PDF of nothing but pictures: no information dictionary, no date; the same pages give the same bytes."""
    with pikepdf.new() as pdf:
        for page in pages:
            width, height = page.points
            sheet = pdf.add_blank_page(page_size=page.points)
            sheet.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=_xobject(pdf, page)))
            sheet.obj.Contents = pdf.make_stream(f"q {width} 0 0 {height} 0 0 cm /P Do Q".encode())
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def _xobject(pdf: pikepdf.Pdf, page: _Page) -> pikepdf.Object:
    stream = pikepdf.Stream(pdf, page.printed)
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    stream.Width, stream.Height = page.pixels
    stream.ColorSpace, stream.BitsPerComponent = pikepdf.Name.DeviceRGB, 8
    stream.Filter = pikepdf.Name.DCTDecode
    return pdf.make_indirect(stream)


def _notes(attachment: Attachment, pdf: Any, count: int) -> tuple[Removed, ...]:
    told = pdf.get_metadata_dict(skip_empty=True)
    words = [
        word
        for word, there in (
            ("auteur", "Author" in told),
            ("titre", bool(told.keys() & {"Title", "Subject", "Keywords"})),
            ("logiciel", bool(told.keys() & {"Creator", "Producer"})),
            ("dates", bool(told.keys() & {"CreationDate", "ModDate"})),
            ("pièces jointes", pdf.count_attachments() > 0),
            ("formulaire", pdf.get_formtype() != 0),
        )
        if there
    ]
    notes = [stripped(attachment, f"{listed(tuple(words))} (dans le PDF d’origine)")] if words else []
    if count > PAGES:
        which = f"la page {count}" if count == PAGES + 1 else f"les pages {PAGES + 1} à {count}"
        notes.append(shortened(attachment, f"{which} ({PAGES} pages au plus)"))
    return tuple(notes)
