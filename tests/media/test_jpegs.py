"""How many scans a JPEG has: what a decoder goes over the picture again and again for."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from ingest.media import remake_one
from ingest.media.jpegs import scans
from ingest.model import Attachment
from ingest.settings import Limits


def jpeg(*, progressive: bool, size: tuple[int, int] = (64, 48)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(out, "JPEG", progressive=progressive)
    return out.getvalue()


def repeated(data: bytes, times: int) -> bytes:
    """The last scan again and again."""
    return data[:-2] + data[data.rindex(b"\xff\xda") : -2] * times + b"\xff\xd9"


@pytest.mark.parametrize(("data", "found"), [(jpeg(progressive=False), 1), (jpeg(progressive=True), 10)])
def test_scans_are_counted(data, found):
    """libjpeg writes ten for a progressive picture in colour."""
    assert scans(data, 50) == found


def test_what_stands_behind_the_picture_is_no_scan():
    """A phone's film, say, which may hold any bytes; nor is what a segment holds, a thumbnail say."""
    data = jpeg(progressive=False)
    thumbnail = b"\xff\xe1" + (2 + 400).to_bytes(2, "big") + b"\xff\xda" * 200
    assert scans(data[:2] + thumbnail + data[2:] + b"\xff\xda" * 1000, 50) == 1


def test_a_picture_of_too_many_scans_is_left_out_by_name():
    """However small its file is."""
    data = repeated(jpeg(progressive=True, size=(2000, 1500)), 400)
    photo = Attachment(name="photo.jpg", declared_type="image/jpeg", content_id="", inline=False, data=data)
    (line,) = remake_one(photo, limits=Limits()).removed

    assert line.text.endswith("trop compliquée à décoder")
