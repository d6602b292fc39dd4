"""What is kept of each post for lists and feeds: of which posts, until when."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from plugins.incremental.bodies import NAME, Bodies
from plugins.incremental.pieces import ATOM, SHEET, Pieces
from plugins.incremental.posts import Post

ADDRESS = "https://mur.example.org"
POST = Post(
    path="billets/2022-06-08-une-fete.md", moment=1654673400.0, slug="une-fete", url="2022/06/une-fete.html",
    month="2022/06", tags=(("pain", "Pain"),), kind="article", number="mur-1", changed="2022-06-08T09:30:00+02:00",
    turns=None, of="", agenda="", alive=False, media=(), said="5a1d", stamp="1", body="0b0d",
)  # fmt: skip


def _kept(folder: Path, made: str, post: Post = POST, *, kind: str = SHEET, mark: str = "mark") -> str:
    """The piece of a post in a build of its own, where `made` is what it would be made into now."""
    bodies = Bodies(folder, "salt")
    kept = Pieces(bodies, mark, ADDRESS).of(post)
    assert kept is not None
    found = kept.piece(kind, lambda: made)
    bodies.keep()
    bodies.close()
    return found


def test_it_is_made_once(tmp_path: Path) -> None:
    """For one kind, one text, and one look of the site."""
    assert [_kept(tmp_path, made) for made in ("one", "two")] == ["one", "one"]
    assert _kept(tmp_path, "an entry", kind=ATOM) == "an entry"
    assert _kept(tmp_path, "another text", POST._replace(said="77")) == "another text"
    assert _kept(tmp_path, "another picture", POST._replace(body="77")) == "another picture"
    assert _kept(tmp_path, "another theme", mark="other") == "another theme"


def test_it_goes_with_its_post(tmp_path: Path) -> None:
    """Where the post is withdrawn or corrected, nothing of it stays in the file."""
    _kept(tmp_path, "canari")
    bodies = Bodies(tmp_path, "salt")
    bodies.keep(Pieces(bodies, "mark", ADDRESS).keys(POST))
    bodies.close()

    left = sqlite3.connect(tmp_path / NAME).execute("SELECT count(*) FROM body").fetchone()

    assert left == (0,)
    assert not [path for path in tmp_path.iterdir() if b"canari" in path.read_bytes()]


def test_what_was_not_finished_is_not_kept(tmp_path: Path) -> None:
    """However many were made before the build broke off."""
    bodies = Bodies(tmp_path, "salt")
    kept = Pieces(bodies, "mark", ADDRESS)
    for number in range(1200):
        made = kept.of(POST._replace(said=f"{number}"))
        assert made is not None
        made.piece(SHEET, lambda: "canari")
    bodies.close()

    assert sqlite3.connect(tmp_path / NAME).execute("SELECT count(*) FROM body").fetchone() == (0,)


@pytest.mark.parametrize(
    "post",
    [
        POST._replace(kind="relay"),
        POST._replace(kind="update", of="mur-2"),
        POST._replace(kind="event", agenda="2022/07", turns=1.0),
        POST._replace(agenda="2022/07"),
    ],
    ids=["a relay", "its news", "an event", "what has a date"],
)
def test_what_others_or_the_clock_change_is_not_kept(post: Post) -> None:
    """It is made each time."""
    assert Pieces(Bodies(None, ""), "mark", ADDRESS).of(post) is None


def test_without_an_address_nothing_is_kept() -> None:
    """Each page leads to the root in its own way."""
    assert Pieces(Bodies(None, ""), "mark", "").of(POST) is None


@pytest.mark.parametrize(("address", "root"), [(ADDRESS, ""), (f"{ADDRESS}/mur", "/mur"), (f"{ADDRESS}/a/b", "/a/b")])
def test_links_begin_as_in_the_theme(address: str, root: str) -> None:
    """With what stands after the host."""
    kept = Pieces(Bodies(None, ""), "mark", address).of(POST)
    assert kept is not None
    assert kept.root == root
