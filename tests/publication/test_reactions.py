"""Reactions as files of `content/`: accepted, withdrawn, at fault, looked at beforehand."""

from __future__ import annotations

from datetime import timedelta

from ingest.model import Kind
from ingest.publication.preview import Previewer
from ingest.states import Action
from tests.publication.walls import NOW, TestWall


def reaction(wall: TestWall, number: str, body: str = "Quelle soupe !"):
    """One that is accepted."""
    told = {"kind": Kind.REACTION, "extra": {"Reply_to": number}}
    return wall.accept("Re: Une fête", body, at=NOW + timedelta(minutes=5), **told)


def later() -> dict[str, object]:
    return {"now": NOW + timedelta(hours=1)}


def test_an_accepted_reaction_is_a_file_without_a_page(wall: TestWall):
    """Named by its number, since one is called like the next; it is noted as online."""
    post = wall.accept()
    mine = reaction(wall, post.public)

    online = wall.publish(**later())

    assert "reactions/2022-06-08-mur-2.md" in wall.sources()
    assert mine.id in online.new
    assert online.articles == 1
    assert not [name for name in wall.files() if "mur-2" in name]
    assert "Quelle soupe" in wall.page("feeds/reactions.atom.xml")


def test_a_withdrawn_reaction_goes(wall: TestWall):
    """File and feed."""
    mine = reaction(wall, wall.accept().public)
    wall.publish(**later())
    wall.decide(mine.id, Action.WITHDRAW)

    wall.publish(**later())

    assert not [name for name in wall.sources() if name.startswith("reactions/")]
    assert "feeds/reactions.atom.xml" not in wall.files()


def test_one_whose_post_was_withdrawn_is_not_shown(wall: TestWall):
    """It comes back with it."""
    post = wall.accept()
    wall.accept("Une autre fête")
    reaction(wall, post.public)
    wall.decide(post.id, Action.WITHDRAW)
    wall.publish(**later())
    assert "feeds/reactions.atom.xml" not in wall.files()

    wall.decide(post.id, Action.UNDO)
    wall.publish(**later())

    assert "Quelle soupe" in wall.page("feeds/reactions.atom.xml")


def test_one_that_answers_nothing_is_set_aside_and_the_rest_goes_online(wall: TestWall):
    """By its number, with what was expected."""
    wall.accept()
    mine = reaction(wall, "la fête")

    online = wall.publish(**later())

    assert [(out.number, "Reply_to" in out.message) for out in online.left_out] == [(mine.public, True)]
    assert online.articles == 1


def test_a_reaction_without_a_post_is_a_post(wall: TestWall):
    """Until somebody says what it answers."""
    wall.accept("Une réaction", "À quoi donc ?", kind=Kind.REACTION)

    assert wall.publish(**later()).articles == 1


def test_a_reaction_can_be_looked_at_before(wall: TestWall):
    """As a page of its own."""
    post = wall.accept()
    mine = reaction(wall, post.public)
    with Previewer(wall.settings, wall.store) as previewer:
        seen = previewer.preview(mine, wall.store.draft(mine.id), now=NOW + timedelta(hours=1))

    assert "Quelle soupe" in seen.html
