"""One run: whether it builds all or what changed, what it remembers, and where its files go."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ingest.durable import write_all
from plugins.incremental.bodies import Bodies
from plugins.incremental.differences import Difference, Shape
from plugins.incremental.fingerprint import fingerprint, program_mark
from plugins.incremental.index import Index, dump, load
from plugins.incremental.pieces import Pieces
from plugins.incremental.posts import Posts, Reaction, Waiting
from plugins.incremental.site import Site

MEMORY, BASE, WHOLE = "MUR_SITE", "MUR_BASE", "MUR_WHOLE"
"""The private folder that is remembered in; the site of the last build; whether to build all the same."""
INDEX, NEXT, CHANGES = "index", "index.next", "changes.json"


@dataclass(slots=True, kw_only=True)
class Work:
    """What the generators and the writer of one run share."""

    folder: Path | None
    base: Path | None
    """The site that only changes are made to; None where all of it is made."""
    bodies: Bodies
    program: str
    fingerprint: str
    index: Index | None
    """Of `base`."""
    generator: Any = None
    """That of the articles."""
    posts: Posts = field(default_factory=lambda: Posts(()))
    site: Site | None = None
    difference: Difference | None = None
    waiting: list[Waiting] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)
    media: Mapping[str, str] = field(default_factory=dict)
    changed_media: frozenset[str] = frozenset()
    """Those of `medias/` that were added, removed or replaced, as paths."""
    written: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    """Folders that are there."""
    unwanted: set[str] = field(default_factory=set)
    """Keys of bodies that no file has any more."""

    @property
    def whole(self) -> bool:
        """Whether all of the site is made."""
        return self.difference is None

    def wants(self, name: str) -> bool:
        """Whether a file of the site is to be made."""
        return self.difference is None or name in self.difference.names

    def has_wanted(self, name: str) -> bool:
        """Whether a page of the list is to be made whose front is called `name`."""
        return self.difference is None or name.removesuffix("index.html") in self.difference.folders

    def pieces(self, settings: Mapping[str, Any]) -> Pieces:
        """What is kept of each post beside its body."""
        return Pieces(self.bodies, self.fingerprint, str(settings["SITEURL"]))

    def put(self, output: str | Path, name: str, data: bytes) -> None:
        """Write a file of the site into the folder `output`, unless the last build has it with the same bytes."""
        if not self.whole and self.base is not None and _same(self.base / name, data):
            return
        path = f"{output}/{name}"  # thousands: a Path each would cost as much as the file
        folder = path.rpartition("/")[0]
        if folder not in self.made:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.made.add(folder)
        _put(path, data)
        self.written.add(name)

    def remember(self, now: datetime) -> None:
        """Write what the next run needs, beside what this one was given: it counts once the site is online."""
        if self.folder is None:
            return
        index = Index(
            fingerprint=self.fingerprint,
            now=now.timestamp(),
            posts=tuple(self.posts.ordered),
            reactions=tuple(self.reactions),
            waiting=tuple(self.waiting),
            media=self.media,
        )
        if self.whole:
            pieces = Pieces(self.bodies, self.fingerprint, "")
            self.bodies.keep(only=self._keys().union(*map(pieces.keys, self.posts.ordered)))
        else:
            self.bodies.keep(self.unwanted - self._keys() if self.unwanted else ())
        self.bodies.close()
        _write(self.folder / NEXT, dump(index))
        gone = sorted({*self.difference.gone, *(self.changed_media - self.media.keys())}) if self.difference else []
        told = {"whole": self.whole, "written": sorted(self.written), "gone": gone}
        _write(self.folder / CHANGES, json.dumps(told).encode())

    def _keys(self) -> set[str]:
        rows: Iterable[Any] = (*self.posts.ordered, *self.reactions)
        return {it.body for it in rows}


def begin(settings: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Work:
    """What a run with these settings starts with: nothing but itself, without a folder to remember in."""
    environ = os.environ if environ is None else environ
    named = environ.get(MEMORY)
    folder = Path(named) if named else None
    if folder is None:
        return Work(folder=None, base=None, bodies=Bodies(None, ""), program="", fingerprint="", index=None)
    program = program_mark()
    mark = fingerprint(program, settings, Path(settings["PATH"]))
    base = Path(environ[BASE]) if environ.get(BASE) else None
    index = load(folder / INDEX) if base is not None and not environ.get(WHOLE) else None
    if index is not None and (index.fingerprint != mark or index.now > settings["BUILD_NOW"].timestamp()):
        index = None
    return Work(
        folder=folder, base=base, bodies=Bodies(folder, program), program=program, fingerprint=mark, index=index
    )


def shape(settings: Mapping[str, Any]) -> Shape:
    """Which files a site with these settings has."""
    templates = Path(settings["THEME"]) / "templates"

    def has(name: str) -> bool:
        return (templates / f"{name}.html").is_file()

    named = settings["SITEURL"].startswith("http")
    direct = [settings["ARCHIVES_SAVE_AS"]] if "archives" in settings["DIRECT_TEMPLATES"] else []
    if "tags" in settings["DIRECT_TEMPLATES"]:
        direct.append(settings["TAGS_SAVE_AS"])
    return Shape(
        per_page=settings["DEFAULT_PAGINATION"],
        named=named,
        posters=named and has("poster"),
        agenda=has("agenda"),
        relays=has("relays"),
        direct=tuple(direct),
        each_time=("semaine.html",) if has("week") else (),
    )


def _same(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def _put(path: str, data: bytes) -> None:
    """A whole file, in place of one that may be there."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        write_all(descriptor, data)
    finally:
        os.close(descriptor)


def _write(path: Path, data: bytes) -> None:
    """Private, as the folder is."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
