"""Search in a real browser: what a reader types and what they are shown."""

from __future__ import annotations

import pytest

from tests.theme.site_served import URL, opened

SHOWN = ".found li a"


def found(page, typed: str) -> list[str]:
    """Titles shown for what was typed, once the page has said how many."""
    page.fill("#q", typed)
    page.press("#q", "Enter")
    page.locator("[role=status]:not(:empty)").wait_for()
    if not page.inner_text("[role=status]").startswith("Rien"):
        page.locator(SHOWN).first.wait_for()
    return page.locator(SHOWN).all_inner_texts()


@pytest.mark.browser
@pytest.mark.parametrize("typed", ["echange", "Échange", "graines", "graine"])
def test_accents_capitals_and_plurals_do_not_matter(browser, site, typed):
    """French as people type it on a phone."""
    with opened(browser, site) as (page, wrong):
        page.goto(f"{URL}/recherche.html")

        assert "Échange de graines" in found(page, typed)
        assert wrong == []


@pytest.mark.browser
def test_only_texts_are_found_and_each_leads_to_its_page(browser, site):
    """Lists, menus and feet are not answers."""
    with opened(browser, site, width=360) as (page, wrong):
        page.goto(f"{URL}/recherche.html?q=voisines")
        page.wait_for_selector(SHOWN)

        assert ["/2022/05/bal.html"] == [link.get_attribute("href") for link in page.locator(SHOWN).all()]
        assert "Une contribution" == page.inner_text("[role=status]")
        page.click(SHOWN)
        assert "Bal des voisines" in page.title()
        assert wrong == []


@pytest.mark.browser
def test_nothing_found_is_said(browser, site):
    """In words, where a screen reader hears them."""
    with opened(browser, site) as (page, _wrong):
        page.goto(f"{URL}/recherche.html")

        assert found(page, "xylophone") == []
        assert "Rien ne correspond." == page.inner_text("[role=status]")


@pytest.mark.browser
def test_what_was_typed_is_never_markup(browser, site):
    """A query in the address is text."""
    with opened(browser, site) as (page, wrong):
        page.goto(f"{URL}/recherche.html?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
        page.locator("[role=status]:not(:empty)").wait_for()

        assert 0 == page.locator("form img").count()
        assert wrong == []


@pytest.mark.browser
def test_without_script_the_form_leads_to_everything(browser, site):
    """And says why."""
    with opened(browser, site, java_script_enabled=False) as (page, _wrong):
        page.goto(f"{URL}/recherche.html")
        assert "toutes les contributions" in page.inner_text("noscript")
        page.fill("#q", "graines")
        page.click("button")

        assert page.url.startswith(f"{URL}/archives.html")
        assert "Échange de graines" in page.inner_text("main")


def test_no_other_page_asks_for_the_index(site):
    """Its cost is on the page that uses it."""
    asking = [path for path in site.output.rglob("*.html") if "search.js" in path.read_text(encoding="utf-8")]

    assert [site.output / "recherche.html"] == asking
