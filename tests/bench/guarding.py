"""What the guards before each parser cost on good mail: each mail is converted with them and without them, in turn.

Without means that what only looks whether something is too much lets everything through; parsers stay as they are.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterable
from datetime import UTC, datetime

from ingest.conversion import convert
from ingest.model import Converted
from ingest.settings import Settings
from plugins.rendering import render
from tests.bench.measuring import Cost

GUARDS = (
    ("plugins.rendering", "check"),
    ("ingest.assembly", "check"),
    ("ingest.message.headers", "_guard"),
    ("ingest.body.html.bounds", "check_markup"),
    ("ingest.body.html.bounds", "check_tree"),
    ("ingest.body.html.bounds", "check_normal"),
)
"""Every function that does no more than that, by its module and name; a test says that all of them are there."""
_TIMES = 3
_NOW, _SETTINGS = datetime(2026, 11, 1, tzinfo=UTC), Settings()


class Guards:
    """All of them, on or off. Patched here and nowhere else: a program that measures is no test."""

    def __init__(self) -> None:
        self._held = [(importlib.import_module(module), name) for module, name in GUARDS]
        self._real = [getattr(module, name) for module, name in self._held]

    def on(self) -> None:
        """As they are."""
        for (module, name), real in zip(self._held, self._real, strict=True):
            setattr(module, name, real)

    def off(self) -> None:
        """Nothing is too much."""
        for module, name in self._held:
            setattr(module, name, lambda *_args, **_named: None)


def both(mails: Iterable[bytes], *, first_off: bool) -> tuple[Cost, Cost]:
    """CPU of all of them with guards, and without; which comes first changes with each mail.

    Of three conversions in turn the quickest counts: the difference looked for is smaller than a busy machine's noise.
    """
    guards, spent = Guards(), {True: 0.0, False: 0.0}
    try:
        for number, raw in enumerate(mails):
            off_first = first_off != bool(number % 2)
            taken: dict[bool, list[float]] = {True: [], False: []}
            for guarded in (not off_first, off_first) * _TIMES:
                (guards.on if guarded else guards.off)()
                taken[guarded].append(_cost(raw))
            for guarded, costs in taken.items():
                spent[guarded] += min(costs)
    finally:
        guards.on()
    return Cost(cpu=spent[True], wall=0.0, peak=0.0), Cost(cpu=spent[False], wall=0.0, peak=0.0)


def _cost(raw: bytes) -> float:
    begin = time.process_time()
    outcome = convert(raw, settings=_SETTINGS, now=_NOW).outcome
    if isinstance(outcome, Converted):
        render(outcome.draft.body)
    return time.process_time() - begin
