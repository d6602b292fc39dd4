"""Sessions in the store: a cookie that is renewed, and never locks anybody out."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from ingest.keeping.export import export
from ingest.store.sessions import GRACE, RENEWED

DAY = RENEWED.total_seconds() + 1


@pytest.fixture
def opened(store, clock):
    """Zoe's session on a device of her own."""
    return store.open_session(store.who("zoe@example.org"), device="Firefox, Android", known=True, now=clock())


def test_a_cookie_is_renewed_once_a_day(store, clock, opened):
    """The new one counts from its first use on, and the old one goes a minute later."""
    assert store.session(opened.cookie, now=clock(), renew=True).cookie == ""
    clock.pass_(seconds=DAY)
    fresh = store.session(opened.cookie, now=clock(), renew=True).cookie
    assert fresh not in {"", opened.cookie}

    assert store.session(fresh, now=clock()).id == opened.id
    assert store.session(opened.cookie, now=clock()).id == opened.id
    clock.pass_(seconds=GRACE.total_seconds() + 1)
    assert store.session(opened.cookie, now=clock()) is None
    assert store.session(fresh, now=clock()).id == opened.id


def test_an_answer_that_was_lost_locks_nobody_out(store, clock, opened):
    """The old cookie goes on, and a minute later another new one is offered."""
    clock.pass_(seconds=DAY)
    lost = store.session(opened.cookie, now=clock(), renew=True).cookie
    assert store.session(opened.cookie, now=clock(), renew=True).cookie == ""
    clock.pass_(seconds=GRACE.total_seconds() + 1)

    again = store.session(opened.cookie, now=clock(), renew=True).cookie

    assert again not in {"", lost}
    assert store.session(lost, now=clock()) is None
    assert store.session(again, now=clock()) is not None


def test_a_replaced_cookie_does_not_come_back(store, clock, opened):
    """Not with the next renewal, either."""
    clock.pass_(seconds=DAY)
    second = store.session(opened.cookie, now=clock(), renew=True).cookie
    store.session(second, now=clock())
    clock.pass_(seconds=DAY)
    store.session(second, now=clock(), renew=True)

    assert store.session(opened.cookie, now=clock()) is None


def test_looking_is_not_writing(store, clock, opened):
    """Ten pages in a row are ten reads."""
    statements: list[str] = []
    sa.event.listen(store._database._engine, "before_cursor_execute", lambda *told: statements.append(told[2]))

    for _n in range(10):
        store.session(opened.cookie, now=clock(), renew=True)

    assert [one for one in statements if not one.startswith(("SELECT", "BEGIN", "COMMIT", "ROLLBACK"))] == []


@pytest.mark.parametrize("cookie", ["", "x", "é\udc80", "0" * 100_000])
def test_what_is_no_cookie_is_nobody(store, clock, opened, cookie):
    """Whatever stands in the field."""
    assert store.session(cookie, now=clock()) is None


def test_choosing_wins_over_the_file(store, settings, clock):
    """`mur.toml` says what holds until somebody chose on their page."""
    zoe, max_ = settings.moderators

    assert ("each", "daily") == (store.notices_of(zoe), store.notices_of(max_))
    store.choose_notices(zoe, "none", now=clock())
    store.choose_notices(zoe, "daily", now=clock())

    assert ("daily", "daily") == (store.notices_of(zoe), store.notices_of(max_))


def test_an_export_tells_a_moderator_where_they_are_logged_in(store, settings, clock, opened, tmp_path):
    """Device, times, and what they chose; never a hash, let alone a cookie."""
    store.choose_notices(settings.moderators[0], "daily", now=clock())
    for name, address in (("zoe.json", "Zoe@example.org"), ("lou.json", "lou@example.net")):
        export(settings, store, address, tmp_path / name, now=clock())

    told = json.loads((tmp_path / "zoe.json").read_text())["moderation"]
    assert (told["notices"], [one["device"] for one in told["devices"]]) == ("daily", ["Firefox, Android"])
    assert opened.cookie not in (tmp_path / "zoe.json").read_text()
    assert json.loads((tmp_path / "lou.json").read_text())["moderation"] is None
