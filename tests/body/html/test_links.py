"""Addresses of links, cleaned: the cases are in `links.json`, each with what must become of it."""

import json
from pathlib import Path

import pytest

from ingest.body.blocks import Link, Text
from ingest.body.links import clean, linked, mismatch

CASES = json.loads((Path(__file__).parent / "links.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("address", "expected"), CASES["clean"].items())
def test_addresses_lead_where_they_say(address, expected):
    """Out of click counters, without what follows the reader, in four schemes only."""
    assert clean(address).href == expected
    assert expected is None or clean(expected).href == expected


@pytest.mark.parametrize(("address", "warning"), CASES["warnings"].items())
def test_what_cannot_be_resolved_is_said(address, warning):
    """A counter whose target only it knows, a name before the host, a scheme that acts: a warning names it."""
    assert clean(address).warning == warning


@pytest.mark.parametrize(("shown", "href", "warning"), CASES["mismatches"])
def test_a_link_that_shows_another_host_is_told(shown, href, warning):
    """Only where the text is an address itself, and of another host."""
    assert mismatch(shown, href) == warning


@pytest.mark.parametrize(("text", "addresses"), CASES["typed"].items())
def test_addresses_in_text_end_before_the_sentence_does(text, addresses):
    """Every character stays; punctuation and a bracket that opens before the address are no part of it."""
    pieces = linked(text)

    assert [piece.children[0].text for piece in pieces if isinstance(piece, Link)] == addresses
    assert "".join(piece.text if isinstance(piece, Text) else piece.children[0].text for piece in pieces) == text
