"""From mails to pages and back: published, reacted to, anonymised, withdrawn; nothing private anywhere on the site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingest.moderation import Decision, decide
from ingest.publication.publish import publish
from ingest.states import Action
from tests.correspondence.answers.wall import opened
from tests.correspondence.contributing.people import AUTHOR, STRANGER, answer, letter, mail, written
from tests.correspondence.contributing.test_reactions import CANARIES

DAY = datetime(2022, 6, 12, 9, 30, tzinfo=UTC)
"""Pelican shows nothing that lies in the future."""
PRIVATE = (*CANARIES, AUTHOR, STRANGER, "canari-route", "canari-poste", "192.0.2", "canari-id", "Canari Nom")


@pytest.fixture
def wall(tmp_path):
    """Open, with nothing in it yet."""
    made = opened(tmp_path, more="[floods]\nsender_daily = 0\ndaily = 0\nqueue = 0")
    yield made
    made.close()


def accepted(wall, row, minutes: int = 0):
    """By a moderator."""
    at = DAY + timedelta(minutes=minutes)
    return decide(wall.store, Decision(action=Action.ACCEPT, id=row.id, by="Bo", digest=None, channel="web", at=at))


def built(wall, hours: int) -> dict[str, str]:
    """Every file of `content/` and of the site, once it is published."""
    publish(wall.store.settings, wall.store, now=DAY + timedelta(hours=hours))
    paths = wall.store.settings.paths
    files = [path for root in (paths.content, paths.output.resolve()) for path in root.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes().decode("utf-8", "replace") for path in files}


def test_a_text_and_its_reactions_through_their_whole_life(wall):
    """Both reactions under their post, the older first; the name goes, then the page with all that stood under it."""
    post = accepted(wall, written(wall, "Une fête au lavoir", signed="Alizé des Bois"))
    built(wall, 1)
    for number, words in enumerate(("La première réaction.", "La deuxième réaction.")):
        text = f"{words} Appelez le 06 99 88 77 66 ou canari-corps@example.com.\n"
        raw = mail(text, f"Re: [{post.public}]", more=(("User-Agent", "canari-client"),))
        came = wall.store.find(wall.take(raw, at=DAY + timedelta(minutes=number)).id)
        accepted(wall, came, number + 1)
    told = letter(wall, post, "published")

    reacted = built(wall, 2)
    wall.take(answer("gmail-web-oui", told, "ANONYME"), at=DAY + timedelta(hours=2))
    nameless = built(wall, 3)
    wall.take(answer("k9-oui", told, "RETIRER"), at=DAY + timedelta(hours=3))
    gone = built(wall, 4)

    page = next(text for path, text in reacted.items() if path.endswith(".html") and "La deuxième réaction" in text)
    assert page.index("La première réaction") < page.index("La deuxième réaction")
    assert (True, False) == tuple(
        any("Alizé des Bois" in text for text in each.values()) for each in (reacted, nameless)
    )
    assert [] == [path for path, text in gone.items() if "lavoir" in text]
    assert [] == [
        path for path, text in gone.items() if path.endswith((".html", ".xml")) and "première réaction" in text
    ]
    for each in (reacted, nameless, gone):
        assert [] == [(path, it) for path, text in each.items() for it in PRIVATE if it in text]
