"""A picture for each post, which is shown where its link is passed on (OpenGraph), and one for the wall.

Drawing takes a tenth of a second, so that what the site online has already is taken from there. There is no other
store: where a post is taken down, nothing keeps its title.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pelican.generators import Generator

from ingest.media.cards import Card, drawn, is_drawing_of
from ingest.words import _
from plugins.dates import date_fr

FOLDER = "cartes/"
OF_WALL = f"{FOLDER}mur.png"
_LARGE = 100_000
"""Bytes; what is larger is no card of ours."""


class Cards(Generator):  # type: ignore[misc] # Pelican has no types
    """Gives each article its `card`, and templates `wall_card`: addresses without the site's; empty without a site."""

    def generate_context(self) -> None:
        """Tell where the cards will stand."""
        self._cards: dict[str, Card] = {}
        named = self.settings["SITEURL"].startswith("http")
        wall = self.settings["SITENAME"]
        self.context["wall_card"] = OF_WALL if named else ""
        if named:
            self._cards[OF_WALL] = Card(title=wall, wall=self.settings["SITESUBTITLE"])
        for article in self.context.get("articles", ()):
            article.card = f"{FOLDER}{article.url.removesuffix('.html')}.png" if named else ""
            if named:
                self._cards[article.card] = Card(title=str(article.title), wall=wall, over=_over(article))

    def generate_output(self, _writer: Any) -> None:
        """Write them, each drawn once in its life."""
        online = Path(self.settings.get("ONLINE") or self.output_path)
        for name, card in self._cards.items():
            data = _read(online / name)
            target = Path(self.output_path, name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data if is_drawing_of(data, card) else drawn(card))


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
