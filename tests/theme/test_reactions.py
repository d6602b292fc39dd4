"""Reactions under a post, as the theme writes them and as feeds have them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import feedparser

from tests.theme.site_served import URL

ROOT = Path(__file__).parents[2]


def under(site) -> str:
    """What stands under the post."""
    html = site.html("article")
    return html[html.index('<section class="reactions"') : html.index("</section>")]


def test_they_stand_under_their_post_the_oldest_first(site):
    """Counted in words, each with an anchor, its byline or none, its date and its language."""
    html = under(site)

    assert ["mur-50", "mur-51"] == re.findall(r'<li class="h-cite p-comment" id="([^"]+)"', html)
    assert "2&nbsp;réactions</h2>" in html
    assert "Quelqu’un, <a" in html
    assert '<span class="p-author">Une habituée du café</span>' in html
    assert '<div class="text e-content" lang="ca">' in html
    assert "Re: Retour" not in html


def test_a_page_without_them_loads_nothing_for_them(site):
    """Neither a style sheet nor an empty heading."""
    assert "reactions.css" in site.html("article")
    for kind in ("relay", "event", "home", "page"):
        assert "reactions.css" not in site.html(kind)
        assert "reactions" not in site.html(kind)


def test_one_whose_post_is_gone_is_nowhere(site):
    """No page, no list, no feed."""
    found = [path for path in site.output.rglob("*") if path.is_file() and b"introuvable" in path.read_bytes()]

    assert found == []
    assert not list(site.output.rglob("*mur-5*"))


def test_their_feed_leads_to_each(site):
    """The newest first, titled after the post, well formed."""
    feed = feedparser.parse(site.file("/feeds/reactions.atom.xml").read_bytes())

    assert not feed.bozo
    assert [f"{URL}/2022/06/marche.html#mur-51", f"{URL}/2022/06/marche.html#mur-50"] == [
        it.link for it in feed.entries
    ]
    assert feed.entries[0].title.startswith("Réaction à «")
    assert "semelle" in feed.entries[0].content[0].value
    assert len({it.id for it in feed.entries}) == 2


def test_one_that_answers_nothing_stops_the_build_by_name(tmp_path):
    """Whoever wrote it is told where and what was expected."""
    shutil.copytree(Path(__file__).parent / "site" / "pages", tmp_path / "content" / "pages")
    (tmp_path / "content" / "reactions").mkdir()
    (tmp_path / "content" / "reactions" / "x.md").write_text(
        "Kind: reaction\nDate: 2022-06-08T10:00:00+02:00\nStatus: published\nReply_to: la marche\n\nOui.\n", "utf-8"
    )
    (tmp_path / "mur.toml").write_text("", "utf-8")
    command = [sys.executable, "-m", "pelican", "content", "-s", ROOT / "pelicanconf.py", "-o", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert "mur: reactions/x.md: « Reply_to: mur-142 » attendu" in done.stdout + done.stderr
