"""Writes what a wall with relays has beside their pages: the list of all, and of each its data, feed and poster."""

from __future__ import annotations

import json
from typing import Any

from ingest.relay.files import LIST, PAGE, files_of
from plugins.making import Maker
from plugins.posters import poster
from plugins.relays.gathering import in_order
from plugins.relays.petition import petition
from plugins.relays.shown import Shown


def state_words(relay: Shown) -> str:
    """What a poster says largest: until when, what became of it, or the state alone."""
    return relay.deadline_words or relay.state_words


class Relays(Maker):
    """A page needs its template in the theme; data and posters need the address of the site."""

    def generate_context(self) -> None:
        """`relays_url` for the menu, empty without a relay; `relay_files` tells what `article.relay_key` leads to."""
        shown = bool(self.work.posts.relays) and self.has_template("relays")
        self.context["relays_url"] = PAGE if shown else ""
        self.context["relay_files"] = files_of
        self._root = self.settings["SITEURL"] if self.settings["SITEURL"].startswith("http") else ""
        self.context["posters"] = bool(self._root) and self.has_template("poster")

    def generate_output(self, writer: Any) -> None:
        """All of it."""
        if self.context["relays_url"] and writer.wants(LIST):
            signable, announced, over = in_order(self.articles(lambda it: it.is_relay))
            lists = {"signable": signable, "announced": announced, "over": over}
            self._page(writer, LIST, "relays", url=PAGE, **lists)
        for article in self.touched():
            if article.relay is None:
                continue
            title, feed = str(article.title), files_of(article.relay_key).feed
            writer.write_feed([*article.updates, article], self.context, feed, feed_title=title)
            if self._root:
                self._data(writer, article)
            if self.context["posters"]:
                self._poster(writer, article)

    def _data(self, writer: Any, article: Any) -> None:
        origin, now = self.settings["SITENAME"], self.settings["BUILD_NOW"]
        document = petition(article, root=self._root, origin=origin, now=now)
        data = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        writer.put(files_of(article.relay_key).data, data.encode())

    def _poster(self, writer: Any, article: Any) -> None:
        sheet = poster(article.title, f"{self._root}/{article.url}", state_words(article.relay))
        name = files_of(article.relay_key).poster
        self._page(writer, name, "poster", article=article, sheet=sheet, url=name)

    def _page(self, writer: Any, name: str, template: str, **variables: object) -> None:
        relative = self.settings["RELATIVE_URLS"]
        writer.write_file(name, self.get_template(template), self.context, relative_urls=relative, **variables)
