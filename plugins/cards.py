"""A picture for each post, which is shown where its link is passed on (OpenGraph), and one for the wall.

Drawing takes a tenth of a second, so that what the site online has already is taken from there. There is no other
store: where a post is taken down, nothing keeps its title.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.words import _
from plugins.dates import date_fr
from plugins.making import Maker

if TYPE_CHECKING:
    from ingest.media.cards import Card

FOLDER = "cartes/"
OF_WALL = f"{FOLDER}mur.png"
_LARGE = 100_000
"""Bytes; what is larger is no card of ours."""


class Cards(Maker):
    """Gives each article its `card`, and templates `wall_card`: addresses without the site's; empty without a site."""

    def generate_context(self) -> None:
        """Tell where the cards will stand."""
        self._named = self.settings["SITEURL"].startswith("http")
        self.context["wall_card"] = OF_WALL if self._named else ""
        if self.work.site is None:
            for article in self.context.get("articles", ()):
                article.card = f"{FOLDER}{article.url.removesuffix('.html')}.png" if self._named else ""

    def generate_output(self, writer: Any) -> None:
        """Write them, each drawn once in its life."""
        if not self._named:
            return
        from ingest.media.cards import Card  # which brings Pillow

        wall = self.settings["SITENAME"]
        if writer.wants(OF_WALL):
            self._write(writer, OF_WALL, Card(title=wall, wall=self.settings["SITESUBTITLE"]))
        for article in self.touched():
            self._write(writer, article.card, Card(title=str(article.title), wall=wall, over=_over(article)))

    def _write(self, writer: Any, name: str, card: Card) -> None:
        from ingest.media.cards import drawn, is_drawing_of

        data = _read(Path(self.settings.get("ONLINE") or self.output_path, name))
        writer.put(name, data if is_drawing_of(data, card) else drawn(card))


def _over(article: Any) -> str:
    """What stands above a title: when it takes place, what it is, or when it came. Nothing that the clock changes."""
    if article.event is not None:
        return str(article.event.words)
    if article.relay is not None:
        return _("Plainte ou appel relayé")
    return date_fr(article.date)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.stat().st_size < _LARGE else b""
    except OSError:
        return b""
