"""What Pelican's own generators do on a wall: their lists without quadratic scans, and only what is wanted.

Pelican (4.12) looks through a list for each member of another: for tags, categories, authors and months the cost of a
site grows with its square. `docs/upstream/` has what only Pelican can mend.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pelican import signals
from pelican.generators import ArticlesGenerator, StaticGenerator
from pelican.urlwrappers import Category, Tag

from plugins.incremental import reading, rows
from plugins.incremental.posts import Post, Posts
from plugins.incremental.work import Work

Write = Callable[..., None]


def articles(generator: ArticlesGenerator) -> None:
    """Make the generator of articles ours: for the signal `article_generator_init`."""
    work: Work = generator.settings["WORK"]
    work.generator = generator
    whole = generator.generate_context
    generator._build_period_archives = _periods  # noqa: SLF001
    generator.generate_period_archives = partial(_write_periods, generator)
    generator.generate_tags = partial(_write_tags, generator)
    generator.generate_categories = _unless_unnamed(generator, "CATEGORY_SAVE_AS", generator.generate_categories)
    generator.generate_authors = _unless_unnamed(generator, "AUTHOR_SAVE_AS", generator.generate_authors)

    def generate_context() -> None:
        if work.index is None or not generator.settings.get("INCREMENTAL"):
            whole()
            return
        gc.disable()  # it is over before a look through all that is remembered would pay
        reading.read(generator, work, work.index)
        _lists(generator, work)
        generator.generate_articles = partial(_write_articles, generator, work)
        generator.generate_feeds = partial(_write_feeds, generator, work)
        generator.refresh_metadata_intersite_links = _nothing  # it looks at every article
        generator.check_disabled_readers = _nothing  # a whole build told of what it found

    generator.generate_context = generate_context


def _nothing() -> None:
    """Our articles have no links that Pelican resolves (`FORMATTED_FIELDS` is empty)."""


def static(generator: StaticGenerator) -> None:
    """Copy only media that changed: for the signal `static_generator_init`."""
    work: Work = generator.settings["WORK"]
    context, output = generator.generate_context, generator.generate_output

    def generate_context() -> None:
        if work.whole:
            context()
        else:
            generator.context["staticfiles"] = []

    def generate_output(writer: Any) -> None:
        if work.whole:
            output(writer)
            return
        for path in work.changed_media & work.media.keys():
            work.put(generator.output_path, path, Path(generator.path, path).read_bytes())

    def check_disabled_readers() -> None:
        if work.whole:
            check()

    check, generator.check_disabled_readers = generator.check_disabled_readers, check_disabled_readers
    generator.generate_context, generator.generate_output = generate_context, generate_output


def finished(generator: ArticlesGenerator, work: Work) -> None:
    """The rows of a whole build, once each relay knows its updates; lists by their parts, in either kind of build."""
    if work.site is None:
        settings = generator.settings
        now, zone = settings["BUILD_NOW"], ZoneInfo(settings["TIMEZONE"])
        there = reading.sources(generator.path) if work.folder is not None else {}
        made = [
            rows.post(it, stamp=there.get(it.relative_source_path, ""), now=now, zone=zone) for it in generator.articles
        ]
        work.posts = Posts(made)
        pieces = work.pieces(settings)
        for it, row in zip(generator.articles, made, strict=True):
            it.kept = pieces.of(row)
        for it in generator.drafts if work.folder is not None else ():
            path = it.relative_source_path
            stamp = there.get(path, "")
            work.waiting.append(rows.waiting(path, date=it.date, now=now, said=it.said, stamp=stamp))
        work.media = reading.media(generator.path) if work.folder is not None else {}
    generator.context["calendar"] = calendar(work.posts, generator.settings)


def calendar(posts: Posts, settings: Any) -> list[dict[str, Any]]:
    """Years with their months, the newest first, each with its address and how many posts it has."""
    years: dict[str, dict[str, Any]] = {}
    for month, listed in posts.by_month.items():
        first = date(int(month[:4]), int(month[5:]), 1)
        year = years.setdefault(
            month[:4],
            {"year": first.year, "url": settings["YEAR_ARCHIVE_URL"].format(date=first), "count": 0, "months": []},
        )
        year["count"] += len(listed)
        url = settings["MONTH_ARCHIVE_URL"].format(date=first)
        year["months"].append({"first": first, "url": url, "count": len(listed)})
    return list(years.values())


def _lists(generator: ArticlesGenerator, work: Work) -> None:
    """What `ArticlesGenerator.generate_context` (4.12) leaves behind, with articles that are read when looked at."""
    site, posts, settings = work.site, work.posts, generator.settings
    assert site is not None
    everything = site.listed(posts.newest_first)
    generator.articles = generator.dates = everything
    generator.tags = {}
    for slug, listed in posts.by_tag.items():
        name = next(name for of, name in listed[0].tags if of == slug)
        tag = Tag(name, settings)
        tag.slug = slug
        generator.tags[tag] = site.listed(listed)
    generator.categories = [(Category(settings["DEFAULT_CATEGORY"], settings), everything)]
    generator.authors = []
    generator.period_archives = {
        "year": [_period((int(it),), site.listed(of), settings, "YEAR") for it, of in posts.by_year.items()],
        "month": [
            _period((int(it[:4]), int(it[5:])), site.listed(of), settings, "MONTH") for it, of in posts.by_month.items()
        ],
    }
    generator._update_context(  # noqa: SLF001
        ("articles", "drafts", "hidden_articles", "dates", "tags", "categories", "authors", "related_posts")
    )
    generator.context["period_archives"] = generator.period_archives
    signals.article_generator_finalized.send(generator)


def _periods(ordered: Sequence[Any], articles: Sequence[Any], settings: Any) -> dict[str, list[dict[str, Any]]]:
    """As `ArticlesGenerator._build_period_archives` (4.12), in one pass."""
    place = {id(article): at for at, article in enumerate(articles)}
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, parts in (("year", 1), ("month", 2), ("day", 3)):
        if not settings[f"{name.upper()}_ARCHIVE_SAVE_AS"]:
            continue
        grouped: dict[tuple[int, ...], list[Any]] = {}
        for it in ordered:
            grouped.setdefault((it.date.year, it.date.month, it.date.day)[:parts], []).append(it)
        for period, dates in grouped.items():
            listed = sorted(dates, key=lambda it: place[id(it)])
            found[name].append(_period(period, dates, settings, name.upper(), listed))
    return found


def _period(
    period: tuple[int, ...], dates: Sequence[Any], settings: Any, name: str, listed: Sequence[Any] | None = None
) -> dict[str, Any]:
    first = date(*period, *((1, 1)[len(period) - 1 :]))
    named = (period[0], f"{first:%B}", *period[2:])[: len(period)]
    return {
        "dates": dates,
        "articles": dates if listed is None else listed,
        "save_as": settings[f"{name}_ARCHIVE_SAVE_AS"].format(date=first),
        "url": settings[f"{name}_ARCHIVE_URL"].format(date=first),
        "period": named,
        "period_num": period,
    }


def _write_periods(generator: ArticlesGenerator, write: Write) -> None:
    """As `ArticlesGenerator.generate_period_archives` (4.12); a month has pages where the settings say so."""
    template = generator.get_template("period_archives")
    work: Work = generator.settings["WORK"]
    for name, periods in generator.period_archives.items():
        for it in periods:
            if not work.has_wanted(it["save_as"]):
                continue
            context = generator.context.copy()
            context |= {"period": it["period"], "period_num": it["period_num"]}
            write(
                it["save_as"], template, context, articles=it["articles"], dates=it["dates"], blog=True,
                template_name="period_archives" if name == "year" else name, url=it["url"],
                all_articles=generator.articles,
            )  # fmt: skip


def _write_tags(generator: ArticlesGenerator, write: Write) -> None:
    """As `ArticlesGenerator.generate_tags` (4.12); posts of a tag stand in the order of all posts already."""
    template = generator.get_template("tag")
    work: Work = generator.settings["WORK"]
    for tag, listed in generator.tags.items():
        if work.has_wanted(tag.save_as):
            write(
                tag.save_as, template, generator.context, tag=tag, url=tag.url, articles=listed, dates=listed,
                template_name="tag", blog=True, page_name=tag.page_name, all_articles=generator.articles,
            )  # fmt: skip


def _unless_unnamed(
    generator: ArticlesGenerator, setting: str, write: Callable[[Write], None]
) -> Callable[[Write], None]:
    """Pelican orders the posts of each, and then writes nothing."""
    return write if generator.settings[setting] else lambda _write: None


def _write_articles(generator: ArticlesGenerator, work: Work, write: Write) -> None:
    """As `ArticlesGenerator.generate_articles` (4.12), of the pages that are wanted."""
    assert work.site is not None
    for post in _wanted(work.posts.newest_first, work):
        article = work.site.article(post.path)
        signals.article_generator_write_article.send(generator, content=article)
        write(
            article.save_as, generator.get_template(article.template), generator.context, article=article,
            category=article.category, override_output=False, url=article.url, blog=True,
        )  # fmt: skip


def _wanted(posts: Iterable[Post], work: Work) -> Iterable[Post]:
    names = work.difference.names if work.difference else frozenset()
    return (it for it in posts if it.url in names)


def _write_feeds(generator: ArticlesGenerator, work: Work, writer: Any) -> None:
    """As `ArticlesGenerator.generate_feeds` (4.12), of those that our settings name."""
    settings, everything = generator.settings, generator.articles
    writer.write_feed(everything, generator.context, settings["FEED_ALL_ATOM"])
    writer.write_feed(everything, generator.context, settings["FEED_ALL_RSS"], feed_type="rss")
    for tag, listed in generator.tags.items():
        path = settings["TAG_FEED_ATOM"].format(slug=tag.slug)
        if work.wants(path):
            writer.write_feed(listed, generator.context, path, feed_title=tag.name)


def share_templates(generators: Iterable[Any]) -> None:
    """One environment for all of Pelican's generators, which each make and fill one (4.12)."""
    first: Any = None
    for generator in generators:
        if hasattr(generator, "env"):
            first = first or generator
            first.env.auto_reload = False  # else each import of a template looks whether it changed
            generator.env, generator._templates = first.env, first._templates  # noqa: SLF001
