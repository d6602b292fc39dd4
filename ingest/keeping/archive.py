"""One tar file, 0600, whose last member lists every other one with its SHA-256: a file cut short is noticed.

`state/…` is private, `content/…` is what Pelican reads. A name ending in `.gz` or `.tgz` is compressed. Nothing is ever
unpacked by `tarfile`: names are checked here, and links are none of ours.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from ingest import durable
from ingest.errors import Refused
from ingest.words import _

MANIFEST = "manifest.json"
FORMAT = 1
_ROOTS = ("state", "content")


def write(target: Path, files: Iterable[tuple[str, bytes]], *, revision: str) -> int:
    """Write `files` (names and bytes) to `target`: whole, durable, readable by its owner alone, or not at all.

    Gives back how many. Raises `Unavailable`; what stood at `target` is replaced only by a whole archive.
    """
    sums: dict[str, str] = {}
    mode = "w:gz" if target.name.endswith((".gz", ".tgz")) else "w"
    with durable.on_disk(target):
        durable.sweep(target.parent, f"{target.name}-")  # what died half-way holds every mail
    with durable.on_disk(target), durable.beside(target.parent, target.name) as folder:
        durable.write(folder / "new", b"")
        with (folder / "new").open("r+b") as file:
            with tarfile.open(fileobj=file, mode=mode, format=tarfile.PAX_FORMAT) as tar:  # type: ignore[call-overload]
                for name, data in files:
                    sums[name] = hashlib.sha256(data).hexdigest()
                    _add(tar, name, data)
                told = {"format": FORMAT, "revision": revision, "files": sums}
                _add(tar, MANIFEST, json.dumps(told, indent=1).encode("ascii"))
            file.flush()
            os.fsync(file.fileno())
        durable.place(folder / "new", target)
    return len(sums)


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), 0o600
    tar.addfile(member, io.BytesIO(data))


class Archive:
    """A backup that was looked through: nothing is missing, nothing was changed."""

    def __init__(self, path: Path) -> None:
        """Read all of it once. Raises `Refused` for what is no backup of ours, or no whole one; `Unavailable`."""
        self.path = path
        sums: dict[str, str] = {}
        told: dict[str, object] = {}
        for name, data in self._members():
            if name == MANIFEST:
                told = _manifest(data)
            elif told or not _ours(name):
                raise Refused(_("{path} : ce n’est pas une sauvegarde de mur").format(path=path))
            else:
                sums[name] = hashlib.sha256(data).hexdigest()
        if not told or told.get("files") != sums:
            raise Refused(_("{path} : cette sauvegarde est incomplète ou abîmée").format(path=path))
        self.revision = str(told.get("revision", ""))
        self.names = frozenset(sums)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Names and bytes, in the order they were written."""
        return ((name, data) for name, data in self._members() if name != MANIFEST)

    def read(self, name: str) -> bytes:
        """One file; empty where there is none."""
        return next((data for other, data in self.files() if other == name), b"") if name in self.names else b""

    def _members(self) -> Iterator[tuple[str, bytes]]:
        damaged = _("{path} : ce n’est pas une sauvegarde lisible").format(path=self.path)
        with durable.on_disk(self.path):
            try:
                with tarfile.open(self.path, "r:*") as tar:
                    for member in tar:
                        file = tar.extractfile(member) if member.isreg() else None
                        if file is None:
                            raise Refused(damaged)
                        yield member.name, file.read()
            except (tarfile.TarError, EOFError, ValueError) as error:
                raise Refused(f"{damaged} ({error})") from None


def _ours(name: str) -> bool:
    parts = PurePosixPath(name).parts
    plain = all(part not in {".", ".."} and not part.startswith(durable.TEMPORARY) for part in parts)
    return len(parts) > 1 and parts[0] in _ROOTS and plain and "\0" not in name and not name.startswith("/")


def _manifest(data: bytes) -> dict[str, object]:
    try:
        told = json.loads(data)
    except ValueError:
        return {}
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Refused(_("cette sauvegarde vient d’une version plus récente de mur"))
    return told
