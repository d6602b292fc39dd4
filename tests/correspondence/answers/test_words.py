"""What an answer says, by its words alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.body.lines import read as lines_of
from ingest.body.plain import read_plain
from ingest.correspondence.answers.own import Own
from ingest.correspondence.answers.reading import Reply, Says, understand
from ingest.correspondence.answers.words import folded, phrases
from tests.growth import is_linear

ROWS = [
    line.split(" -> ", 1)
    for line in (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def said(text: str) -> Reply:
    """What is understood of an answer by Claudine Martin."""
    blocks = read_plain(text)
    return understand(Own(blocks=blocks, lines=lines_of(blocks)), phrases(), frozenset({"claudine", "martin"}))


@pytest.mark.parametrize(("text", "says"), ROWS, ids=[row[0] or "empty" for row in ROWS])
def test_an_answer_is_understood_or_not(text, says):
    """Each line of the table."""
    word, _colon, reason = says.partition(": ")

    reply = said(text.replace("|", "\n"))

    assert (word, reason) == (reply.says.value, reply.reason)


def test_no_phrase_says_two_things():
    """The table of words contradicts itself nowhere."""
    known = phrases()
    sets = [known.accept, known.reject, known.defer, known.correct, known.withdraw, known.undo, known.filler]

    assert sum(map(len, sets)) == len(frozenset().union(*sets))


@pytest.mark.parametrize("phrase", sorted(phrases().accept))
def test_a_yes_with_anything_behind_it_is_none(phrase):
    """Whatever follows may take it back."""
    tails = ("mais pas le titre", "sauf la fin", "si la mairie est d’accord avec nous", "non", "plus tard")

    assert set() == {tail for tail in tails if said(f"{phrase}, {tail}").says is Says.ACCEPT}


@given(st.text(max_size=300))
def test_nothing_that_is_typed_breaks_it(text):
    """Any text gives an answer."""
    assert said(text).says in Says


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    """What is folded stays as it is."""
    assert folded(text) == folded(folded(text))


@pytest.mark.parametrize("piece", ["oui, ", "non : ", "- ", "corrigé : ", "merci\n", "cordialement\n", "? ", "« "])
def test_reading_is_linear(piece):
    """A long answer costs its length."""
    assert is_linear(lambda size: said(piece * size), 2_000)
