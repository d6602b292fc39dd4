"""The whole import, read top to bottom: the feed, each entry, what leads from old addresses to new ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ingest import durable
from ingest.blogger import redirects
from ingest.blogger.feed import read
from ingest.blogger.model import Options, Report
from ingest.blogger.sources import opened
from ingest.blogger.taking import Follow, Importing, in_order
from ingest.errors import Refused
from ingest.publication.addresses import EXTRA_FOLDER
from ingest.publication.files import ContentFiles
from ingest.settings import Settings
from ingest.store import Store
from ingest.words import _
from ingest.worker import Overrun, Worker

_FEED_SECONDS = 120


def import_blog(
    store: Store,
    settings: Settings,
    paths: Sequence[Path],
    options: Options,
    *,
    blog: str = "",
    rules: Path | None = None,
    follow: Follow = lambda entries: entries,
) -> Report:
    """Bring the blog in that was exported to `paths`. Where it is cut off, running it again goes on.

    `rules` is the folder for what a web server is told; `follow` is handed the entries and gives them one by one.
    Raises `Refused` for what is no export, `BuildFailed` where `content/` cannot be read, `Unavailable`.
    """
    with opened(paths, blog=blog) as export, Worker(memory_bytes=settings.limits.memory_bytes) as worker:
        try:
            feed = worker.run(_FEED_SECONDS, read, export.feed())
        except Overrun as error:
            raise Refused(_("export impossible à lire ({reason})").format(reason=error.reason)) from None
        if not feed.entries:
            raise Refused(_("cet export ne contient ni article, ni page, ni commentaire de Blogger"))
        importing = Importing(store, settings, worker.run, export, options)
        for _done in importing.take(in_order(feed), follow):
            pass
    report = importing.report
    report.files += _lead(report, settings, rules, dry_run=options.dry_run)
    return report


def _lead(report: Report, settings: Settings, rules: Path | None, *, dry_run: bool) -> list[str]:
    """Write what leads from old addresses to new ones; gives back what changed."""
    from plugins.reader import tag_slug  # Pelican, which nothing before needs

    labels = {label: tag_slug(label) for label in sorted(report.labels)}
    moves = redirects.moves(sorted(report.months), labels, report.moved)
    pages = redirects.pages(moves, site=settings.wall.url.rstrip("/"), lang=settings.wall.language)
    files = ContentFiles(settings.paths.content, settings.paths.state)
    written = []
    for name, text in pages.items():
        path = f"{EXTRA_FOLDER}/{name}"
        there = files.read(path)
        if there == text.encode() or (there is not None and redirects.MARK.encode() not in there):
            continue
        if not dry_run:
            with durable.on_disk(settings.paths.content):
                (settings.paths.content / path).parent.mkdir(parents=True, exist_ok=True)
            files.write(path, text.encode())
        written.append(path)
    if rules is not None and not dry_run:
        with durable.on_disk(rules):
            rules.mkdir(parents=True, exist_ok=True)
            (rules / redirects.NGINX).write_text(redirects.nginx(moves), encoding="utf-8")
            (rules / redirects.CADDY).write_text(redirects.caddy(moves), encoding="utf-8")
    return written
