"""`sitemap.xml` and `robots.txt`: what a search engine may read, and where (sitemaps.org 0.9, RFC 9309)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from pelican.generators import Generator

from ingest.publication.addresses import EXTRA_FOLDER

_SITEMAP, _ROBOTS = "sitemap.xml", "robots.txt"
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Sitemap(Generator):  # type: ignore[misc] # Pelican has no types
    """Both files, for a site that knows its address; one that lies in `content/extra/` comes first."""

    def generate_output(self, _writer: Any) -> None:
        """Write them."""
        root = self.settings["SITEURL"]
        if not root.startswith("http"):
            return
        shown = (
            it for it in (*self.context["articles"], *self.context["pages"]) if getattr(it, "status", "") == "published"
        )
        entries = [self._entry(f"{root}/", None)]
        entries += [self._entry(f"{root}/{it.url}", _changed(it)) for it in shown]
        entries += [self._entry(f"{root}/{tag.url}", None) for tag, _articles in self.context["tags"]]
        body = "".join(f"{entry}\n" for entry in entries)
        self._write(
            _SITEMAP, f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{_NAMESPACE}">\n{body}</urlset>\n'
        )
        self._write(_ROBOTS, f"User-agent: *\nAllow: /\nSitemap: {root}/{_SITEMAP}\n")

    def _entry(self, address: str, changed: datetime | None) -> str:
        when = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
        return f"<url><loc>{escape(address)}</loc>{when}</url>"

    def _write(self, name: str, text: str) -> None:
        if not (Path(self.settings["PATH"]) / EXTRA_FOLDER / name).is_file():
            Path(self.output_path, name).write_text(text, encoding="utf-8")


def _changed(it: Any) -> datetime | None:
    when: datetime | None = getattr(it, "modified", None) or getattr(it, "date", None)
    return when
