"""The plugin: what Pelican does differently on a wall. `PLUGINS = [plugins.mur]`.

Pelican's intrasite links are off twice: by a pattern that never matches, and because an article resolves its addresses
here and nowhere else. Its `_link_replacer` (4.12) unescapes a query and writes it back raw, after any sanitising.
"""

from __future__ import annotations

import gc
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pelican import signals
from pelican.contents import Article, Page
from pelican.generators import ArticlesGenerator, PagesGenerator

from ingest.publication.addresses import MEDIA_FOLDER
from ingest.words import _
from plugins.agenda import Agenda
from plugins.cards import Cards
from plugins.compiled import Compiled
from plugins.dates import date_fr
from plugins.feeds import Feeds
from plugins.incremental import generating
from plugins.incremental.work import begin
from plugins.lists import open_relays
from plugins.reactions import Reactions
from plugins.reader import MEDIA_URL, PROBLEMS, ArticleReader, Problem
from plugins.related import connect
from plugins.relays.gathering import gather
from plugins.relays.writing import Relays
from plugins.sitemap import Sitemap
from plugins.wall import Trusted
from plugins.week import WeekOnPaper
from plugins.writing import SiteWriter

_OBJECTS = 20_000
"""A build makes many objects that stay: looking them through again and again finds little."""
SAYS = "mur: "
"""How each line begins that tells of a bad file."""

# Only inside a tag that the gate wrote: in a text, `<` is an entity.
_MEDIA = re.compile(rf'(<(?:a|img|audio)\b[^<>]*?\s(?:href|src)=")({MEDIA_URL})(?=[0-9a-f]{{16}}\.[a-z0-9]{{2,5}}")')
_COPIES = re.compile(r'(?<=\ssrcset=")media:[^"<>]*(?=")')


class BadContent(Exception):
    """Some files may not be published; each was told on standard error."""


def register() -> None:
    """Called by Pelican, once a process."""
    PROBLEMS.clear()
    gc.set_threshold(_OBJECTS)
    signals.initialized.connect(_initialized)
    signals.readers_init.connect(_readers)
    signals.get_writer.connect(_writer)
    signals.get_generators.connect(_generators)
    signals.content_object_init.connect(_content)
    signals.article_generator_init.connect(generating.articles)
    signals.static_generator_init.connect(generating.static)
    signals.article_generator_finalized.connect(_articles)
    signals.finalized.connect(_finished)
    signals.all_generators_finalized.connect(_stop)


def media_resolved(html: str, siteurl: str) -> str:
    """`html` with media addresses as they are from a page whose root is `siteurl`."""
    root = f"{siteurl}/{MEDIA_FOLDER}/"
    html = _MEDIA.sub(lambda match: f"{match[1]}{root}", html)
    return _COPIES.sub(lambda match: match[0].replace(MEDIA_URL, root), html)


def _initialized(pelican: Any) -> None:
    settings = pelican.settings
    templates = Path(settings["THEME"]) / "templates"
    for name, wanted in (("404", True), ("search", bool(settings.get("SEARCH_SAVE_AS")))):
        if wanted and (templates / f"{name}.html").is_file():
            settings["DIRECT_TEMPLATES"] = [*settings["DIRECT_TEMPLATES"], name]
    settings["WORK"] = work = begin(settings)
    settings["BODIES"] = work.bodies
    if work.folder is not None:
        cache = Compiled(work.folder / "templates", work.program)
        settings["JINJA_ENVIRONMENT"] = {**settings["JINJA_ENVIRONMENT"], "bytecode_cache": cache}


def _writer(_pelican: Any) -> type[SiteWriter]:
    return SiteWriter


def _generators(_pelican: Any) -> tuple[type[Any], ...]:
    return (Agenda, Cards, Feeds, Reactions, Relays, Sitemap, WeekOnPaper)


def _readers(readers: Any) -> None:
    readers.reader_classes["md"] = ArticleReader


def _content(content: Any) -> None:
    if not isinstance(content, Article | Page):
        return
    content._update_content = _resolved  # noqa: SLF001 - the one place where Pelican rewrites what a reader gave
    if content.status == "published":  # Pelican writes both anew each time it is asked (4.12)
        content.override_url = content.url
        content.override_save_as = content.save_as
    if hasattr(content, "date"):
        content.locale_date = date_fr(content.date)
    if hasattr(content, "modified"):
        content.locale_modified = date_fr(content.modified)


def _resolved(html: str, siteurl: str) -> Trusted:
    return Trusted(media_resolved(html, siteurl))


def _articles(generator: Any) -> None:
    now, zone = generator.settings["BUILD_NOW"], ZoneInfo(generator.settings["TIMEZONE"])
    work = generator.settings["WORK"]
    if work.site is None:
        gather(generator.articles, now=now, zone=zone)
        connect(generator.articles)
    generating.finished(generator, work)
    alive = generator.articles
    if work.site is not None:
        alive = work.site.listed([it for it in work.posts.newest_first if it.alive and it.is_relay])
    generator.context["open_relays"] = open_relays(alive)


def _finished(pelican: Any) -> None:
    pelican.settings["WORK"].remember(pelican.settings["BUILD_NOW"])


def _stop(generators: list[Any]) -> None:
    generating.share_templates(generators)
    gc.freeze()  # what was read stays until the end
    work = next((it.settings["WORK"] for it in generators), None)
    problems = [*PROBLEMS, *(_twice(generators) if work is None or work.site is None else ())]
    for problem in problems:
        sys.stderr.write(f"{SAYS}{problem.path}: {problem.message}\n")
    if problems:
        raise BadContent(", ".join(problem.path for problem in problems))


def _twice(generators: list[Any]) -> list[Problem]:
    """Two files for one address: Pelican would write the page of the one, or die half-way. A numbered one has it."""
    by_address: dict[str, list[Any]] = defaultdict(list)
    for generator in generators:
        if isinstance(generator, ArticlesGenerator):
            pages = [*generator.articles, *generator.translations]
        elif isinstance(generator, PagesGenerator):
            pages = [*generator.pages, *generator.translations]
        else:
            continue
        for page in pages:
            by_address[page.save_as].append(page)
    found = []
    for address, same in by_address.items():
        first, *others = sorted(same, key=lambda page: not page.number)
        owner = first.get_relative_source_path()
        message = _("{page} est déjà la page de {path}").format(page=address, path=owner)
        found += [Problem(path=page.get_relative_source_path(), message=message) for page in others]
    return found
