"""The journal, the figures, a moderator's own page, the team, and what the program says of itself."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from dataclasses import replace

import pytest

from ingest.moderation import take
from ingest.moderation.web import plot
from ingest.moderation.web.application import close, create_app
from ingest.moderation.web.chronicle import PAGE
from ingest.moderation.web.devices import device
from ingest.settings import Moderator
from ingest.states import Action
from ingest.store import digest_of
from tests.moderation.web.conftest import logged_in
from tests.moderation.web.filled import fill
from tests.store import walls

HOSTILE = "\"'><img src=x onerror=alert(1)></textarea><script>alert(2)</script>{{7*7}}%s${x}"
WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
LINE = re.compile(r"<li>\s*<time")


def lines(page: str) -> int:
    """How many lines of the journal stand on a page."""
    return len(LINE.findall(page))


def link(page: str, rel: str) -> str:
    """Where the pages before and after are; empty without."""
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return html.unescape(found[1]) if found else ""


def test_the_journal_tells_everything_once(zoe, store, clock):
    """Page after page to the first line, and back again, without a gap and without a line twice."""
    fill(store, clock, weeks=8)
    total, path, seen, pages = len(store.journal()), "/journal", 0, []

    while path:
        page = zoe.get(path).text
        seen, path = seen + lines(page), link(page, "next")
        pages.append(page)
    back = zoe.get(link(pages[-1], "prev")).text

    assert total == seen
    assert len(pages) == -(-total // PAGE)
    times = re.compile(r'datetime="[^"]+"')
    assert times.findall(back) == times.findall(pages[-2])
    assert link(pages[0], "prev") == ""


def test_the_journal_says_who_did_what(zoe, store):
    """In words, with the reason that was given, and a link to the contribution."""
    row = walls.decided(store, walls.held(store), Action.REJECT, note="Déjà paru.", channel="web")

    page = zoe.get("/journal").text

    assert "refusée</strong> par zoe, sur ces pages" in page
    assert "Déjà paru." in page
    assert "reçue</strong> par un import" in page
    assert f'href="/contribution/{row.id}">Une fête au café</a>' in page


@pytest.mark.parametrize(
    ("query", "count"),
    [
        *(("quoi=decisions", 2), ("qui=zoe", 2), ("qui=max", 1), ("quoi=decisions&qui=max", 1), ("quoi=oubli", 0)),
        *(("quoi=rien-de-tel", 5), ("avant=1", 0), ("avant=x", 5), ("avant=-1", 5), ("avant=" + "9" * 40, 5)),
        *(("sur=mur-1", 3), ("sur=mur-2", 0), ("sur=../..", 0), ("sur=" + "a" * 5000, 0), ("qui=" + "%F0" * 500, 0)),
    ],
)
def test_the_journal_can_be_asked(zoe, store, clock, query, count):
    """By what, by whom, of which; what makes no sense is no error of ours."""
    row = walls.decided(store, walls.held(store), Action.ACCEPT, by="max")
    walls.decided(store, row, Action.WITHDRAW, by="zoe")
    take(store, walls.held(store, b"Subject: b\r\n\r\n").id, by="zoe", channel="web", at=clock())

    page = zoe.get(f"/journal?{query}")

    assert page.status_code == 200
    assert count == lines(page.text)


def test_an_erased_contribution_leaves_no_word_in_the_journal(zoe, store):
    """Neither its title nor what was noted on it."""
    row = walls.decided(store, walls.held(store), Action.REJECT, note="canari-note")
    store.bury(row.id, by="max", channel="cli", at=walls.NOW)

    page = zoe.get("/journal").text

    assert "contribution effacée" in page
    assert [word for word in ("canari-note", "Une fête au café") if word in page] == []


def test_the_figures_count(zoe, store, clock):
    """What waits, by age; and a plot that says the same as the table beneath it."""
    fill(store, clock, weeks=12)
    waiting = len([row for row in store.rows() if row.state.value == "held"])

    page = zoe.get("/chiffres").text

    assert f'<p class="big">{waiting}</p>' in page
    plotted = [int(value) for value in re.findall(r'class="value"[^>]*>(\d+)<', page)]
    table = [int(cell) for cell in re.findall(r'<td class="number">(\d+)</td></tr>', page)]
    assert plotted == table[::-1]
    assert len(plotted) == 12
    assert sum(plotted) > 0


def test_an_empty_wall_has_figures_too(zoe):
    """Nothing is divided by nothing."""
    page = zoe.get("/chiffres")

    assert page.status_code == 200
    assert '<p class="big">–</p>' in page.text


@pytest.mark.parametrize("values", [[], [0], [0, 0, 0], [1], [3, 0, 7], [10**9, 1]])
def test_bars_stay_inside_their_plot(values):
    """Whatever there is to count."""
    for bar in plot.bars(values, [""] * len(values)):
        assert 0 <= bar.x <= bar.x + bar.width <= plot.WIDTH
        assert 0 < bar.y < bar.y + bar.height <= plot.BASE + 0.1


def test_choosing_notices(zoe, store, settings):
    """What was chosen is ticked the next time; a word that is none is refused."""
    assert 'value="each" checked' in zoe.get("/moi").text

    zoe.post("/moi/avis", {"notices": "daily"})
    assert zoe.post("/moi/avis", {"notices": "hourly"}).status_code == 400

    assert 'value="daily" checked' in zoe.get("/moi").text
    assert store.notices_of(settings.moderators[0]) == "daily"


def test_devices_are_ones_own(zoe, store, clock):
    """They are listed and can be logged out; another person's device cannot, and is not told from none."""
    mine = store.open_session(store.who("zoe@example.org"), device="Safari, iPhone", known=True, now=clock())
    theirs = store.open_session(store.who("max@example.org"), device="Edge, Windows", known=True, now=clock())

    page = zoe.get("/moi").text
    answers = [zoe.post(f"/moi/appareils/{each}").status_code for each in (mine.id, mine.id, theirs.id, 9_999)]

    assert ("Safari, iPhone" in page, "Edge, Windows" in page) == (True, False)
    assert answers == [303, 404, 404, 404]
    assert store.session(theirs.cookie, now=clock()) is not None


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0", "Firefox, Android"),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {WEBKIT} Version/18.1 Safari/604.1",
            "Safari, iPhone",
        ),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/131.0 Safari/537.36 Edg/131.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0 Safari/537.36", "Chrome, Linux"),
        ("", "Navigateur inconnu"),
        ("<script>alert(1)</script>" * 100, "Navigateur inconnu"),
    ],
)
def test_a_device_is_known_by_a_few_words(agent, words):
    """What browsers say of themselves is long, and all of them say Mozilla."""
    assert words == device(agent)


