"""Our features on stock Pelican: its own scans, its own writer, an environment of templates for each generator.

What the plugin does to be fast is taken back here: a Markdown instance serves one file and tries each pattern on each
text, an address and a tag's slug are made each time they are asked for, a post in a list or a feed is made for each of
them, and what stays is looked through for garbage again and again. What it adds (rendering, typography, cards, feeds,
related posts, sitemap) stays as it is. Lists are split as Pelican does, from the newest on; else the site is the same.
"""

from __future__ import annotations

import gc
from typing import Any

from markdown.treeprocessors import InlineProcessor
from pelican import signals
from pelican.generators import ArticlesGenerator
from pelican.writers import Writer

from plugins import lists, mur, reader, rendering
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
    rendering.Inline = InlineProcessor
    threshold = gc.get_threshold()
    reader.tag_slug = reader.tag_slug.__wrapped__
    lists.Once.__call__ = lambda _once, article, _root, make: make(article)
    mur.register()
    gc.set_threshold(*threshold)
    gc.freeze = lambda: None
    signals.readers_init.connect(_readers)
    signals.article_generator_init.connect(_stock)
    signals.content_object_init.connect(_content)


def _readers(readers: Any) -> None:
    ours = readers.reader_classes["md"]

    class Reader(ours):
        """A new Markdown instance for each file, as `MarkdownReader.read` (4.12) makes one."""

        def read(self, source_path: str) -> Any:
            rendering._PRESSES.kept = {}
            return super().read(source_path)

    readers.reader_classes["md"] = Reader


def _content(content: Any) -> None:
    """Pelican asks for a post's address again and again."""
    for name in ("override_url", "override_save_as"):
        content.__dict__.pop(name, None)


def _stock(generator: ArticlesGenerator) -> None:
    for name in _PELICANS:
        generator.__dict__.pop(name, None)  # what stands on the class is Pelican's own
