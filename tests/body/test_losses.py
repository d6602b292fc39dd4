"""The check that nothing was lost without a word, itself checked."""

from __future__ import annotations

from ingest.body.losses import missing
from tests import growth

MAIL = "Il y avait un banc, rue Haute. On s'y asseyait !\n\n> Écrivez à jeanne@example.org pour le revoir un jour.\n"


def test_a_text_that_stands_is_not_missing():
    """However its lines, spaces, marks and punctuation stand."""
    assert (
        missing(MAIL, "* Il y avait un **banc**,\nrue\u00a0Haute\\. On s’y asseyait\u202f!", [MAIL.split("\n")[2]])
        == ()
    )


def test_a_sentence_that_stands_nowhere_is_told_as_it_stood():
    """And only that one."""
    assert missing("Un banc rouge. Deux bancs verts.", "Un banc rouge.", []) == ("Deux bancs verts",)


def test_a_sentence_may_stand_half_in_the_draft_and_half_in_what_was_removed():
    """As where an address was masked in the middle of it."""
    draft = "Il y avait un banc, rue Haute. On s'y asseyait ! Écrivez à [adresse masquée] pour le revoir un jour."
    assert missing(MAIL, draft, ["jeanne@example.org"]) == ()
    assert missing(MAIL, draft, []) == ("> Écrivez à jeanne@example.org pour le revoir un jour",)


def test_a_short_piece_covers_its_own_words():
    """A number masked after a label leaves two words and none in a row."""
    assert missing("Mobile : +229 97292685", "Mobile : [téléphone masqué]", ["+229 97292685"]) == ()


def test_words_that_stand_apart_are_no_sentence():
    """Three words in a row must have stood so."""
    assert missing("Le vent du soir.", "Le chat. Un vent. Du pain. Soir.", []) == ("Le vent du soir",)


def test_case_and_composition():
    """Case tells; how an accent is composed does not."""
    assert missing("ÉTÉ.", "été", []) == ("ÉTÉ",)
    assert missing("E\u0301te\u0301.", "Été", []) == ()


def test_time_grows_with_the_size():
    """A hundred thousand words are a moment."""
    assert missing("mot " * 100_000, "mot " * 100_000, ["mot"] * 1000) == ()
    assert growth.is_linear(lambda size: missing("mot " * size, "mot " * size, ["mot"] * 1000), 12_500)
