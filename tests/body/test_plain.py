"""A text/plain body read as lines, blank lines and quote marks, with nothing decided."""

from __future__ import annotations

import pytest

from ingest.body.blocks import Break, Paragraph, Quote, Text
from ingest.body.lines import read, text
from ingest.body.plain import MAX_DEPTH, read_plain


def paragraph(*lines):
    """Lines as one paragraph."""
    parts = [part for line in lines for part in (Break(), Text(line))]
    return Paragraph(tuple(parts[1:]))


def test_lines_stay_lines_and_blank_lines_part_paragraphs():
    """However many blank lines there are, and at the edges."""
    assert read_plain("\n\nUn\ndeux\n\n\n\ntrois  \n\n") == (paragraph("Un", "deux"), paragraph("trois"))


def test_indentation_stays():
    """The shape of a poem is the author's."""
    assert read_plain("Un\n    deux") == (paragraph("Un", "    deux"),)


@pytest.mark.parametrize("mark", [">>", "> >", " > >"])
def test_quote_marks_nest_with_or_without_spaces(mark):
    """RFC 3676 section 4.5, and what the programs of before made of it."""
    assert read_plain(f"{mark} a") == (Quote((Quote((paragraph("a"),)),)),)


def test_quotes_open_and_close_line_by_line():
    """A deeper line goes into the quote that is open; an empty quoted line parts paragraphs within it."""
    assert read_plain("> a\n>\n> b\n>> c\n> d\ne") == (
        Quote((paragraph("a"), paragraph("b"), Quote((paragraph("c"),)), paragraph("d"))),
        paragraph("e"),
    )


def test_the_rest_of_a_wrapped_attribution_is_no_quote():
    """A client that wraps its own line before the `>` of an address makes it look like a quote mark."""
    assert read_plain("Le 3 juin 2025, Jean <jean@example.org\n> a écrit :\n") == (
        paragraph("Le 3 juin 2025, Jean <jean@example.org", "> a écrit :"),
    )


def test_depth_is_bounded():
    """Ten thousand marks make a shallow tree."""
    (line,) = read(read_plain(">" * 10_000 + " fond"))
    assert line.depth == MAX_DEPTH


@pytest.mark.parametrize("mail", ["Un\ndeux\n\ntrois", "Un\n\n> deux\n>\n> > trois\n>\n> quatre\n\ncinq"])
def test_the_text_of_a_tree_is_the_mail_again(mail):
    """What is folded is told in the very lines of the mail."""
    assert text(read(read_plain(mail))) == mail
