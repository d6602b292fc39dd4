"""What a whole site depends on beside its content: program, packages, settings, theme. Another one is another site."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from hashlib import blake2b
from pathlib import Path
from stat import S_ISDIR
from typing import Any

from ingest.publication.addresses import EXTRA_FOLDER, PAGE_FOLDER

_ROOT = Path(__file__).resolve().parents[2]
_OURS = ("plugins", "ingest", "pelicanconf.py", "publishconf.py")
_PACKAGES = (
    *("pelican", "jinja2", "markupsafe", "markdown", "nh3", "babel", "feedgenerator"),
    *("segno", "icalendar", "PIL", "dateutil", "blinker"),
)
_PASSED = frozenset({"__pycache__", "node_modules"})
_ASIDE = frozenset(
    {"BUILD_NOW", "OUTPUT_PATH", "ONLINE", "PATH", "PLUGINS", "JINJA_GLOBALS", "BODIES", "WORK", "CACHE_PATH"}
)
"""Settings that say where and when, not what."""


@cache
def program_mark() -> str:
    """The digest of program and packages, as they were when it was asked first: what Markdown is rendered by."""
    made = blake2b(digest_size=16)
    for place in (_ROOT / name for name in _OURS):
        _update(made, sorted(_files(str(place), place.name)))
    _update(made, (*_packages(), sys.version))
    return made.hexdigest()


def fingerprint(program: str, settings: Mapping[str, Any], content: Path) -> str:
    """The digest of all of it; `content` is where `extra/` and `pages/` lie, which every page may show."""
    made = blake2b(program.encode(), digest_size=16)
    _update(made, _lines(settings))
    for place in (Path(settings["THEME"]), content / EXTRA_FOLDER, content / PAGE_FOLDER):
        _update(made, sorted(_files(str(place), place.name)))
    return made.hexdigest()


def _update(made: blake2b, lines: Iterable[str]) -> None:
    for line in lines:
        made.update(f"{line}\n".encode("utf-8", "replace"))


def _lines(settings: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(settings):
        if name.isupper() and name not in _ASIDE:
            yield f"{name} {_told(settings[name])}"


def _told(value: object) -> str:
    """A value without the address in memory that `repr` of a function holds."""
    if isinstance(value, dict):
        return str(sorted((str(key), _told(it)) for key, it in value.items()))
    if callable(value):
        return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', '')}"
    if isinstance(value, list | tuple):
        return str([_told(it) for it in value])
    return "" if isinstance(value, datetime) else repr(value)


def _packages() -> Iterator[str]:
    for name in _PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin:
            yield f"{name} {_stamp(Path(spec.origin).stat())}"


def _files(place: str, name: str) -> Iterator[str]:
    """Every file at and below a place, with how it lies there."""
    try:
        status = Path(place).stat()
        if not S_ISDIR(status.st_mode):
            yield f"{name} {_stamp(status)}"
            return
        with os.scandir(place) as found:
            for entry in found:
                if entry.name in _PASSED or entry.name.startswith("."):
                    continue
                if entry.is_dir():
                    yield from _files(entry.path, f"{name}/{entry.name}")
                else:
                    yield f"{name}/{entry.name} {_stamp(entry.stat())}"
    except FileNotFoundError:
        return


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns}.{status.st_size}.{status.st_ino}"
