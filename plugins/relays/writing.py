"""Writes what a wall with relays has beside their pages: the list of all, and of each its data, feed and poster."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pelican.generators import Generator

from plugins.posters import poster
from plugins.relays.gathering import in_order
from plugins.relays.petition import petition
from plugins.relays.shown import Shown

PAGE = "relais/"


def feed_of(article: Any) -> str:
    """Where the feed of one relay stands."""
    return f"feeds/relais/{article.relay_key}.atom.xml"


def poster_of(article: Any) -> str:
    """Where its poster stands."""
    return f"affiche/{article.relay_key}.html"


def state_words(relay: Shown) -> str:
    """What a poster says largest: until when, what became of it, or the state alone."""
    return relay.deadline_words or relay.state_words


class Relays(Generator):  # type: ignore[misc] # Pelican has no types
    """A page needs its template in the theme; data and posters need the address of the site."""

    def generate_context(self) -> None:
        """`relays_url` for the menu, empty without a relay; `relay_files` tells what `article.relay_key` leads to."""
        self._relays = [it for it in self.context.get("articles", ()) if it.relay is not None]
        shown = self._relays and self._has("relays")
        self.context["relays_url"] = PAGE if shown else ""
        self._root = self.settings["SITEURL"] if self.settings["SITEURL"].startswith("http") else ""
        self.context["posters"] = bool(self._root) and self._has("poster")

    def generate_output(self, writer: Any) -> None:
        """All of it."""
        if self.context["relays_url"]:
            signable, announced, over = in_order(self._relays)
            lists = {"signable": signable, "announced": announced, "over": over}
            self._page(writer, f"{PAGE}index.html", "relays", url=PAGE, **lists)
        for article in self._relays:
            title = str(article.title)
            writer.write_feed([*article.updates, article], self.context, feed_of(article), feed_title=title)
            if self._root:
                self._data(article)
            if self.context["posters"]:
                self._poster(writer, article)

    def _data(self, article: Any) -> None:
        origin, now = self.settings["SITENAME"], self.settings["BUILD_NOW"]
        document = petition(article, root=self._root, origin=origin, now=now)
        path = Path(self.output_path, PAGE, f"{article.relay_key}.json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def _poster(self, writer: Any, article: Any) -> None:
        sheet = poster(article.title, f"{self._root}/{article.url}", state_words(article.relay))
        self._page(writer, poster_of(article), "poster", article=article, sheet=sheet, url=poster_of(article))

    def _page(self, writer: Any, name: str, template: str, **variables: object) -> None:
        relative = self.settings["RELATIVE_URLS"]
        writer.write_file(name, self.get_template(template), self.context, relative_urls=relative, **variables)

    def _has(self, template: str) -> bool:
        return (Path(self.settings["THEME"]) / "templates" / f"{template}.html").is_file()
