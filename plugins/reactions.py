"""Reactions: what answers a post stands under it, the oldest first, and all of them make a feed.

They are files of `content/reactions/` with `Kind: reaction` and `Reply_to: mur-142`, and have no page of their own.
One whose post is not online is not shown.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pelican.contents import Article
from pelican.generators import Generator

from ingest.errors import Refused
from ingest.publication.addresses import REACTION_FOLDER
from ingest.words import _
from plugins.reader import PROBLEMS, ArticleReader, Problem

FEED = "feeds/reactions.atom.xml"
NUMBER = re.compile(r"mur-[1-9][0-9]{0,8}")


class Reactions(Generator):  # type: ignore[misc] # Pelican has no types
    """Gives each article its `reactions`; each has `byline`, `date`, `content` and `number`, which is its anchor."""

    def generate_context(self) -> None:
        """Read the files and hang them under their posts; `reactions_feed` is empty without one."""
        posts = {it.number: it for it in self.context.get("articles", ()) if it.number}
        answers: defaultdict[str, list[Any]] = defaultdict(list)
        for path in sorted(Path(self.path, REACTION_FOLDER).glob("*.md")):
            for reaction in self._read(path, posts):
                answers[reaction.reply_to].append(reaction)
        for number, post in posts.items():
            post.reactions = tuple(sorted(answers[number], key=lambda it: (it.date, it.slug)))
        shown = [it for post in posts.values() for it in post.reactions]
        self._newest_first = sorted(shown, key=lambda it: (it.date, it.slug), reverse=True)
        self.context["reactions_feed"] = FEED if shown else ""

    def generate_output(self, writer: Any) -> None:
        """The feed."""
        if self._newest_first:
            writer.write_feed(self._newest_first, self.context, FEED, feed_title=_("réactions"))

    def _read(self, path: Path, posts: dict[str, Any]) -> Iterator[Any]:
        content, metadata = ArticleReader(self.settings).read(str(path))
        if metadata["status"] != "published":
            return
        source = path.relative_to(self.path).as_posix()
        try:
            post = posts.get(_answered(metadata["reply_to"]))
        except Refused as error:
            PROBLEMS.append(Problem(path=source, message=str(error)))
            return
        if post is None or "date" not in metadata:
            return
        metadata["title"] = _("Réaction à « {title} »").format(title=post.title)
        metadata["override_url"] = f"{post.url}#{metadata['number'] or metadata['slug']}"
        metadata["event"] = metadata["relay"] = metadata["update"] = None
        yield Article(content, metadata, settings=self.settings, source_path=str(path), context=self.context)


def _answered(number: str) -> str:
    if not NUMBER.fullmatch(number):
        raise Refused(_("« Reply_to: mur-142 » attendu : le numéro du billet auquel la réaction répond"))
    return number
