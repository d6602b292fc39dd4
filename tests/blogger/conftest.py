"""A wall into which the made blog was brought, once for all tests, by the command and a real build."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.cli import group
from ingest.publication.publish import publish
from ingest.settings import Settings, load
from ingest.store import Store
from tests.blogger.made import Made, blog, takeout

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://mur.example.org"


@dataclass(slots=True)
class Wall:
    """A wall in a folder of its own."""

    folder: Path
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "mur.toml").write_text(
            f'[paths]\ncontent = "content"\n[limits]\nfree_bytes = 0\n'
            f'[wall]\nurl = "{URL}"\naddress = "mur@example.org"\n',
            encoding="utf-8",
        )
        self.settings = load(self.folder / "mur.toml")

    def mur(self, *arguments: object, code: int = 0) -> str:
        """What the command says."""
        done = CliRunner(env={"MUR_NOW": NOW.isoformat(), "MUR_CONFIG": str(self.folder / "mur.toml")}).invoke(
            group, [str(it) for it in arguments], standalone_mode=False
        )
        if done.exception:
            raise done.exception
        assert code == (done.return_value or 0), done.output
        return done.stdout

    def bring(self, path: Path, *more: str) -> dict[str, object]:
        """The report of an import."""
        told: dict[str, object] = json.loads(self.mur("import-blogger", "--json", *more, path))
        return told

    def publish(self) -> None:
        """A real build, swapped in."""
        with Store.open(self.settings) as store:
            assert publish(self.settings, store, now=NOW).left_out == ()

    def page(self, path: str) -> str:
        """The file that answers a path, as any host of static files finds it."""
        file = self.settings.paths.output / path.lstrip("/")
        return (file / "index.html" if file.is_dir() else file).read_text(encoding="utf-8")

    def answers(self, path: str) -> bool:
        """Whether there is one."""
        file = self.settings.paths.output / path.lstrip("/")
        return (file / "index.html" if file.is_dir() else file).is_file()

    def state(self) -> dict[str, bytes]:
        """Every file of `content/`."""
        content = self.settings.paths.content
        return {str(path.relative_to(content)): path.read_bytes() for path in content.rglob("*") if path.is_file()}


@dataclass(frozen=True, slots=True)
class Brought:
    """The wall, what was brought in, and what was said of it."""

    wall: Wall
    made: list[Made]
    report: dict[str, object]
    export: Path


@pytest.fixture(scope="session")
def brought(tmp_path_factory: pytest.TempPathFactory) -> Brought:
    """Three hundred posts out of a Takeout, online."""
    wall, made = Wall(tmp_path_factory.mktemp("ancien") / "mur"), blog()
    export = wall.folder.parent / "takeout.zip"
    export.write_bytes(takeout(made))
    report = wall.bring(export)
    wall.publish()
    return Brought(wall, made, report, export)


@pytest.fixture
def wall(tmp_path: Path) -> Wall:
    """One of its own."""
    return Wall(tmp_path / "mur")
