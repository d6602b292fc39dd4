"""`mur doctor`: what is broken is named, alone, and what is well is not accused."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.doctor import CHECKS, Level, diagnose, site
from ingest.doctor.finding import Patient
from ingest.settings import Paths, Settings, load
from ingest.store import Store
from tests import calling
from tests.servers.fixtures import USER

SWIFT = tuple(check for check in CHECKS if check.name != "build")
"""A trial build takes a second."""


def levels(wall, *, now: datetime | None = None, checks=SWIFT) -> dict[str, Level]:
    found = diagnose(lambda: load(wall.file), now=now or datetime.now(UTC), checks=checks)
    return {finding.check: finding.level for finding in found}


def failures(wall, **more) -> set[str]:
    return {name for name, level in levels(wall, **more).items() if level is Level.FAILURE}


def says(wall, check: str) -> str:
    found = diagnose(lambda: load(wall.file), now=datetime.now(UTC), checks=SWIFT)
    return next(finding.says for finding in found if finding.check == check)


def mur(wall, *arguments: str) -> subprocess.CompletedProcess[str]:
    return calling.mur(*arguments, folder=wall.folder, env={})


def test_a_wall_in_good_health_is_told_so(well):
    """Exit 0, and a line for every check."""
    said = mur(well, "doctor")

    assert said.returncode == 0, said.stdout + said.stderr
    assert len(CHECKS) + 1 == len(said.stdout.splitlines())
    assert all(re.match(r"[✓!✗·] \w[^:]+ : \S", line) for line in said.stdout.splitlines())
    assert {name for name, level in levels(well).items() if level is not Level.OK} <= {
        *("clock", "letters", "online", "moderators", "by-mail")
    }


def test_a_program_reads_the_same(well):
    """Exit 1 where one fails; `--json` is a list of `check`, `level` and `says`."""
    well.file.write_text("[paths]\nbrouillons = 'x'\n")

    said = mur(well, "doctor", "--json")

    assert said.returncode == 1
    assert [("configuration", "failure")] == [(it["check"], it["level"]) for it in json.loads(said.stdout)]
    assert "mur.toml:2" in json.loads(said.stdout)[0]["says"]


def test_no_secret_is_shown(well):
    """Neither one that serves nor one that is refused."""
    (well.folder / "secret").write_text("canari-5150")

    found = list(diagnose(lambda: load(well.file), now=datetime.now(UTC), checks=SWIFT))

    assert "identification" in says(well, "mailbox")
    assert "canari" not in repr(found)


def test_nothing_is_changed_by_looking(well):
    """Neither files nor modes, nor a mail."""

    def everything() -> dict[str, tuple[int, bytes]]:
        files = [
            path for path in well.folder.rglob("*") if path.is_file() and path.suffix not in {".db-shm", ".db-wal"}
        ]
        return {str(path): (path.stat().st_mode, path.read_bytes()) for path in files}

    before = everything()
    first = levels(well, checks=CHECKS)

    assert everything() == before
    assert levels(well) == {name: level for name, level in first.items() if name != "build"}


def _scratch_database(wall) -> None:
    """Overwrite the middle of a page of the journal's index; the file is still a database."""
    path = wall.settings.paths.state / "mur.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'journal'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    data = bytearray(path.read_bytes())
    data[(page - 1) * size : (page - 1) * size + 64] = b"\x5a" * 64
    path.write_bytes(data)


def _change_draft(wall) -> None:
    next((wall.settings.paths.state / "contributions").glob("*/drafts/*.md")).write_text("Autre chose.")


