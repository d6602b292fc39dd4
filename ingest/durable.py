"""Files that are whole or not there: write beside, fsync, rename, fsync the folder.

Model: chasquid's `internal/safeio`, and one step further: `rename` is durable only after its folder was fsync'd
(fsync(2): "does not necessarily ensure that the entry in the directory containing the file has also reached disk").
Every OSError becomes `Unavailable`: a full, read-only or vanished disk is nobody's fault who wrote.
"""

from __future__ import annotations

import fcntl
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ingest.errors import Unavailable
from ingest.words import _

TEMPORARY = ".tmp-"


@contextmanager
def on_disk(path: Path) -> Iterator[None]:
    """Turn any OSError inside into `Unavailable`, one line that names the path."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unavailable(_("disque : {path} : {reason}").format(path=error.filename or path, reason=reason)) from None


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, data: bytes) -> None:
    """Create `path` (0600, not there before) with `data`, and fsync it; its name is durable once its folder is."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes) -> None:
    """All of `data`: one write may take a part of it only (write(2))."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def make_folder(path: Path) -> None:
    """Make `path` and what is missing above it, 0700 and durable; narrow it to 0700 where others could read it."""
    if not path.is_dir():
        if not path.parent.is_dir():
            make_folder(path.parent)
        with suppress(FileExistsError):
            path.mkdir(mode=0o700)
        sync_folder(path.parent)
    elif path.stat().st_mode & 0o077:
        path.chmod(0o700)


@contextmanager
def beside(parent: Path, name: str) -> Iterator[Path]:
    """A folder of our own under `parent` to write in before renaming; gone on the way out unless it was renamed.

    A lock on it tells `sweep` that somebody is at work in it; a lock ends with its process, however that ends.
    """
    while True:
        path = Path(tempfile.mkdtemp(prefix=f"{TEMPORARY}{name}-", dir=parent))
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if path.is_dir():
            break
        os.close(descriptor)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(descriptor)


def sweep(parent: Path, name: str = "") -> None:
    """Remove the temporary folders whose process is gone; those made for `name` alone, in a folder that is not ours."""
    for path in parent.glob(f"{TEMPORARY}{glob.escape(name)}*"):
        with suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(descriptor)


def place(source: Path, target: Path) -> None:
    """Rename `source`, fsync'd before, to `target`: what was there is replaced, a folder only if it was empty."""
    source.rename(target)
    sync_folder(target.parent)


def put(path: Path, data: bytes, *, by_way_of: Path) -> None:
    """Write `path` whole, replacing what was there; `by_way_of` is where temporary folders lie (same file system)."""
    with beside(by_way_of, path.name) as folder:
        write(folder / "new", data)
        place(folder / "new", path)


def put_once(path: Path, data: bytes, *, by_way_of: Path) -> None:
    """Write `path` whole unless it is there: of two at once, one wins, and both read the same afterwards."""
    with beside(by_way_of, path.name) as folder:
        write(folder / "new", data)
        with suppress(FileExistsError):
            os.link(folder / "new", path)
        sync_folder(path.parent)


def free_bytes(path: Path) -> int:
    """What an ordinary user may still write on the file system of `path`."""
    space = os.statvfs(path)
    return space.f_bavail * space.f_frsize
