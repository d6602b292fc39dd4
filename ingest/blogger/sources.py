"""Where an export lies: a .zip of Google Takeout (or its parts), its unpacked folder, or the feed alone."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ingest.blogger.feed import MAX_BYTES
from ingest.blogger.pictures import Albums
from ingest.errors import Refused, Unavailable
from ingest.words import _

MAX_PICTURE = 40 * 1024 * 1024
MAX_FILES = 200_000
_FEED = re.compile(r"(?:.*/)?(?:Blogs/(?P<blog>[^/]+)/)?feed\.atom|(?:.*/)?blog-\d\d-\d\d-\d{4}(?:\s?\(\d+\))?\.xml")
_COMMENTS_ELSEWHERE = re.compile(r"(?:.*/)?Blogger/(?!Blogs/)[^/]+/.*feed\.atom")
"""What the owner of the account wrote under other people's blogs."""


class Container(Protocol):
    """A file, a folder or a .zip: names, and their bytes."""

    def names(self) -> Iterable[str]:
        """Paths with slashes."""

    def read(self, name: str, most: int) -> bytes:
        """At most `most` bytes and one more. Raises `OSError`, `zipfile.BadZipFile`, `ValueError`, `RuntimeError`."""


@dataclass(frozen=True, slots=True)
class _File:
    path: Path

    def names(self) -> Iterable[str]:
        return ("feed.atom",)

    def read(self, name: str, most: int) -> bytes:
        del name
        with self.path.open("rb") as file:
            return file.read(most + 1)


@dataclass(frozen=True, slots=True)
class _Folder:
    path: Path

    def names(self) -> Iterator[str]:
        for path in sorted(self.path.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(self.path).as_posix()

    def read(self, name: str, most: int) -> bytes:
        with (self.path / name).open("rb") as file:
            return file.read(most + 1)


@dataclass(frozen=True, slots=True)
class _Zip:
    archive: zipfile.ZipFile

    def names(self) -> Iterator[str]:
        return (name for name in self.archive.namelist() if not name.startswith("__MACOSX/"))

    def read(self, name: str, most: int) -> bytes:
        with self.archive.open(name) as file:  # nothing is ever unpacked: a name leads nowhere
            return file.read(most + 1)


class Export:
    """The feed of one blog, and the pictures beside it."""

    def __init__(self, places: Sequence[Container], blog: str) -> None:
        self._places = places
        self._where = {name: place for place in reversed(places) for name in _bounded(place)}
        self.feed_name = _one_feed(sorted(self._where), blog)
        self.albums = Albums(self._where)

    def feed(self) -> bytes:
        """The bytes of the feed. Raises `Refused` where they cannot be had."""
        try:
            return self._where[self.feed_name].read(self.feed_name, MAX_BYTES)
        except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError) as error:
            raise Refused(_("archive abîmée : {error}").format(error=error)) from None
        except OSError as error:
            raise Unavailable(f"{self.feed_name}: {error.strerror}") from None

    def picture(self, name: str) -> bytes | None:
        """The bytes of a picture; None where it cannot be read or is too large."""
        try:
            data = self._where[name].read(name, MAX_PICTURE)
        except (OSError, KeyError, zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError):
            return None
        return data if len(data) <= MAX_PICTURE else None


@contextmanager
def opened(paths: Sequence[Path], *, blog: str = "") -> Iterator[Export]:
    """The export that lies in `paths`. `blog` names one where there are several.

    Raises `Refused` where no feed of Blogger is in it, or several are, and `Unavailable`.
    """
    with ExitStack() as stack:
        yield Export([_place(path, stack) for path in paths], blog)


def _place(path: Path, stack: ExitStack) -> Container:
    try:
        if path.is_dir():
            return _Folder(path)
        if zipfile.is_zipfile(path):
            return _Zip(stack.enter_context(zipfile.ZipFile(path)))
        return _File(path)
    except zipfile.BadZipFile as error:
        raise Refused(f"{path}: {error}") from None
    except OSError as error:
        raise Unavailable(f"{path}: {error.strerror}") from None


def _bounded(place: Container) -> Iterator[str]:
    for number, name in enumerate(place.names()):
        if number >= MAX_FILES:
            raise Refused(_("plus de {n} fichiers").format(n=MAX_FILES))
        yield name


def _one_feed(names: Iterable[str], blog: str) -> str:
    found = [name for name in names if _FEED.fullmatch(name) and not _COMMENTS_ELSEWHERE.fullmatch(name)]
    if blog:
        found = [name for name in found if f"/Blogs/{blog}/" in f"/{name}"]
    if not found:
        raise Refused(_("aucun export de Blogger là-dedans : un fichier feed.atom ou blog-MM-JJ-AAAA.xml est attendu"))
    if len(found) > 1:
        blogs = ", ".join(f"« {name.split('/')[-2] if '/' in name else name} »" for name in found[:20])
        raise Refused(_("plusieurs blogs : dites lequel avec --blog ({blogs})").format(blogs=blogs))
    return found[0]
