"""Threads pasted or forwarded: the page around them is gone and listed, cut links are known, what they tell found."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ingest.body.blocks import Link, Paragraph, Text
from ingest.body.plain import read_plain
from ingest.model import Kind, Why
from ingest.relay.cut import cut_in, evidence_of, mark, mended
from ingest.relay.furniture import is_furniture, tells_a_page
from ingest.relay.thread import bare_permalink, permalink_in, read_page, written
from tests.relay.shapes import (
    CUT,
    PARIS,
    draft,
    flowed_latin9,
    gmail_forward,
    mail,
    pasted_from_the_web,
    plain,
    values,
    word,
)

HERE = Path(__file__).parent / "threads"
GARE = (HERE / "gare-en-anglais.txt").read_text(encoding="utf-8")
NAGEURS = (HERE / "piscine-en-francais.txt").read_text(encoding="utf-8")
NOTIFICATION = (HERE / "notification.txt").read_text(encoding="utf-8")
AT = datetime(2022, 9, 13, 9, 0, tzinfo=PARIS)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
AROUND = [
    *("Back", "Les Yeux ouverts", "@yeux_ouverts@pouet.example", "Translate", "Follow", "Sep 12, 2022, 10:15 · Web"),
    *("7 boosts 21 favorites", "1/4", "Boost", "Favorite", "Sign in to participate in the conversation"),
    "Pouet - Mastodon",
]
TEXT_ONLY = (plain, flowed_latin9)
WITH_HREF = (pasted_from_the_web, gmail_forward, word)


@pytest.mark.parametrize("shape", [*TEXT_ONLY, *WITH_HREF], ids=lambda shape: shape.__name__)
def test_a_thread_becomes_an_update(shape):
    """In every shape: count with its qualifier, deadline by the post's own day, three points, what the page showed."""
    found = draft(shape(GARE, "La plainte de la gare", AT))

    assert Kind.UPDATE is found.draft.kind
    assert "thread" in found.warnings
    assert AROUND == [piece.text for piece in found.removed if piece.why is Why.FOOTER]
    assert not [line for line in AROUND if f"\n{line}\n" in found.text]
    assert (["4512"], ["at-least"], ["2022-09-12"]) == (
        values(found, "Count"),
        values(found, "Count_qualifier"),
        values(found, "Count_date"),
    )
    assert (["2022-09-15"], ["2022-09-16"]) == (values(found, "Deadline"), values(found, "Filing"))
    assert 3 == len(values(found, "Attacks"))
    assert "date-supposed" not in {note for one in found.proposals for note in one.notes}


@pytest.mark.parametrize("shape", TEXT_ONLY, ids=lambda shape: shape.__name__)
def test_a_cut_link_is_marked_and_leads_nowhere(shape):
    """Text alone holds no more than thirty characters of it: nothing is invented."""
    found = draft(shape(GARE, "La plainte de la gare", AT))
    beginnings = [match[1] for match in CUT.finditer(GARE)]

    assert [f"link-cut: {beginning}" for beginning in beginnings] == [
        warning for warning in found.warnings if warning.startswith("link-cut")
    ]
    for beginning in beginnings:
        assert f"{beginning}… (lien coupé dans le message reçu)" in found.draft.body
        assert f"](https://{beginning}" not in found.draft.body
        assert f"<http://{beginning}" not in found.draft.body


@pytest.mark.parametrize("shape", WITH_HREF, ids=lambda shape: shape.__name__)
def test_a_link_that_the_mail_holds_whole_is_whole(shape):
    """By its own address in the HTML."""
    found = draft(shape(GARE, "La plainte de la gare", AT))

    assert not [warning for warning in found.warnings if warning.startswith("link-cut")]
    for match in CUT.finditer(GARE):
        assert f"https://{match[1]}{match[2]}" in found.draft.body


def test_an_ellipsis_that_was_typed_tells_too():
    """Other programs cut elsewhere, and say so; a French page, with the day of the post in its head."""
    at = datetime(2022, 10, 15, 9, tzinfo=PARIS)
    found = draft(plain(NAGEURS, "La piscine", at))

    assert "link-cut: comite-des-nageurs.example.org/apres-la-remi" in found.warnings
    assert "Comité des nageurs de la Têt" in [piece.text for piece in found.removed]
    assert ["2022-10-10"] == values(found, "Filed")
    assert (["1150"], ["about"]) == (values(found, "Count"), values(found, "Count_qualifier"))


def test_a_notification_is_a_thread_of_one():
    """Its head and its foot go; the number in the address of the post says when it was written."""
    found = draft(plain(NOTIFICATION, "Les Yeux ouverts vous a mentionné", AT))

    assert Kind.UPDATE is found.draft.kind
    assert "https://pouet.example" not in found.draft.body
    assert ["2022-09-12"] == values(found, "Count_date")
    assert ["2022-09-14"] == values(found, "Deadline")
    assert ["https://pouet.example/@yeux_ouverts/108987600000000000"] == values(found, "Source")


