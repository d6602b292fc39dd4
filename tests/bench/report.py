"""`docs/performance.md` kept up to date: rows that were measured anew replace their older ones, the rest stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.bench.rows import UNMEASURED, Fit, Line, Share

FILE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
LINES = ("target", "measure", "beside", "at most", "reached", "verdict")
FITS = ("target", "what", "CPU at each size, the smallest being 1", "exponent", "at most", "verdict")
SHARES = ("target", "step", "of the whole", "its floor", "which is")
_KEY = 3
"""So many cells say which line of the first table it is; in the others, two."""


def updated(text: str, found: Iterable[Line | Fit | Share], *, order: Sequence[str]) -> str:
    """`text` with these rows in its tables, sorted as `order` has the targets."""
    rows = list(found)
    lines = [row.cells for row in rows if isinstance(row, Line)]
    fits = [row.cells for row in rows if isinstance(row, Fit)]
    text = _merged(text, "ratios", LINES, lines, key=_KEY, order=order)
    text = _merged(text, "growth", FITS, fits, key=2, order=order)
    return _merged(text, "steps", SHARES, [row.cells for row in rows if isinstance(row, Share)], key=2, order=order)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    body = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(head)} |", "|---" * len(head) + "|", *body])


def _merged(
    text: str, name: str, head: Sequence[str], new: list[tuple[str, ...]], *, key: int, order: Sequence[str]
) -> str:
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    if not new or begin not in text:
        return text
    before, _mark, rest = text.partition(begin)
    old, _mark, after = rest.partition(end)
    known = {row[:key]: row for row in _read(old)}
    fresh = {row[:key]: row for row in new if row[-1] != UNMEASURED or row[:key] not in known}
    measured = {row[0] for row in new if row[-1] != UNMEASURED}
    kept = {id_: row for id_, row in known.items() if row[0] not in measured or id_ in fresh}
    places = {target: place for place, target in enumerate(order)}
    rows = sorted((kept | fresh).values(), key=lambda row: places.get(row[0], len(places)))
    return f"{before}{begin}{table(head, rows)}\n{end}{after}"


def _read(old: str) -> list[tuple[str, ...]]:
    lines = old.strip().splitlines()[2:]
    return [tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in lines]
