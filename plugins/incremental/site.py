"""The site of an incremental build: its posts by the index, and the articles that somebody really looks at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, overload
from zoneinfo import ZoneInfo

from pelican import signals
from pelican.contents import Article
from pelican.generators import ArticlesGenerator

from plugins.incremental.pieces import Kept, Pieces
from plugins.incremental.posts import Post, Posts
from plugins.relays.gathering import told_at
from plugins.relays.shown import shown


class Doubt(Exception):
    """What is remembered does not fit: the whole site is to be built."""


class Revived(Article):  # type: ignore[misc] # Pelican has no types
    """An article that knows its neighbours when it is asked."""

    site: Site
    path: str

    @property
    def prev_article(self) -> Any:
        """The older one."""
        return self.site.beside(self.path)[0]

    @property
    def next_article(self) -> Any:
        """The newer one."""
        return self.site.beside(self.path)[1]

    @property
    def related(self) -> tuple[Any, ...]:
        """What else there is to read."""
        posts = self.site.posts
        return tuple(self.site.article(it.path) for it in posts.related(posts.by_path[self.path]))

    @property
    def reactions(self) -> tuple[Any, ...]:
        """What answers it, the oldest first."""
        return self.site.reactions(self)


class Glimpse:
    """An article in a list, or in a feed: when it came, and the piece that was kept; the rest is read if need be."""

    __slots__ = ("_path", "_site", "date", "kept")

    def __init__(self, site: Site, post: Post, kept: Kept) -> None:
        self._site, self._path, self.kept = site, post.path, kept
        self.date = datetime.fromtimestamp(post.moment, site.zone)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._site.article(self._path), name)


class Site:
    """Articles by their file, each read once."""

    def __init__(self, generator: ArticlesGenerator, posts: Posts, pieces: Pieces) -> None:
        self.posts, self.pieces = posts, pieces
        self.touched: frozenset[str] = frozenset()
        """The posts that are shown otherwise than in the last build."""
        self.now: datetime = generator.settings["BUILD_NOW"]
        self.zone = ZoneInfo(generator.settings["TIMEZONE"])
        self._generator = generator
        self._read: dict[str, Any] = {}
        self._articles: dict[str, Any] = {}
        self._answers: dict[str, Any] = {}
        self._glimpses: dict[str, Any] = {}

    def read(self, path: str) -> Any:
        """The article of a file by itself, as Pelican reads it; None for one that may not be shown."""
        if path not in self._read:
            generator = self._generator
            found = generator.readers.read_file(
                base_path=generator.path,
                path=path,
                content_class=Revived,
                context=generator.context,
                preread_signal=signals.article_generator_preread,
                preread_sender=generator,
                context_signal=signals.article_generator_context,
                context_sender=generator,
            )
            valid = isinstance(found, Revived) and found.is_valid()
            if valid:
                found.site, found.path = self, path
            self._read[path] = found if valid else None
        return self._read[path]

    def article(self, path: str) -> Any:
        """The article with all that others say of it. Raises `Doubt` where there is none any more."""
        if path in self._articles:
            return self._articles[path]
        article = self.read(path)
        if article is None or article.status != "published":
            raise Doubt(path)
        self._articles[path] = article  # before it is joined: a relay and its updates name each other
        self._join(article)
        return article

    def _join(self, article: Any) -> None:
        posts, path = self.posts, article.path
        named = self._generator.settings["SITEURL"].startswith("http")
        article.card = f"cartes/{article.url.removesuffix('.html')}.png" if named else ""
        article.update_of = None
        if article.relay is not None:
            article.relay_key = posts.relay_keys[path]
            mine = sorted((self.article(it.path) for it in posts.updates_of.get(path, ())), key=told_at, reverse=True)
            article.updates = tuple(mine)
            told = [one.update for one in reversed(mine)]
            article.relay = shown(article.relay.data, told, now=self.now, zone=self.zone)
        elif path in posts.relay_of:
            article.update_of = self.article(posts.relay_of[path])

    def beside(self, path: str) -> tuple[Any, Any]:
        """The articles before and after one."""
        older, newer = self.posts.before_and_after(self.posts.by_path[path])
        return self.article(older.path) if older else None, self.article(newer.path) if newer else None

    def reactions(self, article: Any) -> tuple[Any, ...]:
        """The reactions to an article."""
        found = self.posts.reactions_to.get(article.path, ())
        return tuple(self.reaction(it.path, article) for it in found)

    def reaction(self, path: str, article: Any) -> Any:
        """One of them."""
        from plugins.reactions import reaction_in  # which reads files as articles are read

        if path not in self._answers:
            self._answers[path] = reaction_in(Path(self._generator.path, path), article, self._generator)
        return self._answers[path]

    def glimpse(self, post: Post) -> Any:
        """One in a list: by its pieces, where those can be kept, else the article."""
        kept = None if post.path in self.touched else self.pieces.of(post)
        if kept is None:
            return self.article(post.path)
        if post.path not in self._glimpses:
            self._glimpses[post.path] = Glimpse(self, post, kept)
        return self._glimpses[post.path]

    def listed(self, posts: Sequence[Post]) -> Listed:
        """A list of articles, each read when it is looked at."""
        return Listed(self, posts)


class Listed(Sequence[Any]):
    """A list that knows its length, and reads what is taken out of it."""

    def __init__(self, site: Site, posts: Sequence[Post]) -> None:
        self._site, self._posts = site, posts

    def __len__(self) -> int:
        return len(self._posts)

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> Listed: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return Listed(self._site, self._posts[place])
        return self._site.article(self._posts[place].path)

    def __iter__(self) -> Iterator[Any]:
        return (self._site.article(it.path) for it in self._posts)

    def glimpsed(self) -> Sequence[Any]:
        """The same for who only shows them as others are shown (`plugins.paginating.glimpsed`)."""
        return [self._site.glimpse(it) for it in self._posts]
