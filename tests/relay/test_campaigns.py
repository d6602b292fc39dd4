"""Calls to sign as they come by mail: what is proposed of each, the same in every shape, with where it was found."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from ingest.body.blocks import Link, Paragraph, Text
from ingest.body.plain import read_plain
from ingest.model import Confidence, Kind
from ingest.publication.article import EXTRA_KEYS
from ingest.relay.front import read_relay
from ingest.relay.model import RelayState
from ingest.relay.proposals import LISTS, as_front_matter, day_of, propose
from ingest.relay.signing import look_alike, places_in
from ingest.relay.state import standing
from tests.relay.shapes import (
    PARIS,
    draft,
    flowed_latin9,
    gmail_forward,
    pasted_from_the_web,
    plain,
    values,
    word,
)

HERE = Path(__file__).parent / "campaigns"
SHAPES = (plain, flowed_latin9, pasted_from_the_web, gmail_forward, word)
SENT = datetime(2022, 10, 1, 10, 30, tzinfo=PARIS)

CAMPAIGNS = {
    "antenne": {
        "Sign_url": "https://formulaires.example.net/ciel-sur-salanque",
        "Deadline": "2022-10-15T18:30+02:00",
        "Organiser": "Le collectif Ciel sur Salanque",
        "Target": "le tribunal administratif de Montpellier",
        "Attacks": "L’absence d’enquête publique; La hauteur du pylône; Le voisinage de l’école",
        "Who_may_join": "habitants de Salanque et des communes voisines",
        "Conditions": "gratuit; sans engagement",
        "Conditions_by": "Le collectif Ciel sur Salanque",
        "Data_asked": "Il faut indiquer votre nom et votre adresse postale",
        "Source": "https://ciel-sur-salanque.example.org/recours/",
        "Count": None,
    },
    "train": {
        "Sign_url": "https://petitions.example.org/train-du-soir",
        "Deadline": None,
        "Organiser": "l’association Les Voyageurs du Canigou",
        "Target": "la présidente de la Région",
        "Attacks": "Rendre le train de 20 h 51; Rouvrir le guichet de Prades le samedi",
        "Who_may_join": "Tout le monde",
        "Count": "4200",
        "Count_qualifier": "at-least",
        "Count_date": "2022-10-01",
        "Source": "https://voyageurs-du-canigou.example.net/",
        "Filed": None,
    },
    "piscine": {
        "Sign_url": "https://comite-des-nageurs.example.org/petition",
        "Deadline": "2022-09-15",
        "Organiser": "le Comité des nageurs de la Têt",
        "Against": "la fermeture de la piscine municipale",
        "Count": "900",
        "Count_qualifier": "about",
        "Unit": "signataires",
        "Count_date": "2022-09-01",
    },
}
STATES = {"antenne": RelayState.OPEN, "train": RelayState.OPEN, "piscine": RelayState.CLOSED}


def straight(value):
    """Without the typography that ISO-8859-15 cannot hold."""
    return value.replace("’", "'").replace("\u202f", " ").replace("\u00a0", " ") if value else value


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("name", CAMPAIGNS)
def test_a_campaign_is_proposed(name, shape):
    """Another organiser each time; one without a deadline, one that is over: no rule was made for any of them."""
    found = draft(shape((HERE / f"{name}.txt").read_text(encoding="utf-8"), "À signer", SENT))
    head = as_front_matter(found.proposals)

    assert Kind.RELAY is found.draft.kind
    assert {key: straight(value) for key, value in CAMPAIGNS[name].items()} == {
        key: straight(head.get(key)) for key in CAMPAIGNS[name]
    }
    relay, problems = read_relay(head, zone=PARIS)
    assert () == problems
    assert STATES[name] is standing(relay, SENT, zone=PARIS)


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_every_proposal_says_where_it_was_found(name):
    """A sentence of the draft and its characters; the front matter itself holds where to sign, and until when."""
    found = draft(gmail_forward((HERE / f"{name}.txt").read_text(encoding="utf-8"), "À signer", SENT))
    flat = " ".join(found.text.split())

    assert found.proposals
    for proposal in found.proposals:
        assert proposal.key in EXTRA_KEYS
        assert proposal.where in flat or proposal.where in found.draft.body
        assert 0 <= proposal.start <= proposal.end <= len(found.text)
    assert set(found.draft.extra) <= {"Sign_url", "Deadline"}


def test_headings_lists_and_emphasis_stay():
    """What is proposed is read from the text, and takes nothing out of it."""
    text = (HERE / "antenne.txt").read_text(encoding="utf-8")
    for shape in (pasted_from_the_web, gmail_forward, word):
        body = draft(shape(text, "À signer", SENT)).draft.body
        assert 2 == body.count("## ") - body.count("### ") * (shape is not pasted_from_the_web)
        assert 3 == body.count("\n- **")
        assert "d’enquête" in body
        assert "utm_" not in body


def test_a_tracking_parameter_is_gone_and_told():
    """From the address that is proposed, and in its notes."""
    text = "Pour signer la pétition : https://petitions.example.org/gare?utm_source=lettre&n=4"
    (found,) = propose(read_plain(text), text, sent_at=SENT, zone=PARIS)

    assert "https://petitions.example.org/gare?n=4" == found.value
    assert ("tracking-removed: utm_source",) == found.notes


def test_what_is_relative_needs_a_day():
    """Of a mail without a date only what has its year is proposed; a post's own day supposes nothing."""
    text = "Signez la pétition : https://a.example.org/petition. Il reste 4 jours pour signer, ou avant le 3 mai 2023."
    blocks = read_plain(text)

    def deadlines(**days):
        found = propose(blocks, text, zone=PARIS, **days)
        return [(one.value, one.notes) for one in found if one.key == "Deadline"]

    assert [("2023-05-03", ())] == deadlines(sent_at=None)
    assert ("2022-10-05", ("relative", "date-supposed")) in deadlines(sent_at=SENT)
    assert ("2022-09-24", ("relative",)) in deadlines(sent_at=SENT, posted=datetime(2022, 9, 20, tzinfo=PARIS))


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("La plainte est déposée. Nous avons déposé la plainte le 24 septembre 2022.", "Filed", "2022-09-24"),
        ("Nous déposerons le recours le 3 novembre 2022.", "Filing", "2022-11-03"),
        ("Signatures à partir du 1er mars 2023", "Opens", "2023-03-01"),
        ("La CNIL a rendu le 4 avril 2023 sa décision.", "Decision", "2023-04-04"),
        ("Dernier délai pour signer : 24/09/2022, minuit.", "Deadline", "2022-09-24"),
        ("Sign the petition by September 24, 2022!", "Deadline", "2022-09-24"),
        ("Signez d’ici le 24 septembre.", "Deadline", "2022-09-24"),
        ("Plus que deux semaines pour signer.", "Deadline", "2022-10-15"),
        ("J-4 pour signer la pétition", "Deadline", "2022-10-05"),
    ],
)
def test_moments_by_their_words(text, key, value):
    """In French and English; a day without its year is the nearest one."""
    found = propose(read_plain(text), text, sent_at=SENT, zone=PARIS)

    assert value in [one.value for one in found if one.key == key]