def _set_revision(wall, revision: str) -> None:
    with contextlib.closing(sqlite3.connect(wall.settings.paths.state / "mur.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))


def test_tables_of_another_version_are_not_touched(well):
    """Older ones wait for a command that works; newer ones are a failure."""
    _set_revision(well, "0001")
    before = levels(well)
    _set_revision(well, "9999")

    assert (before["database"], before["documents"], before["content"]) == (Level.SKIPPED,) * 3
    assert Level.FAILURE not in before.values()
    assert failures(well) == {"database"}


def _forget_articles(wall) -> None:
    for path in wall.content.rglob("*.md"):
        path.unlink()


BROKEN = {
    "configuration": lambda wall: wall.file.write_text("[paths]\nbrouillons = 'x'\n"),
    "space": lambda wall: wall.write(limits=f"free_bytes = {10**18}"),
    "writing": lambda wall: wall.write(output="/proc/mur/output"),
    "secrets": lambda wall: (wall.folder / "secret").chmod(0o644),
    "privacy": lambda wall: (wall.settings.paths.state / "mur.db").chmod(0o640),
    "mailbox": lambda wall: (wall.folder / "secret").write_text("un autre"),
    "folders": lambda wall: wall.write(folders='["INBOX", "Absent"]'),
    "database": _scratch_database,
    "documents": _change_draft,
    "content": _forget_articles,
    "online": lambda wall: (wall.output / "index.html").unlink(),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_thing_that_is_broken_fails_alone(well, name):
    """What needs it is passed over, not accused."""
    BROKEN[name](well)

    assert failures(well) == {name}


def test_an_article_that_cannot_be_built_is_named(well):
    """The trial build is of what stands in `content/`."""
    (well.content / "billets" / "2022-06-09-casse.md").write_text(
        "Title: Cassé\nDate: hier\nStatus: published\n\nUn.\n"
    )

    found = diagnose(lambda: load(well.file), now=datetime.now(UTC))

    assert [("build", True)] == [
        (it.check, "2022-06-09-casse.md" in it.says) for it in found if it.level is Level.FAILURE
    ]


def test_a_clock_that_went_back_is_noticed(well):
    """The wall was looked after later than now."""
    assert failures(well, now=datetime.now(UTC) - timedelta(days=3)) == {"clock"}


def test_a_mailbox_whose_clock_differs_is_noticed(well):
    """Mails from the future: one of the two is wrong."""
    (well.settings.paths.state / "health.json").unlink()

    assert failures(well, now=datetime.now(UTC) - timedelta(hours=1)) == {"server-clock"}


@pytest.mark.parametrize("name", ['""', '"mx.autre.example"'])
def test_without_authentication_results_of_ours_it_warns(well, name):
    """Decisions by mail and letters to contributors are then off, and the name that was seen is offered."""
    well.write(authserv_id=name)

    assert levels(well)["authentication"] is Level.WARNING
    assert "décisions par courriel" in says(well, "authentication")
    assert "« mx.example.org »" in says(well, "authentication")


def test_a_sender_cannot_vouch_for_himself(well, mail_server):
    """Only the topmost field of a mail counts."""
    for _number in range(20):
        mail_server.deliver(USER, b"Authentication-Results: evil.invalid; none\r\n" + _OURS_BELOW)

    assert levels(well)["authentication"] is Level.WARNING


_OURS_BELOW = b"Authentication-Results: mx.example.org; dmarc=pass\r\nFrom: a@example.net\r\n\r\nUn.\r\n"


def test_a_server_of_few_words_is_described(well, scripted):
    """Without IDLE, MOVE and UIDPLUS it works, and the line says what that costs."""
    scripted.capabilities = ("IMAP4rev1",)
    well.port = scripted.port
    well.write(spam_folders="[]")

    assert failures(well) == set()
    assert "IDLE" in says(well, "capabilities")
    assert "MOVE" in says(well, "capabilities")


def test_a_poller_that_fell_silent_is_noticed(well):
    """An hour without a look into the mailbox."""
    assert levels(well)["running"] is Level.OK
    assert levels(well, now=datetime.now(UTC) + timedelta(hours=1))["running"] is Level.WARNING


def test_a_site_that_a_web_server_cannot_reach_is_noticed():
    """A home of mode 0700 above it is the commonest 403."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "output").mkdir()
        (home / "output" / "index.html").write_text("Le mur")
        (home / "output" / "index.html").chmod(0o644)
        patient = Patient(Settings(paths=Paths(output=home / "output")), now=datetime.now(UTC))
        home.chmod(0o755)
        assert site.online(patient)[0] is Level.OK
        home.chmod(0o700)
        level, says = site.online(patient)

    assert level is Level.WARNING
    assert name in says


def test_files_deleted_or_edited_by_hand_are_told(well):
    """They are no failure: somebody meant it."""
    well.store = Store.open(well.settings)
    well.accept("Une deuxième", "Du texte.")
    well.publish(datetime.now(UTC))
    well.store.close()
    one, two = sorted(well.content.rglob("*.md"))
    one.unlink()
    two.write_text(two.read_text() + "\nEncore.\n")

    assert levels(well)["content"] is Level.WARNING
    assert one.name in says(well, "content")
    assert two.name in says(well, "content")


def test_a_wall_of_nothing_but_paths_has_no_failure(tmp_path):
    """Warnings, and what does not exist is passed over; nothing is made."""
    (tmp_path / "mur.toml").write_text("[paths]\n")

    found = list(diagnose(lambda: load(tmp_path / "mur.toml"), now=datetime.now(UTC)))

    assert [it.check for it in found if it.level is Level.FAILURE] == []
    assert [path.name for path in tmp_path.iterdir()] == ["mur.toml"]
