"""`content/` as a projection of what was accepted: what somebody's hand did there is never lost."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from ingest.model import Digest, Kind
from ingest.publication.files import SET_ASIDE
from ingest.publication.project import project
from ingest.states import Action
from ingest.store import ArticleFile, Store
from tests.publication.walls import NOW, TestWall, picture

PATH = "billets/2022-06-08-une-fete-au-cafe.md"


def test_an_accepted_draft_is_a_file_with_its_address(wall: TestWall) -> None:
    """Dated by its acceptance in the wall's zone, numbered, in the folder of its kind."""
    late = NOW.replace(hour=23, minute=30)
    wall.accept(at=late)
    wall.accept("La plainte", kind=Kind.RELAY, at=late)
    wall.project(late)
    assert list(wall.sources()) == [PATH, "relais/2022-06-08-la-plainte.md"]
    head = wall.sources()[PATH].partition("\n\n")[0].splitlines()
    assert {"Slug: une-fete-au-cafe", "Status: published", "Number: mur-1", "Date: 2022-06-08T23:30:00+02:00"} <= set(
        head
    )


def test_projecting_again_changes_nothing(wall: TestWall) -> None:
    """Not even a time of change."""
    wall.accept()
    wall.project()
    before = (wall.content / PATH).stat().st_mtime_ns
    again = wall.project(NOW.replace(day=9))
    assert again.warnings == ()
    assert (wall.content / PATH).stat().st_mtime_ns == before


def test_a_corrected_title_keeps_its_address(wall: TestWall) -> None:
    """Once published, an address is for good; the correction has its date."""
    row = wall.accept()
    wall.store.published(wall.project().articles, NOW)
    wall.correct(row, "Autre texte.")
    wall.project(NOW.replace(day=10))
    text = wall.sources()[PATH]
    assert "Autre texte." in text
    assert "Modified: 2022-06-10T09:30:00+02:00" in text
    wall.project(NOW.replace(day=11))
    assert wall.sources()[PATH] == text


def test_a_file_edited_by_hand_is_left_and_told_of(wall: TestWall) -> None:
    """Even when a correction was accepted since."""
    row = wall.accept()
    wall.project()
    edited = wall.sources()[PATH] + "Ajouté à la main.\n"
    (wall.content / PATH).write_text(edited, encoding="utf-8")
    wall.correct(row, "Autre texte.")
    done = wall.project()
    assert wall.sources()[PATH] == edited
    assert PATH in done.warnings[0]
    assert done.articles == ()


def test_a_file_deleted_by_hand_is_not_written_again(wall: TestWall) -> None:
    """And is told of each time; nobody else gets its address."""
    wall.accept()
    wall.project()
    (wall.content / PATH).unlink()
    for _ in range(2):
        done = wall.project()
        assert PATH in done.warnings[0]
        assert done.articles == ()
    wall.accept(body="Un second.")
    wall.project()
    assert list(wall.sources()) == [PATH.replace(".md", "-2.md")]


@pytest.mark.parametrize("edited", [False, True])
def test_withdrawing_wins(wall: TestWall, *, edited: bool) -> None:
    """Over a hand's edit too, a copy of which is set aside in private."""
    row = wall.accept()
    wall.project()
    if edited:
        (wall.content / PATH).write_text("retouché", encoding="utf-8")
    wall.decide(row.id, Action.WITHDRAW)
    done = wall.project()
    assert wall.sources() == {}
    aside = list((wall.settings.paths.state / SET_ASIDE).glob("*")) if edited else []
    assert [path.read_text() for path in aside] == (["retouché"] if edited else [])
    assert len(done.warnings) == (1 if edited else 0)
    wall.decide(row.id, Action.UNDO)
    wall.project()
    assert PATH in wall.sources()


def test_a_file_of_that_name_by_another_hand_keeps_it(wall: TestWall) -> None:
    """The new article gets another address, in whatever folder the month's first one lies."""
    wall.write(
        "relais/2022-06-01-une-fete-au-cafe.md", "Title: x\nDate: 2022-06-01T10:00:00+02:00\nStatus: published\n\n"
    )
    wall.accept()
    wall.project()
    assert PATH.replace(".md", "-2.md") in wall.sources()


