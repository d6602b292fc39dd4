"""`mur import-blogger` on small exports: what is asked for, what is told, what comes twice or is cut off."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.blogger.importing import import_blog
from ingest.blogger.model import Options
from ingest.errors import Refused
from ingest.moderation import Decision, decide
from ingest.states import Action, State
from ingest.store import Store
from tests.blogger.conftest import NOW, Wall
from tests.blogger.made import BLOG, Made, blog, posts, present, takeout

WHEN = datetime(2022, 6, 8, 10, tzinfo=UTC)
POST = Made(what="POST", id=f"{BLOG}.post-1", title="La soupe", html="<p>Elle est prête.</p>", published=WHEN,
            path="/2022/06/la-soupe.html", author="Jean-Marc Exemple")  # fmt: skip
COMMENT = Made(what="COMMENT", id=f"{BLOG}.post-2", title="", html="Merci !", published=WHEN + timedelta(hours=1),
               parent=POST.id, author="Une voisine")  # fmt: skip


def exported(wall: Wall, *made: Made) -> Path:
    """A feed with these entries."""
    path = wall.folder / "feed.atom"
    path.write_text(present(made), encoding="utf-8")
    return path


def article(wall: Wall) -> str:
    """What became of `POST`."""
    wall.publish()
    return wall.state()["billets/2022-06-08-la-soupe.md"].decode()


@pytest.mark.parametrize(
    ("asked", "signs", "answers"),
    [("none", "", ""), ("keep", "Jean-Marc Exemple", "Une voisine"), ("FILE", "Jeannot", "")],
)
def test_who_signs_is_chosen(wall: Wall, asked: str, signs: str, answers: str):
    """By default nobody does; a file gives pseudonyms, and who is not in it signs nothing."""
    names = wall.folder / "noms.txt"
    names.write_text("# sur Blogger = ici\n\nJean-Marc  Exemple = Jeannot\nAutre = x@example.org\n", encoding="utf-8")
    wall.bring(exported(wall, POST, COMMENT), "--bylines", str(names) if asked == "FILE" else asked)

    assert (f"Author: {signs}\n" in article(wall)) is bool(signs)
    reaction = wall.state()["reactions/2022-06-08-mur-2.md"].decode()
    assert (f"Author: {answers}\n" in reaction) is bool(answers)
    assert ("Jean-Marc Exemple" in article(wall)) is (asked == "keep")


def test_an_address_never_signs(wall: Wall):
    """Not even where names are kept."""
    made = replace(POST, author="zoe@example.org"), replace(COMMENT, author="appelez le 06 12 34 56 78")
    wall.bring(exported(wall, *made), "--bylines", "keep")

    assert "Author:" not in article(wall) + wall.state()["reactions/2022-06-08-mur-2.md"].decode()


def test_a_line_that_is_no_pair_is_told(wall: Wall):
    """With its number."""
    names = wall.folder / "noms.txt"
    names.write_text("a = b\nc\n", encoding="utf-8")

    with pytest.raises(Refused, match="ligne 2"):
        wall.mur("import-blogger", "--bylines", names, exported(wall, POST))


def test_addresses_and_numbers_in_a_post_are_masked(wall: Wall):
    """As in a mail, and the report counts them."""
    html = "<p>Écrivez à zoe@secret.example.org ou au 06 12 34 56 78.</p>"
    told = wall.bring(exported(wall, replace(POST, html=html, title="Pour zoe@secret.example.org")))

    assert "secret.example.org" not in article(wall)
    assert "06 12 34" not in article(wall)
    assert told["removed"] == {"address": 2, "phone": 1}


def test_a_dry_run_tells_all_and_writes_nothing(wall: Wall):
    """Not even a state folder with something in it."""
    path = wall.folder / "t.zip"
    path.write_bytes(takeout(blog(20), pictures=False))

    dry = wall.bring(path, "--dry-run")
    written = {it.name for it in wall.folder.rglob("*") if it.is_file()}
    told = wall.bring(path)

    assert written == {"mur.toml", "t.zip"}
    assert dry["dry_run"]
    assert {**dry, "dry_run": False} == told
    assert (told["posts"], told["reactions"]) == (22, 10)
    assert list(told["missing"]) == ["/2018/01/la-table-dhotes-du-jeudi-3.html", "/2018/03/compte-rendu_13.html"]


def test_what_changed_on_blogger_since_is_told_and_left(wall: Wall):
    """A correction made here is worth more than the old text."""
    wall.bring(exported(wall, POST, COMMENT))
    told = wall.bring(exported(wall, replace(POST, html="<p>Elle est froide.</p>"), COMMENT))

    assert [(it["path"], it["why"]) for it in told["skipped"]] == [("/2022/06/la-soupe.html", "changed")]
    assert told["known"] == 1
    assert "prête" in article(wall)


def test_what_was_withdrawn_or_erased_here_stays_away(wall: Wall):
    """A second import is no way back."""
    export = exported(wall, POST, COMMENT)
    wall.bring(export)
    wall.publish()
    with Store.open(wall.settings) as store:
        row = store.find("mur-2")
        decide(store, Decision(action=Action.WITHDRAW, id=row.id, by="zoe", digest=None, channel="cli", at=NOW))
    wall.mur("erase", "--yes", "mur-1")

    told = wall.bring(export)

    assert (told["posts"], told["reactions"]) == (0, 0)
    assert [it["why"] for it in told["skipped"]] == ["erased", "no-post"]
    assert not [name for name in wall.state() if name.startswith("billets/")]


def test_an_import_that_was_cut_off_goes_on(wall: Wall):
    """Between a post that was kept and its acceptance too."""
    export = exported(wall, *posts(6))
    options = Options(by="zoe", now=NOW)
    with Store.open(wall.settings) as store:
        change, calls = store.change, []

        def dying(*arguments: object) -> object:
            calls.append(arguments)
            if len(calls) == 3:
                raise KeyboardInterrupt
            return change(*arguments)

        store.change = dying
        with pytest.raises(KeyboardInterrupt):
            import_blog(store, wall.settings, [export], options)
    with Store.open(wall.settings) as store:
        assert [row.state for row in store.rows()].count(State.HELD) == 1
        report = import_blog(store, wall.settings, [export], options)
        rows = store.rows()

    assert (report.posts, report.known) == (4, 2)
    assert sorted(row.number for row in rows) == [1, 2, 3, 4, 5, 6]
    assert {row.state for row in rows} == {State.ACCEPTED}


def test_a_page_by_somebody_s_hand_is_never_replaced(wall: Wall):
    """It is told instead."""
    page = wall.settings.paths.content / "pages" / "qui.md"
    page.parent.mkdir(parents=True)
    page.write_text("Title: Qui\nStatus: published\n\nNous.\n", encoding="utf-8")
    made = Made(what="PAGE", id=f"{BLOG}.post-9", title="Qui", html="<p>Eux.</p>", published=WHEN, path="/p/qui.html")

    told = wall.bring(exported(wall, POST, made))

    assert [it["why"] for it in told["skipped"]] == ["page-exists"]
    assert "Nous." in page.read_text(encoding="utf-8")


def test_what_cannot_be_read_costs_only_itself(wall: Wall):
    """The exit code is 1, and the report says which."""
    deep = replace(POST, id=f"{BLOG}.post-8", path="/2022/06/profond.html", html="<div>" * 3000)
    long = replace(POST, id=f"{BLOG}.post-7", path="/2022/06/long.html", html="mot " * 100_000)
    empty = replace(POST, id=f"{BLOG}.post-6", path="/2022/06/vide.html", html=" ", title="")

    said = wall.mur("import-blogger", exported(wall, POST, deep, long, empty), code=1)

    assert "Repris : 1 billet" in said
    assert "/2022/06/profond.html (illisible)" in said
    assert "/2022/06/vide.html (vide)" in said
    assert "La soupe" in article(wall)


def test_two_persons_are_not_needed_for_what_was_published_before(tmp_path: Path):
    """And the moderators get no letter of it."""
    wall = Wall(tmp_path / "mur")
    with (wall.folder / "mur.toml").open("a", encoding="utf-8") as file:
        file.write('[moderation]\ntwo_persons = ["article", "first"]\n[outgoing]\nhost = "mail.example.org"\n')
        file.write('[[moderators]]\nname = "Ana"\naddress = "ana@example.org"\n')
    wall.mur("import-blogger", exported(wall, POST))

    with Store.open(wall.settings, readonly=True) as store:
        assert [row.state for row in store.rows()] == [State.ACCEPTED]
    assert wall.mur("outbox", "--json").strip() == "[]"


def test_what_is_no_export_is_said_in_a_line(wall: Wall):
    """A mail, say."""
    path = wall.folder / "x.eml"
    path.write_text("Subject: x\n\ny\n")

    with pytest.raises(Refused, match="XML"):
        wall.mur("import-blogger", path)
