"""What `mur` answers to people and scripts, to the letter of `docs/commands.md`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ingest.cli import group
from ingest.cli.beginnings import BEGINNINGS
from tests import calling

ROOT = Path(__file__).parent.parent
MAILS = ROOT / "ingest" / "demo" / "messages"
CONVERTED = {
    *("path", "outcome", "reason", "kind", "title", "byline", "tags", "lang", "sent_at", "body", "text", "html"),
    *("forwarded", "removed", "attachments", "warnings"),
}
QUEUED = {
    *("id", "kind", "state", "title", "byline", "tags", "sent_at", "received_at", "reasons", "warnings", "removed"),
    *("attachments", "digest", "claimed_by"),
}


class Wall:
    """A scratch wall: one `mur.toml` in an empty folder, and `mur` called as people call it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "mur.toml").write_text('[paths]\ncontent = "content"\nstate = "var"\noutput = "site"\n')

    def mur(self, *arguments: object, code: int = 0, now: str = "2022-06-30T12:00:00+02:00") -> str:
        """Standard output of a call that must end with `code`; `err` is the other."""
        done = calling.mur(*arguments, folder=self.folder, env={"MUR_NOW": now, "MUR_MODERATOR": "claudine"})
        self.err = done.stderr
        assert code == done.returncode, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout

    def take(self, name: str) -> str:
        """Import an example mail, and give its id."""
        return str(json.loads(self.mur("import", "--json", MAILS / name))["id"])


@pytest.fixture
def wall(tmp_path):
    return Wall(tmp_path)


def test_convert_answers_one_object_a_line_in_order(wall):
    """Every key is there for a draft, a refusal and a mail that is none; nothing is written."""
    broken = wall.folder / "rien.eml"
    broken.write_bytes(b"")
    paths = [MAILS / "04-thunderbird-texte.eml", MAILS / "10-absence-automatique.eml", broken]

    rows = [json.loads(line) for line in wall.mur("convert", "--jsonl", *paths).splitlines()]

    assert [str(path) for path in paths] == [row["path"] for row in rows]
    assert [row["outcome"] for row in rows] == ["draft", "refused", "quarantined"]
    assert [row["reason"] for row in rows] == [None, "auto-reply", "empty"]
    assert [set()] * 3 == [CONVERTED - row.keys() for row in rows]
    assert not (wall.folder / "var").exists()


def test_a_draft_says_what_its_author_asked_for(wall):
    """Title, signature and tags are those of the mail's first lines; what was taken out is told with why."""
    row = json.loads(wall.mur("convert", "--jsonl", MAILS / "04-thunderbird-texte.eml"))

    assert (row["title"], row["byline"]) == ("La soupe de juin", "La louche")
    assert row["tags"] == ["cuisine", "entraide"]
    assert row["sent_at"] == "2022-06-12T20:04:11+02:00"
    assert "04 00 00 00 00" not in row["body"]
    assert [piece for piece in row["removed"] if "04 00 00 00 00" in piece["text"] and piece["why"] == "signature"]


def test_the_way_of_a_contribution(wall):
    """Imported once, shown, decided on, published, withdrawn: each step answers, and a second import takes nothing."""
    id_ = wall.take("06-orange-coup-de-gueule.eml")
    again = json.loads(wall.mur("import", "--json", MAILS / "06-orange-coup-de-gueule.eml"))
    queued = json.loads(wall.mur("queue", "--json"))
    shown = json.loads(wall.mur("show", id_, "--json"))

    assert ("duplicate", id_) == (again["outcome"], again["id"])
    assert [id_] == [item["id"] for item in queued]
    assert set() == QUEUED - queued[0].keys()
    assert set() == (CONVERTED - {"path"}) - shown.keys()
    assert [line["what"] for line in shown["journal"]] == ["hold"]
    assert "<strong>bus de 7" in shown["html"]

    wall.mur("accept", id_)
    wall.mur("publish")
    pages = list((wall.folder / "site").glob("2022/06/*.html"))
    wall.mur("show", "mur-1")
    wall.mur("withdraw", "mur-1")
    wall.mur("publish")

    assert [page.name for page in pages if page.name != "index.html"] == ["le-bus-de-7-h-12.html"]
    assert not (wall.folder / "site/2022/06/le-bus-de-7-h-12.html").exists()


def test_a_decision_on_a_text_that_changed_does_nothing(wall):
    """Exit 1 and a line that says so; the draft is still held."""
    id_ = wall.take("06-orange-coup-de-gueule.eml")
    seen = json.loads(wall.mur("queue", "--json"))[0]["digest"]
    corrected = wall.folder / "texte.md"
    corrected.write_text("Un texte corrigé.\n", encoding="utf-8")
    wall.mur("edit", id_, "--from", corrected)

    wall.mur("accept", id_, "--digest", seen, code=1)

    assert "claudine" in wall.err
    assert json.loads(wall.mur("show", id_, "--json"))["state"] == "held"
    assert "Un texte corrigé." in wall.mur("show", id_, "--markdown")


