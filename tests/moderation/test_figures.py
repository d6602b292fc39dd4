"""Ready reasons for a refusal, and the few figures that a team may want of itself."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from ingest.errors import Refused
from ingest.moderation import queue, refusals
from ingest.moderation.bands import Band
from ingest.moderation.figures import counted, figures
from ingest.states import WAITING, Action
from ingest.store import Which
from tests.store.walls import NOW, decided, held

ZONE = ZoneInfo("Europe/Paris")
MONDAY = date(2022, 6, 6)


def test_figures_of_a_wall(store):
    """What waits and since when, what was decided each week and how fast: three came at once."""
    first, second, _third = held(store, b"1"), held(store, b"2"), held(store, b"3")
    decided(store, first, Action.REJECT, at=NOW + timedelta(hours=2))
    decided(store, second, Action.ACCEPT, at=NOW + timedelta(days=7, hours=1))
    decided(store, second, Action.WITHDRAW, at=NOW + timedelta(days=8))
    told = counted(store, NOW + timedelta(days=8), weeks=3)

    assert (1, {Band.FRESH: 0, Band.SOON: 0, Band.LATE: 1}) == (told.waiting, told.bands)
    assert (timedelta(days=8), timedelta(days=8)) == (told.median_wait, told.oldest_wait)
    assert timedelta(days=3, hours=13, minutes=30) == told.median_decision
    assert [(week.monday, week.decisions, dict(week.by_action)) for week in told.weeks] == [
        (MONDAY - timedelta(days=7), 0, {}),
        (MONDAY, 1, {"reject": 1}),
        (MONDAY + timedelta(days=7), 2, {"accept": 1, "withdraw": 1}),
    ]


def test_a_week_is_the_wall_s_own(store):
    """Monday at half past midnight in Paris is still Sunday in UTC, and counts for Monday's week."""
    row = held(store, b"1")
    decided(store, row, Action.REJECT, at=NOW.replace(day=12, hour=22, minute=30))
    told = figures((), store.journal(), now=NOW.replace(day=13), zone=ZONE, weeks=2)

    assert [0, 1] == [week.decisions for week in told.weeks]


def test_an_empty_wall_has_figures_too(store):
    """No median of nothing."""
    told = counted(store, NOW)

    assert (0, None, None, None, 12) == (
        told.waiting,
        told.median_wait,
        told.oldest_wait,
        told.median_decision,
        len(told.weeks),
    )


def test_the_queue_is_narrowed(store):
    """To what somebody looks at, and to what has a warning; counted the same way."""
    row = held(store)

    assert [row.id] == [one.id for one in queue(store, which=Which(warned=True))]
    assert () == queue(store, which=Which(claimed_by="zoe"))
    assert (1, 0) == (
        store.count(WAITING, which=Which(warned=True)),
        store.count(WAITING, which=Which(claimed_by="zoe")),
    )


def test_ready_reasons_are_letters():
    """Each with a key of its own, short, in sentences; a moderator's line follows."""
    assert len(refusals.REASONS) == len({one.key for one in refusals.REASONS})
    assert all(len(one.letter) < 300 and one.letter.endswith((".", "?")) for one in refusals.REASONS)
    assert refusals.letter("doublon", " Merci ! ").endswith("\n\nMerci !")
    assert "Seul." == refusals.letter("", "Seul.")
    with pytest.raises(Refused, match="doublon, hors-sujet"):
        refusals.letter("pourquoi-pas")


def test_silent_reasons_send_nothing():
    """Unless a moderator wrote something all the same."""
    silent = [one for one in refusals.REASONS if one.silent]

    assert ["publicite"] == [one.key for one in silent]
    assert all(refusals.is_silent(note) for note in ("", " ", *(refusals.letter(one.key) for one in silent)))
    assert not refusals.is_silent(refusals.letter("publicite", "Non merci."))
    assert not refusals.is_silent(refusals.letter("doublon"))
