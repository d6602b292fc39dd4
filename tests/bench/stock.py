"""Our features on stock Pelican: its own scans, its own writer, an environment of templates for each generator.

What the plugin puts in their place to be fast is taken back here; what it adds (rendering, cards, feeds, related posts,
sitemap) stays. Lists are split as Pelican does, from the newest on; else the site is the same.
"""

from __future__ import annotations

from typing import Any

from pelican import signals
from pelican.generators import ArticlesGenerator
from pelican.writers import Writer

from plugins import mur
from plugins.feeds import FeedWriter
from plugins.incremental import generating
from plugins.writing import SiteWriter

_PELICANS = (
    "_build_period_archives",
    "generate_period_archives",
    "generate_tags",
    "generate_categories",
    "generate_authors",
)


class StockWriter(FeedWriter):
    """Pelican's writer, with what our own generators ask of one."""

    def __init__(self, output_path: str, settings: Any = None) -> None:
        super().__init__(output_path, settings=settings)
        self._work = settings["WORK"]

    put, wants = SiteWriter.put, SiteWriter.wants
    write_file, write_feed = Writer.write_file, Writer.write_feed


def register() -> None:
    """As our plugin does, and then without what makes it fast."""
    mur._writer = lambda _pelican: StockWriter
    generating.share_templates = lambda _generators: None
    mur.register()
    signals.article_generator_init.connect(_stock)


def _stock(generator: ArticlesGenerator) -> None:
    for name in _PELICANS:
        generator.__dict__.pop(name, None)  # what stands on the class is Pelican's own
