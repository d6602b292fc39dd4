"""The worst bombs, each as a whole mail through a real worker: bounded, named, and the next mail goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.model import Converted
from tests.bombs.costs import SETTINGS, Reader
from tests.bombs.mails import GOOD, bombs, slow

WORST = (
    *("text '['", "text '[', in paragraphs", "text '[a]: b\\n', in paragraphs", "text '[](<', in paragraphs"),
    *("text '\\\\*'", "text '*[abbr]: x\\n'", "text 'a\\n=\\n'", "text '> a\\n\\n'", "text '\\n'"),
    *("text 'Le 8 juin 2022 '", "text 'a.a@a.fr '", "HTML 'a<br>' / 6", "HTML '<p>a@b.fr ' / 6", "HTML '<!--' / 1"),
    *("HTML '<table><tr><td>' / 1", "HTML '&amp;' / 1", "HTML, a href=https://a.fr 30,000 deep"),
    *("HTML, div 30,000 deep", "HTML, one tag of attributes", "Subject '=?utf-8?q?=C3=A9?= '", "To '(((('"),
    *("multiparts 5,000 deep", "mails in mails, 5,000", "attachments, 20,000", "25 MB of HTML"),
    *("mails in mails, each of much HTML", "PNG of 13,000 x 13,000", "PDF of forms in forms", "JPEG of 2,000 scans"),
    *("PDF of lines", "PDF of text", "PDF of 14,400 x 14,400 points"),
)  # fmt: skip
BOMBS = {name: make for name, make in bombs() if name in WORST}
STARTED = 2.0
"""CPU seconds that a child may need beside its mail: to start, and to take it in."""
SECONDS = 6.0
"""Of CPU for any bomb: two on a machine that does nothing else, more beside others (`make bench`, target `hostile`)."""
MEGABYTES = 256


@pytest.fixture(scope="module")
def reader():
    with Reader() as reader:
        yield reader


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_bounded_and_the_next_mail_goes_on(reader, name):
    """Some seconds, and half of what a photo may have; then a good mail in the same worker is right."""
    cost = reader.read(BOMBS[name]())

    assert cost.cpu < SECONDS
    assert cost.peak < MEGABYTES
    following = reader.read(GOOD).outcome
    assert isinstance(following, Converted)
    assert following.text == "Le lavoir rouvre samedi."


def test_every_bomb_that_is_named_here_is_one():
    """A name that was changed there would leave its test out here."""
    assert set(WORST) == set(BOMBS)


def test_files_that_are_slow_one_by_one_are_bounded_together():
    """A mail has a limit beside the one of each part: what is not reached is left out by name, and the mail goes on."""
    hurried = replace(SETTINGS, limits=replace(SETTINGS.limits, part_seconds=2, mail_seconds=3))
    with Reader(hurried) as reader:
        cost = reader.read(slow(12, strokes=1_500))

    assert isinstance(cost.outcome, Converted)
    assert [piece.text.endswith("trop long ou trop lourd à lire") for piece in cost.outcome.removed] == [True] * 12
    assert cost.cpu < 3 + 2 + STARTED


def test_documents_that_cannot_be_drawn_cost_little_one_by_one():
    """The text goes on; of fifteen that hold too much the last ones are not opened, and every one has its word."""
    with Reader() as reader:
        cost = reader.read(slow(15))

    assert isinstance(cost.outcome, Converted)
    assert "Bonjour." == cost.outcome.text
    assert [True] * 15 == [piece.text.endswith("trop long ou trop lourd à lire") for piece in cost.outcome.removed]
    assert cost.cpu < SECONDS
