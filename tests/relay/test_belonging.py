"""Which relay an update belongs to, what it would change, whether it was told before: with reasons, as proposals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from ingest.relay.belonging import (
    CERTAIN,
    Known,
    belonging,
    changes,
    proposed_update,
    reason_words,
    repairs,
    told_before,
)
from ingest.relay.model import Count, Qualifier, Relay, Update, When
from tests.relay.shapes import PARIS, draft, plain
from tests.relay.test_threads import AT, GARE

NAGEURS = (Path(__file__).parent / "threads" / "piscine-en-francais.txt").read_text(encoding="utf-8")
STATION = Known(
    key="mur-142",
    title="Plainte collective contre les caméras de la gare",
    relay=Relay(
        organiser="Les Yeux ouverts",
        organiser_url="https://yeux-ouverts.example.net/",
        sign_url="https://plainte.example.net/gare",
        sign_aliases=("https://www.yeux-ouverts.example.net/signer/",),
        deadline=When.of_minute(datetime(2022, 9, 15, 20, 0, tzinfo=PARIS), PARIS),
        count=Count(number=3900, on=date(2022, 8, 30)),
        target="le tribunal administratif de Montpellier",
    ),
    links=("https://yeux-ouverts.example.net/gare/parvis-en-images/",),
)
POOL = Known(
    key="mur-9",
    title="Rendez-nous la piscine",
    relay=Relay(
        organiser="le Comité des nageurs de la Têt",
        organiser_url="https://comite-des-nageurs.example.org/",
        sign_url="https://comite-des-nageurs.example.org/petition",
        deadline=When.of_day(date(2022, 9, 15), PARIS),
    ),
)
OTHER = Known(
    key="mur-3",
    title="Le train du soir",
    relay=Relay(organiser="Les Voyageurs du Canigou", sign_url="https://petitions.example.org/train-du-soir"),
)
KNOWN = (OTHER, POOL, STATION)


@pytest.fixture
def gare():
    """The thread of the station, as it was drafted."""
    return draft(plain(GARE, "Des nouvelles", AT))


def test_the_same_place_to_sign_is_certain(gare):
    """By an alias, without scheme, with another slash at its end; its deadline agrees."""
    (match, *_others) = belonging(gare.text, gare.proposals, KNOWN)

    assert "mur-142" == match.key
    assert match.score >= CERTAIN
    assert "sign-url: yeux-ouverts.example.net/signer" in match.reasons
    assert "deadline: 2022-09-15" in match.reasons
    assert "même adresse pour signer (yeux-ouverts.example.net/signer)" == reason_words(match.reasons[0])


def test_without_the_address_words_suggest_it():
    """The organiser's host, the words of the title: a suggestion with its reasons, below certainty."""
    found = draft(plain(NAGEURS, "La piscine", datetime(2022, 10, 15, 9, tzinfo=PARIS)))
    (match,) = belonging(found.text, found.proposals, KNOWN)

    assert "mur-9" == match.key
    assert match.score < CERTAIN
    assert "title: piscine" in match.reasons
    assert all(reason_words(reason) != reason for reason in match.reasons)


def test_what_belongs_nowhere_is_given_nothing():
    """No relay is better than a guess."""
    found = draft(plain("Nous sommes 300 à avoir signé pour la forêt.\n\nFollow\n\nTranslate\n", "La forêt", AT))

    assert () == belonging(found.text, found.proposals, KNOWN)
    assert () == belonging("", (), KNOWN)


def test_before_and_after_are_shown(gare):
    """Of count and filing; the deadline agrees, and its hour is not lost for a day."""
    update = proposed_update(STATION, gare.proposals, zone=PARIS)
    found = {change.key: change for change in changes(STATION, update, proposals=gare.proposals, now=AT, zone=PARIS)}

    assert {"Filing", "Count"} == set(found)
    assert ("3\u202f900 signatures au 30 août 2022", "plus de 4\u202f512 signataires au 12 septembre 2022") == (
        found["Count"].before,
        found["Count"].after,
    )
    assert "4 512" in found["Count"].where
    assert ("", "vendredi 16 septembre 2022") == (found["Filing"].before, found["Filing"].after)


def test_a_filing_changes_the_state():
    """The pool's petition was closed, and is handed in."""
    now = datetime(2022, 10, 15, 9, tzinfo=PARIS)
    found = draft(plain(NAGEURS, "La piscine", now))
    update = proposed_update(POOL, found.proposals, zone=PARIS)
    (state, filed, count) = changes(POOL, update, proposals=found.proposals, now=now, zone=PARIS)

    assert ("State", "Close", "Déposée") == (state.key, state.before, state.after)
    assert ("Filed", "", "lundi 10 octobre 2022") == (filed.key, filed.before, filed.after)
    assert "environ 1\u202f150 signatures au 10 octobre 2022" == count.after


def test_an_older_count_changes_nothing(gare):
    """The history keeps it; the newest stays the one that is shown."""
    newer = Count(number=6000, qualifier=Qualifier.EXACTLY, on=date(2022, 9, 14))
    station = replace(STATION, updates=(Update(of="mur-142", count=newer),))
    update = proposed_update(station, gare.proposals, zone=PARIS)

    assert "Count" not in {change.key for change in changes(station, update, now=AT, zone=PARIS)}


def test_a_thread_already_told_is_known(gare):
    """By the address of its post, or by its words though the page around them was another."""
    address = "https://pouet.example/@yeux_ouverts/108987600000000000"
    by_address = replace(STATION, updates=(Update(of="mur-142", source=address),))
    by_words = replace(STATION, texts=("Tout autre chose.", gare.text.replace("trois points", "3 points")))

    same_post = told_before("", f"{address}/", [by_address])
    assert ("permalink", 100) == (same_post.why, same_post.share)
    told = told_before(gare.text, "", [POOL, by_words])
    assert ("mur-142", "likeness") == (told.key, told.why)
    assert told.share > 60
    assert told_before(gare.text, address, [POOL, OTHER]) is None


def test_a_cut_link_is_mended_by_what_the_relay_knows():
    """And only that one."""
    beginnings = ["yeux-ouverts.example.net/gare/", "yeux-ouverts.example.net/2022/"]

    assert {beginnings[0]: "https://yeux-ouverts.example.net/gare/parvis-en-images/"} == repairs(beginnings, STATION)
