"""The checklist: what it finds in texts of our own, that it leaves plain ones alone, and that it is linear."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Draft, Kind, Markdown
from ingest.moderation.checklist import LONGEST, MOST, look
from ingest.moderation.naming import blanked
from tests.growth import is_linear

LINES = [
    line.split("\t")
    for line in (Path(__file__).parent / "checklist.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def draft(body, *, title="", byline=""):
    """A draft of this text."""
    return Draft(kind=Kind.ARTICLE, title=title, byline=byline, tags=(), lang="fr", body=Markdown(body))


@pytest.mark.parametrize(("text", "expected"), LINES, ids=[text[:40] for text, _ in LINES])
def test_what_is_asked_of_a_text(text, expected):
    """Each line of `checklist.txt`: the words, and what they are about."""
    wanted = [entry.partition(": ") for entry in expected.split(" | ")] if expected else []
    found = look(draft(f"{text}\n"))

    assert [word for word, _colon, _quote in wanted] == [one.word for one in found]
    quotes = {(word, quote) for word, colon, quote in wanted if colon}
    assert set() == quotes - {(one.word, one.quote) for one in found}


def test_plain_texts_are_left_alone():
    """Of all the plain lines together, none is found anything in: a list that cries wolf is not read."""
    plain = [text for text, expected in LINES if not expected]

    assert len(plain) >= 15
    assert () == look(draft("\n\n".join(plain) + "\n"))


def test_where_it_stands():
    """Offsets into the text as it is edited, marks of Markdown and addresses of links included."""
    body = "Voir [le plan](https://example.org/Marie-Untelle), dit **Marie Untelle**.\n"
    (one,) = look(draft(body))

    assert "Marie Untelle" == body[one.start : one.end]
    assert ("body", "Marie Untelle") == (one.where, one.quote)
    assert one.sentence.endswith("?")


def test_a_title_is_read_too():
    """Offsets are then of the title."""
    (one,) = look(draft("Rien.\n", title="On a vu Mme Untelle"))

    assert ("title", 8, 19) == (one.where, one.start, one.end)


def test_who_signs_is_no_third_person():
    """Nor is the wall's own address somebody's."""
    text = "Venez, disait hier Marie Untelle, ou écrivez à mur@example.org.\n"

    assert () == look(draft(text, byline="Marie Untelle"), keep=("mur@example.org",))


def test_pictures_are_asked_about():
    """No program of ours looks for faces: the moderator is asked."""
    (one,) = look(draft("Rien.\n"), pictures=2)

    assert ("faces", "", 0, 0, "") == (one.word, one.where, one.start, one.end, one.quote)


@pytest.mark.parametrize(
    "body",
    [
        "> " + "une ligne recopiée d’ailleurs " * 30 + "\n",
        "Il écrit : « " + "une phrase recopiée d’ailleurs " * 30 + "».\n",
        "une phrase recopiée d’ailleurs. " * 60 + "\n\n© tous droits réservés\n",
    ],
)
def test_a_long_quotation(body):
    """A pasted article: who has the rights?"""
    (one,) = look(draft(body))

    assert "quotation" == one.word
    assert len(one.quote) <= LONGEST


def test_short_quotations_are_none():
    """A sentence between quotation marks is everybody's right."""
    assert () == look(draft("> une ligne\n\nIl écrit : « une phrase ».\n"))


@given(st.text(max_size=300))
def test_blanking_keeps_every_offset(text):
    """As long as before, whatever it is."""
    assert len(text) == len(blanked(text))


@given(st.text(alphabet="Mme. DUPont dédt6 039812rue«»>\n[](x)'’-", max_size=400))
def test_whatever_is_looked_at(text):
    """No text raises; every span lies in it, and there are few."""
    found = look(draft(text, title=text[:40], byline=text[:5]), pictures=1)

    assert all(0 <= one.start <= one.end <= len(text) for one in found)
    assert all(len(one.quote) <= LONGEST for one in found)
    assert max((sum(one.word == other.word for other in found) for one in found), default=0) <= MOST


@pytest.mark.parametrize(
    "piece",
    [
        "M. Un Deux ",
        "Marie ",
        "> a\n",
        "« a ",
        "mon fils ",
        "chez lui ",
        "12 rue ",
        "a@",
        "06 12 ",
        "](",
        "Aa-",
        "D’A’",
        ". ",
    ],
)
def test_it_is_linear(piece):
    """Eight times the text, about eight times the work."""
    assert is_linear(lambda size: look(draft(piece * size)), 400)
