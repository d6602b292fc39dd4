"""The picture of a post: legible, light, the same each time, and drawn again only where it says something else."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ingest.media import cards
from ingest.media.cards import Card, drawn, is_drawing_of

TITLES = [
    "Retour de la marche\u00a0: des photos & une <soupe>",
    "Ça goûte l’été à l’œuvre «\u00a0où\u00a0»\u202f!",
    "Plainte collective " * 12,
    "A" * 500,
    "日本 🎉",
    "",
]


@pytest.mark.parametrize("title", TITLES)
def test_a_card_is_light_of_one_size_and_always_the_same(title):
    """1200 × 630, under 60 KB; what cannot be written is left out."""
    card = Card(title=title, wall="Le mur d’essai", over="mercredi 8 juin 2022")
    data = drawn(card)

    assert data == drawn(card)
    assert len(data) < 60_000
    with Image.open(BytesIO(data)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
        assert picture.info.keys() <= {"Mark"}


def test_french_and_catalan_can_be_written():
    """Every letter and sign of both is in the font that ships with the project."""
    letters = "éèêëàâäùûüîïôöçœæÿÉÈÊËÀÂÙÛÎÏÔÇŒÆ«»’“”–—…·€°àèéíòóúïüçŀÀÈÉÍÒÓÚÏÜÇĿñ?!:;"
    assert [it for it in letters if not cards._has(it)] == []


def test_a_drawing_is_known_by_all_that_it_says():
    """So that it is taken from the site online, and drawn again where a word changed."""
    card = Card(title="Bal", wall="Le mur", over="samedi")
    data = drawn(card)

    assert is_drawing_of(data, card)
    for other in (
        Card(title="Bals", wall="Le mur", over="samedi"),
        Card(title="Bal", wall="Le murs", over="samedi"),
        Card(title="Bal", wall="Le mur", over="dimanche"),
    ):
        assert not is_drawing_of(data, other)
    assert not is_drawing_of(b"", card)


@settings(max_examples=12, deadline=None)
@given(st.text(max_size=300))
def test_any_title_can_be_drawn(title):
    """None raises, whatever is in it."""
    assert drawn(Card(title=title, wall=title, over=title)).startswith(b"\x89PNG")
