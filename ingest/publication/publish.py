"""From what was accepted to a site that is online, one publication at a time. Read top to bottom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.model import ContributionId
from ingest.publication.after import after
from ingest.publication.build import build
from ingest.publication.check import check, pages
from ingest.publication.lock import publication_lock
from ingest.publication.project import project
from ingest.publication.swap import discard, new_build, prune, swap
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
    warnings: tuple[str, ...]


def publish(
    settings: Settings, store: Store, *, now: datetime, report: Callable[[str], None] = lambda _line: None
) -> Online:
    """Project, build, check, swap in, run `[publish] after`, note what is online.

    Raises `BuildFailed` with what is at fault, and `Unavailable`; the old site stays in either case, and running again
    finishes what was begun.
    """
    output, content = settings.paths.output, settings.paths.content
    with publication_lock(settings.paths.state, report=report), noted(settings.paths.state) as note:
        projected = project(settings, store, now=now)
        built = new_build(output)
        try:
            build(settings, built, now=now)
            expected = pages(content, zone=ZoneInfo(settings.wall.timezone), now=now)
            check(built, content, expected)
        except BaseException:
            discard(built)
            raise
        kept = swap(output, built)
        after(settings, report=report)
        new = store.published(projected.articles, now)
        prune(output, settings.publish.keep_builds)
        articles = sum(1 for page in expected if not page.startswith("p/"))
        note(articles)
    warnings = list(projected.warnings)
    if kept is not None:
        warnings.append(_("{path} était un dossier ; il est maintenant dans {kept}").format(path=output, kept=kept))
    return Online(articles=articles, new=new, output=output, warnings=tuple(warnings))
