"""A page exactly as it would be published, of a draft that nobody accepted yet, in a few hundredths of a second.

The file that `content/` would hold is made by the publisher's own planner. Pelican reads and writes that one file in a
child process that stays warm, since untrusted text meets parsers there, and that may be killed (`ingest.worker`).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from ingest import durable
from ingest.errors import MurError, Refused
from ingest.model import COPIES, Draft, Kind
from ingest.publication import article
from ingest.publication.addresses import ARTICLE_FOLDERS, MEDIA_FOLDER, REACTION_FOLDER, TEXT_FOLDERS
from ingest.publication.files import ContentFiles
from ingest.publication.planning import Planner
from ingest.settings import Settings
from ingest.states import State
from ingest.store import Accepted, Row, Store, digest_of
from ingest.words import _
from ingest.worker import Overrun, Worker

SECONDS = 5.0
"""Of CPU for one page; the first one, with Pelican's own start, needs about one."""
STAGE = "preview"
"""Under the private state: where the child lays out the one file. Emptied after each page."""
_NAMED = re.compile(r"media:([0-9a-f]{16}\.[a-z0-9]{1,8})")
_GOING = 50
_RELAY = re.compile(r"^Kind:[ \t]*relay[ \t]*$", re.MULTILINE)
_UPDATE_OF = re.compile(r"^Update_of:[ \t]*(\S+)", re.MULTILINE)
_NUMBER = re.compile(r"^Number:[ \t]*(\S+)", re.MULTILINE)
_BESIDE = (
    re.compile(r"^Tags:[ \t]*[^\s,]", re.MULTILINE),
    re.compile(r"^Start:[ \t]*\d", re.MULTILINE),
    re.compile(r"^Deadline:[ \t]*\d", re.MULTILINE),
    _RELAY,
)
"""What in one article changes the menu of all pages."""
_PUBLISHED = re.compile(r"^Status:[ \t]*published", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the child needs to make one page: values and paths, nothing else."""

    configuration: Path | None
    """`mur.toml`; None for defaults alone."""
    stage: Path
    content: Path
    source: str
    """Where the file would stand under `content/`."""
    text: str
    media: tuple[tuple[str, Path], ...]
    beside: tuple[str, ...]
    """A few articles of `content/`, so that the menu names what the site has: tags, an agenda."""
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """A page as it would be published."""

    html: str
    """Without the links to what to read before, after and besides: those depend on what goes online with it."""
    page: str
    """Its address below the root of the site, `2022/06/une-fete.html`."""


class Previewer:
    """One warm child for one wall. A context manager; its threads wait for one another."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._worker = Worker(memory_bytes=settings.limits.memory_bytes)
        self._lock = threading.Lock()
        self._content = _Content(settings, store)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._worker.close()

    def preview(self, row: Row, draft: Draft, *, now: datetime) -> Previewed:
        """The page that `draft` would have, were it accepted and published at `now`.

        Raises `Refused` with what is wrong with a text that could not be a page, `Unavailable`.
        """
        with self._lock:
            sheet = self._content.sheet(row, draft, now)
            try:
                page, html = self._worker.run(SECONDS, _make, sheet)
            except Overrun as error:
                raise Refused(_("aperçu impossible ({reason})").format(reason=error.reason)) from None
        return Previewed(html=html, page=page)

    def warm(self, *, now: datetime) -> None:
        """Start the child before anybody waits for it. Raises nothing: whoever looks first is told what is wrong."""
        sheet = replace(self._content.empty(now), text="Title: -\nDate: 2000-01-01T00:00:00Z\nStatus: published\n\n-\n")
        with self._lock:
            try:
                self._worker.run(SECONDS, _make, sheet)
            except (Overrun, MurError):
                return


def _make(sheet: Sheet) -> tuple[str, str]:
    from plugins.preview import make  # Pelican lives in the child only

    return make(sheet)


class _Content:
    """What `content/` already holds, looked at again when something in it changed."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._files = ContentFiles(settings.paths.content, settings.paths.state)
        self._zone = ZoneInfo(settings.wall.timezone)
        self._seen: object = None
        self._planner: Planner | None = None
        self._beside: tuple[str, ...] = ()
        self._relays: dict[str, set[str]] = {}
        self._news: dict[str, list[str]] = {}

    def sheet(self, row: Row, draft: Draft, now: datetime) -> Sheet:
        """The file of `draft` as the planner would write it, and what it shows."""
        planner = self._look(now)
        if row.number is None:
            row = replace(row, number=self._store.next_number(), accepted_at=now)
        digest = digest_of(article.document(draft).encode("utf-8", "replace"))
        wanted = planner.alone(Accepted(row=row, digest=digest, draft=draft, media=()), before=self._going(row))
        text = wanted.data.decode("utf-8", "replace")
        media = tuple((name, path) for name in _names(draft) if (path := self._medium(row, name)))
        kin = self._kin(draft, row.public, wanted.path)
        beside = tuple(path for path in dict.fromkeys((*self._beside, *kin)) if path != wanted.path)
        # A reaction stands under its post, which is not here: it is shown as a page of its own
        source = wanted.path.replace(f"{REACTION_FOLDER}/", f"{ARTICLE_FOLDERS[0]}/", 1)
        return replace(self.empty(now), source=source, text=text, media=media, beside=beside)

    def _kin(self, draft: Draft, number: str, path: str) -> tuple[str, ...]:
        """What stands on its page with it: the news of a relay, and the relay, with its other news, that one is of."""
        named = draft.extra.get("Update_of", "").lower()
        names = {number, _slug(path)} if draft.kind is Kind.RELAY else self._relays.get(named, set())
        return tuple(other for name in sorted(names) for other in self._news.get(name, ()))

    def _going(self, row: Row) -> Iterator[Accepted]:
        """What was accepted before it and has no address yet: the next publication gives those theirs first."""
        for other in self._store.rows((State.ACCEPTED,), limit=_GOING):
            digest = other.accepted_digest
            if other.path is None and digest and not other.set_aside and (other.number or 0) < (row.number or 0):
                yield Accepted(row=other, digest=digest, draft=self._store.draft(other.id, digest), media=())

    def empty(self, now: datetime) -> Sheet:
        """A sheet with nothing on it."""
        paths = self._settings.paths
        return Sheet(
            configuration=self._settings.file,
            stage=paths.state.absolute() / STAGE,
            content=paths.content.absolute(),
            source=f"{ARTICLE_FOLDERS[0]}/2000-01-01-mur.md",
            text="",
            media=(),
            beside=(),
            now=now,
        )

    def _medium(self, row: Row, name: str) -> Path | None:
        """As the build would find it: of this contribution, or published with another one."""
        published = self._settings.paths.content.absolute() / MEDIA_FOLDER / name
        try:
            return self._store.media(row.id, name).absolute()
        except Refused:
            return published if published.is_file() else None

    def _look(self, now: datetime) -> Planner:
        seen = self._signature()
        if self._planner is None or seen != self._seen:
            self._planner = Planner(self._files, self._store, zone=self._zone, now=now)
            self._beside = self._menu(sorted(self._planner.standing))
            self._seen = seen
        return self._planner.at(now)

    def _menu(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Two articles for each thing that the menu may name, since the one may be what is previewed."""
        heads = {path: (self._files.read(path) or b"")[:4096].decode("utf-8", "replace") for path in paths}
        heads = {path: head.partition("\n\n")[0] for path, head in heads.items()}
        shown = {path: head for path, head in heads.items() if _PUBLISHED.search(head)}
        self._gather(shown)
        found = [[path for path, head in shown.items() if what.search(head)][:2] for what in _BESIDE]
        return tuple(dict.fromkeys(path for two in found for path in two))

    def _gather(self, heads: Mapping[str, str]) -> None:
        """By each name of a relay both of its names; by one of them the files that stand with it."""
        self._relays, self._news = {}, {}
        for path, head in heads.items():
            number, of = _NUMBER.search(head), _UPDATE_OF.search(head)
            if _RELAY.search(head):
                names = {_slug(path)} | ({number[1]} if number else set())
                self._relays |= dict.fromkeys(names, names)
                self._news.setdefault(min(names), []).append(path)
            elif of:
                self._news.setdefault(of[1].lower(), []).append(path)

    def _signature(self) -> object:
        found = []
        with durable.on_disk(self._settings.paths.content):
            for folder in TEXT_FOLDERS:
                place = self._settings.paths.content / folder
                if place.is_dir():
                    found += [(path.name, path.stat().st_mtime_ns) for path in place.glob("*.md")]
        return frozenset(found)


def _slug(path: str) -> str:
    """The last part of the address that a file has."""
    return path.rpartition("/")[2].removesuffix(".md")[11:]


def _names(draft: Draft) -> tuple[str, ...]:
    """The media that a draft names, and their narrower copies."""
    named = tuple(dict.fromkeys(_NAMED.findall("\n".join((draft.body, *draft.extra.values())))))
    return (*named, *(name.replace(".", f"-{width}.", 1) for name in named for width in COPIES))
