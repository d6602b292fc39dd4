"""What changed since the last build, and a site that holds it; the other files are not opened."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import Any

from pelican.generators import ArticlesGenerator

from ingest.publication.addresses import ARTICLE_FOLDERS, MEDIA_FOLDER, REACTION_FOLDER
from ingest.publication.stamps import changed, stamps
from plugins.incremental import rows
from plugins.incremental.differences import difference, outline, touched
from plugins.incremental.index import Index
from plugins.incremental.posts import Post, Posts, Reaction, Waiting
from plugins.incremental.site import Doubt, Site
from plugins.incremental.work import Work, shape
from plugins.reactions import row_of
from plugins.reader import PROBLEMS, ArticleReader


def read(generator: ArticlesGenerator, work: Work, index: Index) -> None:
    """Fill `work` with what differs from `index`. Raises `Doubt` where that is not enough."""
    _Reading(generator, work, index).run()


def sources(content: str) -> dict[str, str]:
    """Every text with a page or an anchor of its own, with its stamp."""
    root = Path(content)
    return {path: it for folder in ARTICLE_FOLDERS for path, it in stamps(root, folder, ".md").items()}


def answers(content: str) -> dict[str, str]:
    """Every reaction, with its stamp."""
    return stamps(Path(content), REACTION_FOLDER, ".md")


def media(content: str) -> dict[str, str]:
    """Every medium, with its stamp."""
    return stamps(Path(content), MEDIA_FOLDER)


class _Reading:
    def __init__(self, generator: ArticlesGenerator, work: Work, index: Index) -> None:
        self.generator, self.work, self.index = generator, work, index
        self.now = generator.settings["BUILD_NOW"]
        self.old = index.site
        self.site = Site(generator, self.old, work.pieces(generator.settings))
        work.media = media(generator.path)
        work.changed_media = frozenset(changed(index.media, work.media))
        self.media = {Path(path).name for path in work.changed_media}

    def run(self) -> None:
        """Read what changed; then say what of it shows."""
        work = self.work
        posts = self._posts()
        reactions = self._reactions()
        work.reactions = list(reactions.values())
        work.posts = Posts(posts.values(), work.reactions)
        site = work.site = self.site
        site.posts = work.posts
        paths = touched(self.old, work.posts, self.changed)
        self._settle(site, paths)
        site.touched = paths
        if outline(self.old) != outline(work.posts):
            raise Doubt("the outline")
        _no_two(work.posts)
        work.difference = difference(
            self.old,
            work.posts,
            paths,
            shape=shape(self.generator.settings),
            reactions=self._answered(work.posts),
        )

    def _posts(self) -> dict[str, Post]:
        """The rows of all that is shown, those of changed files made anew."""
        there = sources(self.generator.path)
        known: dict[str, Post | Waiting] = {it.path: it for it in self.index.waiting}
        known |= {it.path: it for it in self.index.posts}
        self.changed: set[str] = set()
        posts: dict[str, Post] = {}
        now = self.now.timestamp()
        for path, stamp in there.items():
            row = known.get(path)
            turned = row is not None and row.turns is not None and row.turns <= now
            if row is not None and not turned and (row.stamp == stamp != "") and not self._shows_changed(row):
                self._keep(row, posts)
                continue
            if (
                row is not None
                and not turned
                and not self._shows_changed(row)
                and row.said == _said(Path(self.generator.path, path))
            ):
                self._keep(row._replace(stamp=stamp), posts)
                continue
            self._take(self.site.read(path), path, stamp, posts, was=isinstance(row, Post))
        self.changed |= {path for path, row in known.items() if path not in there and isinstance(row, Post)}
        gone = (row for row in self.index.posts if row.path in self.changed)
        self.work.unwanted.update(*((row.body, *self.site.pieces.keys(row)) for row in gone))
        return posts

    def _keep(self, row: Post | Waiting, posts: dict[str, Post]) -> None:
        if isinstance(row, Post):
            posts[row.path] = row
        else:
            self.work.waiting.append(row)

    def _take(self, article: Any, path: str, stamp: str, posts: dict[str, Post], *, was: bool) -> None:
        if article is None:  # the reader noted what is wrong with it
            _is_told(path)
            return
        if article.status != "published":
            date = getattr(article, "date", None)
            row = rows.waiting(path, date=date, now=self.now, said=article.said, stamp=stamp)
            self.work.waiting.append(row)
            if was:
                self.changed.add(path)
            return
        self.changed.add(path)
        posts[path] = rows.post(article, stamp=stamp, now=self.now, zone=article.timezone)

    def _settle(self, site: Site, paths: frozenset[str]) -> None:
        """The rows of what is touched, now that each relay knows its updates."""
        made = {}
        for path in paths & self.work.posts.by_path.keys():
            stamp = self.work.posts.by_path[path].stamp
            article = site.article(path)
            made[path] = rows.post(article, stamp=stamp, now=self.now, zone=article.timezone)
        posts = [made.get(it.path, it) for it in self.work.posts.ordered]
        self.work.posts = site.posts = Posts(posts, self.work.reactions)

    def _shows_changed(self, row: Any) -> bool:
        if not self.media or isinstance(row, Waiting):
            return False
        return any(name in self.media or _copy_of(name, self.media) for name in row.media)

    def _reactions(self) -> dict[str, Reaction]:
        known: dict[str, Reaction | Waiting] = {it.path: it for it in self.index.reactions}
        known |= {it.path: it for it in self.index.waiting if it.path.startswith(f"{REACTION_FOLDER}/")}
        there = answers(self.generator.path)
        found: dict[str, Reaction] = {}
        self.answering: set[str] = set()
        now = self.now.timestamp()
        for path, stamp in there.items():
            row = known.get(path)
            turned = isinstance(row, Waiting) and row.turns is not None and row.turns <= now
            if row is not None and not turned and row.stamp == stamp != "" and not self._shows_changed(row):
                if isinstance(row, Reaction):
                    found[path] = row
                else:
                    self.work.waiting.append(row)
                continue
            self._answer(path, stamp, row, found)
        for path, row in known.items():
            if path not in there and isinstance(row, Reaction):
                self.answering.add(row.to)
                self.work.unwanted.add(row.body)
        return found

    def _answer(self, path: str, stamp: str, row: Reaction | Waiting | None, found: dict[str, Reaction]) -> None:
        _html, metadata = ArticleReader(self.generator.settings).read(str(Path(self.generator.path, path)))
        if isinstance(row, Reaction):
            self.answering.add(row.to)
            self.work.unwanted.add(row.body)
        if metadata["status"] == "skip":
            _is_told(path)
            return
        made = row_of(metadata, path, stamp, now=self.now)
        if isinstance(made, Waiting):
            self.work.waiting.append(made)
        elif made is not None:
            found[path] = made
            self.answering.add(made.to)

    def _answered(self, new: Posts) -> frozenset[str]:
        """The posts that have other reactions now."""
        numbers = self.answering - {""}
        return frozenset(
            site.by_number[number].path for site in (self.old, new) for number in numbers if number in site.by_number
        )


def _is_told(path: str) -> None:
    """A file that gave nothing has a problem that is told; where it has none, the whole build may know more."""
    if not any(it.path == path for it in PROBLEMS):
        raise Doubt(path)


def _copy_of(name: str, media: set[str]) -> bool:
    stem, _dot, extension = name.partition(".")
    return any(it.startswith(f"{stem}-") and it.endswith(f".{extension}") for it in media)


def _no_two(posts: Posts) -> None:
    """Two files for one address are told by a whole build."""
    if len({it.url for it in posts.ordered}) != len(posts.ordered):
        raise Doubt("one address")


def _said(path: Path) -> str:
    try:
        return blake2b(path.read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return ""
