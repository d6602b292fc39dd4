"""What is to stand under `content/`: each accepted draft as a file with its address, and the media that it shows.

Reads, and writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ingest.model import ContributionId, Digest, Draft, Kind
from ingest.publication import article
from ingest.publication.addresses import ARTICLE_FOLDERS, MEDIA_FOLDER, REACTION_FOLDER, TEXT_FOLDERS
from ingest.publication.files import ContentFiles
from ingest.publication.looked import Looks
from ingest.publication.slugs import slug as new_slug
from ingest.store import Accepted, Store, digest_of
from ingest.words import _

_FOLDERS = {Kind.RELAY: "relais"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One file that is to stand under `content/`."""

    path: str
    data: bytes
    contribution: ContributionId
    draft: Digest | None
    """Of the draft that it holds; None for a medium."""

    @property
    def digest(self) -> Digest:
        """Of the bytes."""
        return digest_of(self.data)


class _Standing(NamedTuple):
    """An article file as it lies there: who wrote it does not matter. There are thousands: a tuple is made faster."""

    path: str
    number: str
    slug: str
    month: str
    modified: datetime | None


class Planner:
    """Gives each accepted draft its file. An address, once given, stays."""

    def __init__(
        self, files: ContentFiles, store: Store, *, zone: ZoneInfo, now: datetime, looks: Looks | None = None
    ) -> None:
        self.files, self.store, self.zone, self.now = files, store, zone, now
        self.looks = looks or Looks(files.root, files.state, zone)
        self.known = {file.path: file for file in store.article_files()}
        self._own: dict[ContributionId, list[str]] = {}
        for path, file in self.known.items():
            self._own.setdefault(file.contribution, []).append(path)
        self._standing = self._look()

    def settled(self) -> frozenset[ContributionId]:
        """The contributions that are online as they were accepted, and whose files are as we wrote them.

        There are none where nothing is remembered of the files: an erasure may have taken a medium that another post
        shows.
        """
        if not self.looks.remembers:
            return frozenset()
        return frozenset(id_ for id_ in self.store.settled() if self._is_whole(self._own.get(id_, ())))

    def _is_whole(self, own: Sequence[str]) -> bool:
        as_written = all(self.known[path].digest == self.looks.digest(path) for path in own)
        return as_written and any(path.endswith(".md") for path in own)

    def plan(self, among: Collection[ContributionId] | None = None) -> Mapping[str, Wanted]:
        """Every file that is wanted, by path: of all contributions, or of some."""
        wanted: dict[str, Wanted] = {}
        for accepted in self.store.to_project(self.now, among=among):
            found = self._article(accepted)
            wanted[found.path] = found
            for name in accepted.media:
                path = f"{MEDIA_FOLDER}/{name}"
                data = self.store.media(accepted.row.id, name).read_bytes()
                wanted.setdefault(path, Wanted(path=path, data=data, contribution=accepted.row.id, draft=None))
        return wanted

    @property
    def standing(self) -> frozenset[str]:
        """The paths of the articles that stand there, or once stood."""
        return frozenset(self._standing)

    def at(self, now: datetime) -> Planner:
        """The same look at `content/`, for another moment."""
        other = copy(self)
        other.now = now
        return other

    def alone(self, accepted: Accepted, *, before: Iterable[Accepted] = ()) -> Wanted:
        """The file of one contribution beside what stands there, and what comes before; nothing is reserved for it."""
        other = copy(self)
        other._standing = dict(self._standing)  # noqa: SLF001 - a copy of this very object
        for one in before:
            other._article(one)  # noqa: SLF001
        return other._article(accepted)  # noqa: SLF001

    def _article(self, accepted: Accepted) -> Wanted:
        row, draft = accepted.row, _untitled(accepted.draft)
        date = (row.accepted_at or self.now).astimezone(self.zone)
        path = self._path(accepted, date)
        standing = self._standing.get(path)
        last = PurePosixPath(path).stem.removeprefix(f"{date:%Y-%m-%d}-")

        def text(modified: datetime | None) -> bytes:
            whole = article.article(draft, date=date, slug=last, number=row.public, modified=modified)
            return whole.encode("utf-8", "replace")

        data = text(standing.modified if standing else None)
        if standing and row.published_digest not in {None, accepted.digest} and data != self.files.read(path):
            data = text(self.now.astimezone(self.zone))
        return Wanted(path=path, data=data, contribution=row.id, draft=accepted.digest)

    def _path(self, accepted: Accepted, date: datetime) -> str:
        """Where it stands already, where it once stood, or where nothing stands yet."""
        row = accepted.row
        own = [path for path in self._own.get(row.id, ()) if path.endswith(".md")]
        own += [path for path in self._numbered.get(row.public, ()) if path not in self.known]
        if own:
            return own[0]
        if row.path and row.path not in self._standing:
            return self._reserve(row.path, row.public, date)
        month = f"{date:%Y-%m}"
        taken = {it.slug for it in self._standing.values() if it.month == month}
        replies = accepted.draft.kind is Kind.REACTION and bool(accepted.draft.extra.get("Reply_to"))
        title = "" if replies else accepted.draft.title  # one reaction is called like the next
        last = new_slug(title, taken=taken, fallback=row.public or "contribution")
        folder = REACTION_FOLDER if replies else _FOLDERS.get(accepted.draft.kind, ARTICLE_FOLDERS[0])
        return self._reserve(f"{folder}/{date:%Y-%m-%d}-{last}.md", row.public, date)

    def _reserve(self, path: str, number: str, date: datetime) -> str:
        last = PurePosixPath(path).stem.removeprefix(f"{date:%Y-%m-%d}-")
        self._standing[path] = _Standing(path=path, number=number, slug=last, month=f"{date:%Y-%m}", modified=None)
        return path

    def _look(self) -> dict[str, _Standing]:
        found = {path: self._read(path) for path in self.looks.texts(*TEXT_FOLDERS)}
        for path in self.known.keys() - found.keys():
            if path.endswith(".md"):  # deleted by hand: its address stays taken
                found[path] = self._named(path)
        self._numbered: dict[str, list[str]] = {}
        for path, it in found.items():
            self._numbered.setdefault(it.number, []).append(path)
        return found

    def _read(self, path: str) -> _Standing:
        look = self.looks.at(path)
        if look is None or look.wrong:  # the build says what is wrong with it
            return self._named(path)
        modified = datetime.fromisoformat(look.modified) if look.modified else None
        return _Standing(path=path, number=look.number, slug=look.slug, month=look.month, modified=modified)

    def _named(self, path: str) -> _Standing:
        stem = PurePosixPath(path).stem
        return _Standing(path=path, number="", slug=stem[11:], month=stem[:7], modified=None)


def _untitled(draft: Draft) -> Draft:
    """A reaction without the title of its post, which may be withdrawn while the reaction's file stays."""
    answered = draft.extra.get("Reply_to", "") if draft.kind is Kind.REACTION else ""
    return replace(draft, title=_("Réaction à {number}").format(number=answered)) if answered else draft
