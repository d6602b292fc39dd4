"""From one build to the next: which posts are shown otherwise, which files of the site that reaches, which go. Pure.

The rules say what each file shows. A post that is *touched* reaches every list, feed and page that shows it; lists are
compared page by page. What a template shows beyond that belongs here: `tests/plugins/test_incremental.py` compares with
whole builds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.relay.files import LIST, files_of
from plugins.incremental.posts import Post, Posts
from plugins.paginating import Span, spans
from plugins.related import NEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What of the settings decides which files there are."""

    per_page: int
    named: bool
    """Whether the site knows its own address: data, posters, cards, a sitemap."""
    posters: bool
    agenda: bool
    relays: bool
    """Whether the theme has a page for these."""
    direct: tuple[str, ...]
    """Pages that show something of every post: `archives.html`."""
    each_time: tuple[str, ...] = ()
    """Pages that the clock changes: `semaine.html`."""


_PAGE = re.compile(r"(^|/)(?:page/[0-9]+/)?index\.html$")
LONG = 300
"""Posts: a longer list is told by its parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is to be done."""

    touched: frozenset[str]
    """Posts that are shown otherwise than before, by path; new ones too."""
    names: frozenset[str]
    """Files of the site that are to be made again."""
    gone: frozenset[str]
    """Files of the site that are to go."""
    folders: frozenset[str]
    """Where the lists stand of which a page is to be made again: `mot/pain/`."""


def outline(posts: Posts) -> tuple[bool, ...]:
    """What every page shows of the whole site, and which lists are told by their parts."""
    agenda = any(it.agenda for it in posts.ordered)
    return bool(posts.ordered), bool(posts.by_tag), agenda, bool(posts.relays), len(posts.ordered) > LONG


def touched(old: Posts, new: Posts, changed: Iterable[str]) -> frozenset[str]:
    """`changed` and what shows its state: the relay of an update, the updates of a relay."""
    paths = set(changed)
    for relay in {*old.updates_of, *new.updates_of, *(it.path for it in (*old.relays, *new.relays))}:
        before = [it.path for it in old.updates_of.get(relay, ())]
        after = [it.path for it in new.updates_of.get(relay, ())]
        renamed = old.relay_keys.get(relay) != new.relay_keys.get(relay)
        if before != after or renamed or relay in paths or not paths.isdisjoint(after):
            paths |= {relay, *before, *after}
    return frozenset(paths)


def difference(
    old: Posts,
    new: Posts,
    changed: frozenset[str],
    *,
    shape: Shape,
    reactions: frozenset[str] = frozenset(),
) -> Difference:
    """What `changed` posts, and posts that have other `reactions`, by their paths, make to be done."""
    both = old, new
    ours = [it for site in both for path in changed if (it := site.by_path.get(path))]
    pages = _pages(old, new, changed)
    names = {new.by_path[path].url for path in (*pages, *reactions) if path in new.by_path} | {*shape.each_time}
    if any(it.is_relay for it in ours):
        names.add("index.html")  # which names those that may be signed
    before: set[str] = set()
    after: set[str] = set()
    for site, there in ((old, before), (new, after)):
        for path in changed & site.by_path.keys():
            there |= set(own(site, site.by_path[path], shape))
        for one in _tables(site, ours, shape):
            there.add(one)
    names |= after
    gone = before - after
    if old.by_year.keys() != new.by_year.keys():
        names |= {f"{year}/index.html" for year in new.by_year}
    for listed in _lists(old, new, ours):
        more, less = paged(listed.name, listed.old, listed.new, changed if not listed.renamed else None, shape.per_page)
        names |= more
        gone |= less
    if reactions or any(path in it.reactions_to for it in both for path in changed):
        _table({"feeds/reactions.atom.xml"}, old.reactions_to, new.reactions_to, names, gone)
    gone -= names
    folders = {_PAGE.sub(r"\1", name) for name in names if name.endswith("index.html")}
    return Difference(touched=changed, names=frozenset(names), gone=frozenset(gone), folders=frozenset(folders))


def _pages(old: Posts, new: Posts, changed: frozenset[str]) -> set[str]:
    """The posts whose own pages show something touched: beside them, related to them."""
    pages = set(changed)
    near: set[str] = set()
    for site in (old, new):
        for path in changed & site.by_path.keys():
            post = site.by_path[path]
            pages |= {it.path for it in site.before_and_after(post) if it}
            near |= site.near(post, NEAR + 1)
    for path in near & old.by_path.keys() & new.by_path.keys():
        before, after = ([it.path for it in site.related(site.by_path[path])] for site in (old, new))
        if before != after or not changed.isdisjoint(after):
            pages.add(path)
    return pages


