"""Pages of a list, numbered from the oldest post."""

from __future__ import annotations

import re
from pathlib import Path

import pelican
import pytest

from plugins.paginating import paginated, spans


@pytest.mark.parametrize(
    ("count", "front", "others"),
    [(0, 0, []), (5, 5, []), (23, 23, []), (24, 12, [1]), (35, 23, [1]), (48, 12, [3, 2, 1])],
)
def test_the_front_holds_one_page_to_just_under_two(count: int, front: int, others: list[int]) -> None:
    """Behind it, full pages alone."""
    first, *rest = spans(count, 12)

    assert (0, front) == (first.number, first.end - first.start)
    assert [(number, 12) for number in others] == [(it.number, it.end - it.start) for it in rest]


def test_a_page_that_is_full_never_changes() -> None:
    """Whatever comes on top."""
    held: dict[str, list[int]] = {}
    for count in range(1, 200):
        newest_first = list(range(count, 0, -1))
        for page in paginated("mot/pain/index.html", "mot/pain/", newest_first, 12).pages[1:]:
            posts = list(page.object_list)
            assert posts == held.setdefault(page.save_as, posts)
    assert list(range(12, 0, -1)) == held["mot/pain/page/1/index.html"]


def test_every_post_stands_on_one_page() -> None:
    """None is lost between two."""
    pages = paginated("index.html", "index.html", list(range(100)), 12).pages

    assert list(range(100)) == [post for page in pages for post in page.object_list]
    assert ["", "page/7/", "page/6/"] == [page.url for page in pages[:3]]
    assert [(False, True), (True, True), (True, False)] == [
        (page.has_previous(), page.has_next()) for page in (pages[0], pages[1], pages[-1])
    ]


def test_whatever_the_themes_of_pelican_ask_for_is_there():
    """`simple` and `notmyidea`, as they are installed, find every name that they look for on a page of a list."""
    paginator = paginated("index.html", "index.html", list(range(100)), 12)
    ours = {"page": paginator.pages[0], "paginator": paginator}
    themes = Path(pelican.__file__).parent / "themes"
    asked = {
        found.groups()
        for path in themes.rglob("*.html")
        for found in re.finditer(r"articles_(page|paginator)\.(\w+)", path.read_text(encoding="utf-8"))
    }

    assert len(asked) > 5
    assert [] == sorted(name for kind, name in asked if not hasattr(ours[kind], name))
