"""Every bomb through a real worker, and what each one cost: `python -m tests.bombs [WORD]`, for those with it."""

from __future__ import annotations

import sys

from ingest.model import Converted
from tests.bombs.costs import Cost, Reader
from tests.bombs.mails import GOOD, bombs


def main(word: str = "") -> int:
    """Print the table, the slowest, the largest, and whether each next mail was right."""
    rows: list[tuple[str, Cost]] = []
    wrong = 0
    with Reader() as reader:
        reader.read(GOOD)
        for name, make in bombs():
            if word not in name:
                continue
            cost = reader.read(make())
            rows.append((name, cost))
            following = reader.read(GOOD).outcome
            fine = isinstance(following, Converted) and following.text == "Le lavoir rouvre samedi."
            wrong += not fine
            told = f"{name[:60]:60} {cost.word:28} {cost.cpu:7.2f} s {cost.peak:6.0f} MB"
            print(told, "" if fine else "NEXT ONE WRONG", flush=True)
    for title, key in (("slowest", lambda row: row[1].cpu), ("largest", lambda row: row[1].peak)):
        name, cost = max(rows, key=key)
        print(f"{title}: {name} {cost.cpu:.2f} s {cost.peak:.0f} MB")
    print(f"{len(rows)} bombs, {wrong} next mails wrong")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
