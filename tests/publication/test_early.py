"""Pelican in a child that was forked before the store was opened: the same site, nothing of the parent, an end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.publication.walls import NOW, ROOT, TestWall, head

_RUN = """
import os, sys
from pathlib import Path
from ingest.publication.early import early
kept = open(os.environ["MUR_CONFIG"])
words = sys.argv[2:]
with early() as child:
    env = {name: value for name, value in os.environ.items() if name != "SECRET"}
    done = child.run(words, env=env, cwd=Path(sys.argv[1]), seconds=float(os.environ.get("SECONDS", "60")))
    print(done.code, done.said.decode(), sep=chr(10))
    print(child.run(words, env=env, cwd=Path(sys.argv[1]), seconds=1))
"""
_SPYING = """
import os
from pathlib import Path
exec(Path({configuration!r}).read_text().replace("__file__", repr({configuration!r})))
links = (Path("/proc/self/fd") / name for name in os.listdir("/proc/self/fd") if int(name) > 2)
secret = sorted(os.readlink(link) for link in links if link.is_symlink())
name = Path("/proc/self/comm").read_text()
Path({told!r}).write_text(f"{{os.environ.get('SECRET')}} {{os.getcwd()}} {{secret}} {{name}}")
"""
CONFIGURATION = ROOT / "pelicanconf.py"


def _words(wall: TestWall, into: Path, configuration: Path = CONFIGURATION) -> tuple[str, ...]:
    return (str(wall.content), "-s", str(configuration), "-o", str(into), "--fatal", "errors", "--log-handler", "plain")


def _run(wall: TestWall, words: tuple[str, ...], **env: str) -> subprocess.CompletedProcess[str]:
    told = {"MUR_CONFIG": str(wall.folder / "mur.toml"), "MUR_NOW": NOW.isoformat(), "SECRET": "canari", **env}
    command = (sys.executable, "-c", _RUN, str(wall.folder), *words)
    return subprocess.run(command, env=os.environ | told, cwd=ROOT, capture_output=True, text=True, check=False)


def _files(folder: Path) -> dict[str, bytes]:
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith("theme/")}


def _wall(folder: Path) -> TestWall:
    wall = TestWall(folder / "mur", theme="", url="https://mur.example.org")
    wall.store.close()
    words = "Un texte, deux **mots** et une note[^1].\n\n[^1]: La voici.\n"
    wall.write("billets/2022-06-01-un.md", head(Tags="jardin, pain", Number="mur-1") + words)
    wall.write("billets/2022-06-02-deux.md", head(Kind="event", Start="2022-07-08T20:30:00+02:00", Place="Ici") + words)
    wall.write("pages/a-propos.md", head(Date="") + words)
    return wall


def test_it_builds_what_pelican_builds(tmp_path: Path) -> None:
    """To the byte, though it has loaded half of Pelican only, and remembers; it does so once, and says nothing."""
    wall, memory = _wall(tmp_path), tmp_path / "memory"
    memory.mkdir()
    done = _run(wall, _words(wall, tmp_path / "early"), MUR_SITE=str(memory))
    assert (done.stdout, done.stderr) == ("0\n\nNone\n", "")

    plain = (sys.executable, "-m", "pelican", *_words(wall, tmp_path / "plain"))
    told = {"MUR_CONFIG": str(wall.folder / "mur.toml"), "MUR_NOW": NOW.isoformat()}
    subprocess.run(plain, env=os.environ | told, cwd=wall.folder, capture_output=True, check=True)

    assert _files(tmp_path / "plain") == _files(tmp_path / "early")
    assert len(_files(tmp_path / "early")) > 20
    assert (memory / "bodies.db").stat().st_size > 0


def test_it_has_nothing_of_its_parent(tmp_path: Path) -> None:
    """No file, no secret of the environment; and it is called what it is."""
    wall, told = _wall(tmp_path), tmp_path / "told"
    spying = tmp_path / "spying.py"
    spying.write_text(_SPYING.format(configuration=str(CONFIGURATION), told=str(told)))

    done = _run(wall, _words(wall, tmp_path / "early", spying))

    assert done.stdout.startswith("0\n")
    assert told.read_text().startswith(f"None {wall.folder} ")
    assert "mur.toml" not in told.read_text()
    assert told.read_text().endswith(" pelican\n")


def test_what_it_says_of_a_bad_file_is_heard(tmp_path: Path) -> None:
    """With the code of a build that failed."""
    wall = _wall(tmp_path)
    wall.write("billets/2022-06-03-trois.md", "Titre sans rien")

    done = _run(wall, _words(wall, tmp_path / "early"))

    code, _slash, said = done.stdout.partition("\n")
    assert code == "1"
    assert "mur: billets/2022-06-03-trois.md: " in said


def test_one_that_does_not_end_is_ended(tmp_path: Path) -> None:
    """After so many seconds."""
    wall = _wall(tmp_path)
    done = _run(wall, _words(wall, tmp_path / "early"), SECONDS="0.01")
    assert done.stderr.splitlines()[-1] == "TimeoutError"
