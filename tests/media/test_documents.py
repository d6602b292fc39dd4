"""A PDF leaflet is published as pictures, as a PDF of those pictures, and as text. The original never is."""

from __future__ import annotations

import io
import time

import pikepdf
import pytest
from PIL import Image

from ingest.media import Remade, remake
from ingest.model import Why
from ingest.settings import Limits
from tests.media import making
from tests.media.making import attachment

TEXTS = ("Assemblée au gymnase, samedi", "Deuxième page (suite)")


def done(data: bytes, limits: Limits | None = None) -> Remade:
    return remake((attachment("tract.pdf", data),), limits=limits or Limits())


def test_each_page_is_a_picture_and_all_text_is_kept() -> None:
    """Pages in order, with a text for those who do not see them."""
    result = done(making.pdf(TEXTS))
    (leaflet,) = result.leaflets
    by_name = {piece.name: piece for piece in result.media}
    assert leaflet.text == "\n\n".join(TEXTS)
    assert by_name[leaflet.name].type == "application/pdf"
    pages = [by_name[name] for name in leaflet.pages]
    assert [page.alt for page in pages] == ["Page 1 du document", "Page 2 du document"]
    assert {(page.type, page.width, page.height) for page in pages} == {("image/jpeg", 1131, 1600)}
    assert all(Image.open(io.BytesIO(page.data)).convert("L").getextrema()[0] < 60 for page in pages)
    assert set(result.variants) == set(leaflet.pages)


def test_the_pdf_that_is_published_holds_pictures_and_nothing_else() -> None:
    """No author, script, attachment, date, link, form, text: only pages of the same size."""
    original = making.pdf(TEXTS)
    assert original.count(making.MARK) >= 3
    result = done(original)
    assert not [piece for piece in result.media if making.MARK in piece.data]
    printed = next(piece for piece in result.media if piece.type == "application/pdf")
    with pikepdf.open(io.BytesIO(printed.data)) as made:
        assert set(made.Root.keys()) == {"/Type", "/Pages"}
        assert "/Info" not in made.trailer
        assert [[float(side) for side in page.mediabox] for page in made.pages] == [[0, 0, 595, 842]] * 2
        assert {key for page in made.pages for key in page.obj} == {
            "/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}  # fmt: skip
        shown = made.pages[0].obj.Resources.XObject.P
        assert (int(shown.Width), int(shown.Height)) == (1414, 2000)


def test_what_the_original_told_is_said() -> None:
    """Author, title, attachments."""
    line = next(line for line in done(making.pdf(TEXTS)).removed if line.why is Why.METADATA)
    assert line.text == "tract.pdf\u00a0: auteur, titre et pièces jointes (dans le PDF d’origine)"


def test_the_same_leaflet_gives_the_same_files() -> None:
    """The PDF made anew has no date and no random identifier."""
    data = making.pdf(TEXTS)
    assert done(data) == done(data)


def test_a_leaflet_of_many_pages_stops_at_twenty_and_says_so() -> None:
    """The rest is named."""
    result = done(making.pdf(tuple(f"Page {number}" for number in range(1, 24)), size=(500, 50)))
    assert len(result.leaflets[0].pages) == 20
    assert "Page 21" not in result.leaflets[0].text
    assert "tract.pdf\u00a0: les pages 21 à 23 (20 pages au plus)" in {line.text for line in result.removed}


def test_locked_and_broken_leaflets_are_left_out_with_the_reason() -> None:
    """No page, no text, no original."""
    whole = making.pdf(TEXTS)
    for data, reason in (
        (making.pdf(TEXTS, password="secret"), "protégé par un mot de passe"),
        (b"%PDF-1.4 rien", "illisible ou abîmé"),
        (whole[:200], "illisible ou abîmé"),
        (making.pdf(()), ""),
    ):
        result = done(data)
        assert (result.media, result.leaflets) == ((), ())
        assert result.removed[0].text.endswith(reason)


def test_a_page_of_any_size_costs_the_same() -> None:
    """A poster of five metres, a stamp, and a thread."""
    for size, kept in (((14_400, 14_400), True), ((3, 3), True), ((14_400, 3), False)):
        with pikepdf.new() as made:
            made.add_blank_page(page_size=size)
            out = io.BytesIO()
            made.save(out)
        result = done(out.getvalue())
        assert bool(result.leaflets) is kept
        if kept:
            assert max(result.media[1].width or 0, result.media[1].height or 0) <= 1600


def test_a_leaflet_without_readable_text_is_pointed_out() -> None:
    """Somebody has to describe it."""
    out = io.BytesIO()
    making.scene().save(out, "PDF")
    result = done(out.getvalue())
    assert result.leaflets[0].text == ""
    assert "aucun texte lisible" in result.warnings[0]


def test_the_text_is_bounded() -> None:
    """By the limit of text of a mail."""
    result = done(making.pdf(("é" * 60,) * 4), Limits(text_bytes=101))
    assert len(result.leaflets[0].text.encode()) <= 101


def test_three_thousand_pages_cost_twenty() -> None:
    """A small file may claim as many pages as it likes."""
    with pikepdf.new() as made:
        page = made.add_blank_page(page_size=(400, 40))
        for _ in range(3000):
            made.pages.append(page)
        out = io.BytesIO()
        made.save(out)
    assert len(done(out.getvalue()).leaflets[0].pages) == 20


def _strokes(*pages: int, end: str = "595 842") -> bytes:
    """A PDF with so many strokes on each page, from one corner to `end`."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        for count in pages:
            made.add_blank_page(page_size=(595, 842)).obj.Contents = made.make_stream(
                f"0 0 m {end} l S ".encode() * count
            )
        made.save(out, compress_streams=True)
    return out.getvalue()


@pytest.mark.parametrize("pages", [(300_000,), (100, 199_950), (150_000,)])
def test_a_document_of_too_many_strokes_is_left_out_by_name(pages: tuple[int, ...]) -> None:
    """More than are taken at all, on one page or together; fewer, of which each takes its time."""
    began = time.process_time()
    result = done(_strokes(*pages), Limits(part_seconds=2))

    assert ((), ()) == (result.media, result.leaflets)
    assert [True] == [line.text.endswith("trop long ou trop lourd à lire") for line in result.removed]
    assert time.process_time() - began < 8, "all of them would take half a minute"


def test_a_drawing_of_some_thousand_strokes_is_published() -> None:
    """A map, a plan: it is shrunk, not drawn three times."""
    (leaflet,) = done(_strokes(4_000, end="9 9")).leaflets

    assert 1 == len(leaflet.pages)


@pytest.mark.parametrize("strokes", [1, 4_000])
def test_a_page_has_the_same_copies_whether_it_is_drawn_anew_or_shrunk(strokes: int) -> None:
    """Of widths that assembly looks for."""
    result = done(_strokes(strokes, end="9 9"))

    assert [(1131, 1600), (800, 1132), (400, 566)] == [
        (piece.width, piece.height) for piece in (result.media[1], *result.variants[result.media[1].name])
    ]


def test_a_square_page_has_no_more_pixels_than_a_sheet_of_paper() -> None:
    """The printed one; what is shown keeps its side."""
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(600, 600))
        out = io.BytesIO()
        made.save(out)
    result = done(out.getvalue())
    with pikepdf.open(io.BytesIO(result.media[0].data)) as printed:
        sheet = printed.pages[0].obj.Resources.XObject.P

        assert 3_200_000 >= int(sheet.Width) * (int(sheet.Height) - 2)
    assert (1600, 1600) == (result.media[1].width, result.media[1].height)
