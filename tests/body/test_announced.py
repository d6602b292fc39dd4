"""Dates that a text announces."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ingest.body.announced import announced

PARIS = ZoneInfo("Europe/Paris")
SENT = datetime(2022, 6, 9, 18, 51, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("text", "moments"),
    [
        ("On répare les vélos samedi 18 juin, de 10 h à 17 h.", [(2022, 6, 18, 10, 0)]),
        ("Rendez-vous le 18/06/2022 à 20h30 devant la salle.", [(2022, 6, 18, 20, 30)]),
        ("Vendredi 1er juillet, dès 9 h, puis le 2 juillet.", [(2022, 7, 1, 9, 0), (2022, 7, 2, 0, 0)]),
        ("Le 8 mars prochain", [(2023, 3, 8, 0, 0)]),
        ("Mon grand-père est né le 12 juin 1944.", []),
        ("Les 3/4 des gens, un 15/20, 13 380 mandats, article 12 de la loi.", []),
        ("Le 31 février, jamais.", []),
        ("Samedi, comme d'habitude.", []),
    ],
)
def test_a_day_with_its_month_is_proposed(text, moments):
    """What is past, what is no day, and a weekday alone are not."""
    expected = [datetime(*moment, tzinfo=PARIS) for moment in moments]

    assert expected == list(announced(text, since=SENT, timezone=PARIS))


def test_a_text_of_dates_alone_gives_a_few():
    """A timetable does not drown the moderator."""
    assert 3 == len(announced("le 12 juin, le 13 juin, " * 20 + "le 14 juin, le 15 juin", since=SENT, timezone=PARIS))
