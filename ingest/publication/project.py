"""What was accepted becomes files under `content/`, and what is accepted no more goes.

A file is replaced or removed only while it is as we wrote it. One that somebody edited is left and told of, one that
somebody deleted is told of and not written again; but withdrawing always wins, and sets an edited file aside.

The order survives an interruption: a file about to go is marked in the list first (an empty digest), then removed, then
struck off; one about to be replaced is marked in the same way, since neither its old digest nor its new one is sure
then; a new file is written before the list has it, and is known again by its public number.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.model import ContributionId, Digest
from ingest.publication.addresses import MEDIA_FOLDER, TEXT_FOLDERS
from ingest.publication.files import ContentFiles
from ingest.publication.looked import Looks
from ingest.publication.planning import Planner, Wanted
from ingest.settings import Settings
from ingest.store import ArticleFile, Published, Store
from ingest.words import _

_GOING = Digest("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Projected:
    """What stands under `content/` now."""

    articles: tuple[Published, ...]
    """Those whose file is the very draft that was accepted, and that were not settled before."""
    warnings: tuple[str, ...]
    looks: Looks
    """All files as they lie there now."""


def project(settings: Settings, store: Store, *, now: datetime) -> Projected:
    """Bring `content/` to what is accepted. Raises `Unavailable`; run again, it finishes what was interrupted."""
    files = ContentFiles(settings.paths.content, settings.paths.state)
    files.prepare((*TEXT_FOLDERS, MEDIA_FOLDER))
    zone = ZoneInfo(settings.wall.timezone)
    looks = Looks(settings.paths.content, settings.paths.state, zone)
    planner = Planner(files, store, zone=zone, now=now, looks=looks)
    standing = frozenset(store.standing())
    settled = _settled(planner, store, standing)
    wanted = planner.plan(standing - settled if settled else None)
    projection = _Projection(files, store, looks, planner.known, now)
    projection.remove(wanted, settled)
    projection.announce(wanted)
    for want in wanted.values():
        projection.write(want)
    projection.finish()
    articles = tuple(
        Published(id=want.contribution, digest=want.draft, path=want.path)
        for want in wanted.values()
        if want.draft is not None and want.path in projection.ours
    )
    looks.save()
    return Projected(articles=articles, warnings=tuple(projection.warnings), looks=looks)


def _settled(planner: Planner, store: Store, standing: Collection[ContributionId]) -> frozenset[ContributionId]:
    """Those that need not be looked at: a medium that goes with one post may be shown by another that stays."""
    settled = planner.settled()
    going = [path for path, file in planner.known.items() if file.contribution not in standing]
    media = [path.rpartition("/")[2] for path in going if path.startswith(f"{MEDIA_FOLDER}/")]
    return settled - store.holding(media, settled) if media else settled


class _Projection:
    """One run: what the list of our files says, and what it will say."""

    def __init__(
        self, files: ContentFiles, store: Store, looks: Looks, known: Mapping[str, ArticleFile], now: datetime
    ) -> None:
        self.files, self.store, self.looks, self.now = files, store, looks, now
        self.known, self.noted = dict(known), known
        self.ours: set[str] = set()
        """The paths that hold exactly what is wanted."""
        self.replacing: set[str] = set()
        """The paths that hold what we wrote last, and are about to hold something else."""
        self.warnings: list[str] = []

    def remove(self, wanted: Mapping[str, Wanted], settled: Collection[ContributionId]) -> None:
        """Take away what we wrote and nobody wants any more."""
        gone = [file for path, file in self.known.items() if path not in wanted and file.contribution not in settled]
        if not gone:
            return
        edited = {file.path for file in gone if file.digest not in {_GOING, self.looks.digest(file.path)}}
        for file in gone:
            self.known[file.path] = file._replace(digest=_GOING)
        self._note()
        for file in gone:
            if file.path in edited and self.looks.digest(file.path) is not None:
                copy = self._set_aside(file.path)
                self._warn(
                    _("{path} : retiré, avec vos changements ; une copie est dans {copy}"), file.path, copy=str(copy)
                )
            else:
                self.files.remove(file.path)
                self.looks.removed(file.path)
            del self.known[file.path]
        self._note()

    def announce(self, wanted: Mapping[str, Wanted]) -> None:
        """Mark what is about to be replaced."""
        older = [self.known[path] for path, want in wanted.items() if path in self.known and self._older(want)]
        if not older:
            return
        for file in older:
            self.replacing.add(file.path)
            self.known[file.path] = file._replace(digest=_GOING)
        self._note()

    def _older(self, want: Wanted) -> bool:
        known = self.known[want.path].digest
        return known not in {_GOING, want.digest} and known == self.looks.digest(want.path)

    def write(self, want: Wanted) -> None:
        """Put one file there, unless somebody else's hand was on it."""
        known, there = self.known.get(want.path), self.looks.digest(want.path)
        if there != want.digest:
            if known is not None and known.digest != _GOING and there is None:
                self._warn(_("{path} : effacé à la main ; il n’est pas écrit à nouveau"), want.path)
                return
            if known is not None and there not in {None, known.digest} and known.digest != _GOING:
                self._warn(_("{path} : modifié à la main ; il reste comme il est"), want.path)
                return
            if there is not None and want.path not in self.replacing and (known is None or known.digest == _GOING):
                copy = self._set_aside(want.path)
                self._warn(_("{path} : un autre fichier y était ; il est dans {copy}"), want.path, copy=str(copy))
            self.files.write(want.path, want.data)
            self.looks.wrote(want.path)
        self.known[want.path] = ArticleFile(path=want.path, digest=want.digest, contribution=want.contribution)
        self.ours.add(want.path)

    def finish(self) -> None:
        """Note what we wrote."""
        if self.known != self.noted:
            self._note()

    def _note(self) -> None:
        written = [file for path, file in self.known.items() if self.noted.get(path) != file]
        self.store.note_article_files(written, self.noted.keys() - self.known.keys())
        self.noted = dict(self.known)

    def _set_aside(self, path: str) -> Path:
        self.looks.removed(path)
        return self.files.set_aside(path, self.now)

    def _warn(self, sentence: str, path: str, **words: str) -> None:
        self.warnings.append(sentence.format(path=path, **words))
