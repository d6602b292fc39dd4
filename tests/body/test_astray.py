"""Papers that are meant for a lawyer are known; whoever only tells of them keeps their place on the wall."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from ingest.body import numbers
from ingest.body.astray import File, Seen, look

FOLDER = Path(__file__).parent / "astray"
MESSAGES = Path(__file__).parent.parent / "messages"


def _mails(name):
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))["mail"]


ASTRAY, OURS = _mails("meant_for_somebody_else.toml"), _mails("for_the_wall.toml")


def _seen(mail):
    named = (each.partition(" | ") for each in mail.get("files", ()))
    files = tuple(File(name=name, text=text) for name, _bar, text in named)
    return Seen(subject=mail["subject"], text=mail["text"], files=files)


@pytest.mark.parametrize("mail", ASTRAY, ids=lambda mail: mail["subject"])
def test_what_is_meant_for_a_lawyer_is_known(mail):
    """Complaints filled in, mandates, identity cards, bank details and social security numbers: by their kind."""
    assert mail["kind"] == look(_seen(mail))


@pytest.mark.parametrize("mail", OURS, ids=lambda mail: mail["subject"])
def test_who_tells_of_signing_is_left_alone(mail):
    """Calls to sign, forms with their blanks, news, poems, leaflets, funds: nothing of it is taken away."""
    assert "" == look(_seen(mail))


ROADS = [f"{road} entre {a} et {b} est coupée depuis {day} matin." for road in ("La RN116", "La RD66", "Sur la RN20,")
         for a, b in (("Ille", "Perpignan"), ("Prades", "Olette"), ("Vinca", "Bouleternère"), ("Thuir", "Millas"))
         for day in ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")]  # fmt: skip


@pytest.mark.parametrize("sentence", ROADS)
def test_the_name_of_a_road_is_no_account(sentence):
    """Two letters, two digits and words: one in some dozens has right check digits by chance."""
    assert not numbers.account(sentence)


def test_every_kind_is_known():
    """By what stands in its examples: none of the tables is empty."""
    assert {"form", "identity", "bank", "number"} == {mail["kind"] for mail in ASTRAY}
