"""One article that cannot be a page costs the others nothing: real builds."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

import pytest

from ingest.doctor import CHECKS, Level, diagnose
from ingest.errors import BuildFailed, Refused
from ingest.moderation import queue, set_aside
from ingest.publication.suspects import MOST_BUILDS, culprits
from ingest.publication.swap import builds
from ingest.states import Action, State
from tests.publication.walls import NOW, TestWall, head

DEEP = "> " * 5000 + "x"
"""Nothing renders that."""


def crashing(folder: Path) -> TestWall:
    """A wall whose theme dies of a title, without saying whose."""
    templates = folder / "mur/theme/templates"
    templates.mkdir(parents=True)
    text = "<p>{{ article.title }}</p>{% if 'Poison' in article.title %}{{ article.absent.absent }}{% endif %}"
    (templates / "article.html").write_text(text)
    return TestWall(folder / "mur", theme="theme")


def test_a_poison_article_is_set_aside_and_the_others_are_online(wall: TestWall) -> None:
    """It stays accepted with a mark, a line in the journal and a place in the queue; a correction takes it again."""
    good, bad = wall.accept("Une fête"), wall.accept("Un puits", DEEP)
    done = wall.publish()
    assert (done.articles, done.new) == (1, (good.id,))
    assert [(out.number, out.path) for out in done.left_out] == [("mur-2", "billets/2022-06-08-un-puits.md")]
    assert "2022/06/un-puits.html" not in wall.files()
    assert "billets/2022-06-08-un-puits.md" not in wall.sources()

    row, line = wall.store.find(bad.id), wall.store.journal(bad.id)[-1]
    assert row.state is State.ACCEPTED
    assert row.set_aside == line.note == done.left_out[0].message
    assert (line.what, line.by, line.channel, line.digest) == ("set-aside", "mur", "publisher", row.accepted_digest)
    assert queue(wall.store) == ()
    assert [item.id for item in set_aside(wall.store)] == [bad.id]
    check = next(check for check in CHECKS if check.name == "set-aside")
    finding = list(diagnose(lambda: wall.settings, now=NOW, checks=[check]))[-1]
    assert finding.level is not Level.OK

    again = wall.publish()
    assert (again.new, again.left_out) == ((), ())
    wall.correct(bad, "Un seau.")
    mended = wall.publish()
    assert (mended.new, mended.left_out) == ((bad.id,), ())
    assert wall.store.find(bad.id).set_aside == ""
    assert "<p>Un seau.</p>" in wall.page("2022/06/un-puits.html")


def test_the_earlier_text_of_a_poison_correction_stays_online(wall: TestWall) -> None:
    """And accepting the poison again, unchanged, is possible and tries again."""
    row = wall.accept("Une fête", "Samedi.")
    wall.accept("Un autre")
    wall.publish()
    wall.correct(row, DEEP)
    done = wall.publish()
    assert [out.number for out in done.left_out] == ["mur-1"]
    assert "<p>Samedi.</p>" in wall.page("2022/06/une-fete.html")
    assert wall.store.find(row.id).state is State.ACCEPTED
    wall.decide(row.id, Action.ACCEPT)
    with pytest.raises(Refused):
        wall.decide(row.id, Action.ACCEPT)
    assert [out.number for out in wall.publish().left_out] == ["mur-1"]
    assert wall.store.find(row.id).published_digest == row.accepted_digest


def test_a_bad_file_by_hand_is_named_and_never_touched(wall: TestWall) -> None:
    """Page or article; what Pelican copies beside is still there; two files for one address cost the second alone."""
    row = wall.accept("Une fête")
    wall.project()
    wall.write("extra/robots.txt", "User-agent: *\n")
    bad = wall.write("pages/a-propos.md", "Titre sans rien")
    same = wall.write("billets/meme.md", head(Slug="une-fete", Date="2022-06-02T10:00:00+02:00"))
    written = bad.read_bytes(), same.read_bytes()
    done = wall.publish()
    assert {(out.path, out.number) for out in done.left_out} == {("pages/a-propos.md", ""), ("billets/meme.md", "")}
    assert done.new == (row.id,)
    assert (bad.read_bytes(), same.read_bytes()) == written
    assert wall.page("robots.txt") == "User-agent: *\n"
    assert wall.store.find(row.id).path == "billets/2022-06-08-une-fete.md"
    assert "Venez samedi" in wall.page("2022/06/une-fete.html")
    assert not (wall.settings.paths.state / "publication").exists()


def test_who_breaks_a_build_without_a_name_is_found(tmp_path: Path) -> None:
    """Pelican dies in a template: building without some finds the one; what is online is no suspect."""
    wall = crashing(tmp_path)
    rows = [wall.accept(title) for title in ("Un", "Deux", "Poison", "Quatre")]
    done = wall.publish()
    assert [out.number for out in done.left_out] == ["mur-3"]
    assert "absent" in done.left_out[0].message
    assert set(done.new) == {rows[0].id, rows[1].id, rows[3].id}
    assert "<p>Quatre</p>" in wall.page("2022/06/quatre.html")
    wall.store.close()


def test_a_fault_of_nobody_leaves_the_old_site(tmp_path: Path) -> None:
    """A theme that breaks every page sets nobody aside."""
    wall = crashing(tmp_path)
    wall.accept("Un")
    wall.publish()
    (wall.folder / "theme/templates/base.html").write_text("{{ nobody.absent }}")
    (wall.folder / "theme/templates/article.html").write_text("{{ article.absent.absent }}")
    second = wall.accept("Deux")
    with pytest.raises(BuildFailed):
        wall.publish()
    assert "<p>Un</p>" in wall.page("2022/06/un.html")
    assert wall.store.find(second.id).set_aside == ""
    wall.store.close()


@pytest.mark.parametrize("bad", [{5}, {0}, {63}, {3, 4}, {0, 31, 63}, {1, 2, 3, 4}, set(range(64)), set()])
def test_few_culprits_are_found_with_few_builds(bad: set[int]) -> None:
    """Three at most, and at most so many builds: more of them are not what is wrong."""
    asked: list[Collection[str]] = []

    def failure(out: Collection[str]) -> str:
        asked.append(out)
        return "non" if bad - {int(name) for name in out} else ""

    found = culprits([str(number) for number in range(64)], failure)
    assert {int(name) for name, _why in found} == (bad if len(bad) <= 3 else set())
    assert len(asked) <= MOST_BUILDS + 1


def test_a_web_server_may_read_what_was_built_under_any_umask(wall: TestWall) -> None:
    """A service with `UMask=0077` builds for somebody else."""
    wall.accept()
    old = os.umask(0o077)
    try:
        wall.publish()
    finally:
        os.umask(old)
    tree = [builds(wall.output), wall.output.resolve(), *wall.output.resolve().rglob("*")]
    assert {path.stat().st_mode & 0o777 for path in tree if path.is_dir()} == {0o755}
    assert {path.stat().st_mode & 0o777 for path in tree if path.is_file()} == {0o644}
