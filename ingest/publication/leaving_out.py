"""A bad article costs its own page, never the others theirs: it is left out, and whatever is left goes online.

One of ours is set aside in the journal until it is decided on anew; while an earlier text of it is online, that one
stays. A file that somebody wrote by hand is named and not touched: the site is built from a copy without it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.errors import BuildFailed
from ingest.model import ContributionId
from ingest.publication.addresses import ARTICLE_FOLDERS
from ingest.publication.build import BadArticles, Stuck
from ingest.publication.laying import Laying
from ingest.publication.project import Projected, project
from ingest.publication.suspects import culprits
from ingest.publication.trial import Tried, texts, trial
from ingest.settings import Settings
from ingest.states import PROJECTED
from ingest.store import Published, Row, Store

ROUNDS = 8
"""A mended site may show what the first fault hid."""
MOST_ONLINE = 3
"""Where more that are online would go at once, what judges them is wrong, not they: the old site stays."""

Problems = Sequence[tuple[str, str]]
"""(path under `content/`, what is wrong)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A file that is not on the new site as it should be."""

    path: str
    message: str
    number: str
    """`mur-142` of one that was set aside; empty for a file that is not ours to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A site, built and checked."""

    articles: tuple[Published, ...]
    """Those that were not settled before."""
    site: Tried
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]


def build_what_stands(settings: Settings, store: Store, into: Path, *, now: datetime, laying: Laying) -> Built:
    """Project what is accepted and build it, without what is at fault.

    Raises `BuildFailed` where nothing in particular is, or nearly everything, and `Unavailable`.
    """
    leaving = _Leaving(settings, store, now, laying)
    warnings: dict[str, None] = {}
    for _round in range(ROUNDS):
        projected = project(settings, store, now=now)
        warnings |= dict.fromkeys(projected.warnings)
        try:
            site = trial(settings, into, without=leaving.by_hand, now=now, laying=laying, looks=projected.looks)
        except BuildFailed as error:
            failure = error
            leaving.leave(failure, projected, into)
            continue
        articles = tuple(article for article in projected.articles if article.path not in leaving.by_hand)
        return Built(articles=articles, site=site, left_out=tuple(leaving.out.values()), warnings=tuple(warnings))
    raise failure


class _Leaving:
    """What one publication leaves out."""

    def __init__(self, settings: Settings, store: Store, now: datetime, laying: Laying) -> None:
        self.settings, self.store, self.now, self.laying = settings, store, now, laying
        self.out: dict[str, LeftOut] = {}
        self.by_hand: set[str] = set()
        """The paths to build without."""

    def leave(self, failure: BuildFailed, projected: Projected, into: Path) -> None:
        """Leave out what `failure` names, or what is found to cause it; raise it again where that is no way out."""
        if isinstance(failure, Stuck):
            raise failure
        rows = {row.id: row for row in self.store.rows(PROJECTED)}
        ours = self._settled(rows) | {article.path: article for article in projected.articles}
        online = {
            path for path, it in ours.items() if it.id in rows and rows[it.id].published_digest == it.digest
        }  # with this very text
        problems = failure.problems if isinstance(failure, BadArticles) else self._found(online, ours, into)
        bad = {path for path, _message in problems}
        left = {path for path in self._texts() if path.startswith(ARTICLE_FOLDERS)} - bad
        if not bad or not left or len(bad & online) > MOST_ONLINE:
            raise failure
        for path, message in problems:
            article = ours.get(path)
            if article and article.id in rows and self.store.set_aside(article, message, self.now):
                self.out[path] = LeftOut(path=path, message=message, number=rows[article.id].public)
            else:
                self.by_hand.add(path)
                self.out.setdefault(path, LeftOut(path=path, message=message, number=""))

    def _settled(self, rows: Mapping[ContributionId, Row]) -> dict[str, Published]:
        """What is online as it was accepted, by path."""
        return {
            file.path: Published(id=file.contribution, digest=row.published_digest, path=file.path)
            for file in self.store.article_files()
            if file.path.endswith(".md") and (row := rows.get(file.contribution)) and row.published_digest
        }

    def _found(self, online: set[str], ours: Mapping[str, Published], into: Path) -> Problems:
        """Files by hand are suspects before accepted ones: whoever came last is asked last."""
        suspects = [path for path in self._texts() if path not in online]
        suspects.sort(key=lambda path: path in ours)

        def failure(out: Collection[str]) -> str:
            try:
                trial(self.settings, into, without=self.by_hand | set(out), now=self.now, laying=self.laying)
            except BuildFailed as error:
                return str(error)
            return ""

        return culprits(suspects, failure)

    def _texts(self) -> list[str]:
        return [path for path in texts(self.settings.paths.content) if path not in self.by_hand]
