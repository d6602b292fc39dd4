"""Subjects as their senders typed them, and titles where they typed none."""

from __future__ import annotations

import pytest

from ingest.body.plain import read_plain
from ingest.body.subject import clean, is_forward, is_reply
from ingest.body.titles import MAX_LENGTH, from_blocks


@pytest.mark.parametrize(
    "prefix",
    [
        "",
        "Re: ",
        "RE : ",
        "Fwd: ",
        "TR: ",
        "Tr : ",
        "Réf : ",
        "AW: WG: ",
        "Re: Fwd: TR: Tr : ",
        "Re[2]: ",
        "RV: ",
        "I: ",
        "ENC: ",
        "[quartier] ",
        "[quartier] Re: [quartier] ",
        "Doorst: ",
        "RE: [EXT] ",
    ],
)
def test_prefixes_and_list_tags_go(prefix):
    """Chains of them too, in the languages around."""
    assert clean(f"{prefix}Le banc public") == "Le banc public"


@pytest.mark.parametrize("subject", ["[Fwd: Le banc public]", "Re: [Fwd: Le banc public]", "[TR : Le banc public]"])
def test_a_forward_in_brackets_loses_them(subject):
    """Netscape's and Mozilla's way of forwarding."""
    assert clean(subject) == "Le banc public"
    assert is_forward(subject) is not subject.startswith("Re")


@pytest.mark.parametrize(
    "subject", ["(sans objet)", "<no subject>", "Fwd: (no subject)", "Re : ", "[Aucun objet]", "Sans  objet", ""]
)
def test_no_subject_is_none(subject):
    """What programs write where the sender wrote nothing."""
    assert clean(subject) == ""


@pytest.mark.parametrize(
    "subject",
    [
        "Réponse : oui",
        "Retour : le banc",
        "Rue : un récit",
        "Trans : nos vies",
        "I : enfance",
        "R : la suite",
        "Ref: 12",
        "[Appel]",
    ],
)
def test_titles_that_begin_like_a_prefix_stay(subject):
    """A French title may hold a colon."""
    assert clean(subject) == subject


def test_a_subject_is_one_bounded_line():
    """In NFC."""
    assert clean("Le\r\n banc\u0065\u0301") == "Le bancé"
    assert len(clean("a" * 100_000)) == 300
    assert clean("Re: " * 50_000) == ""


@pytest.mark.parametrize(
    "subject", ["Fwd: x", "TR: x", "Tr : x", "WG: x", "I: x", "RV: x", "ENC: x", "Doorst: x", "[l] TR: x", "x (fwd)"]
)
def test_forwards_are_told(subject):
    """By their outermost prefix."""
    assert is_forward(subject)
    assert not is_reply(subject)


@pytest.mark.parametrize("subject", ["Re: x", "RE : Fwd: x", "AW: x", "Réf : x"])
def test_replies_are_told(subject):
    """A reply to a forward is a reply."""
    assert is_reply(subject)
    assert not is_forward(subject)


@pytest.mark.parametrize(
    ("mail", "title"),
    [
        ("Bonjour,\n\nIl y avait un banc. Il n'y est plus.", "Il y avait un banc"),
        ("M. Dupont est parti. Il reste.", "M. Dupont est parti"),
        ("Ah ! Le banc est revenu. Vive le banc.", "Ah ! Le banc est revenu"),
        ("-----\n\nDeux.", "Deux"),
        ("Bonjour", "Bonjour"),
        ("", ""),
    ],
)
def test_the_first_sentence_is_the_title(mail, title):
    """A greeting is none, unless there is nothing else."""
    assert from_blocks(read_plain(mail)) == title


def test_a_long_sentence_is_cut_at_a_word():
    """And says that it is."""
    title = from_blocks(
        read_plain("Il y avait, rue des Tanneurs, un banc que personne ne regardait plus depuis longtemps.")
    )
    assert title == "Il y avait, rue des Tanneurs, un banc que personne ne regardait plus…"
    assert len(from_blocks(read_plain("a" * 10_000))) <= MAX_LENGTH
