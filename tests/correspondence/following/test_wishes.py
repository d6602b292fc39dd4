"""A wish is a whole mail that says nothing else; everything else is a contribution."""

from __future__ import annotations

import pytest

from ingest.correspondence.following.wishes import Wants, wish

FOLLOWS = [
    ("suivre", "", ""),
    ("Suivre", "Bonjour,\nmerci !", ""),
    ("", "suivre", ""),
    ("bonjour", "Suivre le mur\nOdile", ""),
    ("Re: suivre", "", ""),
    ("Recevoir les nouveaux messages", "", ""),
    ("suivre", "Bonjour, je voudrais recevoir les nouveaux messages. Merci, Odile", ""),
    ("Abonnement", "", ""),
    ("suivre #fête", "", "tag:fete"),
    ("suivre #Fêtes-de-quartier", "", "tag:fetes-de-quartier"),
    ("suivre mur-12", "", "relay:12"),
    ("Suivre [mur-12]", "", "relay:12"),
    ("suivre la plainte mur-12", "", "relay:12"),
    ("suivre n° 12", "", "relay:12"),
]
LEAVES = ["STOP", "stop", "Désabonner", "me désabonner", "Désabonnement", "ne plus recevoir", "Unsubscribe", "« STOP »"]
CONTRIBUTIONS = [
    ("Suivre la rivière", "Un poème."),
    ("suivre", "La rivière descend, et nous avec elle, jusqu’au vieux lavoir où ma mère chantait."),
    ("Suivre le procès de Tulle", ""),
    ("Stop au béton", "Rendez-vous samedi."),
    ("Stop", "Ils coupent les arbres de la place. Venez samedi à dix heures, avec des chaises et du café."),
    ("Une recette", "Prenez trois œufs."),
    ("", ""),
    ("Abonnement au théâtre", "Il coûte trop cher."),
    ("Quitter la ville", "Un récit."),
]


@pytest.mark.parametrize(("subject", "text", "topic"), FOLLOWS)
def test_a_wish_to_follow(subject, text, topic):
    """In the subject or in the text, with a tag, a number, or for everything."""
    found = wish(subject, text.split("\n"))

    assert found is not None
    assert (Wants.FOLLOW, topic) == (found.wants, found.topic)


@pytest.mark.parametrize("word", LEAVES)
@pytest.mark.parametrize("place", ["subject", "text"])
def test_a_wish_to_leave(word, place):
    """Each of the words that people use."""
    found = wish(word, ()) if place == "subject" else wish("Re: Le mur : les nouveaux messages", (word,))

    assert found is not None
    assert (Wants.LEAVE, None) == (found.wants, found.topic)


@pytest.mark.parametrize(("subject", "text"), CONTRIBUTIONS)
def test_a_contribution_is_no_wish(subject, text):
    """Whatever says more is read by somebody."""
    assert wish(subject, text.split("\n")) is None


def test_an_address_with_a_plus():
    """`mur+suivre-12@…`, where the provider keeps it."""
    topics = [wish("", (), (alias,)) for alias in ("suivre", "suivre-12", "suivre-fete")]

    assert ["", "relay:12", "tag:fete"] == [one.topic for one in topics if one]


def test_a_mail_program_leaves_by_itself():
    """What a List-Unsubscribe address makes it write."""
    found = wish("STOP " + "0f" * 16, ())

    assert found is not None
    assert (Wants.LEAVE, "0f" * 16) == (found.wants, found.token)


@pytest.mark.parametrize("piece", ["suivre ", "stop ", "#", "mur ", "le ", "[", "re: ", "é", "'", "° "])
def test_nothing_is_too_long_for_it(piece):
    """A subject and a line of a megabyte cost no more than their beginning."""
    assert wish(piece * 200_000, [piece * 200_000]) is None or piece in {"re: ", "'", "é", "le ", "mur "}
