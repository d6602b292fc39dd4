"""Addresses: kept to the letter wherever a wall can have them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ingest.blogger.places import at_home, page_slug, post_place

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("path", "published", "url"),
    [
        ("/2022/06/plainte-collective.html", "2022-06-08T12:00Z", "2022/06/plainte-collective.html"),
        ("/2022/06/blog-post_12.html", "2022-06-08T12:00Z", "2022/06/blog-post_12.html"),
        ("/2022/06/a--b.html", "2022-06-08T12:00Z", "2022/06/a--b.html"),
        ("/2022/06/x.html", "2022-07-01T05:00Z", "2022/06/x.html"),
        ("/2022/07/x.html", "2022-06-30T12:00Z", "2022/07/x.html"),
        ("/2022/12/x.html", "2023-01-01T05:00Z", "2022/12/x.html"),
        ("/2011/10/x.html", "2011-05-11T12:00Z", "2011/05/x.html"),
        ("/2022/06/Ete.Fete.html", "2022-06-08T12:00Z", "2022/06/ete-fete.html"),
        ("/2022/06/index.html", "2022-06-08T12:00Z", "2022/06/index-2.html"),
        ("/2022/06/pris.html", "2022-06-08T12:00Z", "2022/06/pris-2.html"),
        ("/2022/13/x.html", "2022-06-08T12:00Z", "2022/06/x.html"),
        ("/../../etc/x.html", "2022-06-08T12:00Z", "2022/06/un-titre.html"),
        ("/2022/06/../x.html", "2022-06-08T12:00Z", "2022/06/un-titre.html"),
        ("", "2022-06-08T12:00Z", "2022/06/un-titre.html"),
    ],
)
def test_a_post_has_its_old_address(path: str, published: str, url: str):
    """Its date moves by a day at most, where the blog's clock was another one."""
    place = post_place(path, datetime.fromisoformat(published), "Un titre", zone=PARIS, taken={"2022/06/pris.html"})

    assert url == place.url
    assert place.url == f"{place.date:%Y/%m}/{place.slug}.html"
    assert place.source == f"billets/{place.date:%Y-%m-%d}-{place.slug}.md"
    assert abs(place.date - datetime.fromisoformat(published)).days <= 1


@pytest.mark.parametrize(
    ("path", "slug"),
    [("/p/qui.html", "qui"), ("/p/blog-page_3.html", "blog-page_3"), ("/p/Où.html", "ou"), ("", "un-titre")],
)
def test_a_page_has_its_old_address(path: str, slug: str):
    """As far as it can."""
    assert slug == page_slug(path, "Un titre", taken=())


@pytest.mark.parametrize(
    ("address", "now"),
    [
        ("http://cafe.blogspot.com/2022/06/x.html?m=1#c1", "https://mur.example.org/2022/06/x.html#c1"),
        ("https://cafe.blogspot.co.uk/2022/06/x.html", "https://mur.example.org/2022/06/x.html"),
        ("https://cafe.blogspot.com/2022/06/autre.html", "https://cafe.blogspot.com/2022/06/autre.html"),
        ("https://cafe.blogspot.com.mauvais.invalid/2022/06/x.html", "https://cafe.blogspot.com.mauvais.invalid/2022/06/x.html"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("http://[x/2022/06/x.html", "http://[x/2022/06/x.html"),
    ],
)  # fmt: skip
def test_a_link_to_the_blog_itself_leads_home(address: str, now: str):
    """Whatever else it is stays for the gate to judge."""
    assert now == at_home(address, {"/2022/06/x.html"}, "https://mur.example.org")
    assert address == at_home(address, {"/2022/06/x.html"}, "")
