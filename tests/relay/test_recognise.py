"""Calls to sign, told from stories about them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ingest.body.blocks import Link, Paragraph, Text
from ingest.body.plain import read_plain
from ingest.relay.recognise import recognise

PARIS = ZoneInfo("Europe/Paris")


def call(text):
    return recognise(read_plain(text), text, timezone=PARIS)


@pytest.mark.parametrize(
    ("text", "url", "deadline"),
    [
        (
            "Rejoignez la plainte collective avant le samedi 24 septembre 2022 : https://technopolice.fr/plainte/.",
            "https://technopolice.fr/plainte/",
            datetime(2022, 9, 24, 23, 59, tzinfo=PARIS),
        ),
        (
            "Une pétition pour la ligne 520, à signer : https://petitions.example.org/signer/520",
            "https://petitions.example.org/signer/520",
            None,
        ),
        (
            "Signez notre recours jusqu’au 1er mars 2023 à 18 h 30 sur https://asso.example.net/recours",
            "https://asso.example.net/recours",
            datetime(2023, 3, 1, 18, 30, tzinfo=PARIS),
        ),
        (
            "Pour signer, c’est par ici : https://framaforms.org/sauvons-le-marche-1654074000",
            "https://framaforms.org/sauvons-le-marche-1654074000",
            None,
        ),
        (
            "Soutenez notre plainte : https://asso.example.net/plainte/signer\n\nVu sur https://asso.example.net/plainte/une",
            "https://asso.example.net/plainte/signer",
            None,
        ),
        ("La pétition se signe sur petitions.example.org/signer/520 jusqu’à dimanche.", "", None),
    ],
)
def test_a_call_with_a_place_to_sign_is_a_relay(text, url, deadline):
    """Where, and until when if the text says it; nothing is guessed."""
    found = call(text)

    assert found is not None
    assert (url, deadline) == (found.sign_url, found.deadline)


@pytest.mark.parametrize(
    "text",
    [
        "Hier j’ai lu un article sur une pétition : https://journal.example.org/2022/une-histoire",
        "Signez le registre à l’entrée de l’exposition.",
        "Porter plainte m’a pris trois heures.",
        "Voir https://asso.example.net/recours",
    ],
)
def test_a_story_is_no_call(text):
    """Words without a place, or a place without words, are not enough."""
    assert call(text) is None


def test_a_day_alone_is_written_as_one():
    """Front matter says no hour that the text did not."""
    text = "Signez la pétition avant le 3 juin 2022 : https://a.example.org/petition"

    assert {"Sign_url": "https://a.example.org/petition", "Deadline": "2022-06-03"} == call(text).front_matter
    assert "2022-06-03T18:30+02:00" == call(text.replace("2022 :", "2022 à 18 h 30 :")).front_matter["Deadline"]


def test_what_a_link_shows_is_not_where_it_leads():
    """A lying link proposes its own address, for the moderator to see, or none."""
    shown = "https://technopolice.fr/plainte/"
    blocks = (Paragraph((Text("À signer : "), Link("https://piege.example.com/x", (Text(shown),)))),)

    assert recognise(blocks, f"À signer : {shown}", timezone=PARIS) is None
