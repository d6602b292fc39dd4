"""A generator without templates and readers of its own: each of Pelican's (4.12) makes both anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pelican.generators import Generator

from plugins.incremental.posts import Post
from plugins.incremental.work import Work


class Maker(Generator):  # type: ignore[misc] # Pelican has no types
    """What ours have in common. Its templates are those of the articles."""

    def __init__(self, context: Any, settings: Any, path: str, theme: str, output_path: str, **_more: Any) -> None:
        self.context, self.settings, self.path, self.theme = context, settings, path, theme
        self.output_path = output_path
        self.work: Work = settings["WORK"]

    def get_template(self, name: str) -> Any:
        """The template called `name`, compiled once for all."""
        return self.work.generator.get_template(name)

    def has_template(self, name: str) -> bool:
        """Whether the theme has a page of this kind."""
        return (Path(self.settings["THEME"]) / "templates" / f"{name}.html").is_file()

    def articles(self, which: Callable[[Post], bool]) -> Sequence[Any]:
        """The articles that `which` chooses by their rows, the newest first; each is read when it is looked at."""
        posts = [it for it in self.work.posts.newest_first if which(it)]
        if self.work.site is not None:
            return self.work.site.listed(posts)
        by_path = self._by_path()
        return [by_path[it.path] for it in posts]

    def touched(self) -> Sequence[Any]:
        """The articles that are shown otherwise than in the last build; all, where there is none."""
        difference = self.work.difference
        return self.articles(lambda it: difference is None or it.path in difference.touched)

    def _by_path(self) -> dict[str, Any]:
        return {it.relative_source_path: it for it in self.context.get("articles", ())}
