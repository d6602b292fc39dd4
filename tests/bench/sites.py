"""Walls of a size that are online already, with posts that wait: made once, used again while near that size."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from ingest.settings import Settings, load
from ingest.states import State
from ingest.store import Store
from tests.bench import hugosite, walls
from tests.bench.bench import Bench, make_of
from tests.bench.measuring import Cost, run
from tests.bench.posts import posts

_WAITING = 80
_LEFT = 30
"""So many must still wait for a wall to serve again."""
_SMALL = 1_000
_WARMING = 4
"""Posts after which a publication is one like any other: builds have their links, the spare one is there."""
_MAKE = make_of("french.py", "posts.py", "walls.py", "hugosite.py", "hugo/**/*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A wall that is online."""

    home: Path
    posts: int
    settings: Settings

    def mur(self, *words: str) -> Cost:
        """Run `mur` on it."""
        return run((*mur(), "--config", self.home / "mur.toml", *words), env={"MUR_NOW": self.now}, cwd=self.home)

    @property
    def now(self) -> str:
        """The clock moves on by three hours with each post that is accepted, as it would between two of them."""
        return (walls.BEGIN + timedelta(hours=3) * (_WAITING - self.waiting)).isoformat()

    def publish(self) -> Cost:
        """Bring it online; the search's index is made after the swap, for itself."""
        return self.mur("publish", "--no-search")

    def accept_next(self) -> str:
        """Accept the post that waits the longest; not measured."""
        with Store.open(self.settings, readonly=True) as store:
            (row,) = store.rows([State.HELD], limit=1)
        self.mur("--by", "Camille", "accept", row.id)
        return row.id

    @property
    def waiting(self) -> int:
        """How many may still be accepted."""
        with Store.open(self.settings, readonly=True) as store:
            return store.count([State.HELD])


def mur() -> tuple[str, ...]:
    """The command, as it is installed beside this Python."""
    return (str(Path(sys.executable).with_name("mur")),)


def online(bench: Bench, size: int) -> Site:
    """A wall of `size` posts, published by this very program: a first publication brings it up to date."""
    home = bench.kept(f"wall-{size}-{_MAKE}")
    if home.exists() and size >= _SMALL:
        site = Site(home=home, posts=size, settings=load(home / "mur.toml"))
        if site.waiting > _LEFT:
            _warm(bench, site)
            return site
    shutil.rmtree(home, ignore_errors=True)
    with bench.steps(f"wall of {size:,}: writing, publishing", 1):
        made = posts(size, more=_WAITING)
        settings = walls.new_wall(home)
        walls.fill(settings, made[:size], made[size:])
        site = Site(home=home, posts=size, settings=settings)
        site.publish()
    _warm(bench, site)
    return site


def _warm(bench: Bench, site: Site) -> None:
    with bench.steps(f"wall of {site.posts:,}: warming", _WARMING) as tick:
        for _post in range(_WARMING):
            site.accept_next()
            site.publish()
            tick()


def beside(bench: Bench, size: int) -> Path:
    """The same content as a site of Hugo's, built once."""
    home = bench.kept(f"hugo-{size}-{_MAKE}")
    if not home.exists():
        with bench.steps(f"site of {size:,} for Hugo", 1):
            partial = home.with_name(home.name + ".new")
            shutil.rmtree(partial, ignore_errors=True)
            hugosite.hugo_site(partial, posts(size))
            partial.rename(home)
    return home
