"""Deciding in Chromium, on a phone and at a desk, with JavaScript and without, by finger and by keyboard."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Route

from ingest.errors import Refused
from ingest.model import Markdown, Removed, Why
from ingest.moderation import Decision, decide
from ingest.publication.framing import framed
from ingest.publication.preview import Previewer
from ingest.states import WAITING, Action, State
from ingest.store import Store
from tests.moderation.web import waiting
from tests.store import walls
from tests.theme.test_seen import RUN, TAGS

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1280, "height": 800}}
HERE = Path(__file__).parent
STATES = {
    "queue": "/",
    "search": "/?mots=canal",
    "filtered": "/?etat=refusees&genre=relay&a-moi=1&a-voir=1",
    "picture": "/contribution/02",
    "relay": "/contribution/01",
    "leaflet": "/contribution/08",
    "hostile": "/contribution/09",
    "accepted": "/contribution/11",
    "rejected": "/contribution/12",
    "refuse": "/contribution/06/refuser",
    "ask": "/contribution/06/demander",
    "later": "/contribution/06/plus-tard",
    "withdraw": "/contribution/06/retirer",
    "edit": "/contribution/03/corriger",
}


class Stage:
    """A wall with the example mails and its pages, for all these tests."""

    def __init__(self, live, store, ids) -> None:
        self.live, self.store, self.ids = live, store, ids

    def url(self, path: str) -> str:
        """An address, with the number of an example mail for its id."""
        head, slash, rest = path.removeprefix("/contribution/").partition("/")
        if path.startswith("/contribution/"):
            path = f"/contribution/{self.ids[head]}{slash}{rest}"
        return self.live.url + path


@pytest.fixture(scope="module")
def stage(tmp_path_factory) -> Iterator[Stage]:
    """One is accepted for a date to come, one is refused; the others wait."""
    settings = waiting.wall(tmp_path_factory.mktemp("stage") / "mur")
    with Store.open(settings) as store:
        ids = waiting.take(store, settings)
        for name, action, until in (
            ("11", Action.ACCEPT, datetime(2100, 1, 1, tzinfo=UTC)),
            ("12", Action.REJECT, None),
        ):
            told = {"by": "zoe", "digest": None, "channel": "web", "at": datetime.now(UTC), "not_before": until}
            decide(store, Decision(action=action, id=ids[name], **told))
        with waiting.served(settings, store) as live:
            yield Stage(live, store, ids)


@pytest.fixture
def opened(browser, stage):
    """A page in a fresh context, logged in, and what its console said."""
    contexts = []

    def opened(**options):
        context = browser.new_context(**options)
        contexts.append(context)
        stage.live.login(context)
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("requestfailed", lambda request: page.said.append(request.url))
        return page

    yield opened
    for context in contexts:
        context.close()


def test_from_the_notice_to_published_in_two_taps(opened, stage):
    """A phone, a live session: the link in the notice, the button, and the next page says that it is online."""
    page = opened(**PHONE)
    page.goto(stage.url("/contribution/04"))  # the first tap
    page.get_by_role("button", name="Publier", exact=True).tap()  # the second

    page.get_by_text("publié, en ligne.").wait_for(timeout=60_000)
    assert "La soupe de juin" in page.locator(".done").inner_text()
    assert stage.store.find(stage.ids["04"]).state is State.PUBLISHED
    assert page.said == []


def test_the_same_without_javascript(opened, stage):
    """Decide, look where it is, undo; correct, see the page, publish: by links and forms alone."""
    page = opened(**PHONE, java_script_enabled=False)
    page.goto(stage.url("/contribution/06"))
    page.get_by_role("button", name="Publier", exact=True).tap()
    page.get_by_role("link", name="Voir où elle en est").tap()
    page.get_by_text("En ligne.").wait_for(timeout=60_000)
    page.get_by_role("button", name="Annuler la dernière décision").tap()
    page.get_by_role("link", name="Corriger").tap()
    page.get_by_label("Titre").fill("Le bus, sans script")
    page.get_by_role("button", name="Voir", exact=True).tap()
    page.frame_locator("#live").get_by_role("heading", name="Le bus, sans script").wait_for()
    assert stage.store.draft(stage.ids["06"]).title != "Le bus, sans script"
    page.get_by_role("button", name="Enregistrer", exact=True).tap()
    page.get_by_text("Enregistré.").wait_for()

    assert stage.store.draft(stage.ids["06"]).title == "Le bus, sans script"
    page.get_by_role("link", name="Refuser").tap()
    page.get_by_label("Hors sujet").check()
    page.get_by_role("button", name="Refuser", exact=True).tap()
    page.get_by_role("button", name="Annuler", exact=True).wait_for()
    assert stage.store.find(stage.ids["06"]).state is State.REJECTED
    page.get_by_role("button", name="Annuler", exact=True).tap()
    page.get_by_role("link", name="Refuser").wait_for()
    assert stage.store.find(stage.ids["06"]).state in WAITING


def test_the_page_follows_the_text_and_nothing_unsaved_is_lost(opened, stage):
    """While one writes; and what was written is offered back after the tab was closed."""
    page = opened(**DESK)
    page.goto(stage.url("/contribution/03/corriger"))
    page.get_by_label("Texte", exact=True).fill("Une **autre** berge.")
    page.frame_locator("#live").get_by_text("Une autre berge.").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(stage.url("/"))
    page.goto(stage.url("/contribution/03/corriger"))
    page.get_by_role("button", name="Le reprendre").click()

    assert page.get_by_label("Texte", exact=True).input_value() == "Une **autre** berge."
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_url("**/contribution/*")
    page.goto(stage.url("/contribution/03/corriger"))
    assert page.locator("#kept").is_hidden()
    assert stage.store.draft(stage.ids["03"]).body == "Une **autre** berge.\n"
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_a_letter_is_ready_and_may_be_changed(opened, stage):
    """Choosing a reason fills it in; what somebody wrote themselves stays."""
    page = opened(**PHONE)
    page.goto(stage.url("/contribution/06/refuser"))
    letter = page.get_by_label("La lettre", exact=True)
    page.get_by_label("Hors sujet").check()
    assert letter.input_value().startswith("Votre texte ne trouve pas sa place")
    letter.fill("Avec nos mots.")
    page.get_by_label("Doublon").check()

    assert letter.input_value() == "Avec nos mots."


def test_everything_is_reached_by_the_keyboard(opened, stage):
    """Tab goes to every link, field and button in turn, with a ring to be seen; Enter decides."""
    page = opened(**DESK)
    page.goto(stage.url("/contribution/07"))
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary')]"
        ".filter(it => it.checkVisibility() && !it.closest('details:not([open]) > :not(summary)')).length"
    )
    reached = set()
    for _ in range(wanted + 20):
        page.keyboard.press("Tab")
        told = page.evaluate(
            "(() => { const it = document.activeElement; const all = [...document.querySelectorAll('*')];"
            "return [it.tagName, all.indexOf(it), getComputedStyle(it).outlineStyle] })()"
        )
        if told[0] in {"A", "BUTTON", "INPUT", "SELECT", "TEXTAREA", "SUMMARY"}:
            assert told[2] != "none", told
            reached.add(told[1])
    assert len(reached) == wanted
    page.get_by_role("button", name="Indésirable").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Annuler", exact=True).wait_for()
    assert stage.store.find(stage.ids["07"]).state is State.SPAM


@pytest.mark.parametrize("state", STATES)
def test_what_a_finger_hits_is_large_enough(opened, stage, state):
    """48 px each way, but for links within a sentence; nothing is wider than the screen."""
    page = opened(**PHONE)
    page.goto(stage.url(STATES[state]))
    small = page.evaluate(
        "[...document.querySelectorAll('a.button,a.standalone,button,summary,select,input:not([type=hidden])"
        ":not([type=checkbox]):not([type=radio]),textarea,label.choice,label.pick')].filter(it => it.checkVisibility())"
        ".map(it => [it.outerHTML.slice(0, 80), it.getBoundingClientRect()])"
        ".filter(([, box]) => box.height && (box.height < 47.9 || box.width < 47.9)).map(([html]) => html)"
    )

    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["360", "1280"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(opened, stage, axe, state, size, scheme):
    """WCAG 2.2 AA and best practice, everything that is folded opened."""
    page = opened(**size, color_scheme=scheme)
    page.goto(stage.url(STATES[state]))
    page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    page.evaluate(axe)
    violations, _incomplete = page.evaluate(RUN % json.dumps(TAGS))

    assert violations == []


PAGE = "http://mur.invalid/page"
HOOK = """
window.hits = [];
for (const name of ["alert", "confirm", "prompt", "print", "open", "fetch"])
  window[name] = (...said) => { hits.push(name); };
