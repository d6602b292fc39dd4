"""Fetches a mailbox by our own way into files that are durable: `python -m tests.bench.fetching CONFIG FOLDER`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ingest import durable
from ingest.mailbox import Mailbox
from ingest.settings import load


def main(configuration: str, folder: str) -> None:
    """Each mail written beside, fsync'd and renamed; the folder fsync'd after each batch, as the mailbox gives them."""
    settings, into = load(Path(configuration)), Path(folder)
    into.mkdir()
    with Mailbox(settings.mailbox, base=None, password=os.environ["MUR_MAILBOX_PASSWORD"]) as mailbox:
        for name in mailbox.folders:
            for batch in mailbox.batches(name):
                for mail in batch:
                    beside = into / f".{mail.uid}"
                    durable.write(beside, mail.raw)
                    beside.rename(into / f"{mail.uid}.eml")
                durable.sync_folder(into)


if __name__ == "__main__":
    main(*sys.argv[1:])
