"""One function decides: what is legal, who was faster, what can be taken back."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.errors import Refused
from ingest.model import Digest
from ingest.moderation import decide, edit, take
from ingest.moderation.decide import Decision
from ingest.states import Action, State
from ingest.store import Store, digest_of
from tests.store.test_crash import together
from tests.store.walls import NOW, decided, everything, held, in_state, online, wall

GRID = """
             accept    reject    discard    spam  defer     withdraw   undo
held         accepted  rejected  discarded  spam  deferred  withdrawn  -
deferred     accepted  rejected  discarded  spam  deferred  withdrawn  held
accepted     -         -         -          -     -         withdrawn  held
published    -         -         -          -     -         withdrawn  held
rejected     -         -         -          -     -         -          held
discarded    -         -         -          -     -         -          held
spam         -         -         -          -     -         -          held
withdrawn    -         -         -          -     -         -          held
quarantined  -         -         discarded  spam  -         -          -
erased       -         -         -          -     -         -          -
"""
"""What each decision makes of a contribution whose draft nobody changed; "-" is refused."""


def pairs():
    """Every state with every action, and what follows: None for a refusal."""
    head, *lines = [line.split() for line in GRID.strip().splitlines()]
    for state, *cells in lines:
        for action, cell in zip(head, cells, strict=True):
            yield State(state), Action(action), None if cell == "-" else State(cell)
        for action in (Action.EDIT, Action.RESUBMIT, Action.REPLAY, Action.PUBLISH, Action.ERASE):
            yield State(state), action, None


def test_the_grid_leaves_nothing_out():
    """Ten states, twelve actions."""
    assert {(state, action) for state, action, _ in pairs()} == {
        (state, action) for state in State for action in Action
    }


@pytest.mark.parametrize(("state", "action", "expected"), list(pairs()))
def test_every_action_in_every_state(store, state, action, expected):
    """It moves where the table says, with a line in the journal; or it is refused and nothing changed at all."""
    row = in_state(store, state)
    before = everything(store)
    if expected is None:
        with pytest.raises(Refused):
            decided(store, row, action)
        assert everything(store) == before
    else:
        assert decided(store, row, action).state is expected
        assert store.find(row.id).state is expected
        line = store.journal(row.id)[-1]
        assert (line.what, line.by, line.before, line.after) == (action.value, "zoe", state, expected)


def test_the_first_acceptance_gives_date_and_number_for_good(store):
    """Taken back, corrected and accepted again, the post keeps both; the next post has the next number."""
    row, other = held(store), held(store, b"other")
    first = decided(store, row, Action.ACCEPT)
    decided(store, row, Action.UNDO)
    again = decided(store, row, Action.ACCEPT, at=NOW + timedelta(days=3))

    assert (first.public, again.public) == ("mur-1", "mur-1")
    assert again.accepted_at == NOW
    assert decided(store, other, Action.ACCEPT).public == "mur-2"
    assert store.find("mur-2").id == other.id


def test_a_decision_is_about_the_text_that_was_seen(store):
    """Somebody corrected it in between: the decision is refused, and says who and when."""
    row = held(store)
    edit(store, row.id, TEXT, seen=row.digest, by="max", channel="web", at=NOW)

    with pytest.raises(Refused, match="max l’a modifié le 08/06/2022 à 09:30"):
        decided(store, row, Action.ACCEPT, digest=row.digest)
    assert store.find(row.id).state is State.HELD
    assert decided(store, row, Action.ACCEPT, digest=digest_of(TEXT.encode())).state is State.ACCEPTED


def test_a_digest_that_never_was_is_refused(store):
    """Without inventing who changed what."""
    row = held(store)
    with pytest.raises(Refused, match="relisez-le"):
        decided(store, row, Action.REJECT, digest=Digest("0" * 64))


def test_who_was_faster_is_named(store):
    """Refused by one, then accepted by another: the second is told who refused, and when."""
    row = held(store)
    decided(store, row, Action.REJECT, by="max")

    with pytest.raises(Refused, match="impossible de l’accepter : elle a été refusée par max le 08/06/2022 à 09:30"):
        decided(store, row, Action.ACCEPT, digest=row.digest)


def test_the_same_decision_twice_is_one(store):
    """A second tap on the same button, or the same letter answered twice, changes nothing."""
    row = held(store)
    decided(store, row, Action.ACCEPT, digest=row.digest)
    before = everything(store)
    for _ in range(3):
        with pytest.raises(Refused, match="déjà décidé : acceptée par zoe"):
            decided(store, row, Action.ACCEPT, digest=row.digest)

    assert everything(store) == before


def test_a_state_that_was_seen_binds_too(store):
    """A page that showed it held decides nothing once somebody put it off."""
    row = held(store)
    decided(store, row, Action.DEFER, by="max")

    with pytest.raises(Refused, match="remise à plus tard par max"):
        decided(store, row, Action.ACCEPT, state=State.HELD)
    assert decided(store, row, Action.ACCEPT, state=State.DEFERRED).state is State.ACCEPTED


def test_an_unknown_id_is_refused(store):
    """Nothing by that name."""
    row = replace(held(store), id="0" * 16)
    with pytest.raises(Refused, match="aucune contribution"):
        decided(store, row, Action.ACCEPT)


def test_undoing_takes_back_decisions_like_a_stack(store):
    """Put off, refused, undone twice: held again; a third time there is nothing left to take back."""
    row = held(store)
    decided(store, row, Action.DEFER)
    decided(store, row, Action.REJECT)

    assert decided(store, row, Action.UNDO).state is State.DEFERRED
    assert decided(store, row, Action.UNDO).state is State.HELD
    with pytest.raises(Refused, match="aucune décision à annuler"):
        decided(store, row, Action.UNDO)


def test_undoing_a_correction_of_what_is_online_brings_the_old_text_back(store):
    """Accepted again with another text, then undone: the publisher has the first text again."""
    row = online(store, decided(store, held(store), Action.ACCEPT))
    edit(store, row.id, TEXT, seen=row.digest, by="max", channel="cli", at=NOW)
    corrected = decided(store, row, Action.ACCEPT)
    undone = decided(store, row, Action.UNDO)

    assert corrected.accepted_digest == digest_of(TEXT.encode())
    assert (undone.state, undone.accepted_digest) == (State.ACCEPTED, row.digest)
    assert [accepted.digest for accepted in store.to_project(NOW)] == [row.digest]


def test_withdrawn_and_undone_it_comes_back(store):
    """With the text and the date that were accepted."""
    row = online(store, decided(store, held(store), Action.ACCEPT))
    decided(store, row, Action.WITHDRAW)
    assert store.to_project(NOW) == ()
    back = decided(store, row, Action.UNDO)

    assert (back.state, back.accepted_digest, back.accepted_at) == (State.ACCEPTED, row.digest, NOW)
    assert len(store.to_project(NOW)) == 1


def test_a_decision_ends_a_claim(store):
    """Nobody has to release what is decided."""
    row = held(store)
    take(store, row.id, by="zoe", channel="web", at=NOW)

    assert decided(store, row, Action.ACCEPT).claimed_by is None


def test_a_note_may_hold_anything(store):
    """NUL, a lone surrogate, ten lines: the journal keeps what a database can keep."""
    row = held(store)
    decided(store, row, Action.REJECT, note="non\0 merci \ud800\n— l’équipe")

    assert store.journal(row.id)[-1].note == "non merci ?\n— l’équipe"


def test_many_deciding_at_once_are_one_decision_and_clear_refusals(tmp_path):
    """Eight processes, half of them accepting and half refusing, each on the draft it saw."""
    settings = wall(tmp_path)
    with Store.open(settings) as store:
        row = held(store)
    told = together(8, lambda: _one_of_many(settings, row))

    won = [line for line in told if line.startswith("won")]
    assert len(told) == 8
    assert len(won) == 1
    assert all(won[0].split()[1] in line for line in told)
    with Store.open(settings) as store:
        hold, decision = store.journal(row.id)
    assert (hold.what, decision.by) == ("hold", won[0].split()[1])


def _one_of_many(settings, row):
    action = Action.ACCEPT if os.getpid() % 2 else Action.REJECT
    by = f"mod{os.getpid()}"
    with Store.open(settings) as store:
        decision = Decision(action=action, id=row.id, by=by, digest=row.digest, channel="web", at=NOW)
        try:
            decide(store, decision)
        except Refused as refusal:
            return refusal
        return f"won {by}"


TEXT = "Title: Une fête dimanche\nKind: event\nLang: fr\n\nVenez dimanche.\n"
