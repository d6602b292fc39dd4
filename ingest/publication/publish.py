"""From what was accepted to a site that is online, one publication at a time. Read top to bottom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.model import ContributionId
from ingest.publication.after import after
from ingest.publication.finding import index
from ingest.publication.leaving_out import LeftOut, build_what_stands
from ingest.publication.lock import publication_lock
from ingest.publication.swap import discard, new_build, open_to_all, prune, swap
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


def publish(
    settings: Settings,
    store: Store,
    *,
    now: datetime,
    report: Callable[[str], None] = lambda _line: None,
    begin: Callable[[], None] = lambda: None,
) -> Online:
    """Project, build, check, swap in, run `[publish] after`, note what is online. What is at fault is left out.

    `begin` is called once it is this publication's turn, before it looks at what is accepted.

    Raises `BuildFailed` where no site could be built, and `Unavailable`; the old site stays in either case, and running
    again finishes what was begun.
    """
    output = settings.paths.output
    with publication_lock(settings.paths.state, report=report), noted(settings.paths.state) as note:
        begin()
        built = new_build(output)
        try:
            site = build_what_stands(settings, store, built, now=now)
            index(built, language=settings.wall.language)
            open_to_all(built)
        except BaseException:
            discard(built)
            raise
        kept = swap(output, built)
        after(settings, report=report)
        new = store.published(site.articles, now)
        prune(output, settings.publish.keep_builds)
        articles = sum(1 for page in site.pages if not page.startswith("p/"))
        note(articles)
    warnings = list(site.warnings)
    if kept is not None:
        warnings.append(_("{path} était un dossier ; il est maintenant dans {kept}").format(path=output, kept=kept))
    return Online(articles=articles, new=new, output=output, left_out=site.left_out, warnings=tuple(warnings))
