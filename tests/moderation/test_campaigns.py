"""What a moderator is shown of a campaign, and what one tap takes into a draft."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.cli import group
from ingest.cli.campaigning import described, lines
from ingest.errors import Refused
from ingest.model import Digest, Kind
from ingest.moderation import edit
from ingest.moderation.adopting import adopt
from ingest.moderation.campaigns import campaign, known
from ingest.states import Action
from tests.relay import shapes
from tests.store.walls import NOW, converted, decided, held

THREAD = (Path(__file__).parents[1] / "relay" / "threads" / "gare-en-anglais.txt").read_text(encoding="utf-8")
RELAY = """Title: Plainte collective contre les caméras de la gare
Kind: relay
Lang: fr
Organiser: Les Yeux ouverts
Organiser_url: https://yeux-ouverts.example.net/
Sign_url: https://yeux-ouverts.example.net/signer
Deadline: 2022-09-15
Deadline_zone: Europe/Paris
Attacks: les caméras du parvis
Count: 4000
Count_date: 2022-09-01

Douze caméras filment le parvis. [Les images](https://yeux-ouverts.example.net/gare/parvis-en-images/) sont là.
"""
ON_THE_DAY = datetime(2022, 9, 12, 20, tzinfo=shapes.PARIS)
BY = {"by": "zoe", "channel": "cli", "at": ON_THE_DAY}


@pytest.fixture
def relay(store):
    """A campaign that stands accepted."""
    row = held(store)
    row = edit(store, row.id, RELAY, seen=row.digest, by="zoe", channel="cli", at=NOW)
    return decided(store, row, Action.ACCEPT, digest=row.digest)


@pytest.fixture
def thread(store, relay):
    """News of it, copied from a page in English."""
    outcome = shapes.draft(shapes.plain(THREAD, "des nouvelles", ON_THE_DAY))
    return held(store, b"Subject: fil\r\n\r\n", outcome)


def test_the_campaigns_that_stand_are_known(store, relay, thread):
    """With their links and texts; what is merely held is not, and one is not news of itself."""
    found = known(store)

    assert [relay.public] == [one.key for one in found]
    assert "https://yeux-ouverts.example.net/gare/parvis-en-images/" in found[0].links
    assert () == known(store, but=relay)


def test_the_campaign_is_proposed_with_its_reasons_and_before_and_after(store, relay, thread):
    """The thread names the place to sign: its campaign is sure, and a person still has to say so."""
    told = campaign(store, thread, now=ON_THE_DAY)

    assert [(relay.public, True, False)] == [(it.key, it.certain, it.chosen) for it in told.belongs]
    assert "même adresse pour signer" in told.belongs[0].reasons[0]
    counts = next(it for it in told.changes if it.key == "Combien")
    assert ("4\u202f000 signatures au 1er septembre 2022", "plus de 4\u202f512 signataires") == (
        counts.before,
        counts.after.partition(" au ")[0],
    )
    assert told.supposed
    assert "Update_of" not in store.draft(thread.id).extra


def test_one_tap_makes_it_news_of_that_campaign(store, relay, thread):
    """Then the count with its unit and day; the state and the text stay, and each is a line in the journal."""
    body = store.draft(thread.id).body
    row = adopt(store, thread.id, ["Update_of"], seen=thread.digest, **BY)
    row = adopt(store, thread.id, ["Count=4512"], seen=row.digest, **BY)
    draft = store.draft(thread.id)

    assert (Kind.UPDATE, body) == (draft.kind, draft.body)
    assert {"Update_of": relay.public, "Count": "4512", "Unit": "signataires"}.items() <= draft.extra.items()
    told = campaign(store, row, now=ON_THE_DAY)
    assert told.belongs[0].chosen
    assert not told.supposed
    assert next(it.taken for it in told.found if it.proposal.key == "Count")
    assert ["hold", "edit", "edit"] == [entry.what for entry in store.journal(thread.id)]


@pytest.mark.parametrize(
    "wanted", ["Count=9999", "Save_as", "Update_of=mur-99", "Title", "=", "", "Count=4512\nStatus: published"]
)
def test_only_what_was_proposed_can_be_taken(store, relay, thread, wanted):
    """Whatever a form holds."""
    with pytest.raises(Refused):
        adopt(store, thread.id, [wanted], seen=thread.digest, **BY)
    assert store.find(thread.id).digest == thread.digest


def test_a_draft_that_changed_in_between_is_not_overwritten(store, relay, thread):
    """The tap is bound to the text that was seen."""
    text = store.document(thread.id)
    edit(store, thread.id, text.replace("Lang: fr", "Lang: ca"), seen=thread.digest, **BY)

    with pytest.raises(Refused):
        adopt(store, thread.id, ["Count"], seen=thread.digest, **BY)
    with pytest.raises(Refused):
        adopt(store, thread.id, ["Count"], seen=Digest("0" * 64), **BY)


def test_all_of_it_with_one_tap(store, relay, thread):
    """What was shown as before and after comes true; a day that the campaign has already is not taken again."""
    told = campaign(store, thread, now=ON_THE_DAY)
    row = adopt(store, thread.id, told.wanted, seen=thread.digest, **BY)
    after = campaign(store, row, now=ON_THE_DAY)

    assert [(it.key, it.after) for it in told.changes] == [(it.key, it.after) for it in after.changes]
    assert "Deadline" not in store.draft(thread.id).extra
    assert {True} == {it.agrees for it in told.found if it.proposal.key == "Deadline"}
    assert () == after.wanted


def test_what_was_told_already_is_said(store, relay, thread):
    """Once the first is accepted, the same thread pasted again is known."""
    row = adopt(store, thread.id, ["Update_of"], seen=thread.digest, **BY)
    decided(store, row, Action.ACCEPT, digest=row.digest)
    again = held(store, b"Subject: encore\r\n\r\n", shapes.draft(shapes.plain(THREAD, "encore", ON_THE_DAY)))

    assert campaign(store, again, now=ON_THE_DAY).told.startswith("déjà relayé")


def test_a_place_to_sign_that_looks_like_another_and_a_value_without_sense_are_told(store, relay):
    """When a moderator typed them, too."""
    other = held(store, b"Subject: deux\r\n\r\n")
    text = RELAY.replace("yeux-ouverts", "yeux-0uverts").replace("2022-09-15", "samedi")
    other = edit(store, other.id, text, seen=other.digest, by="max", channel="web", at=NOW)
    told = " ".join(campaign(store, other, now=ON_THE_DAY).problems)

    assert "ressemble à yeux-ouverts.example.net" in told
    assert "Date limite" in told


def test_a_post_that_speaks_of_nothing_of_the_kind_has_no_campaign(store, relay):
    """And costs a moderator no line."""
    row = held(store, b"Subject: autre\r\n\r\n")

    assert campaign(store, row, now=NOW) is None
    assert [] == lines(store, row)
    assert {"proposals": [], "campaign": None} == described(store, row)


def test_the_terminal_shows_and_takes(settings, store, relay, thread, tmp_path):
    """`mur show` has them in words and in JSON, `mur adopt` takes them."""
    config = tmp_path / "mur.toml"
    config.write_text('[paths]\ncontent = "content"\nstate = "var"\noutput = "output"\n', encoding="utf-8")

    def mur(*words: str):
        return CliRunner().invoke(group, ["--config", str(config), "--by", "zoe", *words])

    shown = mur("show", thread.id)
    as_json = json.loads(mur("show", thread.id, "--json").output)
    taken = mur("adopt", thread.id, "Update_of", "Count")
    refused = mur("adopt", thread.id, "Goal")

    assert f"suite de {relay.public}" in shown.output
    assert "Count=4512" in shown.output
    count = next(one for one in as_json["proposals"] if one["key"] == "Count")
    assert {"key", "value", "where", "confidence", "notes"} == set(count)
    assert as_json["campaign"]["belongs"][0]["key"] == relay.public
    assert (0, 1) == (taken.exit_code, refused.exit_code)
    assert "4512" == store.draft(thread.id).extra["Count"]
    assert replace(store.draft(thread.id), extra={}).kind is Kind.UPDATE


HAND = """Title: Plainte collective contre les caméras de la gare
Kind: relay
Date: 2022-09-01T10:00:00+02:00
Status: published
Sign_url: https://yeux-ouverts.example.net/signer
Deadline: 2022-09-15

Signez.
"""


def test_a_campaign_that_nobody_mailed_is_known_too(store, settings):
    """Somebody wrote its file: an update is proposed for it, and names it by its slug."""
    folder = settings.paths.content / "relais"
    folder.mkdir(parents=True)
    (folder / "2022-09-01-cameras-de-la-gare.md").write_text(HAND, encoding="utf-8")
    news = HAND.replace("Kind: relay", "Kind: update\nUpdate_of: cameras-de-la-gare\nCount: 4000")
    (folder / "2022-09-02-du-nouveau.md").write_text(news, encoding="utf-8")
    outcome = shapes.draft(shapes.plain(THREAD, "des nouvelles", ON_THE_DAY))
    row = held(store, b"Subject: fil\r\n\r\n", outcome)
    told = campaign(store, row, now=ON_THE_DAY)

    assert [("cameras-de-la-gare", True)] == [(it.key, it.certain) for it in told.belongs]
    assert any(it.before.startswith("4\u202f000") for it in told.changes)
    adopt(store, row.id, ["Update_of", "Count"], seen=row.digest, **BY)
    assert store.draft(row.id).extra["Update_of"] == "cameras-de-la-gare"


def test_a_text_that_gives_the_number_or_the_page_of_a_campaign_belongs_to_it(store, relay):
    """Even without a word of it: in its title, or by a link."""
    by_number = held(store, b"a: 1\r\n\r\n", converted(title=f"Suite de {relay.public}", body="Bonjour.\n"))
    away = held(store, b"b: 1\r\n\r\n", converted(title="Bonjour", body="Rien de tel.\n"))

    assert [relay.public] == [it.key for it in campaign(store, by_number, now=NOW).belongs]
    assert campaign(store, away, now=NOW) is None


def test_nobody_looks_for_campaigns_where_nothing_can_come_of_it(store, relay):
    """A text that is decided on, and tells of none, costs no look at all of them."""
    row = decided(store, held(store, b"a: 1\r\n\r\n", converted(title=f"Suite de {relay.public}")), Action.ACCEPT)

    assert campaign(store, row, now=NOW) is None
