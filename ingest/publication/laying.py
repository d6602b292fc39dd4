"""A build of a few new files becomes a whole site: the files of the last one, by hard links, with the new ones over.

No file that is online is ever written in: what is new is renamed over a name. The cheapest tree to begin with is one
that was online before and would be thrown away now, the *spare*: it differs from the last build by what the builds
since have changed, and by nothing else. Without a spare, every file is linked.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ingest import durable
from ingest.publication.early import Early
from ingest.publication.finding import FOLDER as SEARCH
from ingest.publication.looked import FOLDER, NAME
from ingest.publication.swap import builds

INDEX, NEXT, CHANGES = "index", "index.next", "changes.json"
"""What a build reads, what it leaves for the next one, and what it made: see `plugins.incremental.work`."""
_BOOK = "builds.json"
_SPARE = "spare"
_TREE = "tree"
_MOST = 20_000
"""Names that a spare may be behind; beyond, linking is as cheap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a build made."""

    whole: bool
    written: frozenset[str]
    gone: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    """Which builds are which. A folder is known by its number and its inode."""

    shown: tuple[int, int]
    """The build that the index is of."""
    index: str
    """The seal of that index: a rename may be lost with the power, and the index be an older one."""
    spare: int
    """The inode of the spare; 0 for none."""
    behind: tuple[str, ...]
    """What differs between the spare and the build that is shown."""
    changed: Mapping[str, list[str] | None]
    """By the number of a build, what it changed; None where it was made whole."""


_NONE = _Book(shown=(0, 0), index="", spare=0, behind=(), changed={})


class Laying:
    """The builds of one wall, under its publication lock."""

    def __init__(self, output: Path, state: Path, early: Early | None = None) -> None:
        self.output, self.folder, self.early = output, state / FOLDER, early
        self._book = _read(self.folder / _BOOK)
        self._spare = builds(output) / _SPARE

    def base(self) -> Path | None:
        """The build that is online, where the index is of it; None where the next one has to be whole."""
        shown = self.output.resolve()
        if not self.output.is_symlink() or shown.parent != builds(self.output).resolve():
            return None
        known = _named(shown) == self._book.shown != (0, 0) and _seal(self.folder / INDEX) == self._book.index
        return shown if known else None

    def forget(self) -> None:
        """Remember nothing: the next build is whole."""
        with durable.on_disk(self.folder):
            for name in (INDEX, NEXT, CHANGES, _BOOK, NAME):
                (self.folder / name).unlink(missing_ok=True)
        self._book = _NONE

    def changes(self) -> Changes:
        """What the build that just ended made."""
        try:
            told = json.loads((self.folder / CHANGES).read_bytes())
            return Changes(whole=told["whole"], written=frozenset(told["written"]), gone=frozenset(told["gone"]))
        except (OSError, ValueError, KeyError, TypeError):
            return Changes(whole=True, written=frozenset(), gone=frozenset())

    def lay(self, built: Path, base: Path, made: Changes) -> tuple[str, ...] | None:
        """Make `built`, which holds what was `made`, a whole site. Raises `Unavailable`.

        Given back are the names in it that the disk may not know yet; None for all.
        """
        tree = builds(self.output) / _TREE
        with durable.on_disk(built):
            shutil.rmtree(tree, ignore_errors=True)
            behind = self._from_spare(tree, base)
            if behind is None:
                _link(base, tree)
            for name in made.gone - made.written:
                _remove(tree, name)
            for name in sorted(made.written):
                _place(built / name, tree / name)
            shutil.rmtree(built)
            tree.rename(built)
        return None if behind is None else tuple({*behind, *made.written, *made.gone})

    def settle(self, built: Path, made: Changes, kept: Iterable[Path]) -> None:
        """Note that `built` is online; `kept` are the builds that need not stay: one becomes the spare."""
        number, inode = _named(built)
        changed = None if made.whole else sorted(made.written | made.gone)
        history = {**self._book.changed, str(number): changed}
        spare, behind = self._book.spare, [*self._book.behind, *(changed or ())]
        if changed is None or not self._is_spare(spare):
            spare, behind = 0, []
        for path in sorted(kept, key=lambda path: int(path.name), reverse=True):
            since = [history.get(str(it)) for it in range(int(path.name) + 1, number + 1)]
            if spare == 0 and None not in since:
                shutil.rmtree(self._spare, ignore_errors=True)
                path.rename(self._spare)
                spare, behind = self._spare.stat().st_ino, [name for names in since for name in names or ()]
            else:
                shutil.rmtree(path, ignore_errors=True)
        recent = {name: history[name] for name in sorted(history, key=int)[-_KEPT:]}
        with suppress(OSError):
            (self.folder / NEXT).rename(self.folder / INDEX)
            seal = _seal(self.folder / INDEX)
            differing = tuple(dict.fromkeys(behind))
            book = _Book(shown=(number, inode), index=seal, spare=spare, behind=differing, changed=recent)
            _write(self.folder / _BOOK, book)
            durable.sync_folder(builds(self.output))

    def _is_spare(self, inode: int) -> bool:
        return inode != 0 and self._spare.is_dir() and self._spare.stat().st_ino == inode

    def _from_spare(self, tree: Path, base: Path) -> tuple[str, ...] | None:
        """Bring the spare to where `base` is; what had to be changed in it, None where there is no spare."""
        behind = self._book.behind
        if not self._is_spare(self._book.spare) or len(behind) > _MOST:
            return None
        self._book = replace(self._book, spare=0, behind=())
        _write(self.folder / _BOOK, self._book)  # from here on it is none
        self._spare.rename(tree)
        shutil.rmtree(tree / SEARCH, ignore_errors=True)
        for name in behind:
            _remove(tree, name)
            if (base / name).is_file():
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                os.link(base / name, tree / name)
        return behind


_KEPT = 50
"""Builds whose changes are remembered."""


def _link(base: Path, tree: Path) -> None:
    """A tree of its own with the same files."""
    for folder, names in _folders(f"{base}", ""):
        Path(f"{tree}/{folder}").mkdir(mode=0o755, parents=True, exist_ok=True)
        for name in names:
            os.link(f"{base}/{folder}{name}", f"{tree}/{folder}{name}")  # thousands: a Path each would cost as much


def _folders(root: str, folder: str) -> Iterator[tuple[str, list[str]]]:
    """Each folder, which ends in a slash unless it is the first, with its files; not the index of the search."""
    names: list[str] = []
    below: list[str] = []
    with os.scandir(f"{root}/{folder}") as found:
        for entry in found:
            (below if entry.is_dir(follow_symlinks=False) else names).append(entry.name)
    yield folder, names
    for name in below:
        if folder or name != SEARCH:
            yield from _folders(root, f"{folder}{name}/")


def _place(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    source.rename(target)


def _remove(tree: Path, name: str) -> None:
    """Remove a file, and the folders that are empty then: Pelican would not make them."""
    path = tree / name
    path.unlink(missing_ok=True)
    with suppress(OSError):
        for folder in path.parents:
            if folder == tree:
                break
            folder.rmdir()


def _named(build: Path) -> tuple[int, int]:
    try:
        return int(build.name), build.stat().st_ino
    except (ValueError, OSError):
        return 0, 0


def _read(path: Path) -> _Book:
    try:
        told = json.loads(path.read_bytes())
        number, inode = told["shown"]
        behind, changed = tuple(map(str, told["behind"])), dict(told["changed"])
        shown = int(number), int(inode)
        return _Book(shown=shown, index=str(told["index"]), spare=int(told["spare"]), behind=behind, changed=changed)
    except (OSError, ValueError, KeyError, TypeError):
        return _NONE


def _seal(index: Path) -> str:
    """How an index begins (`plugins.incremental.index`)."""
    try:
        with index.open("rb") as file:
            return file.read(32).decode("ascii", "replace")
    except OSError:
        return ""


def _write(path: Path, book: _Book) -> None:
    told = {name: getattr(book, name) for name in _Book.__slots__}
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    durable.write(new, json.dumps(told).encode())
    new.rename(path)
