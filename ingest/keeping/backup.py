"""A consistent copy of the wall while it runs, and back.

What is in it: the database, every document, the wall's key, the tombstones, what was set aside, and `content/`. What is
not: `mur.toml` and the passwords, which are the operator's, and the site, which is built again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from ingest import durable
from ingest.errors import Refused
from ingest.keeping import archive
from ingest.keeping.archive import Archive
from ingest.keeping.lock import keeping_lock
from ingest.publication.files import SET_ASIDE, ContentFiles
from ingest.publication.lock import publication_lock
from ingest.publication.taking_down import numbered
from ingest.settings import Settings
from ingest.store import Store, tombstones
from ingest.store.copying import HEAD, put_back
from ingest.words import _

_DATABASE, _KEY, _STONES = "state/mur.db", "state/secret.key", f"state/{tombstones.NAME}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """How many files came back, and where what stood in their place was put."""

    files: int
    set_aside: tuple[Path, ...]


def backup(
    settings: Settings, store: Store, target: Path, *, report: Callable[[str], None] = lambda _line: None
) -> int:
    """Copy the wall into the tar file `target` while everything goes on. Gives back how many files it holds.

    The order makes it consistent (`ingest.store.copying` says why): the database first, together with `content/` while
    no publication runs; then the documents. Nothing is erased or purged meanwhile. Raises `Refused` for a target that
    visitors could read and for a database server, `Unavailable` for the disk.
    """
    for public in (settings.paths.content, settings.paths.output):
        if target.resolve().is_relative_to(public.resolve()):
            raise Refused(_("{path} : une sauvegarde ne se met pas là où chacun peut la lire").format(path=target))
    with keeping_lock(settings.paths.state, report=report):
        return archive.write(target.absolute(), _everything(settings, store, report), revision=HEAD)


def restore(
    settings: Settings,
    source: Path,
    *,
    now: datetime,
    force: bool,
    report: Callable[[str], None] = lambda _line: None,
) -> Restored:
    """Put a backup back, onto a wall that has taken nothing yet, or with `force` onto any.

    The tombstones of the wall as it stands are kept and joined with those of the backup; opening the store carries them
    out. Documents come first and the database last, in one transaction, so that an interrupted restore is run again.
    What stands in `content/` in the place of a file of the backup is set aside under the state folder, and so is an
    article of ours that the backup does not know. Raises `Refused`, having changed nothing, and `Unavailable`.
    """
    found = Archive(source)
    _acceptable(settings, found, force=force)
    state = settings.paths.state
    with keeping_lock(state, report=report), publication_lock(state, report=report):
        tombstones.Tombstones(state).add(tombstones.read(found.read(_STONES)))
        aside = _Returning(settings, found, now).run()
        put_back(settings, found.read(_DATABASE))
    return Restored(files=len(found.names), set_aside=aside)


def _everything(settings: Settings, store: Store, report: Callable[[str], None]) -> Iterator[tuple[str, bytes]]:
    state, content = settings.paths.state, settings.paths.content
    with publication_lock(state, report=report):
        yield _DATABASE, store.snapshot()
        yield from _folder(content, "content")
    for path in (state / "secret.key", state / tombstones.NAME):
        yield from _file(path, f"state/{path.name}")
    for path in store.documents():
        yield from _file(path, f"state/{path.relative_to(state).as_posix()}")
    yield from _folder(state / SET_ASIDE, f"state/{SET_ASIDE}")


def _folder(root: Path, name: str) -> Iterator[tuple[str, bytes]]:
    with durable.on_disk(root):
        paths = sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else []
    for path in paths:
        inside = path.relative_to(root)
        if not any(part.startswith(durable.TEMPORARY) for part in inside.parts):
            yield from _file(path, f"{name}/{inside.as_posix()}")


def _file(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    with durable.on_disk(path):
        try:
            yield name, path.read_bytes()
        except FileNotFoundError:
            return


def _acceptable(settings: Settings, found: Archive, *, force: bool) -> None:
    if _DATABASE not in found.names:
        raise Refused(_("{path} : ce n’est pas une sauvegarde de mur").format(path=found.path))
    if found.revision > HEAD:
        raise Refused(_("cette sauvegarde vient d’une version plus récente de mur : mettez le programme à jour"))
    state = settings.paths.state
    if not force:
        with Store.open(settings, readonly=True) as store:
            if store.count():
                raise Refused(_("{path} n’est pas vide ; --force remplace ce qui y est").format(path=state))
    key = state / "secret.key"
    with durable.on_disk(key):
        other = key.exists() and _KEY in found.names and key.read_bytes() != found.read(_KEY)
    if other and tombstones.Tombstones(state).read():
        raise Refused(_("cette sauvegarde est celle d’un autre mur : {path} a une autre clé").format(path=key))


class _Returning:
    """Every file of a backup but the database, written whole in its place."""

    def __init__(self, settings: Settings, found: Archive, now: datetime) -> None:
        self.state, self.found, self.now = settings.paths.state, found, now
        self.content = ContentFiles(settings.paths.content, settings.paths.state)
        self.aside: list[Path] = []

    def run(self) -> tuple[Path, ...]:
        """Give back where what stood in their place was put."""
        for name, data in self.found.files():
            root, _slash, inside = name.partition("/")
            if root == "content":
                self._publicly(inside, data)
            elif name not in {_DATABASE, _STONES}:
                self._privately(self.state / inside, data)
        for path in numbered(self.content):
            if f"content/{path}" not in self.found.names:
                self.aside.append(self.content.set_aside(path, self.now))
        return tuple(self.aside)

    def _privately(self, path: Path, data: bytes) -> None:
        with durable.on_disk(path):
            if path.is_file() and path.read_bytes() == data:
                return
            durable.make_folder(path.parent)
            durable.put(path, data, by_way_of=self.state)

    def _publicly(self, inside: str, data: bytes) -> None:
        there = self.content.read(inside)
        if there == data:
            return
        if there is not None:
            self.aside.append(self.content.set_aside(inside, self.now))
        with durable.on_disk(self.content.root / inside):
            (self.content.root / PurePosixPath(inside).parent).mkdir(parents=True, exist_ok=True)
        self.content.write(inside, data)
