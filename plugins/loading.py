"""Pelican without what a build of ours never uses: half of its start is reStructuredText, colours and watching files.

They are put aside while Pelican (4.12) is imported: see `ingest.aside`.
"""

from __future__ import annotations

import logging
import sys
from contextlib import nullcontext
from datetime import date

from ingest.aside import aside

ASIDE = (
    *("docutils", "docutils.core", "docutils.io", "docutils.parsers", "docutils.parsers.rst"),
    *("docutils.parsers.rst.languages", "docutils.writers", "docutils.writers.html4css1", "pelican.rstdirectives"),
    *("rich", "rich.console", "rich.logging", "pelican.server", "multiprocessing", "watchfiles", "dateutil.parser"),
    *("urllib.request", "importlib.metadata"),
)
"""What Pelican and its feeds import at their start, and need for readers, options and servers that a build has not."""


class Silent:
    """Stands for a class that Pelican derives from, and for its console: what is said there is said to nobody."""

    def __init__(self, *_words: object, **_more: object) -> None:
        pass

    def print(self, *_words: object, **_more: object) -> None:
        """Nothing: the publisher reads what goes wrong, and nothing else."""

    def status(self, *_words: object) -> nullcontext[None]:
        """No wheel turns."""
        return nullcontext()

    def print_exception(self) -> None:
        """The log has it already."""


def load() -> None:
    """Import Pelican and all that a build of ours uses. Raises `ImportError` where another Pelican is otherwise."""
    with aside(() if "pelican" in sys.modules else ASIDE, Silent):
        import pelican
    import email.utils  # feedgenerator (2.2) counts on somebody else to import it

    import markdown.extensions.footnotes
    import markdown.extensions.tables

    import ingest.media.cards  # for the picture of a new post
    import plugins.mur
    from plugins.dates import date_fr, number_fr
    from plugins.incremental.fingerprint import program_mark

    date_fr(date(2000, 1, 1))  # the names of days and months are read when they are asked for
    number_fr(0)
    program_mark()  # of what was loaded: an upgrade may come before the order does
    del email, ingest, markdown, pelican, plugins


def run(words: list[str]) -> None:
    """As `python -m pelican` with these words. Raises `SystemExit` where something went wrong, which is told."""
    import pelican

    for handler in list(logging.getLogger().handlers):  # of whoever loaded it: Pelican sets its own where there is none
        logging.getLogger().removeHandler(handler)
    sys.argv = ["pelican", *words]
    pelican.main(words)
