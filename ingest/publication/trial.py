"""One build and its check, of `content/` as it is or of `content/` without some of its files."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest import durable
from ingest.publication.addresses import EXTRA_FOLDER, MEDIA_FOLDER, PAGE_FOLDER, TEXT_FOLDERS
from ingest.publication.build import Memory, build
from ingest.publication.check import check, pages
from ingest.publication.laying import Changes, Laying
from ingest.publication.looked import Looks
from ingest.settings import Settings

_STAGE = "publication"
"""Under the private state; made of links, and gone after the build."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A site that was built and checked."""

    pages: Mapping[str, str]
    """`{page: source}` of what it has."""
    made: Changes
    unknown: tuple[str, ...] | None
    """Names in it that the disk may not know yet; None for all."""


def trial(
    settings: Settings,
    into: Path,
    *,
    without: Collection[str],
    now: datetime,
    laying: Laying,
    looks: Looks | None = None,
) -> Tried:
    """Build into the folder `into`, emptied first, leaving out the paths `without`.

    Raises `BuildFailed` and `BadArticles` as the build and the check do, `Unavailable`.
    """
    with durable.on_disk(into):
        for path in into.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        durable.make_folder(laying.folder)
    zone = ZoneInfo(settings.wall.timezone)
    base = laying.base()
    with _content(settings, without) as content:
        memory = Memory(folder=laying.folder, base=base, early=laying.early)
        build(settings, into, now=now, content=content, memory=memory)
        made = laying.changes()
        unknown = None if made.whole or base is None else laying.lay(into, base, made)
        if looks is None or without:
            looks = Looks(content, settings.paths.state, zone)
        expected = pages(looks, now=now)
        check(into, content, expected, fresh=None if made.whole else made.written)
    return Tried(pages=expected, made=made, unknown=unknown)


def texts(content: Path) -> tuple[str, ...]:
    """Every article, relay and page under `content/`, the oldest file first."""
    folders = (content / folder for folder in (*TEXT_FOLDERS, PAGE_FOLDER))
    with durable.on_disk(content):
        found = [path for folder in folders for path in folder.rglob("*.md") if path.exists()]
        found.sort(key=lambda path: (path.stat().st_mtime_ns, path))
    return tuple(path.relative_to(content).as_posix() for path in found)


@contextmanager
def _content(settings: Settings, without: Collection[str]) -> Iterator[Path]:
    content, stage = settings.paths.content.absolute(), settings.paths.state / _STAGE
    shutil.rmtree(stage, ignore_errors=True)  # of a publication that was cut off
    if not without:
        yield content
        return
    with durable.on_disk(stage):
        durable.make_folder(stage)
        for folder in (MEDIA_FOLDER, EXTRA_FOLDER):
            if (content / folder).is_dir():
                (stage / folder).symlink_to(content / folder)
        for path in set(texts(content)) - set(without):
            (stage / path).parent.mkdir(parents=True, exist_ok=True)
            (stage / path).symlink_to(content / path)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)
