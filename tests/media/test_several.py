"""The files of one mail: what would not be published anyway is not re-made, and what comes to nothing ends early."""

from __future__ import annotations

import io
from itertools import count

import pytest
from PIL import Image

from ingest.media import Remade, Several, remake_one
from ingest.media.words import weight
from ingest.model import Attachment, Why
from ingest.settings import Limits
from tests.media import making
from tests.media.making import attachment

LIMITS = Limits(pictures=3)


class Files:
    """Adds files, and counts those that were re-made. Each that comes to nothing costs `seconds` by its own clock."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.made: list[str] = []
        self._now, self._seconds = 0.0, seconds
        self.several = Several(LIMITS, clock=lambda: self._now)

    def add(self, name: str, data: bytes, *, content_id: str = "") -> None:
        self.several.add(attachment(name, data, content_id=content_id), self._remake)

    def _remake(self, file: Attachment) -> Remade:
        self.made.append(file.name)
        part = remake_one(file, limits=LIMITS)
        self._now += 0 if part.media else self._seconds
        return part

    @property
    def told(self) -> list[str]:
        return [line.text for line in self.several.whole.removed if line.why is Why.ATTACHMENT]


@pytest.fixture(scope="module")
def leaflets() -> list[bytes]:
    """Small, and each another one."""
    return [making.pdf((f"Tract {number}",), size=(200, 20)) for number in range(7)]


def picture(shade: int, size: tuple[int, int] = (400, 300)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (shade, 90, 20)).save(out, "PNG")
    return out.getvalue()


def test_of_more_documents_than_a_mail_may_bring_only_those_are_remade(leaflets):
    """The sixth and the seventh are told by their names, and nobody opens them."""
    files = Files()
    for number, data in enumerate(leaflets):
        files.add(f"{number}.pdf", data)

    assert ["0.pdf", "1.pdf", "2.pdf", "3.pdf", "4.pdf"] == files.made
    assert 5 == len(files.several.whole.leaflets)
    assert [
        f"{name}.pdf ({weight(len(leaflets[name]))})\u00a0: au-delà de 5 documents" for name in (5, 6)
    ] == files.told


def test_a_document_that_comes_again_when_there_are_enough_is_not_one_too_many(leaflets):
    """It is one of the five, under another name."""
    files = Files()
    for number, data in enumerate((*leaflets[:5], leaflets[0])):
        files.add(f"{number}.pdf", data)

    assert 5 == len(files.made) == len(files.several.whole.leaflets)
    assert [] == files.told
    assert "5.pdf" in {line.text.partition("\u00a0")[0] for line in files.several.whole.removed}


def test_the_same_bytes_are_remade_once_whatever_they_are_called():
    """Each place in the text finds the picture, and what it told is said under each name."""
    files, data = Files(), making.jpeg(making.scene())
    for name, content_id in (("un.jpg", "un"), ("deux.jpg", "deux"), ("trois.jpg", "")):
        files.add(name, data, content_id=content_id)
    whole = files.several.whole
    (piece,) = whole.media

    assert ["un.jpg"] == files.made
    assert {"un": piece.name, "deux": piece.name} == whole.content_ids
    assert ["un.jpg", "deux.jpg", "trois.jpg"] == [line.text.partition("\u00a0")[0] for line in whole.removed]


def test_a_small_picture_is_looked_at_again_where_it_may_be_a_logo():
    """The same bytes are a picture as a file, and an icon where a signature shows them."""
    files, data = Files(), picture(1, (100, 100))
    files.add("plan.png", data)
    files.add("logo.png", data, content_id="logo")

    assert ["plan.png", "logo.png"] == files.made
    assert ["logo"] == [line.text[:4] for line in files.several.whole.removed]


def test_of_more_pictures_than_a_mail_may_bring_large_ones_are_not_decoded():
    """A small one is, since it may be the logo of a signature, which has a word of its own."""
    files = Files()
    for number in range(3):
        files.add(f"{number}.png", picture(number))
    large = picture(9) + bytes(100_000)
    files.add("large.png", large)
    files.add("logo.png", picture(8, (40, 40)), content_id="logo")

    assert ["0.png", "1.png", "2.png", "logo.png"] == files.made
    assert f"large.png ({weight(len(large))})\u00a0: au-delà de 3 images" == files.told[0]
    assert "logo ou icône" in files.told[1]


def test_files_that_come_to_nothing_are_given_up_when_they_have_cost_enough():
    """Two may be dear; half a second more, and those that are left are not tried, but for what costs nothing."""
    files = Files(seconds=0.3)
    for number in range(6):
        files.add(f"{number}.pdf", b"%%PDF-1.7 rien %d" % number)
    files.add("film.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(64))

    assert ["0.pdf", "1.pdf", "2.pdf", "3.pdf", "film.mp4"] == files.made
    assert [True] * 2 == [text.endswith("trop long ou trop lourd à lire") for text in files.told[4:6]]
    assert files.told[6].endswith("les vidéos ne sont pas publiées")


def test_what_is_published_is_never_counted():
    """However long it takes: a small machine makes the same of an honest mail."""
    ticks = count(step=100)
    several = Several(LIMITS, clock=lambda: float(next(ticks)))
    for number in range(3):
        several.add(attachment(f"{number}.png", picture(number)), lambda one: remake_one(one, limits=LIMITS))

    assert ["0.png", "1.png", "2.png"] == [piece.original_name for piece in several.whole.media]
