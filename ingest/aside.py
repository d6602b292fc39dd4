"""Modules put aside while a library is imported that names them at its start, and that we use without them.

In their place stand some that give the library a name to hold on to, and that fetch the real module when somebody uses
it after all. Without this room everything works, and starts more slowly.
"""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any


class Aside(ModuleType):
    """A module that is imported when something in it is used."""

    def __init__(self, name: str, stands: type[object]) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.__dict__["_stands"] = stands

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        stands = self.__dict__["_stands"]
        return getattr(importlib.import_module(self.__name__), name) if stands is None else stands


@contextmanager
def aside(names: Iterable[str], stands: type[object] = object) -> Iterator[None]:
    """Put the modules `names` aside for a while, those that nobody imported yet; `stands` is all that they hold.

    A package comes before what is in it. Where there are threads, which might import one of them, nothing is done.
    """
    put: dict[str, Aside] = {}
    if threading.active_count() == 1:
        for name in names:
            if name not in sys.modules:
                put[name] = _stand(name, stands)
    try:
        yield
    finally:
        for name, module in put.items():
            module.__dict__["_stands"] = None
            if sys.modules.get(name) is module:
                del sys.modules[name]


def _stand(name: str, stands: type[object]) -> Aside:
    module = sys.modules[name] = Aside(name, stands)
    package, _dot, last = name.rpartition(".")
    if package in sys.modules:
        setattr(sys.modules[package], last, module)  # `import package.name` looks there for what it imported
    return module
