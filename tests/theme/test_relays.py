"""A campaign walked from its launch to its decision: what page, home, list, feeds, data, agenda and poster say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import feedparser
import icalendar
import pytest

from ingest.publication.check import _allowed
from tests.theme.conftest import HERE, ROOT
from tests.theme.site_served import URL, Site, opened
from tests.theme.test_seen import FLAT, RUN, SPACED, TAGS

CLOCK = {
    "launch": "2022-05-24T12:00+02:00",
    "8 days": "2022-09-16T12:00+02:00",
    "7 days": "2022-09-17T18:30+02:00",
    "1 day": "2022-09-23T12:00+02:00",
    "before": "2022-09-24T18:29+02:00",
    "after": "2022-09-24T18:31+02:00",
    "filed": "2022-09-27T12:00+02:00",
    "decided": "2023-04-04T12:00+02:00",
}
SIGNABLE = ("launch", "8 days", "7 days", "1 day", "before")
OVER = ("after", "filed", "decided")
PAGE = "/2022/05/les-cameras-de-la-place.html"
KEY = "les-cameras-de-la-place"
COUNTDOWN = re.compile(r"\bencore\b|il reste|dernier jour|derniers jours|jusqu’au|plus que \d", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """All that a wall says of its one campaign at a moment."""

    site: Site

    def text(self, address: str) -> str:
        """A file of the site."""
        return self.site.file(address).read_text(encoding="utf-8")

    @property
    def page(self) -> str:
        """Its page, up to the posts around it."""
        return self.text(PAGE)

    @property
    def data(self) -> dict:
        """Its document."""
        return json.loads(self.text(f"/relais/{KEY}.json"))

    def all(self) -> dict[str, str]:
        """Everything that is generated, by name."""
        # fmt: off
        names = ("/index.html", PAGE, "/relais/", f"/relais/{KEY}.json", f"/affiche/{KEY}.html", "/feeds/all.atom.xml",
                 "/feeds/all.rss.xml", "/feeds/all.json", "/feeds/relais.atom.xml", f"/feeds/relais/{KEY}.atom.xml")
        # fmt: on
        return {name: self.text(name) for name in names}


def started(home: Path, now: str) -> subprocess.Popen[bytes]:
    """A build of the wall in `home` as it is at `now`."""
    command = [sys.executable, "-m", "pelican", home / "content", "-s", ROOT / "pelicanconf.py", "--fatal", "errors"]
    environment = {**os.environ, "MUR_CONFIG": str(home / "mur.toml"), "MUR_NOW": now}
    return subprocess.Popen(
        [*command, "-o", home / now], cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


@pytest.fixture(scope="session")
def walk(tmp_path_factory) -> dict[str, Told]:
    """The same wall, built by Pelican at each moment; two builds at a time."""
    home = tmp_path_factory.mktemp("campagne")
    shutil.copytree(HERE / "campaign", home / "content", ignore=shutil.ignore_patterns("mur.toml"))
    shutil.copy(HERE / "campaign" / "mur.toml", home)
    moments = list(CLOCK.values())
    for pair in zip(moments[::2], moments[1::2], strict=True):
        for build in [started(home, now) for now in pair]:
            said, _nothing = build.communicate()
            assert build.returncode == 0, said.decode()
    return {name: Told(Site(home / now)) for name, now in CLOCK.items()}


@pytest.mark.parametrize(
    ("moment", "word", "says"),
    [
        ("launch", "Ouverte", "jusqu’au samedi 24 septembre 2022 à 18\u00a0h\u00a030 (heure de Paris)"),
        ("8 days", "Ouverte", "jusqu’au samedi 24 septembre 2022"),
        ("7 days", "Derniers jours", "il reste 7 jours"),
        ("1 day", "Derniers jours", "il reste 1 jour"),
        ("before", "Derniers jours", "c’est le dernier jour"),
        ("after", "Close", "signatures closes depuis le samedi 24 septembre 2022"),
        ("filed", "Déposée", "déposée le lundi 26 septembre 2022"),
        ("decided", "Décision", "décision du 3 avril 2023\u00a0: six caméras"),
    ],
)
def test_the_page_says_how_it_is(walk, moment, word, says):
    """The state in a word and in a sentence, on its page and in the list of all."""
    told = walk[moment]

    assert f">{word}</strong>" in told.page
    assert says.replace("\u00a0:", "") in told.page.replace(" :", "").replace("\u00a0:", "").replace("\u202f:", "")
    assert word in told.text("/relais/")
    assert told.data["lemurparle"]["state_words"] == word
    assert word in feedparser.parse(told.text("/feeds/relais.atom.xml")).entries[0].content[0].value


@pytest.mark.parametrize("moment", SIGNABLE)
def test_while_one_may_sign_everything_says_where(walk, moment):
    """One button with its host, an action for machines, the address in feeds and data, a line on the home page."""
    told = walk[moment]
    assert told.page.count('class="button"') == 1
    assert "Signer sur <b>signer.yeux-ouverts.example.net</b></a>" in told.page
    assert 'itemtype="https://schema.org/RegisterAction"' in told.page
    assert 'itemprop="endTime" content="2022-09-24T18:30+02:00"' in told.page
    assert "À signer en ce moment" in told.text("/index.html")
    assert told.data["lemurparle"]["sign_url"] == "https://signer.yeux-ouverts.example.net/"
    assert "https://signer.yeux-ouverts.example.net/" in told.text("/feeds/all.json")
    assert ">À signer</p>" in told.text(f"/affiche/{KEY}.html")


@pytest.mark.parametrize("moment", OVER)
def test_once_it_is_over_nothing_counts_down_and_nothing_leads_to_sign(walk, moment):
    """In no file that the wall writes of it: page, home, list, feeds, data, poster."""
    for name, text in walk[moment].all().items():
        assert "signer.yeux-ouverts.example.net" not in text, name
        assert COUNTDOWN.findall(text) == [], name
        assert "RegisterAction" not in text, name
        assert "button" not in text, name
    assert "À signer en ce moment" not in walk[moment].text("/index.html")
    assert ">Terminé</p>" in walk[moment].text(f"/affiche/{KEY}.html")


@pytest.mark.parametrize(
    ("moment", "counts", "updates"), [("launch", 1, 0), ("1 day", 2, 1), ("filed", 3, 2), ("decided", 3, 3)]
)
def test_the_history_grows_and_nothing_is_overwritten(walk, moment, counts, updates):
    """A table and a drawing from the second count on; updates newest first, on the page and as posts of their own."""
    told = walk[moment]

    assert told.page.count('class="u-comment h-cite"') == updates
    assert len(told.data["lemurparle"]["counts"]) == counts
    assert len(told.data["lemurparle"].get("updates", [])) == updates
    assert told.page.count("<circle") == (counts if counts > 1 else 0)
    assert told.page.count("<tr><td>") == (counts if counts > 1 else 0)
    assert len(feedparser.parse(told.text(f"/feeds/relais/{KEY}.atom.xml")).entries) == updates + 1
    assert "environ 1\u202f200 mandataires" in told.page
    order = [
        told.page.index(title) for title in ("La CNIL a répondu", "C’est déposé", "Treize mille") if title in told.page
    ]
    assert order == sorted(order)


def test_the_page_in_its_order(walk):
    """Who leads, whom it is for, the button, until when, how many, conditions with who says so, what it attacks, text,
    news, source, to pass on, poster."""
    page, at = walk["1 day"].page, 0
    # fmt: off
    marks = ["Derniers jours", "Les Yeux ouverts", "relaie, n’organise pas", "toute personne qui vit en France",
             "Signer sur", "jusqu’au", "dépôt annoncé pour le lundi 26 septembre 2022",
             "plus de 13\u202f380 mandataires", "social.example.net", "objectif annoncé",
             "gratuit, sans risque juridique, selon Les Yeux ouverts", "nom, code postal", "les caméras, le fichage",
             "la mairie", "la CNIL", "Ce qui est demandé", "Nouvelles", "Treize mille mandats", "Le premier pilier",
             "CC BY-SA 4.0", "mailto:?subject=", "share.joinmastodon.org/#text=", "/affiche/", "<input readonly"]
    # fmt: on
    for mark in marks:
        at = page.index(mark, at)


def test_an_update_leads_to_its_relay_by_number_or_slug(walk):
    """And says how that stands today, not how it stood."""
    for name in ("/2022/09/des-nouvelles.html", "/2022/09/deposee.html"):
        page = walk["decided"].text(name)
        assert f'Des nouvelles de\u00a0: <a href="{PAGE}">' in page
        assert '<strong class="state decision">Décision</strong>' in page


def test_data_by_the_names_of_osdi(walk):
    """A petition: title, summary, page, total, target, creator; ours beside them."""
    data = walk["filed"].data

    assert data["identifiers"] == ["lemurparle:mur-1"]
    assert data["browser_url"] == URL + PAGE
    assert (data["total_signatures"], data["target"][0]) == (15248, {"name": "la CNIL"})
    assert data["creator"] == {"name": "Les Yeux ouverts", "browser_url": "https://yeux-ouverts.example.net/"}
    assert data["created_date"] == "2022-05-24T10:00:00+02:00"
    assert data["modified_date"] == "2022-09-27T09:00:00+02:00"
    ours = data["lemurparle"]
    assert ours["deadline"] == {"at": "2022-09-24T18:30+02:00", "precision": "minute", "zone": "Europe/Paris"}
    assert ours["filed"]["at"] == "2022-09-26"
    assert ours["counts"][1]["qualifier"] == "at-least"
    assert ours["source"]["licence"] == "CC BY-SA 4.0"


@pytest.mark.parametrize(("moment", "coming"), [("before", True), ("after", False)])
def test_the_agenda_has_the_last_moment(walk, moment, coming):
    """Before the others while it comes, among what is over after that; one entry for a calendar."""
    before, _mark, after = walk[moment].text("/agenda/").partition('id="passe"')
    entry = icalendar.Calendar.from_ical(walk[moment].text(f"{PAGE[:-5]}.ics")).walk("VEVENT")[0]

    assert ("dernier moment pour signer" in before, "dernier moment pour signer" in after) == (coming, not coming)
    assert entry.decoded("DTSTART").isoformat() == "2022-09-24T16:30:00+00:00"


def test_a_publication_allows_what_is_written(walk, tmp_path):
    """Each file of the build is one that the check knows."""
    output = walk["filed"].site.output
    written = [path.relative_to(output).as_posix() for path in output.rglob("*") if path.is_file()]

    beside = [name for name in written if not re.fullmatch(r"\d{4}/\d\d/[a-z-]+\.html", name)]
    assert f"affiche/{KEY}.html" in beside
    assert [name for name in beside if not _allowed(name, tmp_path)] == []


@pytest.mark.browser
@pytest.mark.parametrize("moment", ["launch", "before", "decided"])
def test_the_poster_is_one_page_and_its_code_leads_to_our_page(walk, browser, tmp_path, moment):
    """Printed by Chromium on A4, drawn at 150 dots an inch, and read as a telephone would."""
    pypdfium2, zxing = pytest.importorskip("pypdfium2"), pytest.importorskip("zxingcpp")
    with opened(browser, walk[moment].site) as (page, wrong):
        page.goto(f"{URL}/affiche/{KEY}.html")
        paper = page.pdf(prefer_css_page_size=True, print_background=False)
        assert wrong == []
    sheets = pypdfium2.PdfDocument(paper)
    assert len(sheets) == 1
    width, height = sheets[0].get_size()
    assert (round(width), round(height)) == (595, 842)
    text = sheets[0].get_textpage().get_text_bounded()
    assert text.count(".example.org") == (1 if moment == "decided" else 9)
    seen = zxing.read_barcodes(sheets[0].render(scale=150 / 72).to_pil())
    assert [code.text for code in seen] == [URL + PAGE]


NEW = (PAGE, "/relais/", f"/affiche/{KEY}.html", "/2022/09/des-nouvelles.html")
LOOKS = [
    *({"color_scheme": scheme, "width": width} for scheme in ("light", "dark") for width in (360, 1280)),
    {"forced_colors": "active", "color_scheme": "dark", "width": 360},
]


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(map(str, look.values())))
def test_axe_finds_nothing_on_what_is_new(walk, browser, axe, look):
    """With news, a drawing and a table, and after the end; no contrast is left open."""
    found = {}
    for moment in ("1 day", "decided"):
        with opened(browser, walk[moment].site, bypass_csp=True, **look) as (page, _wrong):
            for address in NEW:
                page.goto(URL + address)
                page.add_style_tag(content=FLAT)
                violations, unsure = page.evaluate(axe + RUN % json.dumps(TAGS))
                if wrong := violations + [it for it in unsure if "only non-text characters" not in it]:
                    found[moment, address] = wrong
    assert found == {}


@pytest.mark.browser
@pytest.mark.parametrize(("width", "style"), [(320, ""), (640, "html{font-size:200%!important}"), (320, SPACED)])
def test_what_is_new_needs_no_scrolling_sideways(walk, browser, width, style):
    """At 320 px, at twice the letters, with the spacing that WCAG 1.4.12 asks for; nobody else is told."""
    with opened(browser, walk["decided"].site, width=width, bypass_csp=True) as (page, wrong):
        wide = []
        for address in NEW:
            page.goto(URL + address)
            if style:
                page.add_style_tag(content=style)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append(address)
    assert (wide, wrong) == ([], [])
