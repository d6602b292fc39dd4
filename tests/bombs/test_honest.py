"""The largest honest mails pass where bombs do not: photos of 48 megapixels, scans, many pages, many files."""

from __future__ import annotations

import io

import pikepdf
import pytest
from PIL import Image

from ingest.model import Converted
from tests.bombs.costs import Reader
from tests.bombs.mails import mail_with
from tests.media import making

MEGABYTES = 256


@pytest.fixture(scope="module")
def reader():
    with Reader() as reader:
        yield reader


def scanned(dots: int, pages: int) -> bytes:
    """Sheets of A4 in colour, each one JPEG from edge to edge, as copiers mail them."""
    size = (dots * 827 // 100, dots * 1169 // 100)
    out = io.BytesIO()
    making.scene(size).save(out, "JPEG", quality=60)
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            sheet, scan = pdf.add_blank_page(page_size=(595, 842)), pikepdf.Stream(pdf, out.getvalue())
            scan.Type, scan.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
            scan.Width, scan.Height = size
            scan.ColorSpace, scan.BitsPerComponent = pikepdf.Name.DeviceRGB, 8
            scan.Filter = pikepdf.Name.DCTDecode
            sheet.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=pdf.make_indirect(scan)))
            sheet.obj.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /P Do Q")
        pdf.save(made)
    return made.getvalue()


def flat(name: str, size: tuple[int, int], **how: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (90, 120, 30)).save(out, name, quality=60, **how)
    return out.getvalue()


def test_a_photo_of_fifty_megapixels_is_published(reader):
    """libjpeg decodes it at a quarter of its size."""
    cost = reader.read(mail_with(flat("JPEG", (8160, 6120))))

    assert isinstance(cost.outcome, Converted)
    assert ["image/jpeg"] == [file.type for file in cost.outcome.media]
    assert cost.peak < MEGABYTES


@pytest.mark.long
def test_a_photo_of_48_megapixels_as_telephones_write_it_has_all_the_memory(reader):
    """HEIC cannot be decoded at a part of its size."""
    making.saved(making.scene((64, 64)), "HEIF")  # registers the format
    cost = reader.read(mail_with(flat("HEIF", (8064, 6048), enc_params={"preset": "ultrafast"})))

    assert isinstance(cost.outcome, Converted)
    assert ["image/jpeg"] == [file.type for file in cost.outcome.media]


@pytest.mark.parametrize(("dots", "pages"), [(600, 1), pytest.param(300, 20, marks=pytest.mark.long)])
def test_scanned_sheets_are_published(reader, dots, pages):
    """One in the finest colours, and as many as a document may have."""
    cost = reader.read(mail_with(scanned(dots, pages)))

    assert isinstance(cost.outcome, Converted)
    assert [] == list(cost.outcome.removed)
    assert "application/pdf" in [file.type for file in cost.outcome.media]
    assert cost.peak < MEGABYTES


@pytest.mark.long
def test_a_mail_as_large_as_they_come_is_published_with_all_it_brings(reader):
    """Photos and documents together, 25 megabytes, none of them given up."""
    photos = [making.jpeg(making.scene((4000, 3000 + number))) for number in range(3)]
    leaflets = [making.pdf(tuple(f"Page {page} du tract {number}" for page in range(8))) for number in range(3)]
    filling = scanned(300, 2) + bytes(8_000_000)
    cost = reader.read(mail_with(*photos, *leaflets, filling))

    assert isinstance(cost.outcome, Converted)
    assert 3 == sum(file.type == "image/jpeg" and "Page" not in file.alt for file in cost.outcome.media)
    assert 4 == sum(file.type == "application/pdf" for file in cost.outcome.media)
    assert cost.peak < MEGABYTES
