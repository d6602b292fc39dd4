"""Reactions: what answers a post stands under it, the oldest first, and all of them make a feed.

They are files of `content/reactions/` with `Kind: reaction` and `Reply_to: mur-142`, and have no page of their own.
One whose post is not online is not shown.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

from pelican.contents import Article

from ingest.publication.addresses import REACTION_FOLDER
from ingest.publication.stamps import stamps
from ingest.words import _
from plugins.incremental import rows
from plugins.incremental.posts import Posts, Reaction, Waiting
from plugins.making import Maker
from plugins.reader import PROBLEMS, ArticleReader, Problem

FEED = "feeds/reactions.atom.xml"
NUMBER = re.compile(r"mur-[1-9][0-9]{0,8}")


class Reactions(Maker):
    """Gives each article its `reactions`; each has `byline`, `date`, `content` and `number`, which is its anchor."""

    def generate_context(self) -> None:
        """Read the files and hang them under their posts; `reactions_feed` is empty without one."""
        if self.work.site is None:
            self._hang()
        self.context["reactions_feed"] = FEED if self.work.posts.reactions_to else ""

    def generate_output(self, writer: Any) -> None:
        """The feed."""
        posts = self.work.posts
        shown = [it for answers in posts.reactions_to.values() for it in answers]
        if shown and writer.wants(FEED):
            newest = sorted(shown, key=lambda it: (it.moment, it.slug), reverse=True)[: self.settings["FEED_MAX_ITEMS"]]
            post_of = {it.path: path for path, answers in posts.reactions_to.items() for it in answers}
            answers = {it.source: it for path in {post_of[row.path] for row in newest} for it in self._of(path)}
            writer.write_feed([answers[it.path] for it in newest], self.context, FEED, feed_title=_("réactions"))

    def _of(self, path: str) -> tuple[Any, ...]:
        site = self.work.site
        found: tuple[Any, ...] = (site.article(path) if site is not None else self._by_path()[path]).reactions
        return found

    def _hang(self) -> None:
        posts = {it.number: it for it in self.context.get("articles", ()) if it.number}
        there = stamps(Path(self.path), REACTION_FOLDER, ".md") if self.work.folder is not None else {}
        found: list[Reaction] = []
        answers: defaultdict[str, list[Any]] = defaultdict(list)
        for path in sorted(Path(self.path, REACTION_FOLDER).glob("*.md")):
            source = path.relative_to(self.path).as_posix()
            row, read = self._read(path, source, there.get(source, ""))
            if isinstance(row, Waiting):
                self.work.waiting.append(row)
            elif row is not None:
                found.append(row)
                if row.to in posts:
                    answers[row.to].append(hung(read, posts[row.to], path, self))
        for number, post in posts.items():
            post.reactions = tuple(sorted(answers[number], key=lambda it: (it.date, it.slug)))
        for post in self.context.get("articles", ()):
            if not post.number or posts[post.number] is not post:
                post.reactions = ()
        self.work.reactions = found
        self.work.posts = Posts(self.work.posts.ordered, found)

    def _read(self, path: Path, source: str, stamp: str) -> tuple[Reaction | Waiting | None, Any]:
        html, metadata = ArticleReader(self.settings).read(str(path))
        if metadata["status"] == "skip":
            return None, None
        row = row_of(metadata, source, stamp, now=self.settings["BUILD_NOW"])
        return row, (html, metadata)


def row_of(metadata: dict[str, Any], source: str, stamp: str, *, now: datetime) -> Reaction | Waiting | None:
    """What is remembered of a reaction; None where it names no post, which is noted."""
    if metadata["status"] != "published" or "date" not in metadata:
        return rows.waiting(source, date=metadata.get("date"), now=now, said=metadata["said"], stamp=stamp)
    if not NUMBER.fullmatch(metadata["reply_to"]):
        message = _("« Reply_to: mur-142 » attendu : le numéro du billet auquel la réaction répond")
        PROBLEMS.append(Problem(path=source, message=message))
        return None
    return rows.reaction(metadata, source, stamp)


def reaction_in(path: Path, post: Any, generator: Any) -> Any:
    """The reaction in a file, under its post."""
    return hung(ArticleReader(generator.settings).read(str(path)), post, path, generator)


def hung(read: tuple[str, dict[str, Any]], post: Any, path: Path, generator: Any) -> Any:
    """What was `read` in a file, as an article that answers `post`."""
    content, metadata = read
    metadata["title"] = _("Réaction à « {title} »").format(title=post.title)
    metadata["override_url"] = f"{post.url}#{metadata['number'] or metadata['slug']}"
    metadata["event"] = metadata["relay"] = metadata["update"] = None
    metadata["source"] = path.relative_to(generator.path).as_posix()
    return Article(content, metadata, settings=generator.settings, source_path=str(path), context=generator.context)
