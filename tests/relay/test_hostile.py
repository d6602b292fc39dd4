"""Texts made to cost: every rule of a relay reads any text in linear time, and none of them raises."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.body.plain import read_plain
from ingest.relay.belonging import Known, belonging, proposed_update, repairs, told_before
from ingest.relay.counts import read_count
from ingest.relay.front import read_relay
from ingest.relay.model import Relay
from ingest.relay.proposals import as_front_matter, day_of, propose
from ingest.relay.recognise import recognise
from ingest.relay.signing import look_alike
from ingest.relay.thread import bare_permalink, read_page
from tests.growth import is_linear

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2022, 9, 20, tzinfo=UTC)
KNOWN = Known(key="mur-1", title="Contre la gare", relay=Relay(sign_url="https://a.example.org/petition"))


def read(text):
    """Everything that is read of a mail."""
    blocks = read_plain(text)
    recognise(blocks, text, timezone=PARIS)
    page = read_page(blocks, now=NOW, timezone=PARIS)
    bare_permalink(blocks)
    proposals = propose(page.blocks, text, sent_at=NOW, zone=PARIS)
    belonging(text, proposals, (KNOWN,))
    told_before(text, page.permalink, (KNOWN,))
    repairs(page.shown, KNOWN)
    proposed_update(KNOWN, proposals, zone=PARIS)
    read_relay(as_front_matter(proposals), zone=PARIS)


PIECES = (
    *("plainte contre ", "La ", "devant la ", "avant le ", "24 septembre ", "24/09/2022 ", "12 000 ", "personnes "),
    *("https://a.example.org/petition ", "example.org/une-page-dont-trente", "…", ".", "1er pilier : ", "\n", "\n\n"),
    *("@a@b.example ", "Follow\n", "signer ", "gratuit ", "le collectif ", "des ", "à l’initiative de ", "Source : "),
    *("12 boosts\n", "https://xn--", "toute personne ", "il reste 4 jours ", "999999999999 jours ", "\u202f", "é"),
    *("² ", "J-", "- ", "a", "https://p.example/@a/108987600000000000 "),
)


@pytest.mark.parametrize("piece", PIECES)
def test_a_text_of_one_thing_over_and_over_is_read_in_linear_time(piece):
    """Whatever the thing is that a rule looks for."""
    assert is_linear(lambda size: read(piece * (size // len(piece))), 2_000)


NUMBERED = (
    "https://h{}.example.org/petition ",
    "petition{}.example.org/signer ",
    "laquelle{}.example.org/une-page… https://laquelle{}.example.org/une-page-entiere ",
    "Titre numéro {}\n\nUn texte qui est bien plus long que son titre, et qui ne finit jamais tout à fait non plus\n\n",
    "{} juin - - - - - - - - - - - - - - - - - - - - - - !\n",
    "contre le numéro {} ",
    "à l’initiative de l’association Numéro{}. ",
)


@pytest.mark.parametrize("piece", NUMBERED)
def test_a_text_of_many_different_things_is_too(piece):
    """No two of them are compared but with a bounded number of others."""
    assert is_linear(lambda size: read("".join(piece.replace("{}", str(n)) for n in range(size))), 60)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=40).map("".join))
def test_any_text_is_read(text):
    """Never an exception, whatever stands beside what."""
    read(text)


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_value_is_read(one, other):
    """Names of hosts, days of forwards, counts."""
    look_alike(one, [other])
    day_of(NOW, one, zone=PARIS)
    read_count(one)
