"""Strings that would act, in every field of an accepted draft: nothing comes of them, in any page and in any feed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import pytest

from tests.plugins.dom import acting, faults
from tests.publication.walls import TestWall, picture

STRINGS = [json.loads(line) for line in (Path(__file__).parent / "hostile.jsonl").read_text("utf-8").splitlines()]
ATOM = "{http://www.w3.org/2005/Atom}"
CANARY = "CONTENU-PRIVE-DU-SERVEUR"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestWall]:
    """Every string as one article of one wall, beside a harmless one and files that nobody may read."""
    wall = TestWall(tmp_path_factory.mktemp("hostile") / "mur", theme="")
    (wall.folder / "secret.txt").write_text(CANARY)
    wall.content.mkdir()
    (wall.content / "secret.txt").write_text(CANARY)
    wall.accept("Une fête au café", "Bonjour *à tous*.")
    medium = picture()
    for line in STRINGS:
        text, field = line["text"], line["field"]
        if field == "body":
            body = text.replace("0123456789abcdef.png", medium.name)
            wall.accept("Un texte", f"Avant.\n\n{body}\n\nAprès.", media=(medium,))
        elif field == "title":
            wall.accept(text, "Bonjour.")
        else:
            wall.accept("Un texte", "Bonjour.", **{field: (text,) if field == "tags" else text})
    wall.publish()
    yield wall
    wall.store.close()


@pytest.fixture(scope="module", params=["our theme", "simple"])
def site(
    request: pytest.FixtureRequest, filled: TestWall, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestWall]:
    """The same content by our theme and by one that escapes nothing by itself."""
    if request.param == "our theme":
        yield filled
        return
    wall = TestWall(tmp_path_factory.mktemp("simple") / "mur", theme="simple", content=str(filled.content))
    wall.publish()
    yield wall
    wall.store.close()


def articles(wall: TestWall) -> list[str]:
    return sorted(name for name in wall.files() if name.startswith("2022/06/") and not name.endswith("/index.html"))


def test_every_one_has_its_page_and_no_other_page_exists(site: TestWall) -> None:
    """Nothing takes over another's address, is lost, or stops the build."""
    assert len(articles(site)) == len(STRINGS) + 1
    assert len(list((site.content / "billets").glob("*.md"))) == len(STRINGS) + 1


def test_a_page_has_nothing_that_acts_but_what_a_harmless_page_has(site: TestWall) -> None:
    """The theme's own style sheet and icon are on both."""
    harmless = Counter(acting(site.page("2022/06/une-fete-au-cafe.html")))
    found = {}
    for name in articles(site):
        more = Counter(acting(site.page(name))) - harmless
        more.pop("<link>", None)  # pagination and neighbours
        more.pop("<meta>", None)  # `simple` writes one for each tag
        if more:
            found[name] = more
    assert found == {}


def test_lists_have_nothing_that_acts(site: TestWall) -> None:
    """Home page, archives, months and tags show titles, bylines and tags too."""
    pages = {*articles(site), "recherche.html"}  # which holds nothing of a mail, and has a script of ours
    lists = [name for name in site.files() if name.endswith(".html") and name not in pages]
    assert len(lists) > 8
    for name in lists:
        found = [it for it in acting(site.page(name)) if it not in {"<meta>", "<link>", "<svg>", "<style>"}]
        assert found == [], name


def test_every_entry_of_every_feed_is_inert(site: TestWall) -> None:
    """A feed reader is a browser that nobody sees: what is escaped in XML is HTML to it."""
    feeds = [name for name in site.files() if name.endswith(".xml")]
    assert len(feeds) > 3
    for name in feeds:
        text = site.page(name)
        assert not feedparser.parse(text.encode()).bozo, name
        for entry in ET.fromstring(text).iter(f"{ATOM}entry"):
            for part in ("content", "summary"):
                assert faults(entry.findtext(f"{ATOM}{part}") or "") == [], name
            for link in entry.iter(f"{ATOM}link"):
                assert re.fullmatch(r"2022/06/[a-z0-9-]+\.html", link.get("href", ""))


def test_no_private_file_is_published(site: TestWall) -> None:
    """Neither copied under a name of its own nor into a page."""
    held = [
        path
        for path in site.output.resolve().rglob("*")
        if path.is_file() and CANARY in path.read_text("utf-8", "replace")
    ]
    assert held == []


def test_two_spellings_of_a_tag_share_a_page_and_a_tag_without_letters_has_none(site: TestWall) -> None:
    """An empty slug would be the folder of all tags."""
    tags = {name.split("/")[1] for name in site.files() if name.startswith("mot/") and name.count("/") > 1}
    assert {"ete", "t1", "t13", "index", "page"} <= tags
    assert all(0 < len(tag) <= 80 for tag in tags)