def test_a_correction_of_what_was_accepted_waits_for_a_decision(wall):
    """`mur edit` says so; after `mur accept` it is the new text that is published."""
    id_ = wall.take("06-orange-coup-de-gueule.eml")
    corrected = wall.folder / "texte.md"
    corrected.write_text("Un texte corrigé.\n", encoding="utf-8")
    wall.mur("accept", id_)

    told = wall.mur("edit", id_, "--from", corrected)
    assert f"mur accept {id_[:8]}" in told

    wall.mur("accept", id_)
    wall.mur("publish")
    (article,) = (wall.folder / "content" / "billets").glob("*.md")
    assert "Un texte corrigé." in article.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [pytest.param(b"", marks=pytest.mark.long), b" \n", b"\xff\xfe\x00binaire"])
def test_an_edit_without_words_changes_nothing(wall, text):
    """An empty file, as an editor leaves it behind, or one that is no text, is refused in one line."""
    id_ = wall.take("06-orange-coup-de-gueule.eml")
    before = wall.mur("show", id_, "--markdown")
    (wall.folder / "texte.md").write_bytes(text)

    wall.mur("edit", id_, "--from", "texte.md", code=1)

    assert len(wall.err.splitlines()) == 1
    assert wall.mur("show", id_, "--markdown") == before


def test_a_rejection_says_why(wall):
    """Whoever wrote is told the reason: one of blanks is wrong usage, and nothing is decided."""
    id_ = wall.take("06-orange-coup-de-gueule.eml")

    wall.mur("reject", id_, "--reason", "  ", code=2)

    assert json.loads(wall.mur("show", id_, "--json"))["state"] == "held"


def test_the_queue_tells_the_time_of_the_wall(wall):
    """Noon in Paris is noon, as in `mur show`."""
    wall.take("06-orange-coup-de-gueule.eml")

    assert "30/06 12:00" in wall.mur("queue")


def test_a_file_that_vanished_does_not_stop_the_others(wall):
    """A Maildir changes while it is read: the others are told, then exit 75 names the one."""
    for part in ("new", "cur", "tmp"):
        (wall.folder / "boite" / part).mkdir(parents=True)
    (wall.folder / "boite/new/1.a").symlink_to(wall.folder / "parti")
    (wall.folder / "boite/cur/2.b:2,S").write_bytes((MAILS / "04-thunderbird-texte.eml").read_bytes())

    rows = [json.loads(line) for line in wall.mur("import", "--json", "boite", code=75).splitlines()]

    assert [(row["path"], row["outcome"]) for row in rows] == [("boite/cur/2.b:2,S", "held")]
    assert "boite/new/1.a" in wall.err


def test_what_people_read_is_french(wall):
    """State, journal and reasons in words; the records keep theirs."""
    id_ = wall.take("06-orange-coup-de-gueule.eml")
    wall.mur("accept", id_)
    (wall.folder / "rien.eml").write_bytes(b"")
    broken = json.loads(wall.mur("import", "--json", "rien.eml"))["id"]

    shown = wall.mur("show", id_)
    assert "  acceptée" in shown.splitlines()[0]
    assert [words for words in ("reçue", "acceptée  claudine (cli)") if words not in shown] == []
    assert "toujours illisible (vide)" in wall.mur("replay", broken)
    assert "mise de côté\u202f: illisible  mur (import)  vide" in wall.mur("show", broken)
    assert "rien.eml : illisible (vide)" in wall.mur("convert", "rien.eml")


def test_what_was_removed_can_be_put_back(wall):
    """`mur keep` takes the number that `mur show` prints."""
    id_ = wall.take("02-iphone-photo.eml")
    number = [piece["why"] for piece in json.loads(wall.mur("show", id_, "--json"))["removed"]].index("signature") + 1

    wall.mur("keep", id_, number)

    assert "Envoyé de mon iPhone" in wall.mur("show", id_, "--markdown")


def test_what_a_picture_told_of_its_author_never_comes_back(wall):
    """The line that says so names the original file: it is for the moderator alone."""
    id_ = wall.take("02-iphone-photo.eml")
    number = [piece["why"] for piece in json.loads(wall.mur("show", id_, "--json"))["removed"]].index("metadata") + 1

    wall.mur("keep", id_, number, code=1)

    assert "IMG_0412" not in wall.mur("show", id_, "--markdown")


@pytest.mark.parametrize(
    "decision",
    [
        "reject",
        "withdraw",
        *(pytest.param(it, marks=pytest.mark.long) for it in ("discard", "spam", "defer", "accept")),
    ],
)
def test_every_decision_can_be_undone(wall, decision):
    """One wrong word is mended by another."""
    id_ = wall.take("11-android-poeme.eml")

    wall.mur(decision, id_, *(["--reason", "hors sujet"] if decision == "reject" else []))
    wall.mur("undo", id_)

    assert json.loads(wall.mur("show", id_, "--json"))["state"] == "held"