"""


def payloads(*, corpus: str | None) -> list[str]:
    """Ours, and those of the corpus where there is one."""
    own = (HERE.parents[1] / "publication" / "hostile.jsonl").read_text("utf-8").splitlines()
    found = [json.loads(line)["text"] for line in own]
    for name in ("html", "markdown"):
        path = Path(corpus or "/nowhere") / "xss" / f"{name}.jsonl"
        if corpus and path.is_file():
            found += [json.loads(line)["payload"] for line in path.read_text("utf-8").split("\n") if line]
    return found


@pytest.mark.parametrize("every", [6, pytest.param(1, marks=pytest.mark.long)])
def test_hostile_payloads_run_nothing_in_a_preview(browser, stage, every):
    """Each as text, title, byline and tag; without the frame's sandbox and with no policy, it is inert by itself."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    asked: list[str] = []
    page.add_init_script(HOOK)
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))

    def answer(route: Route) -> None:
        if route.request.url == PAGE:
            route.fulfill(body=stage.html, content_type="text/html")
        else:
            asked.append(route.request.url)
            route.abort()

    page.route("**/*", answer)
    store, row = stage.store, stage.store.find(stage.ids["08"])
    draft, shown = store.draft(row.id), 0
    with Previewer(store.settings, store) as previewer:
        for text in payloads(corpus=os.environ.get("MUR_CORPUS"))[::every]:
            told = replace(draft, title=text, byline=text, body=Markdown(text), tags=(text,))
            try:
                made = previewer.preview(row, told, now=row.received_at)
            except Refused:
                continue
            stage.html = framed(made.html, page=made.page, siteurl="", media="/m/", theme="/t/")
            page.goto(PAGE)
            shown += 1
            assert page.evaluate("window.hits") == [], text
    context.close()

    assert shown > 20
    assert {url for url in asked if not url.startswith(("http://mur.invalid/t/", "http://mur.invalid/m/"))} == set()


