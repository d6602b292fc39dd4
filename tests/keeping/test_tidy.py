"""What age takes away, and what it leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.errors import Refused
from ingest.keeping.tidy import due, tidy
from ingest.settings import Keeping
from ingest.states import Action, State
from ingest.store import Store
from tests.store.walls import NOW, decided, held, in_state, wall

SHORT = Keeping(raw_days=10, refused_days=20, discarded_days=30, quarantined_days=40)


@pytest.fixture
def settings(tmp_path):
    """A wall that forgets after ten days and more."""
    return replace(wall(tmp_path), keeping=SHORT)


@pytest.fixture
def store(settings):
    """Its store."""
    with Store.open(settings) as opened:
        yield opened


@pytest.mark.parametrize(
    ("state", "days", "what"),
    [
        (State.HELD, 9999, None),
        (State.DEFERRED, 9999, None),
        (State.ACCEPTED, 9, None),
        (State.ACCEPTED, 10, "raw"),
        (State.PUBLISHED, 9999, "raw"),
        (State.REJECTED, 19, "raw"),
        (State.REJECTED, 20, "all"),
        (State.WITHDRAWN, 20, "all"),
        (State.DISCARDED, 29, "raw"),
        (State.DISCARDED, 30, "all"),
        (State.SPAM, 30, "all"),
        (State.QUARANTINED, 39, None),
        (State.QUARANTINED, 40, "all"),
        (State.ERASED, 9999, None),
    ],
)
def test_each_state_has_its_age(store, settings, state, days, what):
    """Counted from the decision; to the day."""
    row = in_state(store, state)
    assert due(row, store.last_decided().get(row.id), SHORT, NOW + timedelta(days=days)) == what
    assert due(row, store.last_decided().get(row.id), Keeping(**dict.fromkeys(Keeping.__slots__, 0)), NOW) is None


def test_the_mail_goes_and_everything_else_works(store, settings):
    """Draft, media, sender and journal stay; the original says that it is not kept; a second time nothing happens."""
    row = in_state(store, State.ACCEPTED)
    done = tidy(settings, store, now=NOW + timedelta(days=10))
    assert (done.mails, done.folders) == (1, 0)
    after = store.find(row.id)
    with pytest.raises(Refused, match="plus gardé"):
        store.raw(row.id)
    assert store.draft(row.id).title
    assert store.media_names(row.id)
    assert store.from_sender("ana.pons@example.org") == (after,)
    assert [(line.what, line.by, line.note) for line in store.journal(row.id)][-1] == ("purge", "mur", "raw")
    assert decided(store, after, Action.WITHDRAW).state is State.WITHDRAWN

    again = tidy(settings, store, now=NOW + timedelta(days=11))
    assert (again.mails, again.folders) == (0, 0)
    assert len([line for line in store.journal(row.id) if line.what == "purge"]) == 1


def test_what_is_gone_cannot_be_taken_back(store, settings):
    """A decision is undone while its documents are kept, and refused in words afterwards; the mail is still known."""
    row = in_state(store, State.REJECTED)
    tidy(settings, store, now=NOW + timedelta(days=20))
    assert not (settings.paths.state / "contributions" / row.id).exists()
    with pytest.raises(Refused, match="plus gardés"):
        decided(store, row, Action.UNDO)
    assert store.known(b"Subject: une\r\n\r\n").id == row.id


def test_undoing_starts_the_count_again(store, settings):
    """What was decided on again is as young as the last decision."""
    row = held(store)
    decided(store, row, Action.REJECT)
    decided(store, row, Action.UNDO, at=NOW + timedelta(days=15))
    decided(store, row, Action.REJECT, at=NOW + timedelta(days=19))
    assert tidy(settings, store, now=NOW + timedelta(days=21)).folders == 0
    assert store.raw(row.id)


def test_a_quarantined_mail_leaves_the_queue_with_its_documents(store, settings):
    """Nobody could read it, nobody replayed it: it is discarded, with a line that says so."""
    row = in_state(store, State.QUARANTINED)
    tidy(settings, store, now=NOW + timedelta(days=40))
    assert store.find(row.id).state is State.DISCARDED
    assert store.rows([State.QUARANTINED]) == ()
    assert store.journal(row.id)[-1].before is State.QUARANTINED


def test_a_decision_in_between_wins(store, settings):
    """What somebody takes back at the very moment it is found too old keeps its documents."""
    seen = in_state(store, State.REJECTED)
    decided(store, seen, Action.UNDO)
    assert store.purge(seen, "all", at=NOW + timedelta(days=20)) is False
    assert store.raw(seen.id)
    assert store.find(seen.id).purged == ""
