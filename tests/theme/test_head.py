"""What a page says of itself to who passes its link on: OpenGraph, schema.org, microformats, a picture."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO

import mf2py
import pytest
from PIL import Image

from tests.theme.site_served import PAGES, URL

LISTS = ("home", "second", "tag", "month")


def told(site, kind: str) -> dict[str, str]:
    """The page's `<meta property>`, unescaped."""
    found = re.findall(r'<meta (?:name="description" )?property="([^"]+)" content="([^"]*)">', site.html(kind))
    assert len(found) == len(dict(found))
    return {name: unescape(value) for name, value in found}


def microformats(site, kind: str) -> dict:
    """What a reader of microformats makes of the page."""
    return mf2py.parse(doc=site.html(kind), url=URL + PAGES[kind], html_parser="html5lib")


@pytest.mark.parametrize("kind", PAGES)
def test_every_page_can_be_passed_on(site, kind):
    """A title, a sentence, an address, a kind, a language and a picture that is there."""
    said = told(site, kind)

    assert {"og:title", "og:description", "og:url", "og:type", "og:site_name", "og:image"} <= set(said)
    assert said.get("og:locale") == (None if kind == "foreign" else "fr_FR")
    assert said["og:site_name"] == "Le mur d’essai"
    assert said["og:url"].startswith(f"{URL}/")
    assert f'rel="canonical" href="{said["og:url"]}"' in site.html(kind)
    assert site.file(said["og:image"].removeprefix(URL)).is_file()


def test_a_post_tells_its_moment_and_has_a_picture_of_its_own(site):
    """With its title unescaped once."""
    said = told(site, "article")

    assert said["og:title"] == "Retour de la marche\u00a0: des photos & une <soupe>"
    assert said["og:type"] == "article"
    assert said["article:published_time"] == "2022-06-08T09:00+02:00"
    assert said["og:image"] == f"{URL}/cartes/2022/06/marche.png"
    assert "article:published_time" not in told(site, "home")
    with Image.open(BytesIO(site.file("/cartes/2022/06/marche.png").read_bytes())) as picture:
        assert picture.size == (1200, 630)


@pytest.mark.parametrize(("kind", "what"), [("article", "BlogPosting"), ("relay", "BlogPosting"), ("event", "Event")])
def test_schema_org_in_attributes(site, kind, what):
    """Microdata (HTML, section 5), so that an article needs no script element."""
    parts = set(re.findall(r'itemprop="(\w+)"', site.html(kind)))

    assert f'itemscope itemtype="https://schema.org/{what}"' in site.html(kind)
    wanted = {"BlogPosting": {"headline", "datePublished", "author", "url"}, "Event": {"name", "startDate", "endDate"}}
    assert wanted[what] <= parts


def test_a_post_is_an_h_entry(site):
    """With all that a reader of microformats asks of one."""
    entry = microformats(site, "article")["items"][0]

    assert "h-entry" in entry["type"]
    told = entry["properties"]
    assert told["name"] == ["Retour de la marche\u00a0: des photos & une <soupe>"]
    assert told["url"] == [f"{URL}/2022/06/marche.html"]
    assert told["published"] == ["2022-06-08T09:00+0200"]
    assert told["author"][0]["type"] == ["h-card"]
    assert told["author"][0]["properties"]["name"] == ["Nono, de Prades"]
    assert set(told["category"]) == {"montagne", "photos"}
    assert "soixante" in told["content"][0]["value"]


def test_an_event_is_an_h_event_too(site):
    """When it begins and ends, and where."""
    told = microformats(site, "event")["items"][0]

    assert set(told["type"]) == {"h-entry", "h-event"}
    assert told["properties"]["start"] == ["2022-06-21T19:00+0200"]
    assert told["properties"]["end"] == ["2022-06-21T23:30+0200"]
    assert told["properties"]["location"] == ["Place du marché"]


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_is_an_h_feed_of_whole_entries(site, kind):
    """Each with its name, address and moment."""
    (feed,) = [it for it in microformats(site, kind)["items"] if "h-feed" in it["type"]]

    assert feed["properties"]["name"][0].strip()
    assert feed["children"]
    for entry in feed["children"]:
        assert "h-entry" in entry["type"]
        assert {"name", "url", "published"} <= set(entry["properties"])


def test_what_to_read_next(site):
    """The posts before and after, and those that share a tag."""
    html = site.html("relay")

    assert re.search(r'<a rel="prev" href="/[^"]+">', html)
    assert re.search(r'<a rel="next" href="/[^"]+">', html)
    near = html[html.index('class="related"') : html.index("</nav>", html.index('class="related"'))]
    assert "caméras de la gare" in near
