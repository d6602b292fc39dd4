"""Leaving in one press: a mail provider's, without cookie, Origin or key; looking alone changes nothing."""

from __future__ import annotations

import pytest

from tests.store.walls import NOW

ADDRESS = "odile@example.net"


@pytest.fixture
def token(store) -> str:
    for topic in ("", "tag:fete"):
        one = store.ask(ADDRESS, topic, now=NOW)
        store.confirm(one.id, now=NOW)
    return one.token


def test_looking_changes_nothing(app, store, token):
    """A page with a button, and nobody's address on it."""
    shown = app.test_client().get(f"/quitter/{token}")

    assert 200 == shown.status_code
    assert "Ne plus rien recevoir" in shown.text
    assert "odile" not in shown.text
    assert 2 == len(store.follows(ADDRESS))


def test_one_press_leaves_everything(app, store, token):
    """RFC 8058: a POST by a program; the next one is told the same."""
    client = app.test_client()
    first, second = (client.post(f"/quitter/{token}", data={"List-Unsubscribe": "One-Click"}) for _time in range(2))

    assert (200, first.text) == (first.status_code, second.text)
    assert () == store.follows(ADDRESS)


@pytest.mark.parametrize("wrong", ["0" * 32, "x", "0" * 31, "%00" * 3, "é" * 32, "0" * 900])
def test_an_address_that_leads_nowhere(app, store, token, wrong):
    """Nothing is told of whether it ever did."""
    asked = app.test_client().post(f"/quitter/{wrong}")

    assert asked.status_code in {200, 404}
    assert 2 == len(store.follows(ADDRESS)), token


def test_no_other_page_lets_a_stranger_post(app):
    """The exception is of this route alone."""
    views = app.view_functions.items()

    assert ["leaving.leave"] == [name for name, view in views if getattr(view, "from_anywhere", False)]
