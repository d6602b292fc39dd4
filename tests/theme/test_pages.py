"""What the theme writes, read as files."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin

import html5lib
import pytest

from tests.theme.site_served import PAGES, URL

THEME = Path(__file__).parents[2] / "theme"
TEMPLATES = sorted((THEME / "templates").glob("*.html"))
XHTML = "{http://www.w3.org/1999/xhtml}"
ENOUGH = 32 * 1024
HOME = 25 * 1024


def shared(site, kind: str) -> int:
    """Bytes of what a page loads beside its HTML and its pictures."""
    loaded = re.findall(r'<link rel="(?:stylesheet|icon)" href="([^"]+)"', site.html(kind))
    assert loaded
    return sum(site.file(address).stat().st_size for address in loaded)


@pytest.mark.parametrize("kind", PAGES)
def test_every_page_is_well_formed_and_has_its_landmarks(site, kind):
    """No parse error; French; one h1, one main; a title; a policy; nothing that runs."""
    tree = html5lib.HTMLParser(strict=True).parse(site.html(kind))

    tags = [element.tag.removeprefix(XHTML) for element in tree.iter() if isinstance(element.tag, str)]
    assert tree.get("lang") == "fr"
    assert (tags.count("h1"), tags.count("main"), tags.count("title")) == (1, 1, 1)
    assert not {"style", "iframe"} & set(tags)
    assert tags.count("script") == (kind == "search")
    assert not [name for element in tree.iter() for name in element.attrib if str(name).startswith(("on", "style"))]
    policy = tree.find(f".//{XHTML}meta[@http-equiv='Content-Security-Policy']").get("content")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", "" if kind == "search" else "'wasm-unsafe-eval'")
    assert tree.find(f".//{XHTML}link[@rel='canonical']").get("href").startswith(f"{URL}/")
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("kind", PAGES)
def test_every_link_within_the_site_answers(site, kind):
    """Whatever is named on a page, without its host or with it, is a file of the site."""
    html = site.html(kind)

    addresses = [urljoin(URL + PAGES[kind], it) for it in re.findall(r'(?:href|src)="([^"]+)"', html)]

    inside = [it.removeprefix(URL).partition("#")[0] for it in addresses if it.startswith(f"{URL}/")]
    assert len(inside) > 5
    assert [it for it in inside if not site.file(it).is_file()] == []


def test_the_home_page_is_by_day(site):
    """The heading that the old blog had, once for all that was posted on that day."""
    html = site.html("home")

    assert html.count(">mercredi 8\u00a0juin\u00a02022</time>") == 1
    day = html.index(">mercredi 8\u00a0juin\u00a02022</time>")
    assert day < html.index("La cantine") < html.index("Retour de la marche")
    assert 'href="mailto:mur@example.org"' in html
    assert "Un mur pour les essais &amp; rien d’autre" in html
    assert "Le mur déménage" in html


def test_a_long_post_begins_on_the_home_page_and_a_short_one_is_whole(site):
    """A long text is cut between blocks, its link says which text it leads to."""
    html = site.html("home")

    assert "Pas besoin de savoir cuisiner." in html
    assert "par un sentier de chèvres" in html
    assert "la grande boucle" not in html
    assert '<span class="hidden"> de «\u00a0Retour de la marche' in html


def test_a_title_is_escaped_once(site):
    """`&` and `<` of a subject are text everywhere, and not entities shown to people."""
    for kind in ("home", "article", "tags", "archives", "month"):
        html = site.html(kind)
        assert "<soupe>" not in html
        assert "&amp;lt;" not in html
        assert "&amp;amp;" not in html
    assert "des photos &amp; une &lt;soupe&gt;</h1>" in site.html("article")


def test_the_open_relays_stand_on_the_home_page_the_next_to_end_first(site):
    """And a closed one does not."""
    html = site.html("home")
    section = html[html.index("À signer en ce moment") : html.index("</section>", html.index("À signer en ce moment"))]

    assert section.index("l’école") < section.index("la place")
    assert "la gare" not in section
    assert "À signer" not in site.html("second")


@pytest.mark.parametrize("kind", ["relay", "last-days"])
def test_an_open_relay_tells_what_it_is_in_order(site, kind):
    """State, who leads, the way to sign with its host, until when, how many, conditions, before whom, text, source."""
    html = site.html(kind)

    marks = ['class="state', "Les Yeux ouverts", "relaie, n’organise pas", "Signer sur <b>yeux-ouverts.example.net</b>",
             "jusqu’au", "13\u202f380" if "13\u202f380" in html else "13 380", "sans risque juridique", "la CNIL",
             "C’est gratuit. À signer", "Source"]  # fmt: skip
    at = 0
    for mark in marks:
        at = html.index(mark, at)
    assert html.count('class="button"') == 1


def test_a_closed_relay_has_no_way_to_sign(site):
    """No button, and it says so in words."""
    html = site.html("closed")

    assert 'class="button"' not in html
    assert "Signer sur" not in html
    assert '<strong class="state closed">Close</strong>' in html
    assert "signatures closes depuis" in html


def test_bytes(site):
    """A relay of the length of the first one, and the home page without its pictures, are light."""
    assert len(site.html("relay").encode()) + shared(site, "relay") <= ENOUGH
    assert len(site.html("home").encode()) + shared(site, "home") <= HOME


def test_pages_of_a_list_lead_to_each_other(site):
    """By links that say so."""
    assert re.search(r'rel="next" href="/page/1/"', site.html("home"))
    assert re.search(r'rel="prev" href="/"', site.html("second"))


def test_every_word_is_said_and_none_is_missing():
    """`words.x` that does not exist would be an empty place on a page."""
    known = set(
        re.findall(r"^  '(\w+)':", (THEME / "templates" / "_words.html").read_text(encoding="utf-8"), re.MULTILINE)
    )
    used = {
        word for path in TEMPLATES for word in re.findall(r"\bwords\.(?!html)(\w+)", path.read_text(encoding="utf-8"))
    }

    assert used == known


def test_only_what_passed_the_gate_is_called_safe():
    """Bodies, summaries and the invitation; nothing else, also by way of a macro."""
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES]
    called = {what for text in texts for what in re.findall(r"([\w.]+)(?:\|replace\([^|]*\))*\|safe", text)}
    given = {what for text in texts for what in re.findall(r"(?:prose|demoted)\(([\w.]+)", text)}

    assert called == {"html", "it.summary", "WALL.invitation_html"}
    assert given == {"html", "at.text", *(f"{it}.get_content" for it in ("article", "page", "reaction", "it"))}


@pytest.mark.parametrize("autoescape", [False, True])
def test_it_serves_a_pelican_site_that_is_no_wall(tmp_path, autoescape):
    """`pelican -t theme` with Pelican's own settings: every template is written, nothing is escaped twice."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "a.md").write_text(
        "Title: Sel & poivre\nDate: 2022-06-08 10:00\nTags: a\nAuthor: Zoé\nModified: 2022-06-09\n\n**Bon**jour.\n"
    )
    (tmp_path / "conf.py").write_text(
        "SITENAME = 'Ailleurs'\nPLUGINS = []\nTIMEZONE = 'Europe/Paris'\nDEFAULT_PAGINATION = 5\n"
        "MONTH_ARCHIVE_SAVE_AS = '{date:%Y}/{date:%m}.html'\n"
        f"JINJA_ENVIRONMENT = {{'trim_blocks': True, 'lstrip_blocks': True, 'autoescape': {autoescape}}}\n"
    )
    command = [
        sys.executable,
        "-m",
        "pelican",
        "content",
        "-s",
        "conf.py",
        "-o",
        "out",
        "-t",
        THEME,
        "--fatal",
        "errors",
    ]
    built = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert built.returncode == 0, built.stdout + built.stderr
    page = (tmp_path / "out" / "sel-poivre.html").read_text()
    assert '<h1 class="p-name" itemprop="headline">Sel &amp; poivre</h1>' in page
    assert "<strong>Bon</strong>jour" in page
    written = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.html")}
    assert {"index.html", "archives.html", "tags.html", "categories.html", "authors.html", "tag/a.html"} <= written
    assert {"author/zoe.html", "category/misc.html", "2022/06.html"} <= written
    for name in written:
        html5lib.HTMLParser(strict=True).parse((tmp_path / "out" / name).read_text())
