"""A built site answered to a browser at its own address, without a network: another host gets no answer."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Page, Route

URL = "https://mur.example.org"
PAGES = {
    "home": "/",
    "second": "/page/1/",
    "article": "/2022/06/marche.html",
    "relay": "/2022/06/ouverte.html",
    "last-days": "/2022/06/bientot.html",
    "closed": "/2022/05/close.html",
    "relays": "/relais/",
    "event": "/2022/05/bal.html",
    "event-over": "/2022/05/graines.html",
    "foreign": "/2022/06/una-nit.html",
    "agenda": "/agenda/",
    "agenda-month": "/agenda/2022/06/",
    "page": "/p/moderation.html",
    "tag": "/mot/entraide/",
    "tags": "/mot/",
    "archives": "/archives.html",
    "year": "/2022/",
    "month": "/2022/06/",
    "search": "/recherche.html",
    "missing": "/404.html",
}
"""One page of each kind; reactions stand under « article », posters are looked at in `test_relays.py`."""


@dataclass(frozen=True, slots=True)
class Site:
    """The folder that Pelican wrote."""

    output: Path

    def file(self, address: str) -> Path:
        """The file that answers `address`, a path from the root."""
        path = self.output / unquote(urlsplit(address).path).lstrip("/")
        return path / "index.html" if path.is_dir() else path

    def html(self, kind: str) -> str:
        """The page of a kind of `PAGES`."""
        return self.file(PAGES[kind]).read_text(encoding="utf-8")


@contextmanager
def opened(browser: Browser, site: Site, *, width: int = 1280, **options: object) -> Iterator[tuple[Page, list[str]]]:
    """A page in a fresh context, and what went wrong on it: requests to other hosts or to nothing, console messages."""
    wrong: list[str] = []

    def answer(route: Route) -> None:
        url = route.request.url
        path = site.file(url.removeprefix(URL))
        if not url.startswith(f"{URL}/") or not path.is_file():
            wrong.append(url)
            route.abort()
            return
        route.fulfill(body=path.read_bytes(), content_type=mimetypes.guess_type(path.name)[0] or "text/html")

    context = browser.new_context(viewport={"width": width, "height": 800}, **options)
    context.route("**/*", answer)
    page = context.new_page()
    page.on("console", lambda message: wrong.append(message.text))
    yield page, wrong
    context.close()
