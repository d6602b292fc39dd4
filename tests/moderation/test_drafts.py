"""Corrections, pieces put back, claims, and the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingest.errors import Refused
from ingest.model import Kind
from ingest.moderation import edit, keep, queue, release, take
from ingest.moderation.queue import UNREADABLE_DRAFT
from ingest.states import Action, State
from ingest.store import digest_of
from tests.store.walls import NOW, converted, decided, everything, held, in_state, online

TEXT = "Title: Une fête dimanche\nKind: event\nTags: quartier\nLang: fr\n\nVenez dimanche.\n"
BY = {"by": "max", "channel": "cli", "at": NOW}


def test_a_correction_is_another_version(store):
    """The row names it, the old one can still be read, the journal says who."""
    row = held(store)
    after = edit(store, row.id, TEXT, seen=row.digest, **BY)

    assert (after.digest, after.kind, after.state) == (digest_of(TEXT.encode()), Kind.EVENT, State.HELD)
    assert store.document(row.id) == TEXT
    assert store.draft(row.id, row.digest) == converted().draft
    assert [(line.what, line.by) for line in store.journal(row.id)] == [("hold", "mur"), ("edit", "max")]


def test_two_people_correcting_lose_nothing(store):
    """The second is told who was faster, and what the first wrote stands."""
    row = held(store)
    edit(store, row.id, TEXT, seen=row.digest, **BY)
    before = everything(store)

    with pytest.raises(Refused, match="max l’a modifié"):
        edit(store, row.id, TEXT.replace("dimanche", "lundi"), seen=row.digest, by="zoe", channel="web", at=NOW)
    assert everything(store) == before
    assert store.document(row.id) == TEXT


def test_the_same_text_is_no_correction(store):
    """Saved unchanged, or changed only in its line ends: no version, no line in the journal."""
    row = held(store)
    same = store.document(row.id).replace("\n", "\r\n")

    assert edit(store, row.id, same, seen=row.digest, **BY).digest == row.digest
    assert len(store.journal(row.id)) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Title: x\nSave_as: index.html\n\nTexte.\n", "ligne 2"),
        ("pas une clé\n\nTexte.\n", "ligne 1"),
        ("Title: x\n\n" + "a" * 1_000_000, "trop long"),
    ],
)
def test_a_text_that_is_no_draft_is_refused(store, text, said):
    """With the line; nothing is written."""
    row = held(store)
    with pytest.raises(Refused, match=said):
        edit(store, row.id, text, seen=row.digest, **BY)
    assert store.find(row.id) == row


def test_what_is_online_changes_only_by_a_decision(store):
    """A correction of a published text is current, and waits; the publisher keeps what was accepted."""
    row = online(store, decided(store, held(store), Action.ACCEPT))
    after = edit(store, row.id, TEXT, seen=row.digest, **BY)

    assert (after.state, after.accepted_digest) == (State.PUBLISHED, row.digest)
    assert [accepted.digest for accepted in store.to_project(NOW)] == [row.digest]
    assert decided(store, row, Action.ACCEPT).state is State.ACCEPTED
    assert [accepted.digest for accepted in store.to_project(NOW)] == [after.digest]


@pytest.mark.parametrize("state", [State.REJECTED, State.QUARANTINED, State.ERASED])
def test_what_is_decided_is_not_corrected(store, state):
    """First the decision is taken back."""
    row = in_state(store, state)
    with pytest.raises(Refused, match="corriger"):
        edit(store, row.id, TEXT, seen=row.digest or digest_of(b""), **BY)


def test_a_piece_is_put_back_as_it_was_written(store):
    """At the end, its signs escaped and its lines kept; or as Markdown, where that was kept of it."""
    row = held(store)
    keep(store, row.id, 1, **BY)
    after = keep(store, row.id, 2, **BY)
    body = store.draft(row.id).body

    assert body.startswith("Venez samedi.\n\n")
    assert "\\*Ana\\*  \nVoisine" in body
    assert body.endswith("\n\n[le plan](https://example.org/plan)\n")
    assert after.digest == digest_of(store.document(row.id).encode())
    assert [(line.what, line.note) for line in store.journal(row.id)[1:]] == [("keep", "1"), ("keep", "2")]


@pytest.mark.parametrize("piece", [0, -1, 3, 10**12])
def test_a_piece_that_is_none_is_refused(store, piece):
    """It says how many there are."""
    with pytest.raises(Refused, match="il y en a 2"):
        keep(store, held(store).id, piece, **BY)


def test_a_piece_is_put_back_once(store):
    """The second time it stands there already."""
    row = held(store)
    keep(store, row.id, 2, **BY)
    with pytest.raises(Refused, match="déjà"):
        keep(store, row.id, 2, **BY)


def test_a_claim_names_who_is_looking(store):
    """Another one is told who and since when; the same one may say it again; anybody may end it."""
    row = held(store)
    assert take(store, row.id, **BY).claimed_by == "max"
    assert take(store, row.id, **BY).claimed_by == "max"
    with pytest.raises(Refused, match="max s’en occupe depuis le 08/06/2022 à 09:30"):
        take(store, row.id, by="zoe", channel="web", at=NOW)
    assert release(store, row.id, by="zoe", channel="web", at=NOW).claimed_by is None
    with pytest.raises(Refused, match="personne"):
        release(store, row.id, **BY)


def test_a_claim_fades(store):
    """Whoever fell asleep blocks nobody."""
    row = held(store)
    take(store, row.id, **BY)
    late = NOW + timedelta(hours=5)

    assert take(store, row.id, by="zoe", channel="web", at=late).claimed_by == "zoe"


def test_what_waits_for_nobody_is_not_taken(store):
    """A decided contribution needs no looking at."""
    with pytest.raises(Refused):
        take(store, in_state(store, State.SPAM).id, **BY)


def test_the_queue_shows_what_waits(store):
    """The longest here first, with the title of the current draft; a quarantine with its subject and reason."""
    first = held(store, b"1")
    decided(store, held(store, b"2"), Action.REJECT)
    edit(store, first.id, TEXT, seen=first.digest, **BY)
    quarantined = in_state(store, State.QUARANTINED)
    items = {item.id: item for item in queue(store)}

    assert set(items) == {first.id, quarantined.id}
    assert items[first.id].title == "Une fête dimanche"
    assert (items[first.id].tags, items[first.id].removed, items[first.id].attachments) == (("quartier",), 2, 1)
    assert items[quarantined.id].reasons == ("too-deep",)
    assert queue(store, kind=Kind.EVENT)[0].id == first.id
    assert queue(store, limit=1, offset=1)[0].id == queue(store)[1].id
    assert queue(store, [State.REJECTED])[0].state is State.REJECTED


def test_one_damaged_draft_costs_its_title_and_not_the_list(store):
    """It is shown, with a warning."""
    row = held(store)
    (store._folders.root / row.id / "drafts" / f"{row.digest}.md").unlink()
    (item,) = queue(store)

    assert (item.title, item.warnings) == ("", ("long-title", UNREADABLE_DRAFT))