def test_a_bare_address_of_a_post_is_proposed_as_a_source():
    """As an app sends it: what it leads to, only a moderator may ask for."""
    message = mail("À voir", AT)
    message.set_content("https://pouet.example/@yeux_ouverts/108987600000000000\n\nÀ mettre sur le mur ?")
    found = draft(message)

    assert (Kind.ARTICLE, ["https://pouet.example/@yeux_ouverts/108987600000000000"]) == (
        found.draft.kind,
        values(found, "Source"),
    )


def test_a_forward_weeks_later_invents_no_deadline():
    """« Dans 4 jours » counts from the mail that is forwarded, and is marked as supposed."""
    text = GARE.replace("Sep 12, 2022, 10:15 · Web", "Web").replace("Plus que 3 jours", "Plus que 4 jours")
    found = draft(gmail_forward(text, "La plainte de la gare", AT))
    (deadline,) = (one for one in found.proposals if one.key == "Deadline")

    assert ("2022-09-17", ("relative", "date-supposed")) == (deadline.value, deadline.notes)


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour,\n\nPartager, c’est bien.\n\nSuivre\n\nle chemin jusqu’au café.",
        "Le programme :\n12 juin\n18 h\nRetour\n20 h",
        "Voir example.org/une-page-dont-trente-c ou rien.",
        "Plus\n\nMoins\n\nHier",
    ],
)
def test_ordinary_mail_is_left_alone(text):
    """A word that a button has too is not enough, nor is one address that is thirty characters long."""
    blocks = read_plain(text)
    page = read_page(blocks, now=NOW, timezone=PARIS)

    assert not page.is_thread
    assert (blocks, ()) == (page.blocks, page.removed)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Follow",
            "Suivre",
            "Translate",
            "Traduire",
            "12 boosts",
            "1,2 k partages",
            "Voir le fil",
            "il y a 3 h",
            "2 j",
        ),
        *("Nom Affiché @quelqu.un@pouet.example · 18 sept.", "18 sept. 2022, 14:05", "Modifié le 18 sept. 2022"),
        *("Les Yeux ouverts a partagé", "Se connecter pour participer à la conversation", "3 / 7", "Favoris : 12"),
        "Pouet.example is one of the many independent Mastodon servers you can use",
    ],
)
def test_lines_of_a_page(line):
    """Whole lines, in French and English."""
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Partager, c’est gagner",
        "Suivre l’affaire",
        "Nous étions 12 hier",
        "Retour au calme",
        "pilar@example.org",
        "—",
        "",
    ],
)
def test_sentences_are_not(line):
    """Though they begin with the same word."""
    assert not is_furniture(line)
    assert not tells_a_page([line, line, line])


def test_links_are_mended_from_evidence_alone():
    """One whole address that begins so, no other; two that do are none."""
    beginning = "yeux-ouverts.example.net/gare/"
    whole = f"https://www.{beginning}parvis"

    assert 30 == len(beginning)
    assert whole == mended(beginning, [whole, "https://autre.example.net/"])
    assert "" == mended(beginning, [whole, f"https://{beginning}ailleurs"])
    assert "" == mended(beginning, ["https://yeux-ouverts.example.net/"])
    assert (beginning,) == cut_in(f"Lire {beginning} demain")
    assert () == cut_in(f"Lire https://{beginning} demain")


def test_a_whole_link_elsewhere_in_the_mail_is_evidence():
    """Typed in full above the thread."""
    whole = "https://yeux-ouverts.example.net/gare/parvis-en-images"
    text = f"Voir {whole}\n\nyeux-ouverts.example.net/gare/"
    done = mark(read_plain(text), page=True)

    assert (whole,) == evidence_of(read_plain(text))
    assert (whole,) == tuple(link.whole for link in done.cut)


def test_a_link_that_a_mail_program_made_of_a_cut_text_is_none():
    """Gmail puts `http://` before what looks like an address: it leads to the wrong page."""
    beginning = "yeux-ouverts.example.net/gare/"
    blocks = (Paragraph((Link(f"http://{beginning}", (Text(beginning),)),)),)
    done = mark(blocks, page=True)

    assert "" == done.cut[0].whole
    assert (Paragraph((Text(f"{beginning}… (lien coupé dans le message reçu)"),)),) == done.blocks


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://pouet.example/@yeux_ouverts/108987600000000000", "2022-09-12"),
        ("https://pouet.example/users/yeux_ouverts/statuses/108987600000000000", "2022-09-12"),
        ("https://pouet.example/@yeux_ouverts/999999", None),
        ("https://pouet.example/notice/AbCdEfGh12", None),
        ("https://pouet.example/@yeux_ouverts", None),
    ],
)
def test_the_number_of_a_post_says_when_it_was_written(address, day):
    """Mastodon's, where it is a time that can be."""
    found = written(address, now=NOW)

    assert day == (found.astimezone(ZoneInfo("UTC")).date().isoformat() if found else None)


def test_an_address_of_a_post_is_known():
    """In a link or typed; of a text that says more, it is not all."""
    address = "https://pouet.example/@yeux_ouverts/108987600000000000"
    long = f"{address}\n\n{'Nous avons marché longtemps dans la neige. ' * 8}"

    assert address == permalink_in(read_plain(long))
    assert "" == bare_permalink(read_plain(long))
    assert "" == permalink_in(read_plain("https://example.org/@/1"))
