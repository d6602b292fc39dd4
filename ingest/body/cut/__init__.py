"""What is not the author's: quoted replies, headers of forwards, signatures and footers are folded, never deleted.

A forward *is* the contribution: its header lines go, what it carries stays. A reply keeps what its author
wrote, and the quotes that it answers point by point. The steps: lines -> anchors -> a fate for each line ->
the tree without some lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ingest.body.blocks import Block, Blocks
from ingest.body.cut import replies
from ingest.body.cut.footers import banner
from ingest.body.cut.signatures import is_device, trim
from ingest.body.lines import Line, read, sift, text
from ingest.model import Forwarded, Removed, Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What is left, and what was taken out."""

    blocks: tuple[Block, ...]
    """Without any `Marked`."""
    removed: tuple[Removed, ...]
    """In the order of the mail, each with its exact text, `> ` before what was quoted."""
    pieces: tuple[tuple[Block, ...], ...]
    """The blocks of each of `removed`, for putting it back."""
    forwarded: Forwarded | None
    """The innermost message forwarded: whose words they are."""
    warnings: tuple[str, ...]
    """`only-quoted`: nothing of the sender's own, so what they quote stands; `only-signature`; `nested-forward`."""


def cut(blocks: Blocks, *, subject: str) -> Cut:
    """Fold what is not the author's in the tree of a plain or an HTML body. Total and linear in the size of the tree.

    `subject` is as sent: "TR:" or "Fwd:" tells a forward from a reply where a client writes the same words for both.
    """
    lines = read(blocks)
    plan = replies.plan(lines, subject)
    fates, warnings = list(plan.fates), list(plan.warnings)
    _fold_ends(lines, fates, plan.opened)
    if not _says(lines, fates) and _spare(lines, fates):
        warnings.append("only-signature")
    kept = [fate is None for fate in fates]
    groups = _groups(fates)
    return Cut(
        blocks=sift(blocks, kept, plan.opened),
        removed=tuple(Removed(why=why, text=text(lines[start:end])) for start, end, why in groups),
        pieces=_pieces(blocks, len(lines), groups),
        forwarded=plan.forwarded,
        warnings=tuple(warnings),
    )


def _fold_ends(lines: Sequence[Line], fates: list[Why | None], opened: frozenset[int]) -> None:
    """Signatures and footers at the end of each stretch that is kept; a warning of an office at its head."""
    for start, end in _stretches(lines, fates, opened):
        head = start + banner(lines[start:end])
        fates[start:head] = [Why.FOOTER] * (head - start)
        for first, last, why in trim(lines, head, end):
            fates[first:last] = [why] * (last - first)


def _stretches(lines: Sequence[Line], fates: Sequence[Why | None], opened: frozenset[int]) -> list[tuple[int, int]]:
    """Runs of lines that are kept and stand in no quote."""

    def own(number: int) -> bool:
        return fates[number] is None and all(quote in opened for quote in lines[number].quotes)

    return [
        (run[0], run[-1] + 1) for is_own, group in groupby(range(len(lines)), own) if is_own and (run := list(group))
    ]


def _says(lines: Sequence[Line], fates: Sequence[Why | None]) -> bool:
    return any(fate is None and line.solid for line, fate in zip(lines, fates, strict=True))


def _spare(lines: Sequence[Line], fates: list[Why | None]) -> bool:
    """Unfold what signs a mail that says nothing else, but for what a telephone says of itself below a picture."""
    spared = [
        number
        for number, fate in enumerate(fates)
        if fate in {Why.SIGNATURE, Why.FOOTER} and not is_device(lines[number].plain)
    ]
    if any(lines[number].solid for number in spared):
        for number in spared:
            fates[number] = None
        return True
    return False


def _groups(fates: Sequence[Why | None]) -> list[tuple[int, int, Why]]:
    groups: list[tuple[int, int, Why]] = []
    for why, run in groupby(range(len(fates)), lambda number: fates[number]):
        numbers = list(run)
        if why is not None:
            groups.append((numbers[0], numbers[-1] + 1, why))
    return groups


def _pieces(blocks: Blocks, size: int, groups: Sequence[tuple[int, int, Why]]) -> tuple[tuple[Block, ...], ...]:
    """One walk for the few pieces of a mail; beyond those, a piece is put back as its text."""
    if len(groups) > 12:
        return ((),) * len(groups)
    return tuple(sift(blocks, [start <= n < end for n in range(size)]) for start, end, _ in groups)
