"""Replies and forwards told apart, and what each means for the lines of a mail.

A forward is known by its mark ("Message transféré"), by its subject ("TR:"), or by there being no word of the
sender's own above the header block. Within what is forwarded the same is asked again, with the subject of the
message forwarded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.body import subject as subjects
from ingest.body.cut.anchors import QUOTED, Anchor, scan
from ingest.body.cut.signatures import trim
from ingest.body.lines import Line
from ingest.model import Forwarded, Why

_MOST_FORWARDS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """For each line why it goes, or None; and the quotes that are no quotes, since a forward stands in them."""

    fates: tuple[Why | None, ...]
    opened: frozenset[int]
    forwarded: Forwarded | None
    warnings: tuple[str, ...]


def plan(lines: Sequence[Line], subject: str) -> Plan:
    """Decide, anchor by anchor, from the top. Linear."""
    reader = _Reader(lines, subject)
    reader.run()
    return Plan(
        fates=tuple(reader.fates),
        opened=frozenset(reader.opened),
        forwarded=reader.forwarded,
        warnings=tuple(dict.fromkeys(reader.warnings)),
    )


class _Reader:
    """Goes down the lines of a mail once."""

    def __init__(self, lines: Sequence[Line], subject: str) -> None:
        self.lines, self.subject = lines, subject
        self.fates: list[Why | None] = [None] * len(lines)
        self.opened: set[int] = set()
        self.forwarded: Forwarded | None = None
        self.warnings: list[str] = []
        self.anchors = scan(lines)
        self.at, self.forwards = 0, 0
        self.said = False
        """Whether the sender of the message being read has said anything yet."""

    def run(self) -> None:
        for number, anchor in enumerate(self.anchors):
            if anchor.start < self.at:
                continue
            self.said = self.said or self.says(self.at, anchor.start)
            quoted = _quoting(self.lines, anchor)
            limit = self.limit(number, quoted)
            if self.is_forward(anchor, quoted, limit):
                self.forward(anchor, limit)
            else:
                self.reply(anchor, quoted, limit)
        self.trailing()

    def says(self, lo: int, hi: int) -> bool:
        """Whether lines hold a word that is not a signature."""
        pieces = trim(self.lines, lo, hi)
        end = pieces[-1][0] if pieces else hi
        return any(line.solid for line in self.lines[lo:end])

    def limit(self, number: int, quoted: Callable[[int], bool]) -> int:
        """Where the next anchor stands that is not within what this one quotes, or the end."""
        for later in self.anchors[number + 1 :]:
            if not quoted(later.start):
                return later.start
        return len(self.lines)

    def is_forward(self, anchor: Anchor, quoted: Callable[[int], bool], limit: int) -> bool:
        if self.forwards >= _MOST_FORWARDS:
            return False
        if anchor.kind == "forward" or subjects.is_forward(self.subject):
            return True
        return not self.said and not self.answers_below(anchor.end, quoted, limit)

    def answers_below(self, lo: int, quoted: Callable[[int], bool], limit: int) -> bool:
        """Whether, below what is quoted, somebody answers."""
        end = lo
        while end < limit and quoted(end):
            end += 1
        return lo < end < len(self.lines) and self.says(end, limit)

    def forward(self, anchor: Anchor, limit: int) -> None:
        if self.forwards:
            self.warnings.append("nested-forward")
        elif anchor.kind != "forward" and not subjects.is_forward(self.subject):
            self.warnings.append("only-quoted")
        self.forwards += 1
        self.fates[anchor.start : anchor.end] = [Why.FORWARD_HEADER] * (anchor.end - anchor.start)
        self.open(anchor, limit)
        credit = anchor.credit()
        if self.forwarded is None or (not self.said and (credit.from_name or credit.from_address)):
            self.forwarded = credit
        self.subject, self.said, self.at = credit.subject, False, anchor.end

    def open(self, anchor: Anchor, limit: int) -> None:
        """Take off the quote marks that the forwarded message as a whole stands behind."""
        first = self.lines[min(anchor.start, len(self.lines) - 1)]
        for line in self.lines[anchor.start : limit]:
            if line.depth < first.depth:
                break
            self.opened.update(line.quotes[: first.depth])
        body = self.lines[anchor.end : limit]
        if body and all(line.depth > first.depth for line in body):
            self.opened.update(line.quotes[first.depth] for line in body)

    def reply(self, anchor: Anchor, quoted: Callable[[int], bool], limit: int) -> None:
        self.fates[anchor.start : anchor.end] = [Why.QUOTE] * (anchor.end - anchor.start)
        runs = self.runs(anchor.end, limit, quoted)
        starts = [*(start for start, _ in runs[1:]), limit]
        answered = [self.says(end, following) for (_, end), following in zip(runs, starts, strict=False)]
        by_points = len(runs) > 1 and any(answered[:-1])
        for (start, end), answer in zip(runs, answered, strict=True):
            if not (by_points and answer):
                self.fates[start:end] = [Why.QUOTE] * (end - start)
        self.said = self.said or any(answered)
        self.at = max(limit, anchor.end)

    def runs(self, lo: int, hi: int, quoted: Callable[[int], bool]) -> list[tuple[int, int]]:
        runs: list[tuple[int, int]] = []
        start = None
        for number in range(lo, hi):
            if quoted(number) and start is None:
                start = number
            elif not quoted(number) and start is not None:
                runs.append((start, number))
                start = None
        return [*runs, (start, hi)] if start is not None else runs

    def trailing(self) -> None:
        """In a reply, a quote that nothing answers at the very end, without a word on whose it is."""
        end = start = len(self.lines)
        while (
            start > self.at and self.lines[start - 1].depth > 0 and self.lines[start - 1].quotes[0] not in self.opened
        ):
            start -= 1
        if end - start >= 2 and subjects.is_reply(self.subject) and (self.said or self.says(self.at, start)):
            self.fates[start:end] = [Why.QUOTE] * (end - start)


def _quoting(lines: Sequence[Line], anchor: Anchor) -> Callable[[int], bool]:
    """Which lines below an anchor it speaks of: those deeper than it, those marked by the client, or all the rest."""
    depth = lines[min(anchor.start, len(lines) - 1)].depth
    marker = lines[min(anchor.start, len(lines) - 1)].marker
    below = lines[anchor.end] if anchor.end < len(lines) else None
    first = anchor.start == 0 or lines[anchor.start - 1].depth < depth
    if below and below.depth > depth:
        return lambda number: lines[number].depth > depth
    if depth and first:
        return lambda number: lines[number].depth >= depth
    if marker in QUOTED and below and below.marker in QUOTED:
        return lambda number: lines[number].marker in QUOTED
    return lambda number: lines[number].depth >= depth
