"""The pages in Chromium: axe, a finger's width, a keyboard, a phone's."""

from __future__ import annotations

import pytest

from tests.moderation.web.filled import fill

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

PAGES = {
    "login": ("", "/connexion"),
    "about": ("", "/a-propos"),
    "link over": ("", "/connexion/lien/x"),
    "not found": ("zoe", "/rien"),
    "forbidden": ("zoe", "/equipe"),
    "journal": ("zoe", "/journal"),
    "journal, filtered": ("zoe", "/journal?quoi=decisions&qui=zoe"),
    "journal, nothing": ("zoe", "/journal?quoi=oubli"),
    "journal, unknown": ("zoe", "/journal?sur=zzz"),
    "figures": ("zoe", "/chiffres"),
    "preferences": ("max", "/moi"),
    "team": ("max", "/equipe"),
}


@pytest.fixture
def wall(live, store, clock):
    """Pages with something on them."""
    fill(store, clock, weeks=2)
    return live


def code_page(page, wall):
    """The second step of the login, after a wrong code."""
    page.goto(f"{wall.url}/connexion")
    page.get_by_label("Votre adresse électronique").fill("zoe@example.org")
    page.get_by_role("button", name="Recevoir un code").click()
    page.get_by_label("Code à six chiffres").fill("1")
    page.get_by_role("button", name="Me connecter").click()


def violations(page, axe: str) -> list[str]:
    """What axe finds, run in the page, since its policy lets no script in."""
    page.evaluate(axe)
    found = page.evaluate("tags => axe.run({runOnly: tags})", TAGS)
    return [f"{one['id']}: {node['html'][:150]}" for one in found["violations"] for node in one["nodes"]]


SMALL = """() => [...document.querySelectorAll(
    'a, button, summary, select, textarea, input:not([type=hidden]), label.choice')]
  .filter(it => !it.matches('.skip, label.choice input') && it.checkVisibility())
  .map(it => [it.outerHTML.slice(0, 120), it.getBoundingClientRect()])
  .filter(([, box]) => box.height < 47.9 || box.width < 47.9)
  .map(([words, box]) => `${box.width}x${box.height} ${words}`)"""
SHIFTS = """window.shift = 0;
new PerformanceObserver(all => { for (const one of all.getEntries()) window.shift += one.value; })
  .observe({type: 'layout-shift', buffered: true});"""


@pytest.mark.timeout(400)  # axe over thirteen pages
@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (360, "dark"),
        *(pytest.param(*two, marks=pytest.mark.long) for two in ((360, "light"), (1280, "light"), (1280, "dark"))),
    ],
)
def test_every_page_is_for_everybody(browser, wall, axe, width, scheme):
    """axe finds nothing, every target is 48 px and more, nothing is wider than the screen, nothing is complained of."""
    wrong, said = [], []
    for name, (who, path) in [*PAGES.items(), ("code", ("", ""))]:
        context = browser.new_context(viewport={"width": width, "height": 740}, color_scheme=scheme)
        if who:
            wall.login(context, who)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if "status of" not in message.text else None)
        page.goto(wall.url + path) if path else code_page(page, wall)
        for details in page.locator("details").all():
            details.evaluate("it => it.open = true")
        wrong += [f"{name}: {one}" for one in [*violations(page, axe), *page.evaluate(SMALL)]]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        wrong += [f"{name}: {wide} px too wide"] if wide > 0 else []
        context.close()

    assert wrong == []
    assert said == []


def test_a_keyboard_is_enough(browser, wall):
    """Tab reaches everything in the order of the page, the focus is seen, and nothing hides it."""
    context = browser.new_context(viewport={"width": 360, "height": 640})
    wall.login(context)
    page = context.new_page()
    page.goto(f"{wall.url}/journal")
    wanted = page.evaluate(
        "() => [...document.querySelectorAll('a, button, select, input:not([type=hidden])')].map(it => it.outerHTML)"
    )

    reached, hidden = [], []
    for _n in wanted:
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => { const it = document.activeElement, style = getComputedStyle(it);
                const box = it.getBoundingClientRect();
                const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                return [it.outerHTML, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
                        it.contains(top) || (top && top.contains(it))]; }"""
        )
        reached.append(seen[0])
        hidden += [seen[0]] if not (seen[1] and seen[2]) else []

    assert wanted == reached
    assert hidden == []


def test_the_whole_login_by_keyboard(browser, wall, store):
    """Address, Enter, code, Enter, in; and out again."""
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{wall.url}/chiffres")
    page.get_by_label("Votre adresse électronique").focus()
    page.keyboard.type("zoe@example.org")
    page.keyboard.press("Enter")
    page.get_by_label("Code à six chiffres").focus()
    page.keyboard.type(store.login_code(store.letters()[0].about["login"]))
    page.keyboard.press("Enter")

    page.wait_for_url(f"{wall.url}/chiffres")
    page.get_by_role("button", name="Se déconnecter").press("Enter")
    page.wait_for_url(f"{wall.url}/connexion")
    assert page.get_by_role("status").inner_text() == "La session de cet appareil est fermée."
    page.context.close()


def test_another_site_cannot_press_our_buttons(browser, wall, store, settings):
    """A form on a page of somebody else's, sent from a browser that is logged in here: nothing happens."""
    context = browser.new_context()
    wall.login(context)
    page = context.new_page()
    form = (
        f'<form method="post" action="{wall.url}/moi/avis"><input name="notices" value="none"><button>x</button></form>'
    )
    context.route("http://evil.invalid/**", lambda route: route.fulfill(body=form, content_type="text/html"))
    page.goto("http://evil.invalid/")

    with page.expect_response(f"{wall.url}/moi/avis") as answered:
        page.get_by_role("button").click()

    assert answered.value.status == 403
    assert store.notices_of(settings.moderators[0]) == "each"
    context.close()


def test_nothing_shifts(browser, wall):
    """Cumulative layout shift is nought, on the longest page and on a phone."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    wall.login(context)
    page = context.new_page()
    page.add_init_script(SHIFTS)
    page.goto(f"{wall.url}/journal", wait_until="networkidle")

    assert page.evaluate("window.shift") == 0
    context.close()