@pytest.mark.parametrize(
    "text",
    [
        "Rendez-vous samedi 12 novembre à 18 h au café.",
        "La loi du 6 janvier 1978 le permet.",
        "Il est gratuit, ce n’est pas sans risque, mais la salle est à nous dans deux heures.",
        "Nous étions 12 personnes autour de la table.",
    ],
)
def test_prose_gives_no_moment_and_no_count(text):
    """An appointment is no deadline, a law's date no filing, guests no signatures."""
    found = propose(read_plain(text), text, sent_at=SENT, zone=PARIS)

    assert not [one for one in found if one.key != "Conditions"]


def test_a_denied_condition_is_none():
    """« Ce n’est pas gratuit »."""
    text = "Ce n’est pas gratuit. Signer n’est pas sans frais."

    assert not [one for one in propose(read_plain(text), text, sent_at=SENT, zone=PARIS) if one.key == "Conditions"]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("yeux-ouvert.example.net", "yeux-ouverts.example.net"),
        ("yeux-ouvetrs.example.net", "yeux-ouverts.example.net"),
        ("yeux-ouverts.exarnple.net", "yeux-ouverts.example.net"),
        ("petiti0ns.example.org", "petitions.example.org"),
        ("xn--ptitions-b1a.example.org", "petitions.example.org"),
        ("petiti\u043ens.example.org", "petitions.example.org"),
    ],
)
def test_a_host_that_looks_like_another_is_told(name, other):
    """A letter more, less or elsewhere, one of another script, `rn` for `m`."""
    assert other == look_alike(name, [other])


@pytest.mark.parametrize("name", ["petitions.example.org", "plainte.petitions.example.org", "train.example.com", ""])
def test_a_host_of_its_own_is_not(name):
    """Nor a part of the other's, nor one that is quite another."""
    assert "" == look_alike(name, ["petitions.example.org"])


def test_a_lying_link_is_flagged_for_a_moderator():
    """A link that shows the organiser's host and leads to one that imitates it."""
    shown = "https://petitions.example.org/gare"
    link = Link("https://petitlons.example.org/gare/petition", (Text(shown),))
    (place,) = places_in((Paragraph((Text("Pour signer : "), link)),), f"Pour signer : {shown}")

    assert ("look-alike: petitlons.example.org ~ petitions.example.org",) == place.notes


def test_where_to_sign_is_not_where_to_read_or_to_give():
    """The form before the page of a newspaper, a gift or a network."""
    text = (
        "Soutenir par un don : https://asso.example.org/don\n\nPour signer la plainte :\nhttps://asso.example.org/form/7\n\n"
        "Source : https://journal.example.net/plainte\n\nhttps://www.facebook.com/asso/plainte"
    )

    assert "https://asso.example.org/form/7" == places_in(read_plain(text), text)[0].address


def test_lists_are_joined_and_single_values_taken_once():
    """As a moderator takes them: all items of a list, the first of the others."""
    text = (HERE / "antenne.txt").read_text(encoding="utf-8")
    found = draft(plain(text, "À signer", SENT))
    head = as_front_matter(found.proposals)

    assert {"Against", "Attacks", "Conditions", "Sign_aliases"} == LISTS
    assert head["Sign_url"] == values(found, "Sign_url")[0]
    assert Confidence.CERTAIN is next(one for one in found.proposals if one.key == "Sign_url").confidence


@pytest.mark.parametrize(
    ("forwarded", "day"),
    [
        ("Tue, 20 Sep 2022 21:14:09 +0200", 20),
        ("mar. 20 sept. 2022 à 10:12", 20),
        ("mardi 20 septembre 2022 10:12:00", 20),
        ("20/09/2022 10:12", 20),
        ("September 20, 2022 at 10:12 AM", 20),
        ("", 1),
        ("20 septembre 2031", 1),
        ("hier", 1),
    ],
)
def test_a_forward_counts_from_the_mail_that_it_forwards(forwarded, day):
    """In whatever form its day stood; one that cannot be read, or that is to come, is left aside."""
    assert day == day_of(SENT, forwarded, zone=PARIS).day