def test_markup_in_every_field_stays_text(settings, store, clock, tmp_path):
    """Names, addresses, titles, notes, reasons, the wall's own name, what a form was asked for."""
    moderator = Moderator(name=HOSTILE, address="x'\"<b>@example.org", role="administrator")
    wall = replace(settings, wall=replace(settings.wall, name=HOSTILE), moderators=(moderator,))
    store.settings = wall
    app = create_app(wall, store, clock=clock)
    visitor = logged_in(app, store, clock, moderator)
    row = walls.held(store, outcome=walls.converted(title=HOSTILE, body="x\n"))
    walls.decided(store, row, Action.REJECT, by=HOSTILE, note=HOSTILE, channel=HOSTILE[:16])
    store.open_session(store.who(moderator.address), device=HOSTILE, known=True, now=clock())
    paths = ["/journal", "/chiffres", "/moi", "/equipe", "/a-propos", "/rien"]
    asked = [f"/journal?{name}={HOSTILE}" for name in ("quoi", "qui", "sur", "avant")]
    asked += [f"/connexion?suite={HOSTILE}", f"/connexion/lien/{HOSTILE}"]

    pages = {path: visitor.get(path) for path in paths + asked}
    visitor.client.delete_cookie("mur")
    pages |= {path: visitor.get(path) for path in asked}
    pages["form"] = visitor.post("/connexion", {"address": HOSTILE, "suite": HOSTILE})
    close(app)

    for path, page in pages.items():
        assert page.status_code in {200, 303, 404, 422}, path
        assert [mark for mark in ("<img src=x", "<script>alert", "</textarea><", "{{49}}") if mark in page.text] == []
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in pages["/journal"].text


def test_the_source_is_the_programs_and_nothing_of_the_walls(client):
    """AGPL section 13: whoever uses it gets it; no settings, no content, no state, nothing hidden."""
    answer = client.get("/source.zip")

    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        names = file.namelist()
    parts = {part for name in names for part in name.split("/")}
    assert {"lemurparle/LICENSE", "lemurparle/pyproject.toml", "lemurparle/theme/templates/base.html"} <= set(names)
    assert [name for name in names if name.count("/") == 1 and name.endswith("mur.toml")] == []
    assert {"content", "var", "output", ".git", "__pycache__", "node_modules"} & parts == set()
    assert [part for part in parts if part.startswith(".")] == []


def test_a_phone_can_keep_the_pages_on_its_home_screen(client):
    """The manifest names a picture, a colour, and where to begin; and what it names is there."""
    told = json.loads(client.get("/application.webmanifest").text)

    assert told["start_url"] == "/"
    assert [icon["type"] for icon in told["icons"]] == ["image/svg+xml", "image/png"]
    assert [client.get(icon["src"]).status_code for icon in told["icons"]] == [200, 200]


def test_the_style_is_kept_as_long_as_it_is_the_same(client):
    """Its address changes with what is in it."""
    address = re.search(r'href="(/static/style\.css\?v=[0-9a-f]{12})"', client.get("/connexion").text)[1]
    answer = client.get(address)

    assert "immutable" in answer.headers["Cache-Control"]
    assert digest_of(answer.data).startswith(address[-12:])
