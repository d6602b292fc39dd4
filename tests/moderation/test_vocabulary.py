"""What words that rooms leave for a moderator say."""

from __future__ import annotations

import pytest

from ingest.moderation.vocabulary import told


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("urgent", "urgent, dit son auteur"),
        ("moderated", ""),
        ("near-duplicate: 4f5a", "texte déjà reçu, ou presque (4f5a)"),
        ("date: 2022-06-18 10:00", "le texte annonce une date (samedi 18 juin 2022 à 10\u00a0h)"),
        ("date: 2022-06-01 00:00", "le texte annonce une date (mercredi 1er juin 2022)"),
        ("date: 31/02", "le texte annonce une date (31/02)"),
        ("a-word-of-tomorrow: more", "a-word-of-tomorrow: more"),
    ],
)
def test_a_word_and_what_stands_behind_its_colon(word, said):
    """In French, days as people say them; what nobody knows stays as it is."""
    assert said == told(word)
