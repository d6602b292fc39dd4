"""« Le mur de la semaine »: which posts stand on it, that none is lost, and that Chromium prints one page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import jinja2
import pytest

from ingest.publication.check import _LISTS
from plugins.agenda import event
from plugins.dates import span_fr
from plugins.week.fitting import Sheet, sheet
from plugins.week.reading import note, read
from tests.theme.conftest import ROOT
from tests.theme.site_served import URL, Site, opened
from tests.theme.test_seen import FLAT, RUN, TAGS

NOW = datetime(2022, 6, 8, 20, tzinfo=ZoneInfo("Europe/Paris"))
WEEKS = (0, 1, 2, 4, 9, 30, 90)
SAID = (
    "La fontaine de la place coule de nouveau. On a débouché la grille avec une fourchette, et beaucoup de patience.",
    "Il manque des bras pour les tables, samedi avant dix heures. Le café est offert, le mal de dos aussi.",
    "Un chat gris à l’oreille pliée ne rentre plus : qui l’a vu ? Toute une rue le cherche, du lavoir au pont.",
)
LONG = "du 30 décembre 2022 au 5 janvier 2023"
WIDE = ":root{--x:'DejaVu Serif';--b:'DejaVu Serif'}"
"""For a machine that has none of our type."""
CUT = """() => { const page = document.querySelector('main').getBoundingClientRect();
  const out = r => r.bottom > page.bottom + 1 || r.right > page.right + 1;
  const head = document.querySelector('header').getBoundingClientRect(), beyond = r => r.top < head.top - 1 ||
    r.bottom > head.bottom + 1 || r.right > head.right + 1;
  return [...document.querySelectorAll('article,.none,li')].filter(e => [...e.getClientRects()].some(out))
    .concat([...document.querySelectorAll('h1,.when')].filter(e => beyond(e.getBoundingClientRect())))
    .map(e => e.textContent.trim()).concat([...document.querySelectorAll('header,footer')]
    .filter(e => e.scrollHeight > e.clientHeight).map(e => e.tagName)) }"""


@dataclass(frozen=True, kw_only=True)
class Post:
    """An article, as far as the sheet looks at it."""

    title: str
    date: datetime
    html: str = "<p>Un mot.</p>"
    number: str = ""
    byline: str = ""
    slug: str = "x"
    lang: str = "fr"
    relay: object = None
    event: object = None

    @property
    def url(self) -> str:
        """Of its page."""
        return f"2022/06/{self.slug}.html"

    def get_content(self, siteurl: str) -> str:
        """Its HTML, for a page whose root is `siteurl`."""
        return self.html.replace("media:", f"{siteurl}/medias/")


def posts(count: int, title: str = "", byline: str = "") -> list[Post]:
    """The newest first; every third has a picture, every second is long."""
    titles = ("La fontaine", "Samedi, on porte les tables : qui vient avec des gants ?")
    picture = (
        '<figure><img alt="Une place" src="media:a.png" width="400" height="300"><figcaption>Non</figcaption></figure>'
    )
    return [
        Post(
            title=title or titles[n % 2],
            date=NOW - timedelta(minutes=90 * n),
            html=(picture if n % 3 == 1 else "") + "".join(f"<p>{SAID[m % 3]}</p>" for m in range(1 + n % 2 * 11)),
            number=f"mur-{n}",
            byline=byline or ("", "Une habituée du café")[n % 2],
        )
        for n in range(count)
    ]


def to_come() -> list[Post]:
    """Dates and a relay, posted long before."""
    zone, old = ZoneInfo("Europe/Paris"), NOW - timedelta(days=60)
    days = [
        event({"Start": f"2022-06-{day}T20:00", "Place": "Salle des fêtes, sous la halle"}, now=NOW, zone=zone)
        for day in range(11, 20)
    ]
    until = "jusqu’au samedi 24 septembre 2022 à minuit (heure de Paris)"
    data = SimpleNamespace(organiser="Les Yeux ouverts", deadline=None)
    relay = SimpleNamespace(signable=True, ends=NOW, deadline_words=until, data=data)
    dated = [
        Post(title="Bal des voisines, avec l’orchestre", date=old, event=day, slug=f"e{n}")
        for n, day in enumerate(days)
    ]
    return [*dated, *(Post(title=f"Plainte collective, la {n}e du nom", date=old, relay=relay) for n in range(6))]


def made(articles: list[Post]) -> Sheet:
    """The sheet of these articles at `NOW`."""
    return sheet(read(articles, now=NOW), now=NOW, root=URL)


def written(folder, of: Sheet) -> Site:
    """A site with one page: the sheet, by the theme's own template."""
    templates = jinja2.FileSystemLoader(ROOT / "theme" / "templates")
    jinja = jinja2.Environment(loader=templates, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    wall = SimpleNamespace(name="Le mur d’essai", address="mur@example.org", tagline="", notice="")
    known = {"SITEURL": URL, "SITENAME": "", "WALL": wall, "THEME_STATIC_DIR": "theme", "DEFAULT_LANG": "fr"}
    html = jinja.get_template("week.html").render(sheet=of, DIRECT_TEMPLATES=(), **known)
    (folder / "theme").mkdir()
    (folder / "medias").mkdir()
    for name in ("week.css", "icon.svg"):
        (folder / "theme" / name).write_bytes((ROOT / "theme" / "static" / name).read_bytes())
    (folder / "medias" / "a.png").write_bytes((ROOT / "ingest/moderation/web/static/icon.png").read_bytes())
    (folder / "semaine.html").write_text(html, encoding="utf-8")
    return Site(folder)


def test_it_reads_seven_days_the_open_relays_and_what_is_to_come():
    """Today and the six days before, from midnight; what may be signed stands in its own place only."""
    new, edge = Post(title="neuf", date=NOW), Post(title="bord", date=datetime(2022, 6, 2, tzinfo=NOW.tzinfo))
    old = Post(title="vieux", date=datetime(2022, 6, 1, 23, 59, 59, tzinfo=NOW.tzinfo))
    coming = to_come()
    gone = Post(title="hier", date=old.date, event=event({"Start": "2022-06-07"}, now=NOW, zone=NOW.tzinfo))

    week = read([new, edge, old, gone, *coming], now=NOW)

    assert week.posts == (new, edge)
    assert [it.article for it in week.dates] == coming[:9]
    assert week.relays == tuple(coming[9:])
    assert read([new, *coming], now=NOW).dates == week.dates


@pytest.mark.parametrize("count", WEEKS)
def test_no_post_is_lost(count):
    """Each is told, named or counted, the newest first; the same sheet twice."""
    everything = posts(count)

    of = made([*everything, *to_come()])

    told = [it.article for it in of.notes]
    assert len(told) + len(of.named) + of.others == count
    assert told == [it for it in everything if it in told]
    assert set(everything[:3]) <= set(told)
    assert of == made([*everything, *to_come()])
    assert all(it.begun or it.texts == note(it.article).texts for it in of.notes)


def test_what_cannot_stand_on_paper_is_said_to_be_on_the_wall():
    """A table is left out and said so; a poem keeps its lines; an entity is read once."""
    whole = note(Post(title="x", date=NOW, html="<p>Un&nbsp;vers<br>\nun autre &amp;lt;</p><ul><li>pain</li></ul>"))
    table = note(Post(title="x", date=NOW, html="<p>Voici :</p><table><tr><td>12</td></tr></table>"))

    assert whole.texts == ("Un\u00a0vers\nun autre &lt;", "– pain")
    assert (whole.begun, table.begun, table.texts) == (False, True, ("Voici :",))


def test_a_long_text_ends_with_a_sentence():
    """Not in the middle of a word; nothing is said twice."""
    of = made([Post(title="Long", date=NOW, html=f"<p>{' '.join(SAID * 30)}</p>")])

    assert of.notes[0].begun
    assert of.notes[0].texts[0].endswith((".", "?"))


def test_the_narrowest_picture_that_is_wide_enough_is_printed():
    """87 mm need no more than 700 pixels."""
    copies = "media:a-400.jpg 400w, media:a-800.jpg 800w, media:a.jpg 1200w"
    html = f'<p><img alt="Une &amp; deux" src="media:a.jpg" srcset="{copies}" width="1200" height="800"></p>'

    picture = note(Post(title="x", date=NOW, html=html)).picture

    assert (picture.path, picture.alt) == ("medias/a-800.jpg", "Une & deux")


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2022, 6, 2), date(2022, 6, 8), "du 2 au 8 juin 2022"),
        (date(2022, 6, 1), date(2022, 6, 7), "du 1er au 7 juin 2022"),
        (date(2022, 5, 30), date(2022, 6, 5), "du 30 mai au 5 juin 2022"),
        (date(2022, 12, 30), date(2023, 1, 5), "du 30 décembre 2022 au 5 janvier 2023"),
    ],
)
def test_a_span_says_nothing_twice(first, last, said):
    """Days alone in one month, months alone in one year."""
    assert said == span_fr(first, last)


