"""Narrower copies of pictures."""

from __future__ import annotations

from ingest.model import Markdown
from plugins.mur import media_resolved
from plugins.rendering import render
from plugins.responsive import with_copies

NAME = "0123456789abcdef.jpg"


def page(body: str, copies: tuple[int, ...], width: int = 1600) -> str:
    html = render(Markdown(body), media_url="media:", size=lambda _name: (width, 900))
    return media_resolved(with_copies(html, lambda _stem, _extension: copies), "https://mur.example.org")


def test_a_picture_names_its_copies_with_their_widths():
    """A narrow screen fetches a narrow picture; the whole one stays the widest choice."""
    html = page(f"![Le canal](media:{NAME})", (800, 400))

    root = "https://mur.example.org/medias/0123456789abcdef"
    assert f'srcset="{root}-400.jpg 400w, {root}-800.jpg 800w, {root}.jpg 1600w"' in html
    assert "media:" not in html


def test_without_copies_or_where_they_are_no_narrower_there_is_no_srcset():
    """A small picture is fetched as it is."""
    assert "srcset" not in page(f"![Le canal](media:{NAME})", ())
    assert "srcset" not in page(f"![Le canal](media:{NAME})", (800,), width=800)


def test_words_that_look_like_a_picture_stay_words():
    """What an author typed between angle brackets is no tag, and gets nothing added."""
    html = page(f'<img width="1600" src="media:{NAME}">', (400,))

    assert "srcset" not in html