def own(site: Posts, post: Post, shape: Shape) -> Iterator[str]:
    """The files that are of one post alone."""
    yield post.url
    bare = post.url.removesuffix(".html")
    if shape.named:
        yield f"cartes/{bare}.png"
    if post.agenda and shape.agenda:
        yield f"{bare}.ics"
    if post.is_relay:
        files = files_of(site.relay_keys[post.path])
        yield files.feed
        if shape.named:
            yield files.data
        if shape.posters:
            yield files.poster


_KIND_FEEDS = {"relay": "relais", "event": "agenda", "update": "nouvelles-des-relais"}


def _tables(site: Posts, ours: Sequence[Post], shape: Shape) -> Iterator[str]:
    """Lists and feeds of `site` that a touched post is on, or was."""
    if not ours:
        return
    yield from ("feeds/all.atom.xml", "feeds/all.rss.xml", *shape.direct)
    if shape.named:
        yield "feeds/all.json"
        yield "sitemap.xml"
        if len(site.ordered) > LONG:
            yield "sitemap/mots.xml"
            yield from (f"sitemap/{it.month[:4]}.xml" for it in ours if it.month[:4] in site.by_year)
    yield from (f"{it.month[:4]}/index.html" for it in ours if it.month[:4] in site.by_year)
    yield from (f"feeds/mot/{slug}.atom.xml" for it in ours for slug, _name in it.tags if slug in site.by_tag)
    kinds = {it.kind for it in site.ordered} if any(it.kind in _KIND_FEEDS for it in ours) else set()
    yield from (f"feeds/{_KIND_FEEDS[it.kind]}.atom.xml" for it in ours if it.kind in kinds and it.kind in _KIND_FEEDS)
    months = {it.agenda for it in ours if it.agenda}
    if shape.agenda and months:
        yield from ("agenda/index.html", "agenda.ics")
        for month in months & {it.agenda for it in site.ordered}:
            yield f"agenda/{month}/index.html"
            yield f"feeds/agenda/{month.replace('/', '-')}.atom.xml"
    if shape.relays and any(it.is_relay for it in ours):
        yield LIST


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    name: str
    old: Sequence[Post]
    new: Sequence[Post]
    renamed: bool = False
    """Whether its heading is another one."""


def _lists(old: Posts, new: Posts, ours: Sequence[Post]) -> Iterator[_Listed]:
    """The lists that have pages."""
    yield _Listed(name="index.html", old=old.newest_first, new=new.newest_first)
    for slug in {slug for it in ours for slug, _name in it.tags}:
        before, after = old.by_tag.get(slug, ()), new.by_tag.get(slug, ())
        renamed = _spelled(before, slug) != _spelled(after, slug)
        yield _Listed(name=f"mot/{slug}/index.html", old=before, new=after, renamed=renamed)
    months = {it.month for it in ours}
    beside = _neighbours(list(old.by_month), months) | _neighbours(list(new.by_month), months)
    same = old.by_month.keys() == new.by_month.keys()
    for month in months if same else months | beside:
        before, after = old.by_month.get(month, ()), new.by_month.get(month, ())
        yield _Listed(name=f"{month}/index.html", old=before, new=after, renamed=not same)


def _neighbours(listed: Sequence[str], months: set[str]) -> set[str]:
    """Those that stand beside, and link to, one of `months`."""
    at = [place for place, month in enumerate(listed) if month in months]
    return {listed[place] for it in at for place in (it - 1, it + 1) if 0 <= place < len(listed)}


def _spelled(posts: Sequence[Post], slug: str) -> str:
    return next((name for it in posts[:1] for of, name in it.tags if of == slug), "")


def paged(
    name: str, old: Sequence[Post], new: Sequence[Post], changed: frozenset[str] | None, per_page: int
) -> tuple[set[str], set[str]]:
    """The pages of a list that show something else than before, and those that are no more; None: all do."""
    before, after = dict(_looks(name, old, per_page)), dict(_looks(name, new, per_page))
    gone = before.keys() - after.keys()
    if changed is None:
        return set(after), gone
    more = {one for one, look in after.items() if before.get(one) != look or not changed.isdisjoint(look[1:])}
    return more, gone


def _looks(name: str, posts: Sequence[Post], per_page: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each page with what it links to and the paths of its posts."""
    if not posts:
        return
    base = name.removesuffix("index.html")
    cut = spans(len(posts), per_page)
    paths = [it.path for it in posts]
    for place, span in enumerate(cut):
        newer = cut[place - 1].number if place else -1
        count = f"{len(posts)}" if not place else ""
        page = f"{base}page/{span.number}/index.html" if span.number else name
        yield page, (f"{newer} {_older(cut, place)} {count}", *paths[span.start : span.end])


def _older(cut: Sequence[Span], place: int) -> int:
    return cut[place + 1].number if place + 1 < len(cut) else -1


def _table(
    files: set[str], old: Mapping[str, object], new: Mapping[str, object], names: set[str], gone: set[str]
) -> None:
    if new:
        names |= files
    elif old:
        gone |= files
