"""A new site takes the place of the old one in one step: `output` is a symbolic link, and the link is renamed over.

Builds lie beside it, in `.output-builds/`: on the same file system, since a rename does not leave it, and outside of
the private state, since a web server has to read them.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ingest import durable

_NUMBER = re.compile(r"[0-9]{1,9}")
_FOLDER, _FILE = 0o755, 0o644
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
"""renameat2(2), Linux 3.15."""


def builds(output: Path) -> Path:
    """The folder of the builds of `output`."""
    return output.parent / f".{output.name}-builds"


def new_build(output: Path) -> Path:
    """An empty folder to build in, numbered after the last one. Raises `Unavailable`."""
    folder = builds(output)
    with durable.on_disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        number = max((int(path.name) for path in folder.iterdir() if _NUMBER.fullmatch(path.name)), default=0) + 1
        folder.chmod(_FOLDER)
        build = folder / str(number)
        build.mkdir()
    return build


def open_to_all(build: Path, names: Iterable[str] | None = None) -> None:
    """Let a web server, which is somebody else, read a build, or these files of it, whatever the umask was.

    Raises `Unavailable`.
    """
    with durable.on_disk(build):
        build.chmod(_FOLDER)
        for path in build.rglob("*") if names is None else _with_folders(build, names):
            if not path.is_symlink():
                path.chmod(_FOLDER if path.is_dir() else _FILE)


def synced(build: Path, names: Iterable[str]) -> None:
    """Make these files of a build durable, or their absence. Raises `Unavailable`."""
    with durable.on_disk(build):
        for path in _with_folders(build, names):
            if path.is_dir():
                durable.sync_folder(path)
            else:
                with path.open("rb") as file:
                    os.fsync(file.fileno())
        durable.sync_folder(build)


def swap(output: Path, build: Path, *, is_synced: bool = False) -> Path | None:
    """Make `output` show `build`, at once for whoever reads it, and durably.

    A real folder that stood at `output` is exchanged with the link in one step too, where the system can, and kept
    beside: given back is where. Raises `Unavailable`.
    """
    with durable.on_disk(output):
        if is_synced:
            durable.sync_folder(builds(output))
        else:
            os.sync()  # thousands of small files: one sync(2) is cheaper than an fsync each
        link = builds(output) / "next"
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(build, output.parent))
        kept = None
        if output.is_dir() and not output.is_symlink():
            kept = _free(builds(output), "avant")
            exchange(link, output, kept)
        else:
            link.rename(output)
        durable.sync_folder(output.parent)
        durable.sync_folder(builds(output))
    return kept


def surplus(output: Path, keep: int) -> tuple[Path, ...]:
    """The builds but the newest `keep`, never the one that is shown."""
    shown = output.resolve()
    with durable.on_disk(output):
        found = [path for path in builds(output).iterdir() if _NUMBER.fullmatch(path.name)]
    numbered = sorted(found, key=lambda path: int(path.name))
    return tuple(path for path in numbered[: max(len(numbered) - max(keep, 1), 0)] if path.resolve() != shown)


def discard(build: Path) -> None:
    """Remove a build that is not to be shown."""
    shutil.rmtree(build, ignore_errors=True)


def _with_folders(build: Path, names: Iterable[str]) -> tuple[Path, ...]:
    """The files of `names` that are there, and the folders on the way to all of them."""
    there, folders = [], set()
    for name in names:
        if (build / name).is_file():
            there.append(name)
        while name := name.rpartition("/")[0]:
            folders.add(name)
    files = (build / name for name in sorted(there))
    return (*files, *(path for name in sorted(folders) if (path := build / name).is_dir()))


def exchange(link: Path, output: Path, kept: Path) -> None:
    """Put `link` in the place of `output`, which becomes `kept`: in one step where the system can."""
    libc = ctypes.CDLL(None, use_errno=True)
    with suppress(AttributeError):
        done = libc.renameat2(_AT_FDCWD, os.fsencode(link), _AT_FDCWD, os.fsencode(output), _RENAME_EXCHANGE)
        if done == 0:
            link.rename(kept)
            return
    output.rename(kept)  # a moment without a site, once
    link.rename(output)


def _free(folder: Path, stem: str) -> Path:
    number = 1
    while (folder / f"{stem}-{number}").exists():
        number += 1
    return folder / f"{stem}-{number}"
