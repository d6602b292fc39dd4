"""The same posts with our theme, with Pelican's own `simple` and `notmyidea`, and in a blog by Eleventy, in one run.

Bytes are those that Chromium asks for without pictures; timings are its own (`PerformanceNavigationTiming`, first
contentful paint), the median of several visits at a slowed processor, told as ratios to ours: seconds would speak of
the machine. axe is asked for what the theme's tests ask.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.theme.beside import eleventy
from tests.theme.conftest import HERE, built
from tests.theme.site_served import URL, Site, opened
from tests.theme.test_seen import FLAT, RUN, TAGS

THEMES = ("ours", "simple", "notmyidea")
KINDS = {"home": "/", "post": "/2022/06/marche.html", "relay": "/2022/06/ouverte.html"}
OTHER = {"eleventy": eleventy.ADDRESSES}
"""Where the pages of a kind are in what is no Pelican site."""
VISITS = 7
SLOWER = 6
_TIMES = """async () => {
  const painted = new Promise(done => new PerformanceObserver(list => {
    const first = list.getEntriesByName('first-contentful-paint')[0];
    if (first) done(first.startTime);
  }).observe({type: 'paint', buffered: true}));
  const n = performance.getEntriesByType('navigation')[0];
  return [n.domContentLoadedEventEnd - n.responseEnd, await painted] }"""
"""A page may be loaded before it is painted: its first paint is waited for."""


def themed(home: Path, theme: str) -> Site:
    """The test wall with `theme`."""
    home.mkdir()
    return built(home) if theme == "ours" else built(home, "-t", theme)


def loaded(browser, site: Site, address: str) -> int:
    """Bytes of the page and of all that is no picture."""
    asked: list[str] = []
    with opened(browser, site, width=360) as (page, _wrong):
        page.on("request", lambda request: asked.append(request.url) if request.resource_type != "image" else None)
        page.goto(URL + address)
    inside = {url for url in asked if url.startswith(URL)}
    return sum(site.file(url.removeprefix(URL)).stat().st_size for url in inside)


def violations(browser, site: Site, address: str, axe: str) -> int:
    """Nodes that axe complains of, light and dark."""
    found = 0
    for scheme in ("light", "dark"):
        with opened(browser, site, width=360, bypass_csp=True, color_scheme=scheme) as (page, _wrong):
            page.goto(URL + address)
            page.add_style_tag(content=FLAT)
            found += len(page.evaluate(axe + RUN % json.dumps(TAGS))[0])
    return found


def address_of(theme: str, kind: str) -> str:
    """Of the page of a kind, in the site of a theme."""
    return OTHER.get(theme, KINDS)[kind]


def timed(browser, sites: dict[str, Site], kind: str) -> dict[str, tuple[float, float]]:
    """Medians of each theme, visited in turns: from answer to loaded document, from start to first paint."""
    taken: dict[str, list[tuple[float, float]]] = {theme: [] for theme in sites}
    for _visit in range(VISITS):
        for theme, site in sites.items():
            with opened(browser, site, width=360) as (page, _wrong):
                page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
                page.goto(URL + address_of(theme, kind))
                taken[theme].append(tuple(page.evaluate(_TIMES)))
    return {theme: tuple(map(statistics.median, zip(*them, strict=True))) for theme, them in taken.items()}


def main() -> None:
    """A table in Markdown."""
    axe = (HERE / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        sites = {theme: themed(Path(folder) / theme, theme) for theme in THEMES}
        sites["eleventy"] = eleventy.blog(Path(folder) / "eleventy", Path(folder) / "ours" / "content")
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        print("| page | theme | bytes | axe, light and dark | loaded, × ours | first paint, × ours |")
        print("|---|---|--:|--:|--:|--:|")
        for kind in KINDS:
            times = timed(browser, sites, kind)
            for theme, site in sites.items():
                ratios = [theirs / ours for theirs, ours in zip(times[theme], times["ours"], strict=True)]
                address = address_of(theme, kind)
                size, wrong = loaded(browser, site, address), violations(browser, site, address, axe)
                print(f"| {kind} | {theme} | {size} | {wrong} | {ratios[0]:.2f} | {ratios[1]:.2f} |", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
