"""format=flowed (RFC 3676)."""

from __future__ import annotations

import pytest

from ingest.message import flowed


@pytest.mark.parametrize(
    ("text", "delsp", "expected"),
    [
        ("un \ndeux\ntrois", False, "un deux\ntrois"),
        ("un \n\ndeux", False, "un\n\ndeux"),
        ("> un \n> deux\n> > trois", False, "> un deux\n> > trois"),
        (">> un \n> deux", False, "> > un\n> deux"),
        ("fin \n-- \nOdile", False, "fin\n-- \nOdile"),
        ("> -- \n> Odile", False, "> -- \n> Odile"),
        (" > cité ? non\n From là", False, "> cité ? non\nFrom là"),
        ("日 \n本", True, "日本"),
        ("un  \ndeux", True, "un deux"),
        (">\n> a", False, ">\n> a"),
        ("seul ", False, "seul"),
        ("", False, ""),
    ],
)
def test_lines_flow_within_one_depth_of_quotes(text: str, delsp: bool, expected: str) -> None:
    """Sections 4.1 to 4.5, one row each."""
    assert flowed.unwrap(text, delsp=delsp) == expected
