"""The running program's own source, as an archive: what the licence owes to whoever uses it over a network.

Only folders and kinds of files that are the program's, never what a wall keeps beside it: no `mur.toml`, no `content/`,
no state, nothing whose name begins with a point.
"""

from __future__ import annotations

import functools
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import ingest

_HOME = Path(ingest.__file__).parent.parent
_FOLDERS = ("ingest", "plugins", "theme", "docs", "deploy", "tests")
_FILES = (
    *("README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile"),
    *("pyproject.toml", "uv.lock", "pelicanconf.py", "publishconf.py"),
)
_KINDS = frozenset({
    *(".py", ".md", ".txt", ".html", ".css", ".js", ".svg", ".png", ".jpg", ".webp", ".mako", ".po", ".mo"),
    *(".eml", ".json", ".service", ".timer", ".conf", ".sh", ".lock"),
})  # fmt: skip
_NAMES = frozenset({"Caddyfile", "mur"})
_NOT = frozenset({"__pycache__", "node_modules", "var", "content", "output"})
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that the format knows: the same source gives the same archive."""


@functools.cache
def archive() -> bytes:
    """A zip of it, made once in the life of a process."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(_paths()):
            name = zipfile.ZipInfo(f"lemurparle/{path.relative_to(_HOME).as_posix()}", _EPOCH)
            name.compress_type, name.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            file.writestr(name, path.read_bytes())
    return data.getvalue()


def _paths() -> Iterator[Path]:
    # Where the package was installed without its tree, these are folders of other packages, or none
    whole = (_HOME / "pyproject.toml").is_file() and (_HOME / "ingest").is_dir()
    for name in _FOLDERS if whole else ("ingest", "plugins"):
        yield from _below(_HOME / name)
    yield from (_HOME / name for name in _FILES if whole and (_HOME / name).is_file())


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_symlink() or path.name.startswith(".") or path.name in _NOT:
            continue
        if path.is_dir():
            yield from _below(path)
        elif path.suffix in _KINDS or path.name in _NAMES:
            yield path
