"""What to read next: by shared tags and nearness in time, at a cost that grows with the number of posts alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from plugins.related import MOST, connect
from tests.growth import is_linear

DAY = datetime(2022, 6, 8, tzinfo=UTC)


def post(slug: str, day: int, *tags: str) -> SimpleNamespace:
    """A post of the `day`th day."""
    return SimpleNamespace(
        slug=slug, date=DAY + timedelta(days=day), tags=[SimpleNamespace(slug=tag) for tag in tags], update_of=None
    )


def test_most_shared_tags_first_then_the_nearest_in_time() -> None:
    """Three at most, in an order that does not depend on the order of the posts."""
    posts = [
        post("one", 1, "a"), post("x", 2), post("both", 5, "a", "b"), post("y", 8), post("it", 10, "a", "b"),
        post("z", 11), post("near", 12, "b"), post("w", 13), post("far", 30, "a"),
    ]  # fmt: skip
    connect(posts[::-1])
    it = next(post for post in posts if post.slug == "it")

    assert ["both", "near", "one"] == [other.slug for other in it.related]
    assert ("y", "z") == (it.prev_article.slug, it.next_article.slug)
    assert (None, None) == (posts[0].prev_article, posts[-1].next_article)


def test_what_the_page_names_already_is_not_told_again() -> None:
    """Neither the post before nor the one after, nor what became known of a relay."""
    relay, before, after = post("relay", 5, "a"), post("before", 4, "a"), post("after", 6, "a")
    news, other = post("news", 9, "a"), post("other", 20, "a")
    news.update_of = relay
    connect([relay, before, after, news, other])

    assert ["other"] == [it.slug for it in relay.related]
    assert "relay" not in [it.slug for it in news.related]


def test_a_post_without_tags_has_none() -> None:
    """Nor does one alone under its tag."""
    posts = [post("a", 1), post("b", 3, "only"), post("c", 5)]
    connect(posts)

    assert [(), (), ()] == [it.related for it in posts]


def test_five_thousand_posts_of_one_tag_cost_what_their_number_costs() -> None:
    """The worst wall: everything under the same tags."""

    def run(size: int) -> None:
        posts = [post(f"p{n}", n, "a", "b", f"t{n % 7}") for n in range(size)]
        connect(posts)
        assert all(len(it.related) == MOST for it in posts)

    assert is_linear(run, 5000 // 8)
