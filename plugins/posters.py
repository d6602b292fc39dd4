"""What a poster needs beside words: a QR code of one of our own pages, and an address that can be typed.

The code leads to the wall and not to where one signs: a page of ours says so once it is over, a paper does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.relay.addresses import shown
from ingest.relay.sentences import MONTHS
from plugins.wall import Trusted

STRIPS = 8
"""How many a sheet is cut into at its foot: 21 cm by 8 is wide enough for a thumb."""
_LONG = 34
_DATE = re.compile(rf"(?:\d{{1,2}}|1er) (?:{'|'.join(MONTHS)}) \d{{4}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """What `poster.html` reads as `sheet`, beside its article."""

    when: str
    """Until when, or what became of it: a date in it stays on one line."""
    zone: str
    """« heure de Paris », where the hour counts."""
    address: str
    """In clear, without its scheme."""
    qr: Trusted
    """An `<svg>`: made by us of an address of ours."""
    strips: range
    long: bool
    """Whether the title is long: set smaller, so that the sheet stays one."""


def poster(title: object, address: str, words: str) -> Poster:
    """The poster that leads to `address`, which is one of the site, and says `words` largest of all."""
    when, _parenthesis, zone = words.partition(" (") if words.endswith(")") else (words, "", "")
    return Poster(
        when=_DATE.sub(lambda date: date[0].replace(" ", "\u00a0"), when),
        zone=zone.removesuffix(")"),
        address=shown(address),
        qr=qr(address),
        strips=range(STRIPS),
        long=len(str(title)) > _LONG,
    )


def qr(address: str) -> Trusted:
    """The QR code of `address` as inline SVG: error correction Q (a quarter may be dirty), four modules of margin
    (ISO/IEC 18004, 6.3.8), dark on nothing, sized by its class."""
    import segno  # only a site with a poster waits for it

    made = segno.make_qr(address, error="q", boost_error=False)
    svg = made.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff")
    return Trusted(svg.replace("<svg ", '<svg aria-hidden="true" ', 1))
