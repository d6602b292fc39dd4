"""The letter with a code and a link."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from ingest.correspondence.letter import Unsent
from ingest.correspondence.rendering import Templates
from ingest.correspondence.writing import write
from ingest.settings import Moderation, Moderator, Outgoing
from ingest.store import Store
from tests.store import walls


@pytest.fixture
def settings(tmp_path):
    """A wall with a moderator and an address of its own."""
    wall = walls.wall(tmp_path)
    return replace(
        wall,
        wall=replace(wall.wall, address="mur@example.org"),
        outgoing=Outgoing(host="127.0.0.1", security="none"),
        moderation=Moderation(url="https://moderation.example.org/"),
        moderators=(Moderator(name="zoe", address="zoe@example.org"),),
    )


def test_code_and_link_are_made_when_it_is_written(settings):
    """Both stand in the letter, to the moderator alone, and what the outbox holds is neither."""
    with Store.open(settings) as store:
        token = store.ask_login("zoe@example.org", known=True, now=walls.NOW)
        posted = store.letters()[0]
        mail = write(settings, store, Templates(settings), posted, now=walls.NOW)
        code, link = store.login_code(token), store.login_link(token)

    read = message_from_bytes(mail.raw, policy=policy.default)
    text = read.get_body(("plain",)).get_content()
    assert mail.recipient == "zoe@example.org"
    assert f"{code[:3]} {code[3:]}" in text
    assert f"https://moderation.example.org/connexion/lien/{link}" in text.split()
    assert code[:3] not in read["Subject"]
    assert {"login": token} == posted.about


def test_it_does_not_go_too_late(settings):
    """A server that was away for an hour brings nobody a code that is over."""
    with Store.open(settings) as store:
        store.ask_login("zoe@example.org", known=True, now=walls.NOW)
        late = write(settings, store, Templates(settings), store.letters()[0], now=walls.NOW + timedelta(minutes=15))

    assert late == Unsent(why="login-over")