def test_accepting_for_later_waits(wall):
    """Nothing of it is online before its time; then it is."""
    id_ = wall.take("11-android-poeme.eml")

    wall.mur("accept", id_, "--at", "2022-07-02T18:00")
    wall.mur("publish")
    before = list((wall.folder / "content/billets").glob("*.md"))
    wall.mur("publish", now="2022-07-02T18:01:00+02:00")

    assert before == []
    assert len(list((wall.folder / "content/billets").glob("*.md"))) == 1


def test_who_is_looking_is_said_to_the_others(wall):
    """A second moderator is told; releasing frees."""
    id_ = wall.take("11-android-poeme.eml")
    wall.mur("take", id_)

    wall.mur("--by", "marcel", "take", id_, code=1)

    assert "claudine" in wall.err
    assert json.loads(wall.mur("queue", "--json"))[0]["claimed_by"] == "claudine"
    wall.mur("release", id_)
    assert json.loads(wall.mur("queue", "--json"))[0]["claimed_by"] is None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "0000"), 1),
        (("show", "../etc"), 1),
        (("accept", "0000"), 1),
        (("frobnicate",), 2),
        (("reject", "0000"), 2),
        (("convert", "absent.eml"), 2),
        (("--config", "absent.toml", "queue"), 2),
        (("poll", "--once"), 2),
    ],
)
def test_what_goes_wrong_is_one_line_and_an_exit_code(wall, arguments, code):
    """No traceback, and nothing on standard output."""
    out = wall.mur(*arguments, code=code)

    assert out == ""
    assert wall.err.strip()


def test_a_mailbox_that_does_not_answer_is_not_now(wall):
    """Exit 75, one line; the password is not in it."""
    with (wall.folder / "mur.toml").open("a") as file:
        file.write('[mailbox]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\nuser = "mur@example.org"\n')
        file.write('password_file = "mot-de-passe"\n')
    (wall.folder / "mot-de-passe").write_text("canari-5150")
    (wall.folder / "mot-de-passe").chmod(0o600)

    wall.mur("poll", "--once", code=75)

    assert len(wall.err.strip().splitlines()) == 1
    assert "canari-5150" not in wall.err


def test_private_state_is_private(wall):
    """Folders 0700, files 0600, whatever the umask."""
    wall.take("02-iphone-photo.eml")

    modes = {path: path.stat().st_mode & 0o077 for path in (wall.folder / "var").rglob("*")}

    assert {path: mode for path, mode in modes.items() if mode} == {}


def test_the_list_of_commands_says_what_each_command_says_of_itself():
    """It stands in a table, so that `mur --help` loads none of them; and the list has each of them."""
    context = click.Context(group)
    told = {name: (group.get_command(context, name).help or "").strip() for name in group.list_commands(context)}
    first = {name: " ".join(text.partition("\n\n")[0].split()) for name, text in told.items()}

    assert first == BEGINNINGS


_POLLING = "ingest.cli.reading, ingest.poll, ingest.correspondence.postman, ingest.watch.watcher"
_READING = "ingest.worker, ingest.conversion, ingest.correspondence.following.reading, ingest.correspondence.answers"


@pytest.mark.parametrize(
    ("rooms", "without"),
    [(_POLLING, {"bs4", "lxml", "bleach", "PIL", "rich"}), (_READING, {"sqlalchemy", "jinja2", "flask", "imapclient"})],
)
def test_a_poller_and_its_children_load_what_they_need(rooms, without):
    """Who polls parses no HTML, who reads a mail asks no database: each of three processes would hold the other's."""
    script = f"import sys, {rooms}; print(*sys.modules)"
    told = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script]
    loaded = set(subprocess.run(command, env=told, capture_output=True, text=True, check=True).stdout.split())

    assert not without & loaded


def test_help_and_the_queue_load_nothing_that_they_do_not_need(wall):
    """No Pelican, no Pillow, no IMAP, and for help no database."""
    program = (
        "import sys; from ingest.cli import group; group.main({words}, standalone_mode=False); print(*sys.modules)"
    )

    def loaded(*words: str) -> set[str]:
        command = [sys.executable, "-c", program.format(words=list(words))]
        told = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "MUR_CONFIG": str(wall.folder / "mur.toml")}
        return set(subprocess.run(command, env=told, capture_output=True, text=True, check=True).stdout.split())

    heavy = {"pelican", "PIL", "imapclient", "markdown", "bs4", "bleach", "flask", "sqlalchemy"}
    assert not heavy & loaded("--help")
    assert heavy & loaded("queue") == {"sqlalchemy"}
