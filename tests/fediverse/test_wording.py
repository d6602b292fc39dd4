"""What a status says: as much as a server takes, nothing that calls somebody, true as time passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.fediverse.wording import Limits, Subject, length, say
from ingest.model import Draft, Kind, Markdown
from ingest.settings import Fediverse
from tests.relay.shapes import PARIS

NOW = datetime(2022, 9, 12, 9, 30, tzinfo=PARIS)
PAGE = "https://mur.example.org/2022/09/un-film-au-cafe.html"
DRAFT = Draft(
    kind=Kind.ARTICLE, title="Un film au café", byline="", tags=(), lang="fr", body=Markdown("Jeudi.\n"), extra={}
)
SUBJECT = Subject(draft=DRAFT, page=PAGE, relay="", now=NOW, zone=PARIS)


def said(limits=None, wall=None, **told):
    """The status of a draft."""
    draft = replace(DRAFT, **told)
    return say(replace(SUBJECT, draft=draft), wall or Fediverse(), limits or Limits())


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ("café", "#café"),
        ("cafés du coin", "#CafésDuCoin"),
        ("l’État d’urgence", "#LÉtatDUrgence"),
        ("vidéo-surveillance", "#VidéoSurveillance"),
        ("2022", ""),
        ("???", ""),
        ("a" * 80, ""),
    ],
)
def test_a_tag_is_one_word_that_can_be_listened_to(tag, shown):
    """Capitals part its words; a number is no tag there."""
    assert shown == said(tags=(tag,)).text.partition(PAGE)[2].strip()


def test_nobody_is_called_by_a_name_in_a_text():
    """Neither somebody of that server nor of another one."""
    status = said(title="Merci @zoe", body=Markdown("Et @max@example.org, et zoe@example.org ?\n"))

    assert "@zoe" not in status.text
    assert "@max" not in status.text
    assert "@example" not in status.text
    assert "Merci @\u2060zoe" in status.text


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2022-09-12", "Ouverte, jusqu’au samedi 24 septembre 2022"),
        ("2022-09-18", "Derniers jours, jusqu’au samedi 24 septembre 2022"),
        ("2022-09-26", "Close, "),
    ],
)
def test_a_campaign_says_until_when_in_absolute_terms(day, words):
    """Nobody writes it anew the next day, and where to sign stands on our page alone, as long as one may."""
    extra = {"Deadline": "2022-09-24", "Sign_url": "https://signer.example.net/", "Organiser": "Les Yeux ouverts"}
    draft = replace(DRAFT, kind=Kind.RELAY, title="La plainte", extra=extra)
    now = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=PARIS)
    status = say(replace(SUBJECT, draft=draft, now=now), Fediverse(), Limits())

    assert status.text.startswith(f"La plainte\n{words}")
    assert "Une campagne de Les Yeux ouverts, que ce mur relaie." in status.text
    assert "signer.example.net" not in status.text
    assert "reste" not in status.text


def test_news_say_of_what_and_how_many():
    """The count as it was told: at least so many."""
    extra = {"Update_of": "mur-1", "Count": "4512", "Count_qualifier": "at-least", "Unit": "signataires"}
    draft = replace(DRAFT, kind=Kind.UPDATE, title="Du nouveau", extra=extra)
    status = say(replace(SUBJECT, draft=draft, relay="La plainte"), Fediverse(), Limits())

    assert "Des nouvelles de «\u202fLa plainte\u202f»\nDu nouveau\nplus de 4\u202f512 signataires" in status.text


def test_an_event_says_when_and_where():
    """The day in words."""
    status = said(kind=Kind.EVENT, extra={"Start": "2022-09-24T20:00:00+02:00", "Place": "Au café"})

    assert status.text.startswith("Un film au café\nsamedi 24 septembre 2022, Au café\n")


def test_a_warning_stands_before_what_the_wall_says_needs_one():
    """Its own words, and those of the tags that it names, whatever their case."""
    wall = Fediverse(warning="politique", warn_tags=("Violences",))

    assert ("politique", "politique, violences") == (
        said(wall=wall).warning,
        said(wall=wall, tags=("violences", "nuit")).warning,
    )
    assert "" == said(tags=("violences",)).warning


@pytest.mark.parametrize("most", [120, 300, 500, 5000])
def test_what_is_too_long_is_cut_between_words(most):
    """The title first and whole, if it can be, then the first words, and always the address of our page."""
    status = said(Limits(characters=most), title="Un titre de soixante signes", body=Markdown("Des mots courts. " * 90))

    assert length(status.text, Limits()) <= most
    assert status.text.startswith("Un titre de soixante signes\n\n")
    assert status.text.endswith(f"…\n\n{PAGE}" if most < 5000 else f"\n\n{PAGE}")


@settings(max_examples=40, deadline=None)
@given(
    st.text(max_size=400),
    st.text(max_size=1500),
    st.lists(st.text(max_size=30), max_size=8),
    st.integers(min_value=60, max_value=700),
    st.sampled_from([Kind.ARTICLE, Kind.RELAY, Kind.UPDATE, Kind.EVENT]),
)
def test_it_is_never_longer_than_a_server_takes(title, body, tags, most, kind):
    """Whatever stands in it; our page is always named."""
    limits = Limits(characters=most)
    wall = Fediverse(warn_tags=tuple(tags[:1]))
    status = said(limits, wall, kind=kind, title=title, body=Markdown(body), tags=tuple(tags))

    assert length(status.text, limits) + len(status.warning) <= most
    assert status.text.endswith(PAGE) or f"{PAGE}\n\n#" in status.text
