"""How files lie there, so that one that nobody touched need not be read: what `git` looks at in its index.

A file whose last change is as young as the look at it has no stamp: the next change may come within the same tick.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

YOUNG = 20_000_000
"""Nanoseconds: more than a tick of the kernel's clock."""


def stamps(root: Path, folder: str, suffix: str = "") -> dict[str, str]:
    """Each file of `root/folder` and below, by its path below `root`, with its stamp; empty for one just written."""
    before = time.time_ns() - YOUNG
    return {path: _stamp(status, before) for path, status in _files(str(root / folder), folder, suffix)}


def changed(old: Mapping[str, str], new: Mapping[str, str]) -> set[str]:
    """The paths that were added, removed, or may have been changed."""
    touched = {path for path, stamp in new.items() if not stamp or old.get(path) != stamp}
    return touched | (old.keys() - new.keys())


def _stamp(status: os.stat_result, before: int) -> str:
    young = max(status.st_mtime_ns, status.st_ctime_ns) > before
    return "" if young else f"{status.st_mtime_ns:x}.{status.st_ctime_ns:x}.{status.st_size:x}.{status.st_ino:x}"


def _files(path: str, below: str, suffix: str) -> Iterator[tuple[str, os.stat_result]]:
    try:
        found = os.scandir(path)
    except (FileNotFoundError, NotADirectoryError):
        return
    with found:
        for entry in found:
            name = entry.name
            if name.endswith(suffix) and not name.startswith(".") and entry.is_file():
                yield f"{below}/{name}", entry.stat()
            elif entry.is_dir():
                yield from _files(entry.path, f"{below}/{name}", suffix)
