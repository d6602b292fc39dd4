"""The last part of an address."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.publication.addresses import MAX_SLUG, SLUG
from ingest.publication.slugs import MAX, slug


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Une fête au café", "une-fete-au-cafe"),
        ("L’œuvre de Cœur à 13 380 €", "l-oeuvre-de-coeur-a-13-380-euros"),
        ("  -- Ça ! ", "ca"),
        ("ÉTÉ 2022", "ete-2022"),
        ("index", "index-2"),
        ("INDEX", "index-2"),
        ("../../etc/passwd", "etc-passwd"),
        ("", "mur-7"),
        ("!!!", "mur-7"),
        ("日本", "mur-7"),
        ("mot " * 40, "-".join(["mot"] * 15)),
        ("L" * 300, "l" * 60),
    ],
)
def test_from_a_title(title: str, wanted: str) -> None:
    """ASCII, lower case, cut between words."""
    assert slug(title, taken=(), fallback="mur-7") == wanted


def test_a_second_one_of_the_same_words() -> None:
    """And a third, each still short enough."""
    taken = {"info", "info-2", "l" * 60}
    assert slug("Info", taken=taken, fallback="x") == "info-3"
    assert slug("L" * 80, taken=taken, fallback="x") == "l" * 58 + "-2"


@given(title=st.text(max_size=200), taken=st.sets(st.from_regex(SLUG, fullmatch=True), max_size=3))
def test_whatever_the_title(title: str, taken: set[str]) -> None:
    """Always an address that our reader takes, and never a taken one."""
    found = slug(title, taken=taken, fallback="mur-7")
    assert re.fullmatch(SLUG, found)
    assert len(found) <= MAX <= MAX_SLUG
    assert found not in taken | {"index"}
