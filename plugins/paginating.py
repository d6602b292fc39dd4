"""Pages of a list, numbered from the oldest post: what a page holds never moves.

The first page that a reader sees holds the newest posts, from one page's worth to just under two; behind it, page *k*
is always the same posts. Pelican (4.12) counts from the newest, so that one new post changes every page of every list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which posts one page holds, in a list that has the newest first."""

    number: int
    """0 is the front; 1 the oldest."""
    start: int
    end: int


def spans(count: int, per_page: int) -> tuple[Span, ...]:
    """The pages of a list of `count` posts: the front, then from the newest to the oldest."""
    behind = max(count // per_page - 1, 0)
    cuts = [count - per_page * number for number in range(behind + 1)]  # where page `number` ends
    front = Span(number=0, start=0, end=cuts[behind])
    return (front, *(Span(number=n, start=cuts[n], end=cuts[n - 1]) for n in range(behind, 0, -1)))


def glimpsed(articles: Sequence[Any]) -> Sequence[Any]:
    """`articles` for who lists them: of some, what was kept is enough (`plugins.incremental.site.Glimpse`)."""
    return articles.glimpsed() if hasattr(articles, "glimpsed") else articles


class Paged:
    """What the templates read as `articles_page`; the names are those of Pelican's own (`pelican.paginator.Page`)."""

    def __init__(self, name: str, url: str, posts: Sequence[Any], span: Span, behind: int) -> None:
        self._posts, self._span, self._behind = posts, span, behind
        self.number, self.base_url = span.number, url
        base = name.removesuffix("index.html")
        self.url = f"{base}page/{span.number}/" if span.number else base if name.endswith("index.html") else url
        self.save_as = f"{base}page/{span.number}/index.html" if span.number else name

    @property
    def object_list(self) -> Sequence[Any]:
        """Its posts, the newest first."""
        return glimpsed(self._posts[self._span.start : self._span.end])

    def has_previous(self) -> bool:
        """Whether there are newer posts."""
        return self.number > 0

    def has_next(self) -> bool:
        """Whether there are older posts."""
        return self.number != 1 and self._behind > 0

    def has_other_pages(self) -> bool:
        """Whether it is not the only page."""
        return self._behind > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paginator:
    """What the templates read as `articles_paginator`. How many pages there are is no page's to say: it changes."""

    pages: tuple[Paged, ...]
    per_page: int

    @property
    def num_pages(self) -> int:
        """For themes that ask."""
        return len(self.pages)

    @property
    def count(self) -> int:
        """Posts on all of them."""
        return sum(len(page.object_list) for page in self.pages)

    def page(self, place: int) -> Paged:
        """The page at a place, 1 being the front."""
        return self.pages[place - 1]


def paginated(name: str, url: str, posts: Sequence[Any], per_page: int) -> Paginator:
    """The pages of `posts`, which has the newest first; `name` and `url` are the front's."""
    cut = spans(len(posts), per_page)
    return Paginator(pages=tuple(Paged(name, url, posts, span, len(cut) - 1) for span in cut), per_page=per_page)


def variables(key: str, paginator: Paginator) -> Iterator[tuple[Paged, dict[str, object]]]:
    """Each page, with what Pelican's writer gives its templates: `articles_page` and the others, for the key
    `articles`."""
    pages = paginator.pages
    for place, page in enumerate(pages):
        yield (
            page,
            {
                f"{key}_paginator": paginator,
                f"{key}_page": page,
                f"{key}_previous_page": pages[place - 1] if place else None,
                f"{key}_next_page": pages[place + 1] if place + 1 < len(pages) else None,
            },
        )
