"""The same text sent again: joined, shown, never dropped."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from ingest.errors import Refused
from ingest.model import Quarantine
from ingest.states import State
from ingest.store import NEAR_DUPLICATE, POSSIBLE_DUPLICATE, SAME, Store, tables
from tests.body import letters
from tests.growth import is_linear
from tests.store.walls import NOW, converted, mail, wall

LETTER = letters.letter(Random(3))
OTHER = letters.letter(Random(4))


def take(store: Store, name: str, body: str, **told):
    """A mail with this text, of which nothing else was sent before."""
    raw = name.encode()
    outcome = converted(title=f"Titre {name}", body=f"{body}\n", media=())
    taken = store.hold(raw, outcome, contribution=mail(raw, **told), received_at=NOW, now=NOW, channel="import")
    return store.find(taken.id)


def named(row) -> list[str]:
    return [word.partition(": ")[2] for word in row.warnings if word.startswith(NEAR_DUPLICATE)]


def test_a_text_sent_again_is_held_and_names_the_first(store):
    """Both are there; either tells of the other."""
    first, other = take(store, "1", LETTER), take(store, "2", OTHER)
    again = take(store, "3", f"> {LETTER}")

    assert [row.state for row in (first, other, again)] == [State.HELD] * 3
    assert (named(first), named(other), named(again)) == ([], [], [first.id])
    assert [(one.id, one.share) for one in store.alike(again.id)] == [(first.id, SAME)]
    assert [one.id for one in store.alike(first.id)] == [again.id]
    assert store.alike(other.id) == ()


def test_the_most_alike_is_named_and_all_are_listed(store):
    """A text with a paragraph more, and the very same one: the same one comes first."""
    longer = take(store, "1", f"{LETTER}\n\n{letters.sentence(Random(9))}")
    same = take(store, "2", LETTER)
    again = take(store, "3", LETTER)

    assert named(again) == [same.id]
    assert [one.id for one in store.alike(again.id)] == [same.id, longer.id]


def test_the_same_message_id_names_its_first_mail(store):
    """Whatever became of the text."""
    first = take(store, "1", LETTER, message_id="<1@example.org>")
    second = take(store, "2", OTHER, message_id="<1@example.org>")

    assert f"{POSSIBLE_DUPLICATE}: {first.id}" in second.warnings
    assert named(second) == []


def test_a_replay_is_compared_too(store):
    """What could not be read has no text; once it has one, it is compared."""
    raw = b"illisible"
    taken = store.hold(raw, Quarantine(reason="too-slow"), contribution=None, received_at=NOW, now=NOW, channel="imap")
    first = take(store, "1", LETTER)
    assert store.likeness(taken.id) is None

    outcome = converted(body=f"{LETTER}\n", media=())
    for _time in range(2):
        with store._database.writing() as connection:
            connection.execute(tables.contribution.update().values(state="quarantined"))
        store.replace(taken.id, outcome, contribution=mail(raw), now=NOW, by="zoe", channel="cli")

    assert named(store.find(taken.id)) == [first.id]
    assert [one.id for one in store.alike(first.id)] == [taken.id]


def test_a_folder_without_a_row_is_compared_when_it_is_finished(store, settings):
    """After a crash between the two, the text is known all the same, by the same numbers."""
    first, row = take(store, "1", LETTER), take(store, "2", LETTER)
    before = store.likeness(row.id)
    with store._database.writing() as connection:
        for table in (tables.alike, tables.likeness_mark, tables.likeness, tables.journal):
            connection.execute(table.delete())
        connection.execute(tables.contribution.delete().where(tables.contribution.c.id == row.id))
        connection.execute(tables.contribution.delete().where(tables.contribution.c.id == first.id))
    with Store.open(settings) as again:
        assert again.likeness(row.id) == before
        assert {one.id for one in again.alike(row.id)} == {first.id}


def test_an_erased_text_is_forgotten(store):
    """Nothing by which it is known stays, and who is like it no longer says so; the same text is new."""
    first, second = take(store, "1", LETTER), take(store, "2", LETTER)
    store.bury(first.id, by="zoe", channel="cli", at=NOW)
    third = take(store, "3", letters.letter(Random(3)))

    assert store.likeness(first.id) is None
    assert [one.id for one in store.alike(second.id)] == [third.id]
    with store._database.reading() as connection:
        left = connection.execute(tables.likeness.select()).all()
    assert {record.contribution for record in left} == {second.id, third.id}


def test_the_numbers_are_those_of_this_wall(store, tmp_path):
    """Whoever guesses a text cannot look it up in a database without its key."""
    row = take(store, "1", LETTER)
    with Store.open(wall(tmp_path / "elsewhere")) as other:
        there = take(other, "1", LETTER)
        assert other.likeness(there.id).whole != store.likeness(row.id).whole


def test_a_draft_that_cannot_be_read_is_taken_all_the_same(store):
    """Being compared is a help, and never in the way."""
    row = take(store, "1", LETTER)
    told = store.facts(row.id)

    assert store._likeness(told) is not None
    assert store._likeness(replace(told, digest="0" * 64)) is None


def test_an_unknown_contribution_is_like_nothing(store):
    """And asking for one makes nothing."""
    assert store.alike("0" * 16) == ()
    with pytest.raises(Refused):
        store.find("0" * 16)


@pytest.mark.long
def test_the_ten_thousandth_copy_costs_what_the_hundredth_did(store):
    """A text that is sent again and again: linear in all, and each names few."""
    from ingest.store import likeness

    sent = 0

    def flood(number: int) -> None:
        nonlocal sent
        text = store._likeness(store.facts(first.id))
        with store._database.writing() as connection:
            for _each in range(number):
                sent += 1
                id_ = f"{sent:016x}"
                values = {column.name: getattr(first, column.name) for column in tables.contribution.columns}
                values |= {"id": id_, "sha256": f"{sent:064x}", "state": "held", "kind": None}
                connection.execute(tables.contribution.insert().values(values))
                likeness.write(connection, id_, text, likeness.search(connection, text, id_))

    first = take(store, "1", LETTER)

    assert is_linear(flood, 100)
    assert len(store.alike(f"{sent:016x}")) == 8
