"""Pages of a PDF drawn by PDFium, bounded by how much there is to draw and by how long it takes.

A page of twenty kilobytes may ask for a million strokes. What it asks for is counted once it is parsed, and PDFium asks
again and again whether to go on (fpdf_progressive.h): between two objects, so that one large scan is drawn whole,
however slow the machine is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pypdfium2
from PIL import Image
from pypdfium2 import internal, raw

from ingest.media.remade import Unusable
from ingest.media.words import TOO_DEAR

_OBJECTS = 200_000
"""Of all pages together: letters in a row, strokes, pictures. A dense page of text has some 3,000, a map 50,000."""
_FEW = 3_000
_PICTURES = frozenset({raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING, raw.FPDF_PAGEOBJ_FORM})
_WHITE = (255, 255, 255, 255)


@dataclass(slots=True)
class Pen:
    """Draws the pages of one document, each for at most `seconds` of CPU."""

    seconds: float
    _left: int = _OBJECTS
    _until: float = 0.0

    @contextmanager
    def page(self, pdf: Any, number: int) -> Iterator[Any]:
        """One page, parsed. Raises `Unusable` where the document holds too much."""
        page = pdf[number]
        try:
            self._left -= raw.FPDFPage_CountObjects(page)
            if self._left < 0:
                raise Unusable(TOO_DEAR)
            self._until = time.process_time() + self.seconds
            yield page
        finally:
            page.close()

    def draw(self, page: Any, size: tuple[int, int]) -> Image.Image:
        """A page of `page` on white, in RGB, `size` pixels large. Raises `Unusable` where it takes too long."""
        bitmap = pypdfium2.PdfBitmap.new_native(*size, format=raw.FPDFBitmap_BGR, rev_byteorder=True)
        try:
            bitmap.fill_rect(_WHITE, 0, 0, *size)
            pause = raw.IFSDK_PAUSE(version=1)
            internal.set_callback(pause, "NeedToPauseNow", lambda _pause: time.process_time() > self._until)
            flags = raw.FPDF_ANNOT | raw.FPDF_REVERSE_BYTE_ORDER
            done = raw.FPDF_RenderPageBitmap_Start(bitmap, page, 0, 0, *size, 0, flags, pause)
            raw.FPDF_RenderPage_Close(page)
            if done == raw.FPDF_RENDER_TOBECONTINUED:
                raise Unusable(TOO_DEAR)
            drawn: Image.Image = bitmap.to_pil()  # copies: Pillow has no picture of three bytes a pixel
            return drawn
        finally:
            bitmap.close()


def is_light(page: Any) -> bool:
    """Whether a page holds few things and no picture: it is drawn anew sooner than a drawing of it is shrunk."""
    count = raw.FPDFPage_CountObjects(page)
    if count > _FEW:
        return False
    return not any(raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page, at)) in _PICTURES for at in range(count))
