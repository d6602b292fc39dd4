"""`python -m tests.bench [TARGET …] [--sizes small|full] [--pairs N] [--no-write]`: see `docs/performance.md`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from dataclasses import replace

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.bench import peers, report
from tests.bench.bench import SIZES, Bench
from tests.bench.rows import MISSED, Fit, Line, Share
from tests.bench.targets import TARGETS


def main() -> int:
    """Measure what is asked for, print it, and write it down where the sizes are the full ones; 1 for a miss."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # servers and folders go, as after Ctrl-C
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is not compiled at each start, on either side
    asked = _asked()
    console = Console(stderr=True)
    found, missing = peers.had()
    console.print("beside: " + ", ".join(found), highlight=False)
    for line in missing:
        console.print(f"could not be had: {line}", highlight=False)
    sizes = replace(SIZES[asked.sizes], **({"pairs": asked.pairs} if asked.pairs else {}))
    rows: list[Line | Fit | Share] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bench = Bench(sizes, console, progress)
        for name in asked.targets or TARGETS:
            measured = list(TARGETS[name](bench))
            rows += measured
            for row in measured:
                console.print("  ".join(row.cells), highlight=False)
            if asked.write and sizes.name == "full":
                text = report.FILE.read_text(encoding="utf-8")
                report.FILE.write_text(report.updated(text, measured, order=tuple(TARGETS)), encoding="utf-8")
    Console().print(_table(rows))
    return int(any(row.verdict == MISSED for row in rows))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--sizes", choices=SIZES, default="full")
    parser.add_argument("--pairs", type=int, help="how often each pair is run; the more, the surer")
    parser.add_argument("--no-write", dest="write", action="store_false", help="leave docs/performance.md alone")
    asked = parser.parse_args()
    unknown = [name for name in asked.targets if name not in TARGETS]
    if unknown:
        parser.error(f"no such target: {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    return asked


def _table(rows: list[Line | Fit | Share]) -> Table:
    shown = Table(*report.LINES)
    for row in rows:
        if isinstance(row, Line):
            shown.add_row(*row.cells)
        elif isinstance(row, Share):
            shown.add_row(*row.cells, "")
        else:
            target, what, grown, exponent, at_most, verdict = row.cells
            shown.add_row(target, f"exponent of {what}", grown, at_most, exponent, verdict)
    return shown


if __name__ == "__main__":
    sys.exit(main())
