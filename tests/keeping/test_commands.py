"""`mur erase`, `export`, `tidy`, `backup` and `restore`, called as people call them."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.cli import group
from ingest.errors import MurError
from tests.keeping import canaries


class Wall:
    """A scratch wall, and `mur` called in this process: its commands, its exit codes."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.err = ""
        (folder / "mur.toml").write_text("[paths]\n[limits]\nfree_bytes = 0\n")
        patch.chdir(folder)
        patch.setenv("MUR_MODERATOR", "claudine")
        self.patch = patch

    def mur(self, *arguments: object, code: int = 0, now: str = "2022-06-30T12:00:00+02:00") -> str:
        """Standard output of a call that must end with `code`; `err` is what it complained of."""
        self.patch.setenv("MUR_NOW", now)
        done = CliRunner().invoke(group, [str(argument) for argument in arguments])
        failed = done.exception if isinstance(done.exception, MurError) else None
        assert code == (failed.exit_code if failed else done.exit_code), done.output
        self.err = done.stderr + (str(failed) if failed else "")
        return done.stdout


@pytest.fixture
def wall(tmp_path, monkeypatch):
    """In an empty folder, which is the current one."""
    return Wall(tmp_path, monkeypatch)


def test_a_life_from_mail_to_erasure(wall, tmp_path):
    """Taken, exported, saved, erased by address, put back: it stays erased, and says so."""
    for number in range(2):
        (tmp_path / f"{number}.eml").write_bytes(canaries.mail(number))

    ids = [
        json.loads(line)["id"]
        for line in wall.mur("import", "--json", tmp_path / "0.eml", tmp_path / "1.eml").splitlines()
    ]

    said = wall.mur("export", canaries.ADDRESS.upper(), "-o", "tout.zip")
    assert said == "2 contributions, dans tout.zip\n"
    assert stat.S_IMODE((tmp_path / "tout.zip").stat().st_mode) == 0o600
    with zipfile.ZipFile(tmp_path / "tout.zip") as file:
        told = json.loads(file.read("export.json"))
        assert file.read(f"{ids[0]}/message.eml") == canaries.mail(0)
        assert {name.partition("/")[0] for name in file.namelist()} == {"export.json", *ids}
    assert sorted(one["id"] for one in told["contributions"]) == sorted(ids)
    assert "claudine" not in json.dumps(told)
    wall.mur("export", canaries.ADDRESS, "-o", "tout.zip", code=1)
    assert "existe déjà" in wall.err

    assert wall.mur("backup", "mur.tar").endswith("dans mur.tar\n")
    for path in (tmp_path / "tout.zip", tmp_path / "0.eml"):
        path.unlink()
    (tmp_path / "1.eml").rename(tmp_path.parent / "1.eml")
    (tmp_path / "mur.tar").rename(tmp_path.parent / "mur.tar")
    assert wall.mur("erase", canaries.ADDRESS, "--yes") == "2 contributions effacées\n"
    assert canaries.words(canaries.found(tmp_path)) == set()

    wall.mur("restore", tmp_path.parent / "mur.tar", code=1)
    wall.mur("restore", tmp_path.parent / "mur.tar", "--force")
    assert canaries.words(canaries.found(tmp_path)) == set()
    shown = json.loads(wall.mur("show", ids[0], "--json"))
    assert (shown["state"], shown["body"], shown["warnings"]) == ("erased", None, [])
    again = json.loads(wall.mur("import", "--json", tmp_path.parent / "1.eml"))
    assert (again["outcome"], again["reason"]) == ("duplicate", "erased")
    assert wall.mur("erase", ids[0]) == "0 contribution effacée\n"


def test_tidying_by_the_clock(wall, tmp_path):
    """A refused mail is gone a month later, and `show` still tells what happened."""
    (tmp_path / "1.eml").write_bytes(canaries.mail())
    id_ = json.loads(wall.mur("import", "--json", tmp_path / "1.eml"))["id"]
    wall.mur("reject", id_, "--reason", "hors sujet")
    assert wall.mur("tidy", now="2022-07-29T12:00:00+02:00") == "courriels d’origine : 0 ; dossiers : 0\n"
    assert wall.mur("tidy", now="2022-07-30T12:00:00+02:00") == "courriels d’origine : 0 ; dossiers : 1\n"

    assert "hors sujet" in wall.mur("show", id_)
    assert wall.mur("show", id_, "--original", code=1) == ""
    assert "plus gardé" in wall.err
