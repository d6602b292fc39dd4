"""From what was accepted to a site that is online, one publication at a time. Read top to bottom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.errors import BuildFailed
from ingest.model import ContributionId
from ingest.publication.after import after
from ingest.publication.early import Early
from ingest.publication.finding import carry, index
from ingest.publication.laying import Laying
from ingest.publication.leaving_out import LeftOut, build_what_stands
from ingest.publication.lock import publication_lock
from ingest.publication.swap import discard, new_build, open_to_all, surplus, swap, synced
from ingest.settings import Settings
from ingest.store import Store
from ingest.watch.keeping import publication as noted
from ingest.words import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Online:
    """A site that was swapped in."""

    articles: int
    """How many articles it has."""
    new: tuple[ContributionId, ...]
    """Those that were not online with this text before."""
    output: Path
    left_out: tuple[LeftOut, ...]
    """What is not there, or not with its newest text, and why."""
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How it is gone about."""

    all: bool = False
    """Whether nothing is remembered of the last build."""
    index: bool = True
    """Whether the search is to know of it."""
    early: Early | None = None
    """A child that has loaded Pelican for the first build."""


def publish(
    settings: Settings,
    store: Store,
    *,
    now: datetime,
    report: Callable[[str], None] = lambda _line: None,
    begin: Callable[[], None] = lambda: None,
    way: Way = Way(),
) -> Online:
    """Project, build, check, swap in, run `[publish] after`, note what is online. What is at fault is left out.

    `begin` is called once it is this publication's turn, before it looks at what is accepted.

    Raises `BuildFailed` where no site could be built, and `Unavailable`; the old site stays in either case, and running
    again finishes what was begun.
    """
    output = settings.paths.output
    with publication_lock(settings.paths.state, report=report), noted(settings.paths.state) as note:
        begin()
        laying = Laying(output, settings.paths.state, way.early)
        if way.all:
            laying.forget()
        built = new_build(output)
        try:
            site = build_what_stands(settings, store, built, now=now, laying=laying)
            made, unknown = site.site.made, site.site.unknown
            open_to_all(built, None if unknown is None else made.written)
            if unknown is not None:
                synced(built, unknown)
        except BaseException:
            discard(built)
            raise
        before = output.resolve()
        kept = swap(output, built, is_synced=unknown is not None)
        if not made.gone and not made.whole:
            carry(before, built)
        unfound = _indexed(built, settings) if way.index else ()
        after(settings, report=report)
        new = store.published(site.articles, now)
        laying.settle(built, made, surplus(output, settings.publish.keep_builds))
        articles = sum(1 for page in site.site.pages if not page.startswith("p/"))
        note(articles)
    warnings = [*site.warnings, *unfound]
    if kept is not None:
        warnings.append(_("{path} était un dossier ; il est maintenant dans {kept}").format(path=output, kept=kept))
    return Online(articles=articles, new=new, output=output, left_out=site.left_out, warnings=tuple(warnings))


def _indexed(built: Path, settings: Settings) -> tuple[str, ...]:
    """The site is online: what goes wrong with its search is told, and mended by the next publication."""
    try:
        index(built, language=settings.wall.language)
    except BuildFailed as error:
        return (str(error),)
    return ()