def test_a_medium_of_two_articles_goes_with_the_last_one(wall: TestWall) -> None:
    """It is named by its bytes, so that both have the same file."""
    medium = picture()
    rows = [wall.accept(f"Photo {n}", f"![x](media:{medium.name})", media=(medium,)) for n in (1, 2)]
    wall.project()
    for row, there in zip(rows, (True, False), strict=True):
        wall.decide(row.id, Action.WITHDRAW)
        assert wall.project().warnings == ()
        assert (wall.content / "medias" / medium.name).exists() is there


def test_a_medium_that_the_draft_does_not_show_stays_private(wall: TestWall) -> None:
    """Only what was accepted is projected."""
    wall.accept(media=(picture(),))
    wall.project()
    assert list(wall.sources()) == [PATH]


class TestInterruptions:
    """What a run left half-done, the next one finishes."""

    def test_after_writing_and_before_noting(self, wall: TestWall) -> None:
        """The file is known by its number: no second one."""
        wall.accept()
        wall.project()
        wall.store.note_article_files((), [file.path for file in wall.store.article_files()])
        assert wall.project().warnings == ()
        assert list(wall.sources()) == [PATH]
        assert [file.path for file in wall.store.article_files()] == [PATH]

    def test_after_replacing_and_before_noting(self, wall: TestWall) -> None:
        """What is there is what is wanted, whatever the list says."""
        wall.accept()
        wall.project()
        wall.store.note_article_files(file._replace(digest=Digest("0" * 64)) for file in wall.store.article_files())
        assert wall.project().warnings == ()

    @pytest.mark.parametrize("removed", [False, True])
    def test_between_marking_and_striking_off(self, wall: TestWall, *, removed: bool) -> None:
        """Withdrawn, marked, the process killed, the withdrawal undone: it comes back, and nobody is blamed."""
        row = wall.accept()
        wall.project()
        wall.decide(row.id, Action.WITHDRAW)
        wall.store.note_article_files(file._replace(digest=Digest("")) for file in wall.store.article_files())
        if removed:
            (wall.content / PATH).unlink()
        wall.decide(row.id, Action.UNDO)
        assert wall.project().warnings == ()
        assert list(wall.sources()) == [PATH]

    def test_a_temporary_folder_is_swept(self, wall: TestWall) -> None:
        """It was never under a folder that Pelican reads."""
        (wall.content / ".tmp-x").mkdir(parents=True)
        wall.project()
        assert not (wall.content / ".tmp-x").exists()


def test_files_may_be_read_by_the_web_server(wall: TestWall) -> None:
    """The private state is 0700; what is published is not."""
    medium = picture()
    wall.accept(body=f"![x](media:{medium.name})", media=(medium,))
    wall.project()
    assert {(path.stat().st_mode & 0o777) for path in wall.content.rglob("*") if path.is_file()} == {0o644}


def test_a_run_that_was_cut_off_between_file_and_list_is_no_hand(wall: TestWall) -> None:
    """Somebody corrects the text once more before the next run: the newest one is written, and nothing is lost."""
    row = wall.accept()
    wall.project()

    class Unplugged(Exception):
        pass

    class Cut(Store):
        """A store whose machine is switched off in the transaction that follows the write."""

        lists = 0

        def note_article_files(self, files: Iterable[ArticleFile], gone: Iterable[str] = ()) -> None:
            self.lists += 1
            if self.lists == 2:
                raise Unplugged
            super().note_article_files(files, gone)

    wall.correct(row, "Deuxième texte.")
    with Cut.open(wall.settings) as cut, pytest.raises(Unplugged):
        project(wall.settings, cut, now=NOW)
    assert "Deuxième texte." in wall.sources()[PATH]
    wall.correct(row, "Troisième texte.")
    done = wall.project()
    assert "Troisième texte." in wall.sources()[PATH]
    assert [article.path for article in done.articles] == [PATH]
    assert [path.name for path in (wall.settings.paths.state / SET_ASIDE).iterdir()] != []
