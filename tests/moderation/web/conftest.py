"""The pages of a small wall: without a screen, and on a port for Chromium."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from waitress.wasyncore import close_all

from ingest.moderation.web import serving
from ingest.moderation.web.application import close, create_app
from ingest.settings import Moderator, Outgoing, Settings
from ingest.store import Store
from tests.moderation.web.visitors import Clock, Live, Visitor
from tests.store import walls

MODERATORS = (
    Moderator(name="zoe", address="zoe@example.org"),
    Moderator(name="max", address="max@example.org", role="administrator", notices="daily"),
)


@pytest.fixture
def clock() -> Clock:
    """The evening of 8 June 2022."""
    return Clock(walls.NOW)


@pytest.fixture
def settings(tmp_path) -> Settings:
    """A wall with two moderators, and a server that would take its letters."""
    wall = walls.wall(tmp_path)
    return replace(
        wall,
        wall=replace(wall.wall, address="mur@example.org"),
        outgoing=Outgoing(host="127.0.0.1", security="none"),
        moderators=MODERATORS,
    )


@pytest.fixture
def store(settings) -> Iterator[Store]:
    """Its store, open."""
    with Store.open(settings) as opened:
        yield opened


@pytest.fixture
def app(settings, store, clock) -> Iterator[Flask]:
    """The pages."""
    made = create_app(settings, store, clock=clock)
    yield made
    close(made)


@pytest.fixture
def client(app) -> Visitor:
    """A visitor who is not logged in."""
    return Visitor(app)


@pytest.fixture
def zoe(app, store, clock) -> Visitor:
    """A moderator, logged in."""
    return logged_in(app, store, clock, MODERATORS[0])


@pytest.fixture
def admin(app, store, clock) -> Visitor:
    """An administrator, logged in."""
    return logged_in(app, store, clock, MODERATORS[1])


def logged_in(app: Flask, store: Store, clock: Clock, moderator: Moderator) -> Visitor:
    """A visitor with a login."""
    visitor = Visitor(app)
    opened = store.open_session(store.who(moderator.address), device="Firefox, Linux", known=False, now=clock())
    visitor.client.set_cookie("mur", opened.cookie)
    return visitor


@pytest.fixture
def live(app, settings, store, clock) -> Iterator[Live]:
    """The pages, answered by waitress on a free port of 127.0.0.1."""
    listening = serving.server(app, port=0)
    thread = threading.Thread(target=listening.run, daemon=True)
    thread.start()
    try:
        yield Live(f"http://127.0.0.1:{listening.effective_port}", store, settings.moderators, clock)
    finally:
        listening.trigger.pull_trigger(lambda: close_all(listening._map))
        thread.join(10)
        listening.task_dispatcher.shutdown()
