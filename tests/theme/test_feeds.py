"""Feeds, sitemap and robots, as the programs that read them see them."""

from __future__ import annotations

import json
from datetime import datetime
from xml.etree import ElementTree as ET

import feedparser
import pytest

from tests.theme.site_served import URL

ATOM = "{http://www.w3.org/2005/Atom}"


def read(site, name: str) -> str:
    """The text of a file of the site."""
    return (site.output / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["all.atom.xml", "all.rss.xml", "relais.atom.xml", "mot/entraide.atom.xml"])
def test_a_feed_reader_finds_nothing_to_complain_of(site, name):
    """Well formed, in French, with a self link that leads to itself and the whole text of each entry."""
    feed = feedparser.parse(read(site, f"feeds/{name}"))

    assert not feed.bozo
    assert "fr" == feed.feed.language
    assert [f"{URL}/feeds/{name}"] == [link.href for link in feed.feed.links if link.rel == "self"]
    assert feed.entries
    for entry in feed.entries:
        whole = entry.content[0].value if "content" in entry else entry.description
        assert "<p>" in whole
        assert entry.link.startswith(f"{URL}/20")


def test_every_atom_feed_has_an_id_of_its_own(site):
    """RFC 4287, section 4.2.6: two feeds with one id are one feed to their readers."""
    paths = sorted((site.output / "feeds").rglob("*.atom.xml"))

    ids = [ET.parse(path).findtext(f"{ATOM}id") for path in paths]

    assert len(ids) > 3
    assert len(set(ids)) == len(ids)


def test_an_entry_in_another_language_says_so(site):
    """A screen reader changes its voice for it."""
    entries = ET.fromstring(read(site, "feeds/all.atom.xml")).findall(f"{ATOM}entry")

    languages = {entry.get("{http://www.w3.org/XML/1998/namespace}lang") for entry in entries}

    assert languages == {None, "ca"}


def test_json_feed(site):
    """JSON Feed 1.1, with what its readers need and absolute addresses."""
    feed = json.loads(read(site, "feeds/all.json"))

    assert "https://jsonfeed.org/version/1.1" == feed["version"]
    assert f"{URL}/feeds/all.json" == feed["feed_url"]
    assert "fr" == feed["language"]
    assert len(feed["items"]) > 5
    for item in feed["items"]:
        assert item["id"] == item["url"]
        assert item["url"].startswith(f"{URL}/20")
        assert "media:" not in item["content_html"]
        assert "&amp;" not in item["summary"]
        assert datetime.fromisoformat(item["date_published"]).tzinfo is not None


def test_sitemap_names_pages_that_exist(site):
    """Every article and page once, each of them there."""
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    found = [loc.text for loc in ET.fromstring(read(site, "sitemap.xml")).iter(f"{space}loc")]

    assert len(set(found)) == len(found)
    assert [address for address in found if not site.file(address.removeprefix(URL)).is_file()] == []
    articles = {path.relative_to(site.output).as_posix() for path in site.output.glob("20*/*/*.html")}
    articles = {name for name in articles if not name.endswith("index.html")}
    assert {f"{URL}/{name}" for name in articles} <= set(found)
    assert f"Sitemap: {URL}/sitemap.xml" in read(site, "robots.txt")
