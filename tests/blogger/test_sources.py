"""Where an export lies: parts of a Takeout, a folder, the feed alone."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from ingest.blogger.feed import read
from ingest.blogger.pictures import Albums, in_full, name_of
from ingest.blogger.sources import opened
from ingest.errors import Refused
from tests.blogger.made import blog, present, takeout


def zipped(folder: Path, **files: str) -> Path:
    """A .zip of `files`."""
    path = folder / "t.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def test_a_takeout_its_folder_and_its_feed_are_the_same(tmp_path: Path):
    """Comments that its owner left elsewhere are not of the blog."""
    made = blog(3)
    (tmp_path / "t.zip").write_bytes(takeout(made))
    with zipfile.ZipFile(tmp_path / "t.zip") as archive:
        archive.extractall(tmp_path / "folder")
    (tmp_path / "feed.atom").write_text(present(made), encoding="utf-8")

    feeds = set()
    for name in ("t.zip", "folder", "feed.atom"):
        with opened([tmp_path / name]) as export:
            feeds.add(export.feed())

    assert feeds == {present(made).encode()}


def test_parts_of_a_takeout_are_one(tmp_path: Path):
    """Posts in the first, pictures in the second."""
    zipped(tmp_path, **{"Takeout/Blogger/Albums/A/une photo.jpg": "x"}).rename(tmp_path / "2.zip")
    first = zipped(tmp_path, **{"Takeout/Blogger/Blogs/A/feed.atom": present([])})

    with opened([first, tmp_path / "2.zip"]) as export:
        name = export.albums.find(["https://1.bp.blogspot.com/-x/s320/une+photo.jpg"])
        assert export.picture(name) == b"x"
        assert export.picture("nulle-part.jpg") is None


def test_of_several_blogs_one_is_named(tmp_path: Path):
    """And which there are is told."""
    path = zipped(tmp_path, **{f"Takeout/Blogger/Blogs/{it}/feed.atom": present([]) for it in ("Un", "Deux")})

    with pytest.raises(Refused, match="« Deux », « Un »"), opened([path]):
        pass
    with opened([path], blog="Deux") as export:
        assert "/Deux/" in export.feed_name


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04" + b"\0" * 200])
def test_what_holds_no_blog_is_refused(tmp_path: Path, data: bytes):
    """An empty archive, a damaged one."""
    path = tmp_path / "t.zip"
    path.write_bytes(data)

    def reading() -> None:
        with opened([path]) as export:
            read(export.feed())

    with pytest.raises(Refused):
        reading()


def test_a_damaged_member_is_refused(tmp_path: Path):
    """Its sum is wrong."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Blogs/A/feed.atom", present(blog(2)))
    data = bytearray(out.getvalue())
    data[200] ^= 0xFF
    (tmp_path / "t.zip").write_bytes(bytes(data))

    with opened([tmp_path / "t.zip"]) as export, pytest.raises(Refused, match="abîmée"):
        export.feed()


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://1.bp.blogspot.com/-x/s320/Photo+une.JPG", "Albums/A/photo une.jpg"),
        ("https://1.bp.blogspot.com/-x/s320/Photo%20une.jpg", "Albums/A/photo une.jpg"),
        ("https://1.bp.blogspot.com/-x/s320/deux.jpg", ""),
        ("https://blogger.googleusercontent.com/img/a/AVvXsEh=s320", ""),
        ("https://1.bp.blogspot.com/-x/s320/autre.jpg", ""),
        ("https://[x/", ""),
    ],
)
def test_a_picture_is_known_by_the_end_of_its_address(address: str, found: str):
    """Unless two have that name: the wrong photo under a text is worse than none."""
    albums = Albums(["Albums/A/photo une.jpg", "Albums/A/deux.jpg", "Albums/A/deux(1).jpg", "Albums/A/metadata.json"])

    assert found == albums.find([address])
    assert len(albums) == 3


@pytest.mark.parametrize(
    ("address", "full"),
    [
        ("https://1.bp.blogspot.com/-x/AA/s320/a.jpg", "https://1.bp.blogspot.com/-x/AA/s0/a.jpg"),
        ("https://1.bp.blogspot.com/-x/AA/w640-h480-p-k-no-nu/a.jpg", "https://1.bp.blogspot.com/-x/AA/s0/a.jpg"),
        ("https://blogger.googleusercontent.com/img/a/AVv=w400-h300", "https://blogger.googleusercontent.com/img/a/AVv=s0"),
        ("https://1.bp.blogspot.com/a.jpg", "https://1.bp.blogspot.com/a.jpg"),
    ],
)  # fmt: skip
def test_a_picture_is_asked_for_as_large_as_it_was_sent(address: str, full: str):
    """Blogger's addresses say how large it is shown."""
    assert full == in_full(address)


def test_a_file_name_is_one_of_a_picture():
    """Nothing else that an address may end with."""
    assert [name_of(f"https://a.invalid/x/{it}") for it in ("a.jpg", "a.html", "", "a.jpg/")] == ["a.jpg", "", "", ""]
