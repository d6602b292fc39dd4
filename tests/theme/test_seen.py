"""What the theme looks like, asked of Chromium: axe, keyboard, narrow screens, print, who is told."""

from __future__ import annotations

import json

import pytest

from tests.theme.site_served import PAGES, URL, opened

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """;axe.run({runOnly: {type: 'tag', values: %s}}).then(r => [r.violations, r.incomplete].map(
  all => all.flatMap(v => v.nodes.map(n => v.id + ' ' + n.target + ' ' + (n.any[0] || {}).message))))"""
FLAT = (
    "html{background-image:none!important}.sheet::before{content:none!important}*{transform:none!important}"
    ".wide{background:none!important;overflow:visible!important}"
)
"""Without gradients and tilted things axe can tell every contrast instead of leaving it open."""
SPACED = (
    "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}"
    "p{margin-bottom:2em!important}"
)
"""WCAG 1.4.12."""
NEEDS = [
    {"color_scheme": "light", "contrast": "more"},
    {"color_scheme": "dark", "contrast": "more"},
    {"color_scheme": "dark", "forced_colors": "active"},
]
"""Of these the colours are the system's, so that a few kinds of page tell of all."""


def complaints(browser, site, axe, kinds, **options):
    """What axe finds on pages of `kinds`, and what it leaves open of their contrasts."""
    found = {}
    with opened(browser, site, bypass_csp=True, **options) as (page, _wrong):
        for kind in kinds:
            page.goto(URL + PAGES[kind])
            page.add_style_tag(content=FLAT)
            violations, unsure = page.evaluate(axe + RUN % json.dumps(TAGS))
            if wrong := violations + [it for it in unsure if "only non-text characters" not in it]:
                found[kind] = wrong
    return found


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (360, "dark"),
        (1280, "light"),
        *(pytest.param(*two, marks=pytest.mark.long) for two in ((360, "light"), (1280, "dark"))),
    ],
)
def test_axe_finds_nothing(browser, site, axe, width, scheme):
    """On every kind of page, and no contrast is left open."""
    assert complaints(browser, site, axe, PAGES, width=width, color_scheme=scheme) == {}


@pytest.mark.parametrize("look", NEEDS, ids=lambda look: "-".join(look.values()))
def test_axe_finds_nothing_where_colours_are_the_reader_s_choice(browser, site, axe, look):
    """More contrast, or the system's own colours."""
    assert complaints(browser, site, axe, ("home", "relay", "closed", "archives", "search"), **look) == {}


@pytest.mark.parametrize(("width", "style"), [(320, ""), (640, "html{font-size:200%!important}"), (320, SPACED)])
def test_nothing_needs_scrolling_sideways(browser, site, width, style):
    """At 320 px, at twice the letters, with the spacing that WCAG 1.4.12 asks for."""
    wide = []
    with opened(browser, site, width=width, bypass_csp=True) as (page, _wrong):
        for kind, address in PAGES.items():
            page.goto(URL + address)
            if style:
                page.add_style_tag(content=style)
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append(kind)
    assert wide == []


def test_a_wide_table_is_pushed_aside_in_its_own_box(browser, site):
    """By keyboard too, and no word of it is cut."""
    with opened(browser, site, width=320, bypass_csp=True) as (page, _wrong):
        page.goto(URL + PAGES["article"])
        box = page.locator(".wide")
        assert box.evaluate("e => e.scrollWidth > e.clientWidth")
        box.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("document.querySelector('.wide').scrollLeft > 0")
        assert box.get_attribute("aria-label") == "Tableau"


@pytest.mark.parametrize("kind", PAGES)
def test_nobody_else_is_told(browser, site, kind):
    """No other host, no missing file, no cookie, nothing stored, no refused style."""
    with opened(browser, site) as (page, wrong):
        page.goto(URL + PAGES[kind])
        kept = page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")
        assert page.context.cookies() == []

    assert wrong == []
    assert kept == ["", 0, 0]


@pytest.mark.parametrize("kind", ["home", "relay", "archives"])
def test_the_keyboard_reaches_every_link_in_order_and_shows_where_it_is(browser, site, kind):
    """One Tab a link, as they stand in the page; the first one leads over the menu."""
    with opened(browser, site) as (page, _wrong):
        page.goto(URL + PAGES[kind])
        links = page.evaluate("[...document.querySelectorAll('a[href],input,button')].map(e => e.outerHTML)")
        seen = []
        for _ in links:
            page.keyboard.press("Tab")
            html, style, width = page.evaluate(
                "(e => [e.outerHTML, getComputedStyle(e).outlineStyle, getComputedStyle(e).outlineWidth])"
                "(document.activeElement)"
            )
            assert (style, width) == ("solid", "3px"), html
            seen.append(html)
        assert seen == links

        page.goto(URL + PAGES[kind])
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getBoundingClientRect().width") > 100
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_targets_are_large_enough_for_a_finger(browser, site):
    """44 px on touch for what is not inside a sentence."""
    with opened(browser, site, width=360, has_touch=True, is_mobile=True) as (page, _wrong):
        for kind in ("home", "relay", "tags"):
            page.goto(URL + PAGES[kind])
            small = page.evaluate(
                "[...document.querySelectorAll('nav a, .tags a, .index a, .mail a, .button')]"
                ".filter(a => a.getBoundingClientRect().height < 44).map(a => a.outerHTML)"
            )
            assert small == []


def test_pictures_keep_their_shape_and_move_nothing(browser, site):
    """Their place is kept before they come, at their own ratio."""
    with opened(browser, site, width=360) as (page, _wrong):
        page.add_init_script(
            "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(e => window.moved += e.value))"
            ".observe({type: 'layout-shift', buffered: true})"
        )
        page.goto(URL + PAGES["article"])
        images = page.locator(".text img")
        for i in range(images.count()):
            images.nth(i).scroll_into_view_if_needed()
            ratio = images.nth(i).evaluate(
                "async i => { await i.decode(); const s = getComputedStyle(i), p = parseFloat;"
                "return (i.clientWidth / i.clientHeight) / (i.naturalWidth / i.naturalHeight) }"
            )
            assert ratio == pytest.approx(1, abs=0.02)
        page.wait_for_timeout(200)
        assert images.count() == 2
        assert page.evaluate("window.moved") == 0


def test_on_paper_an_address_stands_after_its_link_and_the_menu_is_gone(browser, site):
    """Black on white whatever the screen was."""
    with opened(browser, site, color_scheme="dark") as (page, _wrong):
        page.goto(URL + PAGES["relay"])
        page.emulate_media(media="print", color_scheme="light")

        after = page.evaluate("getComputedStyle(document.querySelector('.button'), '::after').content")
        assert "https://yeux-ouverts.example.net/plainte/" in after or "attr(href)" in after
        assert not page.locator("nav").first.is_visible()
        colours = "(e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor])(document.documentElement)"
        assert page.evaluate(colours) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]


def test_the_button_can_be_read_where_the_system_chooses_the_colours(browser, site):
    """A filled button would have the system's own backing behind its words."""
    with opened(browser, site, forced_colors="active", color_scheme="dark") as (page, _wrong):
        page.goto(URL + PAGES["relay"])
        background = page.evaluate("getComputedStyle(document.querySelector('.button')).backgroundColor")
        assert background in {"rgba(0, 0, 0, 0)", "rgb(0, 0, 0)"}
