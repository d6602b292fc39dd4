"""Writes the mails of a folder again, durably, and does nothing else: `python -m tests.bench.writing MAILS FOLDER`.

The least that any fetching can cost which leaves each mail in a file of its own, safe from a power cut.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ingest import durable


def main(mails: str, folder: str) -> None:
    """Each one written beside, fsync'd and renamed; the folder fsync'd at the end."""
    into = Path(folder)
    into.mkdir()
    for number, path in enumerate(sorted(Path(mails).rglob("*"))):
        if path.is_file():
            beside = into / f".{number}"
            durable.write(beside, path.read_bytes())
            beside.rename(into / f"{number}.eml")
    durable.sync_folder(into)


if __name__ == "__main__":
    main(*sys.argv[1:])
