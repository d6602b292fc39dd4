"""What every target is handed: sizes, a folder, pairs to run, and a line of progress."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.bench import peers


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of everything."""

    name: str
    pairs: int
    site: int
    """Posts beside Hugo."""
    growth: tuple[int, ...]
    """Posts, or mails, for fits."""
    full: int
    """Posts of a full build beside stock Pelican."""
    mails: int
    """Mixed ones, beside mbsync."""
    few: int
    """Mixed ones, beside the naive script."""
    texts: int
    """Text mails, beside django-mailbox."""
    memory: tuple[int, int]
    store: tuple[int, ...]
    """Contributions of a filled store; a tenth of them held."""
    steps: int


SMALL = Sizes(
    name="small",
    pairs=3,
    site=300,
    growth=(100, 200, 400),
    full=300,
    mails=60,
    few=30,
    texts=100,
    memory=(50, 200),
    store=(500, 1_000, 4_000),
    steps=10,
)
FULL = Sizes(
    name="full",
    pairs=5,
    site=5_000,
    growth=(100, 1_000, 5_000, 10_000),
    full=10_000,
    mails=2_000,
    few=400,
    texts=400,
    memory=(1_000, 10_000),
    store=(1_000, 10_000, 100_000),
    steps=500,
)
SIZES = {sizes.name: sizes for sizes in (SMALL, FULL)}


def make_of(*names: str) -> str:
    """Of what generates, by the names of files beside this one: another make is kept in another folder."""
    sources = [path for name in names for path in sorted(Path(__file__).parent.glob(name)) if path.is_file()]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()[:8]


class Bench:
    """One run of some targets."""

    def __init__(self, sizes: Sizes, console: Console, progress: Progress) -> None:
        self.sizes, self._console, self._progress = sizes, console, progress

    def say(self, line: str) -> None:
        """A line that stays."""
        self._console.print(line, highlight=False)

    @contextmanager
    def steps(self, what: str, count: int) -> Iterator[Callable[[], None]]:
        """A bar of `count` steps; what is given counts one."""
        task = self._progress.add_task(what, total=count)
        try:
            yield lambda: self._progress.advance(task)
        finally:
            self._progress.remove_task(task)

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A folder that goes again: beside the peers, on the disk that everything else is measured on."""
        path = Path(tempfile.mkdtemp(prefix="run-", dir=peers.home()))
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def kept(self, name: str) -> Path:
        """A folder for what is generated and may serve again; made where it is missing."""
        path = peers.home() / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path