def test_a_wall_has_its_sheet(site):
    """Linked from the foot of each page; without the posts of last winter; a publication allows it."""
    html = site.file("/semaine.html").read_text(encoding="utf-8")

    assert ">La semaine, à imprimer</a>" in site.html("home")
    assert "du 2 au 8 juin 2022" in html
    assert html.index("La cantine") < html.index("Retour de la marche") < html.index("Una nit")
    assert re.search(r'<article lang="ca">\s*<h2><a href="[^"]*">Una nit', html)
    assert "Veillée d’hiver" not in html
    assert "la gare" not in html
    assert "Les Yeux ouverts, jusqu’au dimanche 12 juin à minuit</li>" in html
    assert _LISTS.fullmatch("semaine.html")


def weeks() -> list[list[Post]]:
    """Empty, quiet, usual, full and overfull ones, and one of words that nothing can break."""
    usual = [[*posts(count), *to_come()] for count in (1, 4, 30)]
    return [posts(0), posts(90), posts(9, title="anticonstitutionnellement" * 9, byline="hyperlongue" * 7), *usual]


@pytest.mark.browser
def test_it_is_one_page_whatever_came(browser, tmp_path_factory):
    """Printed by Chromium on A4: nothing is cut off in our type or in a wider one, and the code leads to the wall."""
    pypdfium2, zxing = pytest.importorskip("pypdfium2"), pytest.importorskip("zxingcpp")
    for week in weeks():
        site = written(tmp_path_factory.mktemp("semaine"), replace(made(week), when=LONG))
        with opened(browser, site, width=794, bypass_csp=True) as (page, wrong):
            page.goto(f"{URL}/semaine.html")
            page.emulate_media(media="print")
            paper = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=False))
            for style in ("", WIDE):
                page.add_style_tag(content=style or "i{}")
                assert (page.evaluate(CUT), wrong) == ([], []), (len(week), style)
        width, height = paper[0].get_size()
        assert (len(paper), round(width), round(height)) == (1, 595, 842)
    codes = zxing.read_barcodes(paper[0].render(scale=150 / 72).to_pil())
    assert [code.text for code in codes] == [f"{URL}/"]


LOOKS = [{"width": 360}, {"width": 1280}, {"width": 320, "forced_colors": "active", "color_scheme": "dark"}]


@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: str(look["width"]))
def test_it_can_be_read_on_a_screen(browser, site, axe, look):
    """axe finds nothing, nothing needs scrolling sideways, nobody else is told."""
    with opened(browser, site, bypass_csp=True, **look) as (page, wrong):
        page.goto(f"{URL}/semaine.html")
        page.add_style_tag(content=FLAT)
        violations, unsure = page.evaluate(axe + RUN % json.dumps(TAGS))
        wide = page.evaluate("document.documentElement.scrollWidth")
    assert violations + [it for it in unsure if "only non-text characters" not in it] == []
    assert (wide, wrong) == (look["width"], [])
