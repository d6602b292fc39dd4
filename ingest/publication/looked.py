"""What the files under `content/` said when they were last read: one that nobody touched is not opened again.

Kept under the private state in one sealed file; damaged or foreign, it is none, and everything is read.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ingest import durable
from ingest.errors import Refused
from ingest.model import Digest
from ingest.publication.addresses import (
    ARTICLE,
    MEDIA_FOLDER,
    PAGE,
    PAGE_FOLDER,
    REACTION_FOLDER,
    TEXT_FOLDERS,
    Head,
    moment,
    slug,
    status,
)
from ingest.publication.article import split
from ingest.publication.stamps import stamps
from ingest.store import digest_of
from ingest.words import _

FOLDER = "site"
"""Under the private state: what builds remember."""
NAME = "content"
_SEAL = 32
_FORM = 1
"""Counts the shapes of the file."""


class Look(NamedTuple):
    """One file, as it lay there."""

    stamp: str
    digest: Digest
    number: str = ""
    slug: str = ""
    month: str = ""
    """`2022-06`."""
    modified: str = ""
    page: str = ""
    """Where its page is to be, whenever it is to be; empty for none."""
    date: float | None = None
    wrong: str = ""
    """Why it can have no page."""


class Looks:
    """All files of the folders that the publisher writes, each opened only where it changed. Raises `Unavailable`."""

    def __init__(self, content: Path, state: Path, zone: ZoneInfo) -> None:
        self._content, self._zone = content, zone
        self._file = state / FOLDER / NAME
        self._old = _load(self._file, zone)
        self.remembers = bool(self._old)
        """Whether anything is known from before; it is not after something was erased."""
        self._stamps: dict[str, str] = {}
        with durable.on_disk(content):
            for folder in (*TEXT_FOLDERS, PAGE_FOLDER, MEDIA_FOLDER):
                self._stamps |= stamps(content, folder)
        self._found: dict[str, Look] = {}
        self._is_new = False

    def texts(self, *folders: str) -> tuple[str, ...]:
        """The paths of the texts in some folders, sorted."""
        heads = tuple(f"{folder}/" for folder in folders)
        return tuple(sorted(path for path in self._stamps if path.startswith(heads) and path.endswith(".md")))

    def at(self, path: str) -> Look | None:
        """What is there; None where nothing is."""
        found = self._found.get(path)
        if found is None:
            stamp, old = self._stamps.get(path), self._old.get(path)
            found = old if old is not None and stamp and old.stamp == stamp else self._read(path, stamp or "")
            if found is not None:
                self._found[path] = found
        return found

    def digest(self, path: str) -> Digest | None:
        """Of the file as it stands; None where there is none."""
        found = self.at(path)
        return None if found is None else found.digest

    def wrote(self, path: str) -> None:
        """Somebody wrote it just now."""
        self.removed(path)
        self._stamps[path] = ""

    def removed(self, path: str) -> None:
        """Somebody removed it just now."""
        self._found.pop(path, None)
        self._stamps.pop(path, None)
        self._is_new = True

    def save(self) -> None:
        """Keep what was looked at. Never raises: without it, everything is read."""
        if not self._is_new and self._old.keys() == self._stamps.keys():
            return
        kept = {path: look for path in self._stamps if (look := self._found.get(path) or self._old.get(path))}
        body = json.dumps({"zone": self._zone.key, "form": _FORM, "files": kept}, ensure_ascii=False).encode()
        with suppress(OSError):
            durable.make_folder(self._file.parent)
            new = self._file.with_suffix(".new")
            new.unlink(missing_ok=True)
            with new.open("xb") as file:
                file.write(_seal(body) + body)
            new.chmod(0o600)
            new.rename(self._file)

    def _read(self, path: str, stamp: str) -> Look | None:
        self._is_new = True
        with durable.on_disk(self._content / path):
            try:
                data = (self._content / path).read_bytes()
            except FileNotFoundError:
                return None
        return look(path, data, stamp, self._zone)


def look(path: str, data: bytes, stamp: str, zone: ZoneInfo) -> Look:
    """What a file says that holds `data`; of a medium, only what it is."""
    bare = Look(stamp=stamp, digest=digest_of(data))
    if not path.endswith(".md"):
        return bare
    try:
        head, _body = split(data.decode("utf-8"))
    except (Refused, UnicodeDecodeError) as error:
        return bare._replace(wrong=str(error))
    place = PurePosixPath(path)
    try:
        date, modified = moment(head, "Date", zone), moment(head, "Modified", zone)
        found = bare._replace(
            number=head.get("Number", (0, ""))[1],
            slug=slug(head, place.stem),
            month=f"{date:%Y-%m}" if date else "",
            modified=modified.isoformat() if modified else "",
            date=date.timestamp() if date else None,
        )
        return found._replace(page=_page(place, head, date, found.slug))
    except Refused as error:
        return bare._replace(wrong=str(error))


def _page(place: PurePosixPath, head: Head, date: datetime | None, name: str) -> str:
    """As `ingest.publication.addresses.page_of`, whenever that will be."""
    if place.parts[0] == REACTION_FOLDER or status(head) != "published":
        return ""
    if place.parts[0] == PAGE_FOLDER:
        return PAGE.format(slug=name)
    if date is None:
        raise Refused(_("« Date: » manque"))
    return ARTICLE.format(date=date, slug=name)


def _load(file: Path, zone: ZoneInfo) -> dict[str, Look]:
    try:
        data = file.read_bytes()
        seal, body = data[:_SEAL], data[_SEAL:]
        if _seal(body) != seal:
            return {}
        told = json.loads(body)
        if (told["zone"], told["form"]) != (zone.key, _FORM):
            return {}
        return {path: Look._make(row) for path, row in told["files"].items()}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}


def _seal(body: bytes) -> bytes:
    return blake2b(body, digest_size=_SEAL // 2, person=b"mur content").hexdigest().encode()
