"""How many scans a JPEG is made of, told from its markers alone (ITU-T T.81, annex B). Pure and linear."""

from __future__ import annotations

import re
from itertools import islice

_MARK, _SCAN, _END = re.compile(rb"\xff\xda"), 0xDA, 0xD9
_NEXT = re.compile(rb"\xff+[^\x00\x01\xd0-\xd8\xff]")
"""The next marker after coded data, in which every 0xff is followed by a zero or by a restart."""


def scans(data: bytes, most: int) -> int:
    """The scans of the first picture in `data`: at least their number, and no more than `most`."""
    if (marks := sum(1 for _mark in islice(_MARK.finditer(data), most))) < most:
        return marks  # at once; what a thumbnail or a film behind the picture adds does no harm here
    found, at = 0, 2
    while found < most and (marker := _NEXT.search(data, at)) is not None:
        kind, after = data[marker.end() - 1], marker.end()
        if kind == _END:
            break
        found += kind == _SCAN
        at = after + int.from_bytes(data[after : after + 2], "big")  # what a segment holds is no marker
    return found
