"""What reaches a person is known although its letters are parted by emphasis or a link."""

from __future__ import annotations

import pytest

from ingest.body import markdown
from ingest.body.blocks import Block, Break, Emphasis, Heading, Link, Paragraph, Strong, Table, Text
from ingest.body.masks import ADDRESS_MASK, PHONE_MASK, mask

HALVES = (Strong((Text("marcel"),)), Text("@example.org"))
SITE = Link("https://example.org/", (Text("example.org"),))


@pytest.mark.parametrize(
    ("block", "masked"),
    [
        (
            Paragraph((Text("À "), *HALVES, Text("."))),
            Paragraph((Text("À "), Strong((Text(ADDRESS_MASK),)), Text("."))),
        ),
        (Heading(2, HALVES), Heading(2, (Strong((Text(ADDRESS_MASK),)),))),
        (Table(((HALVES,),)), Table((((Strong((Text(ADDRESS_MASK),)),),),))),
        (Paragraph((Text("marcel@"), SITE)), Paragraph((Text(ADDRESS_MASK),))),
        (Paragraph((Emphasis((Text("06 39"),)), Text(" 98 12 34"))), Paragraph((Emphasis((Text(PHONE_MASK),)),))),
        (Paragraph((Text("06 39"), Break(), Text("98 12 34"))), Paragraph((Text("06 39"), Break(), Text("98 12 34")))),
    ],
)
def test_halves_are_masked_as_a_whole(block: Block, masked: Block) -> None:
    """In the style of the first half; a line break parts for good."""
    assert markdown.write(mask((block,)).blocks) == markdown.write((masked,))


def test_what_holds_nothing_of_the_kind_is_left_as_it_was() -> None:
    """The very same tree."""
    block = Paragraph((Text("Le "), Strong((Text("lavoir"),)), Text(" rouvre, "), SITE))
    assert mask((block,)).blocks == (block,)
