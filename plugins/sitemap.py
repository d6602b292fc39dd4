"""`sitemap.xml` and `robots.txt`: what a search engine may read, and where (sitemaps.org 0.9, RFC 9309).

A site of many posts has a sitemap for each year, and `sitemap.xml` names them: a new post changes one.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from ingest.publication.addresses import EXTRA_FOLDER
from plugins.incremental.differences import LONG
from plugins.incremental.posts import Post
from plugins.making import Maker

_SITEMAP, _ROBOTS, _WORDS = "sitemap.xml", "robots.txt", "sitemap/mots.xml"
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Sitemap(Maker):
    """Both files, for a site that knows its address; one that lies in `content/extra/` comes first."""

    def generate_output(self, writer: Any) -> None:
        """Write them."""
        self._root = self.settings["SITEURL"]
        if not self._root.startswith("http"):
            return
        posts = self.work.posts
        others = [self._entry("", ""), *map(self._page, self.context["pages"])]
        words = [self._entry(self.settings["TAG_URL"].format(slug=slug), "") for slug in sorted(posts.by_tag)]
        if len(posts.ordered) <= LONG:
            self._urls(writer, _SITEMAP, (*others, *map(self._post, posts.newest_first), *words))
        else:
            names = [f"sitemap/{year}.xml" for year in posts.by_year]
            for name, listed in zip(names, posts.by_year.values(), strict=True):
                if writer.wants(name):
                    self._urls(writer, name, map(self._post, listed))
            self._urls(writer, _WORDS, (*others, *words))
            self._index(writer, (*names, _WORDS))
        self._write(writer, _ROBOTS, f"User-agent: *\nAllow: /\nSitemap: {self._root}/{_SITEMAP}\n")

    def _post(self, post: Post) -> str:
        return self._entry(post.url, post.changed)

    def _page(self, page: Any) -> str:
        when = getattr(page, "modified", None) or getattr(page, "date", None)
        return self._entry(page.url, when.isoformat(timespec="seconds") if when else "")

    def _entry(self, address: str, changed: str) -> str:
        when = f"<lastmod>{changed}</lastmod>" if changed else ""
        return f"<url><loc>{escape(f'{self._root}/{address}')}</loc>{when}</url>"

    def _urls(self, writer: Any, name: str, entries: Iterable[str]) -> None:
        self._file(writer, name, "urlset", entries)

    def _index(self, writer: Any, names: Iterable[str]) -> None:
        entries = (f"<sitemap><loc>{escape(f'{self._root}/{name}')}</loc></sitemap>" for name in names)
        self._file(writer, _SITEMAP, "sitemapindex", entries)

    def _file(self, writer: Any, name: str, tag: str, entries: Iterable[str]) -> None:
        body = "".join(f"{entry}\n" for entry in entries)
        head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{tag} xmlns="{_NAMESPACE}">\n'
        self._write(writer, name, f"{head}{body}</{tag}>\n")

    def _write(self, writer: Any, name: str, text: str) -> None:
        if not (Path(self.settings["PATH"]) / EXTRA_FOLDER / name).is_file():
            writer.put(name, text.encode())
