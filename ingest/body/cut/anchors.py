"""Where, in the lines of a mail, the words of somebody else may start: header blocks, marks, attributions,
marked quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.body.cut import attributions, headers
from ingest.body.lines import Line
from ingest.model import Forwarded


@dataclass(frozen=True, slots=True)
class Anchor:
    """Lines `start` to `end` (excluded) are a client's own words; what follows is somebody else's."""

    start: int
    end: int
    kind: str
    """`forward`, `original`, `headers`, `attribution` or `client` (nothing but the client's mark)."""
    source: headers.Header | attributions.Attribution | None = None

    def credit(self) -> Forwarded:
        """Who wrote what follows, as far as the client says."""
        return self.source.forwarded() if self.source else _NOBODY


_NOBODY = Forwarded(from_name="", from_address="", subject="", date="")
QUOTED = frozenset({"quote", "attribution", "forward"})
"""The marks of a client under which somebody else's words stand."""


def scan(lines: Sequence[Line]) -> tuple[Anchor, ...]:
    """Every anchor, in order, none overlapping the next. Linear."""
    found: list[Anchor] = []
    at, free = 0, 0
    while at < len(lines):
        anchor = _textual(lines, at, free) or _marked(lines, at)
        if anchor:
            found.append(anchor)
            free = anchor.end
        at = max(at + 1, free)
    return tuple(found)


def _textual(lines: Sequence[Line], at: int, free: int) -> Anchor | None:
    header = headers.find(lines, at)
    if header:
        return Anchor(at, header.end, header.mark or "headers", header)
    found = attributions.find(lines, at)
    if found and found.start >= free and (found.sure or _quote_below(lines, found)):
        return Anchor(found.start, found.end, "attribution", found)
    return None


def _quote_below(lines: Sequence[Line], found: attributions.Attribution) -> bool:
    here = lines[found.start]
    if here.marker in QUOTED:
        return True
    return found.end < len(lines) and lines[found.end].depth > here.depth


def _marked(lines: Sequence[Line], at: int) -> Anchor | None:
    """The start of what a client marked, where its words say nothing."""
    here = lines[at]
    before = lines[at - 1] if at else None
    if here.marker not in QUOTED or (before and before.region == here.region):
        return None
    if here.marker == "attribution":
        end = at + 1
        while end < len(lines) and lines[end].region == here.region:
            end += 1
        return Anchor(at, end, "attribution", attributions.Attribution(at, end, here.plain, sure=True))
    if before and before.marker in QUOTED:
        return None
    for below in range(at, min(at + 4, len(lines))):
        if headers.find(lines, below) or attributions.find(lines, below):
            return None
    return Anchor(at, at, "forward" if here.marker == "forward" else "client")
