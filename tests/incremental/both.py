"""A wall that is built twice after each step: what changed, and all of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.incremental.changing import Wall
from tests.incremental.forge import ROOT, Forge

Step = Callable[["Both"], None]


@dataclass(slots=True)
class Both:
    """A wall that is built twice after each step."""

    wall: Wall
    forge: Forge
    root: Path
    """The program: `pelicanconf.py` with its theme."""
    whole: list[bool] = field(default_factory=list)
    """By step, whether all of it was built."""

    @property
    def memory(self) -> Path:
        """What builds remember."""
        return self.wall.home / "site"

    def build(self) -> None:
        """As `mur publish` does: what changed, laid over what is online."""
        shown, made = self.wall.home / "shown", self.wall.home / "made"
        shutil.rmtree(made, ignore_errors=True)
        base = {"MUR_BASE": shown} if shown.is_dir() else {}
        said = self._run(made, MUR_SITE=self.memory, **base)
        if "Doubt" in said:
            shutil.rmtree(made)
            said = self._run(made, MUR_SITE=self.memory)
        assert said == ""
        told = json.loads((self.memory / "changes.json").read_text())
        self.whole.append(told["whole"])
        if told["whole"]:
            shutil.rmtree(shown, ignore_errors=True)
            made.rename(shown)
        else:
            _lay(made, shown, told)
        (self.memory / "index.next").replace(self.memory / "index")

    def differences(self) -> set[str]:
        """The files of the site that a whole build would have written otherwise."""
        ours, whole = _files(self.wall.home / "shown"), _files(self._clean())
        return {name for name in ours.keys() | whole.keys() if ours.get(name) != whole.get(name)}

    def _clean(self) -> Path:
        """All of it, remembering nothing but compiled templates."""
        made, memory = self.wall.home / "clean", self.wall.home / "other"
        shutil.rmtree(made, ignore_errors=True)
        memory.mkdir(mode=0o700, exist_ok=True)
        for path in memory.glob("bodies*"):
            path.unlink()
        assert self._run(made, MUR_SITE=memory) == ""
        return made

    def _run(self, into: Path, **environ: Path) -> str:
        into.mkdir()
        return self.forge.build(into, now=self.wall.now.isoformat(), root=self.root, **environ)


def _lay(made: Path, shown: Path, told: dict[str, list[str]]) -> None:
    for name in told["gone"]:
        (shown / name).unlink(missing_ok=True)
    for name in told["written"]:
        (shown / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).replace(shown / name)


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _template(both: Both) -> None:
    """Somebody changed the theme."""
    path = both.root / "theme" / "templates" / "base.html"
    path.write_text(path.read_text("utf-8").replace("</body>", "<!-- autre -->\n</body>"), encoding="utf-8")


def _damage(name: str) -> Step:
    def step(both: Both) -> None:
        path = both.memory / name
        data = bytearray(path.read_bytes()) or bytearray(1)
        for _n in range(30):
            data[both.wall.random.randrange(len(data))] ^= 255
        path.write_bytes(data)

    return step


def _news(both: Both) -> None:
    both.wall.add("relay")
    both.wall.add("update")


STEPS: dict[str, tuple[int, Step]] = {
    "accept": (10, lambda both: both.wall.add()),
    "accept several": (1, lambda both: both.wall.several()),
    "accept for later": (2, lambda both: both.wall.ahead()),
    "correct": (6, lambda both: both.wall.correct()),
    "withdraw": (5, lambda both: both.wall.withdraw()),
    "retag": (5, lambda both: both.wall.retag()),
    "react": (3, lambda both: both.wall.add("reaction")),
    "news of a relay": (3, _news),
    "an event": (2, lambda both: both.wall.add("event")),
    "hide": (1, lambda both: both.wall.draft()),
    "wait": (8, lambda both: both.wall.wait()),
    "turn the clock back": (1, lambda both: both.wall.turn_back()),
    "a picture": (1, lambda both: both.wall.add_media()),
    "a picture less": (1, lambda both: both.wall.lose_media()),
    "another page": (1, lambda both: both.wall.page()),
    "another setting": (1, lambda both: both.wall.setting()),
    "another template": (1, _template),
    "a damaged index": (1, _damage("index")),
    "damaged bodies": (1, _damage("bodies.db")),
}
"""Each with how often it happens beside the others."""


@contextmanager
def built_twice(folder: Path, seed: str, posts: int) -> Iterator[Both]:
    """A small wall, and a program of its own whose theme may be changed."""
    root = folder / "program"
    shutil.copytree(ROOT / "theme", root / "theme")
    shutil.copy(ROOT / "pelicanconf.py", root)  # which looks for the theme beside itself
    wall = Wall(folder / "mur", Random(seed))
    wall.fill(posts)
    with Forge(wall.home) as forge:
        made = Both(wall=wall, forge=forge, root=root)
        made.memory.mkdir(mode=0o700)
        yield made


def random_steps(both: Both, count: int) -> Iterator[tuple[str, Step]]:
    """As often as `STEPS` says, in the order of the wall's seed."""
    weights = [often for often, _step in STEPS.values()]
    for name in both.wall.random.choices(list(STEPS), weights, k=count):
        yield name, STEPS[name][1]
