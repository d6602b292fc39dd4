"""Pelican without what a build of ours never uses: half of its start is reStructuredText, colours and watching files.

Modules are put aside while Pelican (4.12) is imported. In their place stand some that give it a name to import, and
that fetch the real thing when somebody uses it after all. Without this room everything works, and starts more slowly.
"""

from __future__ import annotations

import importlib
import logging
import sys
from contextlib import nullcontext
from types import ModuleType
from typing import Any

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


class _Aside(ModuleType):
    """A module that is imported when something in it is used."""

    loading = True

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if _Aside.loading:
            return Silent
        return getattr(importlib.import_module(self.__name__), name)


def load() -> None:
    """Import Pelican and all that a build of ours uses. Raises `ImportError` where another Pelican is otherwise."""
    if "pelican" not in sys.modules:
        _without(ASIDE)
    import email.utils  # feedgenerator (2.2) counts on somebody else to import it

    import markdown.extensions.footnotes
    import markdown.extensions.tables

    import plugins.mur
    from plugins.incremental.fingerprint import program_mark

    program_mark()  # of what was loaded: an upgrade may come before the order does
    del email, markdown, plugins


def run(words: list[str]) -> None:
    """As `python -m pelican` with these words. Raises `SystemExit` where something went wrong, which is told."""
    import pelican

    for handler in list(logging.getLogger().handlers):  # of whoever loaded it: Pelican sets its own where there is none
        logging.getLogger().removeHandler(handler)
    sys.argv = ["pelican", *words]
    pelican.main(words)


def _without(names: tuple[str, ...]) -> None:
    stands = {name: _stand(name) for name in names if name not in sys.modules}
    _Aside.loading = True
    try:
        import pelican
    finally:
        _Aside.loading = False
        for name, stand in stands.items():
            if sys.modules.get(name) is stand:
                del sys.modules[name]
    del pelican


def _stand(name: str) -> _Aside:
    module = sys.modules[name] = _Aside(name)
    module.__path__ = []
    package, _dot, last = name.rpartition(".")
    if package in sys.modules:
        setattr(sys.modules[package], last, module)  # `import package.name` looks there for what it imported
    return module
