"""A signed complaint that came to the wall: nobody reads it, its sender is told where it belongs, it is erased."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingest.errors import Refused
from ingest.intake import Intake
from ingest.keeping import tidy
from ingest.model import Kind
from ingest.moderation import item
from ingest.moderation.original import closed
from ingest.states import State
from tests.correspondence.following.conftest import NOW, mail

SECRET = "CANARI"
TEXT = (
    f"Je soussignée Odile {SECRET}, née le 12/03/1961 à Brive, demeurant 14 rue des Tilleuls, 19100 Brive, "
    "porte plainte contre X. Lu et approuvé."
)


@pytest.fixture
def stray(wall):
    wall.publish(
        "La plainte", kind=Kind.RELAY, extra={"Sign_url": "https://plainte.example/signer", "Deadline": "2026-12-01"}
    )
    wall.receive(mail(f"Plainte de {SECRET}", TEXT))
    (row,) = [row for row in wall.store.rows({State.QUARANTINED}) if row.astray]
    return row


def test_nothing_of_it_is_shown(wall, stray):
    """That it came, when, and which kind of thing it is: no title, no mail, no draft, no notice."""
    shown = item(wall.store, stray)

    assert ("", ("astray",), ("astray-form",), None) == (shown.title, shown.reasons, shown.warnings, shown.digest)
    assert "quelqu’un d’autre" in closed(stray)
    files = [path for path in wall.folder.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert ["message.eml"] == [path.name for path in files]
    assert 1 == wall.store.astray()


def test_its_sender_is_told_where_it_belongs(wall, stray):
    """One letter, with the address of the campaign's own page; none of what they wrote; no notice to moderators."""
    letters = wall.send()

    assert [("astray", "odile@example.net")] == [(letter.kind, str(told["To"])) for letter, told in letters]
    text = letters[0][1].get_content()
    assert "https://plainte.example/signer" in text
    assert SECRET not in str(letters[0][1])
    assert stray.sender_key == letters[0][0].who


def test_it_is_erased_after_some_days(wall, stray):
    """After three, by tidying, and the mail is known if it comes again."""
    early = tidy.tidy(wall.settings, wall.store, now=NOW + timedelta(days=2))
    late = tidy.tidy(wall.settings, wall.store, now=NOW + timedelta(days=3, hours=1))

    assert (0, 1) == (early.folders, late.folders)
    assert State.ERASED is wall.store.find(stray.id).state
    assert [] == [path for path in wall.folder.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert 1 == wall.store.astray()


def test_an_administrator_lets_it_in_unread(wall, stray):
    """`mur replay` makes a draft of what was no complaint after all."""
    with Intake(wall.store, wall.settings) as intake:
        taken = intake.replay(stray.id, now=NOW, by="Ana", channel="cli")

    assert ("held", State.HELD) == (taken.outcome, wall.store.find(stray.id).state)
    with pytest.raises(Refused):
        wall.store.replayable(stray.id)
