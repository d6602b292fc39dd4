"""A wall in Catalan: `[wall] language = "ca"`, and nothing else to do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import feedparser
import pytest

from ingest.words import _LOCALE
from tests.theme.site_served import URL, Site

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "theme" / "templates" / "_words.html"
POSTS = {
    "billets/a.md": "Title: Qui ve a caminar?\nDate: 2022-06-08T09:00+02:00\nSlug: a\nStatus: published\n"
    "Number: mur-1\n"
    'Tags: muntanya\n\nPujarem al cim: "a poc a poc"... Veniu!\n',
    "billets/b.md": "Title: Ball\nDate: 2022-06-07T09:00+02:00\nSlug: b\nStatus: published\nKind: event\n"
    "Number: mur-2\n"
    "Start: 2022-06-21T19:30+02:00\nEnd: 2022-06-21T23:00+02:00\nTags: muntanya\n\nAmb orquestra.\n",
    "relais/c.md": "Title: Contra les cameres\nDate: 2022-04-01T09:00+02:00\nSlug: c\nStatus: published\nKind: relay\n"
    "Number: mur-3\nOrganiser: Ulls oberts\nSign_url: https://ulls.example.net/\nDeadline: 2022-10-01T23:59+02:00\n"
    "Count: 13380\nCount_date: 2022-06-04\nTags: muntanya\n\nEs pot signar.\n",
    "reactions/d.md": "Title: x\nDate: 2022-06-08T10:00+02:00\nStatus: published\nKind: reaction\nNumber: mur-4\n"
    "Reply_to: mur-1\n\nJo vinc.\n",
}


def mapping(name: str) -> dict[str, str]:
    """The words of one language, as the theme has them."""
    text = WORDS.read_text(encoding="utf-8")
    part = text[text.index(f"{{% set {name} = {{") :]
    found = re.findall(r"^  '(\w+)': '(.*)',$", part[: part.index("} %}")], re.MULTILINE)
    return {key: value.replace("\\u00a0", "\u00a0").replace("\\u202f", "\u202f") for key, value in found}


@pytest.fixture(scope="module")
def wall(tmp_path_factory) -> Site:
    """A small wall, all of whose contributors write Catalan."""
    home = tmp_path_factory.mktemp("paret")
    for name, text in POSTS.items():
        (home / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "content" / name).write_text(text, encoding="utf-8")
    (home / "mur.toml").write_text(
        f'[wall]\nname = "La paret"\naddress = "mur@example.org"\nlanguage = "ca"\nurl = "{URL}"\n', encoding="utf-8"
    )
    built = subprocess.run(
        [sys.executable, "-m", "pelican", "content", "-s", ROOT / "pelicanconf.py", "--fatal", "errors", "-o", "out"],
        cwd=home,
        env={**os.environ, "MUR_CONFIG": str(home / "mur.toml"), "MUR_NOW": "2022-06-08T20:00:00+02:00"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return Site(home / "out")


def test_every_word_of_the_theme_is_in_catalan():
    """None is missing, and places for values are kept."""
    french, catalan = mapping("fr"), mapping("ca")

    assert french.keys() == catalan.keys()
    assert len(french) > 80
    for key, words in french.items():
        assert set(re.findall(r"\{\w+\}", words)) == set(re.findall(r"\{\w+\}", catalan[key])), key
    assert [key for key, words in catalan.items() if re.search("[\u00a0\u202f][;:!?»]|«[\u00a0\u202f]", words)] == []


def french_of_ours() -> set[str]:
    """What the theme and the translated sentences say in French and not in Catalan: whole words or phrases."""
    french, catalan = mapping("fr"), mapping("ca")
    said = {words for key, words in french.items() if words != catalan[key]}
    entries = (_LOCALE / "ca" / "LC_MESSAGES" / "mur.po").read_text(encoding="utf-8").split("\n\n")
    said |= {
        it[1]
        for entry in entries
        if (it := re.search(r'^msgid "([^"{]+)"\nmsgstr "(?!\1")[^"]+"', entry, re.MULTILINE))
    }
    return {words for words in said if len(words) > 4 and words not in catalan.values()}


def test_no_word_of_ours_is_french(wall):
    """On any page, poster, feed or calendar."""
    ours = sorted(french_of_ours())
    assert len(ours) > 80
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, ours)) + r")(?!\w)")
    files = [it for it in wall.output.rglob("*") if it.suffix in {".html", ".xml", ".ics"} and "theme" not in it.parts]
    assert len(files) > 15
    found = {}
    for file in files:
        text = unescape(re.sub(r"<[^>]*>", "\n", file.read_text(encoding="utf-8")))
        if words := set(pattern.findall(text)):
            found[file.relative_to(wall.output).as_posix()] = words
    assert found == {}


def test_dates_and_language_are_catalan(wall):
    """In pages and feeds; what is said of a relay too."""
    post, event, relay = (
        wall.file(f"/{page}").read_text() for page in ("2022/06/a.html", "2022/06/b.html", "2022/04/c.html")
    )

    assert '<html lang="ca">' in post
    assert 'content="ca_ES"' in post
    assert ">dimecres, 8\u00a0de\u00a0juny\u00a0del\u00a02022</time>" in post
    assert "dimarts, 21 de juny del 2022, de 19.30\u00a0h a 23\u00a0h" in event
    assert "divendres, 1\u00a0d’abril\u00a0del\u00a02022" in relay
    assert "fins al dissabte 1 d’octubre del 2022 a les 23.59\u00a0h (hora de Paris)" in relay
    assert ">Oberta</strong>" in relay
    assert ">juny del 2022</a>" in wall.file("/archives.html").read_text()
    feed = feedparser.parse(wall.file("/feeds/all.atom.xml").read_text())
    assert feed.feed.language == "ca"


def test_french_typography_is_left_to_french(wall):
    """No space before a sign, no guillemets put."""
    post = wall.file("/2022/06/a.html").read_text()

    assert "Qui ve a caminar?</h1>" in post
    assert "\u202f" not in post
    assert "Veniu!" in post
    assert "«" not in post[post.index("e-content") : post.index("</div>", post.index("e-content"))]
