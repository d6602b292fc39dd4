"""Letters without their accents."""

from __future__ import annotations

import unicodedata

import pytest

from ingest.body.marks import unmarked


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("venez samedi", "venez samedi"),
        ("l\u2019\u00e9t\u00e9 \u00e0 No\u00ebl, \u00e7a va", "l\u2019ete a Noel, ca va"),
        ("\u0301", ""),
        ("\U0001d165\u65e5\ud800", "\u65e5\ud800"),
    ],
)
def test_marks_go_and_letters_stay(text, bare):
    """What is no mark stays as it is, in whatever script."""
    assert bare == unmarked(unicodedata.normalize("NFD", text))


def test_a_text_with_every_mark_there_is_loses_them_all():
    """More of them than any language has."""
    marks = [chr(number) for number in range(0x300, 0x370) if unicodedata.combining(chr(number))]

    assert "a" * len(marks) == unmarked("".join(f"a{mark}" for mark in marks))
