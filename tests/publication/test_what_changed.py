"""A publication after another one: unchanged files are the same files; what is remembered is not believed blindly."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ingest.model import Kind
from ingest.publication.looked import FOLDER, Looks
from ingest.publication.publish import Online, Way, publish
from ingest.publication.stamps import changed, stamps
from ingest.publication.taking_down import take_down
from ingest.states import Action
from ingest.store import Erasure
from tests.publication.walls import NOW, TestWall, picture

CANARY = "kiwipourpre"
QUICK = Way(index=False)


@dataclass(slots=True)
class Walk:
    """One wall, published time after time."""

    wall: TestWall
    at: int = 0
    builds: list[dict[str, int]] = field(default_factory=list)
    """Each site by the inodes of its files."""

    @property
    def memory(self) -> Path:
        """What builds remember."""
        return self.wall.settings.paths.state / FOLDER

    def publish(self, way: Way = QUICK) -> Online:
        """An hour later."""
        self.at += 1
        done = publish(self.wall.settings, self.wall.store, now=NOW + timedelta(hours=self.at), way=way)
        root = self.wall.output.resolve()
        self.builds.append(
            {it.relative_to(root).as_posix(): it.stat().st_ino for it in root.rglob("*") if it.is_file()}
        )
        return done

    def new(self) -> set[str]:
        """Files of the last build that the one before has not, or not as they are."""
        before, after = self.builds[-2:]
        return {name for name, inode in after.items() if before.get(name) != inode}

    def remembered(self) -> bytes:
        """All of it."""
        return b"".join(path.read_bytes() for path in self.memory.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Ours, with our theme, and four posts online."""
    wall = TestWall(tmp_path_factory.mktemp("pas") / "mur", theme="", url="https://mur.example.org")
    for n in range(4):
        wall.accept(
            f"Billet {n}", f"Texte {n}.", at=NOW - timedelta(days=40 * n), tags=("rue",) if n % 2 else ("pain",)
        )
    made = Walk(wall)
    made.publish()
    yield made
    wall.store.close()


def test_one_post_more_leaves_the_other_files_as_they_are(walk: Walk) -> None:
    """By hard links first, then by the tree of the build that would go: never by writing what stands there."""
    for n in range(3):
        walk.wall.accept(f"Encore {n}", "Un texte.", tags=("rue",))
        done = walk.publish()

        assert done.articles == 5 + n
        assert f"2022/06/encore-{n}.html" in walk.new()
        assert "theme/style.css" not in walk.new()
        assert "2022/03/billet-2.html" not in walk.new()
        assert not [name for name in walk.new() if name.startswith("mot/pain/")]
    assert (walk.wall.output.resolve().parent / "spare").is_dir()


def test_a_text_that_was_withdrawn_is_remembered_nowhere(walk: Walk) -> None:
    """Neither in the site, nor in what the next build starts from."""
    row = walk.wall.accept("Fragile", f"Un mot : {CANARY}.", media=(picture(),))
    walk.publish()
    assert CANARY.encode() in walk.remembered()
    walk.wall.decide(row.id, Action.WITHDRAW)
    walk.publish()

    assert "2022/06/fragile.html" not in walk.wall.files()
    assert not [name for name in walk.wall.files() if not name.endswith(".png") and CANARY in walk.wall.page(name)]
    assert CANARY.encode() not in walk.remembered()


def test_a_reaction_changes_the_page_that_it_stands_on(walk: Walk) -> None:
    """And the feed of reactions; no list."""
    post = walk.wall.accept("À commenter")
    walk.publish()
    walk.wall.accept("", "Bravo.", kind=Kind.REACTION, extra={"Reply_to": post.public})
    walk.publish()

    page = "2022/06/a-commenter.html"
    assert {page, "feeds/reactions.atom.xml"} == {name for name in walk.new() if name != "semaine.html"}
    assert "Bravo." in walk.wall.page(page)


def test_what_a_hand_broke_is_built_again(walk: Walk) -> None:
    """A damaged index, none at all, a build that is not ours: each time all of it, and right."""
    index = walk.memory / "index"
    for damage in (lambda: index.write_bytes(b"x" * 90), lambda: shutil.rmtree(walk.memory), walk.wall.output.unlink):
        damage()
        walk.publish()
        assert {"theme/style.css", "2022/02/billet-3.html"} <= walk.new()


def test_all_is_built_where_somebody_asks_for_it(walk: Walk) -> None:
    """`mur publish --all`."""
    walk.publish()
    assert "theme/style.css" not in walk.new()
    walk.publish(Way(all=True, index=False))
    assert {"theme/style.css", "2022/02/billet-3.html"} <= walk.new()


def test_a_file_that_somebody_edits_is_told_of_each_time_and_shown(walk: Walk) -> None:
    """As before; what is settled is looked at all the same."""
    path = next(walk.wall.content.glob("billets/*-billet-0.md"))
    path.write_text(path.read_text("utf-8") + "\nÀ la main.\n", encoding="utf-8")

    for _time in range(2):
        assert "modifié à la main" in " ".join(walk.publish().warnings)
    assert "À la main." in walk.wall.page("2022/06/billet-0.html")


def test_a_medium_stays_while_another_post_shows_it(walk: Walk) -> None:
    """Though the post goes that it is noted under."""
    shown = picture(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x0a\0\0\0\x14deux")
    text = f"![la place](media:{shown.name})"
    rows = [walk.wall.accept(f"Avec image {n}", text, media=(shown,)) for n in range(2)]
    walk.publish()
    (owner,) = (it.contribution for it in walk.wall.store.article_files() if it.path == f"medias/{shown.name}")
    walk.wall.decide(next(row.id for row in rows if row.id == owner), Action.WITHDRAW)
    walk.publish()

    assert f"medias/{shown.name}" in walk.wall.files()


def test_erasing_forgets_what_builds_remember(walk: Walk) -> None:
    """The next one is whole."""
    row = walk.wall.accept("À effacer", CANARY)
    walk.publish()
    take_down(walk.wall.settings, walk.wall.store, (Erasure(row=walk.wall.store.find(row.id), size=None, names=()),))

    assert not walk.memory.exists()


def test_a_file_as_young_as_the_look_at_it_has_no_stamp(tmp_path: Path) -> None:
    """The next change may come within the same tick of the clock."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "old.md").write_text("x")
    old = stamps(tmp_path, "a", ".md")

    assert {"a/old.md": ""} == old
    assert {"a/old.md"} == changed(old, stamps(tmp_path, "a", ".md"))


def test_what_was_looked_at_is_thrown_away_where_it_is_not_whole(walk: Walk) -> None:
    """Or where it is of another time zone: then everything is read."""
    settings = walk.wall.settings
    walk.publish()
    file = walk.memory / "content"
    file.write_bytes(file.read_bytes()[:-9])
    looks = Looks(settings.paths.content, settings.paths.state, ZoneInfo("UTC"))

    assert looks.at("billets/rien.md") is None
    assert looks.texts("billets")
