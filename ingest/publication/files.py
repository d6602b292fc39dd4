"""Files under `content/`: looked at by digest, written whole and durably, readable by the web server."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ingest import durable
from ingest.model import Digest
from ingest.store import digest_of

_PUBLIC = 0o644
SET_ASIDE = "mis-de-cote"


class ContentFiles:
    """What lies under `content/`. Paths are relative to it, with slashes. Its methods raise `Unavailable`."""

    def __init__(self, root: Path, state: Path) -> None:
        self.root, self.state = root, state

    def prepare(self, folders: tuple[str, ...]) -> None:
        """Make what is missing; sweep what an interrupted write left beside."""
        with durable.on_disk(self.root):
            for folder in folders:
                (self.root / folder).mkdir(parents=True, exist_ok=True)
            durable.sweep(self.root)

    def names(self, folder: str, suffix: str) -> tuple[str, ...]:
        """The files of a folder, as paths."""
        with durable.on_disk(self.root / folder):
            return tuple(sorted(f"{folder}/{path.name}" for path in (self.root / folder).glob(f"*{suffix}")))

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None where there is none."""
        with durable.on_disk(self.root / path):
            try:
                return (self.root / path).read_bytes()
            except FileNotFoundError:
                return None

    def digest(self, path: str) -> Digest | None:
        """Of the file as it stands; None where there is none."""
        data = self.read(path)
        return None if data is None else digest_of(data)

    def write(self, path: str, data: bytes) -> None:
        """Write the file whole, replacing what was there."""
        target = self.root / path
        with durable.on_disk(target), durable.beside(self.root, target.name) as folder:
            new = folder / "new"
            durable.write(new, data)
            new.chmod(_PUBLIC)
            durable.place(new, target)

    def remove(self, path: str) -> None:
        """Remove the file, durably."""
        target = self.root / path
        with durable.on_disk(target):
            target.unlink(missing_ok=True)
            durable.sync_folder(target.parent)

    def set_aside(self, path: str, now: datetime) -> Path:
        """Keep a copy of a file under the private state, then remove it. Gives back where the copy lies."""
        data = self.read(path) or b""
        folder = self.state / SET_ASIDE
        copy = folder / f"{now:%Y%m%dT%H%M%S}-{digest_of(data)[:8]}-{Path(path).name}"
        with durable.on_disk(copy):
            durable.make_folder(folder)
            durable.put(copy, data, by_way_of=folder)
        self.remove(path)
        return copy
