"""Campaigns, and news of them, that stand under `content/` without having come by mail: somebody wrote the file.

The site shows them like any other. Whoever asks here gets them as drafts, with the name that an update calls them by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest import durable
from ingest.errors import Refused
from ingest.model import Draft, Kind, Markdown
from ingest.publication.addresses import ARTICLE, ARTICLE_FOLDERS, Head, moment, slug, status
from ingest.publication.article import EXTRA_KEYS, split
from ingest.store import Store

_MOST = 500
"""Of the newest files, by their names."""
_BYTES = 200_000
_KINDS = frozenset({Kind.RELAY, Kind.UPDATE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Handwritten:
    """One such file, as it is online."""

    path: str
    """Relative to `content/`."""
    name: str
    """Its slug: what `Update_of` calls it."""
    page: str
    """Relative to the site."""
    date: datetime
    draft: Draft


def handwritten(store: Store, *, now: datetime | None = None) -> tuple[Handwritten, ...]:
    """Those that are online at `now` (None: whenever that is), the newest first; none of what the publisher wrote.

    A file that cannot be read is left out: the build says what is wrong with it. Raises `Unavailable`.
    """
    ours = {file.path for file in store.article_files()}
    content, zone = store.settings.paths.content, ZoneInfo(store.settings.wall.timezone)
    with durable.on_disk(content):
        found = (path for folder in ARTICLE_FOLDERS for path in (content / folder).glob("*.md"))
        paths = sorted((path for path in found if path.relative_to(content).as_posix() not in ours), key=_by_name)
        read = (one for path in reversed(paths[-_MOST:]) for one in _read(path, content, zone))
        return tuple(one for one in read if now is None or one.date <= now)


def _by_name(path: Path) -> str:
    return path.name


def _read(path: Path, content: Path, zone: ZoneInfo) -> Iterator[Handwritten]:
    with path.open("rb") as file:
        text = file.read(_BYTES).decode("utf-8", "replace")
    try:
        head, body = split(text)
        date, name = moment(head, "Date", zone), slug(head, path.stem)
        if date is None or status(head) != "published" or _value(head, "Kind") not in _KINDS:
            return
    except Refused:
        return
    yield Handwritten(
        path=path.relative_to(content).as_posix(),
        name=name,
        page=ARTICLE.format(date=date, slug=name),
        date=date,
        draft=_draft(head, body),
    )


def _draft(head: Head, body: str) -> Draft:
    return Draft(
        kind=Kind(_value(head, "Kind")),
        title=_value(head, "Title"),
        byline=_value(head, "Author"),
        tags=tuple(filter(None, (tag.strip() for tag in _value(head, "Tags").split(",")))),
        lang=_value(head, "Lang") or "fr",
        body=Markdown(body),
        extra={key: value for key, (_line, value) in head.items() if key in EXTRA_KEYS},
    )


def _value(head: Head, key: str) -> str:
    return head.get(key, (0, ""))[1]