MARKUP = "<img class=markup src=x onerror=alert(1)>\"'<b class=markup>markup</b><script>alert(2)</script>{{ 7*7 }}"


@pytest.fixture
def store_of_markup(tmp_path):
    """A wall on which every field of a contribution is markup."""
    settings = waiting.wall(tmp_path / "mur")
    found = walls.converted(MARKUP, f"{MARKUP}\n", removed=(Removed(why=Why.LINK, text=MARKUP),))
    draft = replace(found.draft, byline=MARKUP, tags=(MARKUP,))
    media = tuple(replace(one, original_name=MARKUP, alt=MARKUP) for one in found.media)
    raw = f"From: {MARKUP}\r\nSubject: {MARKUP}\r\nX-{MARKUP[:3]}: {MARKUP}\r\n\r\n{MARKUP}\r\n".encode()
    now = datetime.now(UTC)
    with Store.open(settings) as store:
        told = replace(found, draft=draft, media=media, reasons=(MARKUP,), warnings=(f"date: {MARKUP}",))
        taken = store.hold(raw, told, contribution=None, received_at=now, now=now, channel="import")
        decision = {"by": MARKUP, "digest": None, "channel": "web", "at": now, "note": MARKUP}
        decide(store, Decision(action=Action.DEFER, id=taken.id, **decision))
        with waiting.served(settings, store) as live:
            yield live, taken.id


def test_stored_markup_comes_out_inert_in_every_field_of_every_page(opened, store_of_markup):
    """Title, byline, tags, what was removed, names of files, header fields, notes of the journal."""
    live, id_ = store_of_markup
    page = opened(**DESK)
    live.login(page.context)
    page.add_init_script(HOOK)
    for path in (
        "/",
        "/?mots=markup",
        f"/contribution/{id_}",
        f"/contribution/{id_}/corriger",
        f"/contribution/{id_}/refuser",
        "/journal",
    ):
        page.goto(live.url + path)
        page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
        assert page.evaluate("window.hits") == [], path
        assert page.locator("b.markup, img.markup, script:not([src])").count() == 0, path
        assert page.get_by_text("class=markup").count() > 0, path
    assert [line for line in page.said if "Content Security Policy" in line] == []
