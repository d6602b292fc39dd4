"""One article as Pelican writes it, without the rest of the site: the same settings, plugins, reader and templates.

Runs in a child process that lives as long as somebody moderates (`ingest.publication.preview`), since Pelican's signals
and `setlocale` belong to a whole process (4.12). What a build makes once, this makes once too: settings, plugins, the
compiled templates. What a build makes of its content, this makes of one file, each time anew.
"""

from __future__ import annotations

import functools
import os
import shutil
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pelican import Pelican, signals
from pelican.generators import ArticlesGenerator, StaticGenerator
from pelican.settings import read_settings
from pelican.writers import Writer

from ingest.errors import Refused
from ingest.publication.addresses import MEDIA_FOLDER, PAGE_FOLDER
from ingest.publication.build import CONFIGURATION
from ingest.publication.preview import Sheet
from ingest.words import _
from plugins.reader import PROBLEMS


def make(sheet: Sheet) -> tuple[str, str]:
    """Where the page of a sheet stands below the root of the site, and its HTML without the links to its neighbours.

    Raises `Refused` with what is wrong with the file.
    """
    studio = _studio(sheet.configuration, sheet.stage)
    try:
        _lay_out(sheet)
        return studio.page(sheet)
    finally:
        shutil.rmtree(sheet.stage, ignore_errors=True)


@functools.cache
def _studio(configuration: Path | None, stage: Path) -> _Studio:
    """Pelican, begun as a build begins it (`ingest.publication.build`)."""
    os.environ.pop("MUR_NOW", None)
    if configuration:
        os.environ["MUR_CONFIG"] = str(configuration)
    os.chdir(configuration.parent if configuration else stage.parent)
    stage.mkdir(mode=0o700, exist_ok=True)
    settings = read_settings(str(CONFIGURATION), override={"PATH": str(stage), "OUTPUT_PATH": str(stage / "output")})
    return _Studio(Pelican(settings))


def _lay_out(sheet: Sheet) -> None:
    """A content folder of this one file; its media, and the wall's own pages for the menu, are links."""
    shutil.rmtree(sheet.stage, ignore_errors=True)
    media, file = sheet.stage / MEDIA_FOLDER, sheet.stage / sheet.source
    for folder in (sheet.stage, media, file.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_text(sheet.text, encoding="utf-8")
    for source in sheet.beside:
        other = sheet.stage / source
        other.parent.mkdir(mode=0o700, exist_ok=True)
        other.symlink_to(sheet.content / source)
    for name, path in sheet.media:
        (media / name).symlink_to(path)
    if (sheet.content / PAGE_FOLDER).is_dir():
        (sheet.stage / PAGE_FOLDER).symlink_to(sheet.content / PAGE_FOLDER)


class _Studio:
    """What stays from one page to the next."""

    def __init__(self, pelican: Pelican) -> None:
        self.settings: dict[str, Any] = pelican.settings
        self.generators = [it for it in pelican._get_generator_classes() if it is not StaticGenerator]  # noqa: SLF001
        self.templates: dict[str, Any] = {}
        self.environment: Any = None

    def page(self, sheet: Sheet) -> tuple[str, str]:
        """The steps of `Pelican.run` (4.12) for the one article that lies there."""
        PROBLEMS.clear()
        self._at(sheet)
        context = self._context()
        where = (self.settings["PATH"], self.settings["THEME"], self.settings["OUTPUT_PATH"])
        generators = [made(context, self.settings, *where) for made in self.generators]
        articles = next(it for it in generators if isinstance(it, ArticlesGenerator))
        self._warm(articles)
        for generator in generators:
            if hasattr(generator, "generate_context"):
                generator.generate_context()
        article = self._ours(articles, sheet.source)
        PROBLEMS.clear()  # other files that somebody broke: the build tells them
        signals.all_generators_finalized.send(generators)
        articles.refresh_metadata_intersite_links()
        # What stands before and after it, and what else there is to read, is settled by what goes online with it
        article.prev_article, article.next_article, article.related = None, None, ()
        return self._written(articles, article)

    def _ours(self, articles: ArticlesGenerator, source: str) -> Any:
        problem = next((it for it in PROBLEMS if it.path == source), None)
        if problem:
            raise Refused(problem.message)
        found = next((it for it in articles.articles if it.get_relative_source_path() == source), None)
        if found is None:
            raise Refused(_("ce texte n’a pas encore de page"))
        return found

    def _at(self, sheet: Sheet) -> None:
        now = sheet.now.astimezone(ZoneInfo(self.settings["TIMEZONE"]))
        self.settings["BUILD_NOW"] = self.settings["JINJA_GLOBALS"]["build_now"] = now

    def _context(self) -> dict[str, Any]:
        context = self.settings.copy()
        context |= {"generated_content": {}, "static_links": set(), "static_content": {}}
        context["localsiteurl"] = self.settings["SITEURL"]
        return context

    def _warm(self, articles: ArticlesGenerator) -> None:
        """The environment and its compiled templates are those of the first page."""
        if self.environment is None:
            self.environment = articles.env
        self.environment.globals.update(self.settings["JINJA_GLOBALS"])
        articles.env, articles._templates = self.environment, self.templates  # noqa: SLF001 - nothing else holds them

    def _written(self, articles: ArticlesGenerator, article: Any) -> tuple[str, str]:
        """As `ArticlesGenerator.generate_articles` (4.12), which would write those beside it too."""
        output = Path(self.settings["OUTPUT_PATH"])
        articles.articles = [article]
        articles.translations, articles.hidden_articles, articles.hidden_translations = [], [], []
        writer = Writer(str(output), settings=self.settings)
        articles.generate_articles(partial(writer.write_file, relative_urls=self.settings["RELATIVE_URLS"]))
        return article.save_as, (output / article.save_as).read_text(encoding="utf-8")
