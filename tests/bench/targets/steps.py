"""Where the CPU of taking in a text mail goes, and the least that each step could cost: for what misses its limit."""

from __future__ import annotations

import email
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import bleach
from bs4 import BeautifulSoup

from ingest import message
from ingest.body.drafting import draft
from ingest.conversion import Result, convert, guarded
from ingest.media import Remade
from ingest.store import Store
from ingest.store.arriving import Arrived
from plugins.rendering import render
from tests.bench import mails, walls
from tests.bench.bench import Bench
from tests.bench.rows import Share

_COUNT = 100
_TIMES = 3
_NOW = datetime(2026, 11, 1, tzinfo=UTC)


def text_mails(bench: Bench) -> Iterator[Share]:
    """Reading, choosing and cutting the text, putting it together, keeping it; each beside its floor."""
    made = list(mails.mails(_COUNT, seed="steps", photos=False))
    with bench.folder() as folder, bench.steps("steps of a text mail", 4) as tick:
        settings = walls.new_wall(folder / "wall")
        limits, wall = settings.limits, settings.wall
        read = [message.read(raw, limits=limits, authserv_id="") for raw in made]
        drafted = [draft(mail, wall=wall, limits=limits, now=_NOW) for mail in read]
        none = Remade()
        pairs = list(zip(read, drafted, strict=True))
        results = [convert(raw, settings=settings, now=_NOW) for raw in made]
        html = [str(mail.html) for mail in read if mail.html]
        ours = {
            "header and MIME tree": _least(lambda: [message.read(raw, limits=limits, authserv_id="") for raw in made]),
            "its text: chosen, cleaned, cut, masked": _least(
                lambda: [draft(mail, wall=wall, limits=limits, now=_NOW) for mail in read]
            ),
            "draft, language, campaigns, dates": _least(lambda: [guarded(a, b, none, settings, ()) for a, b in pairs]),
        }
        tick()
        floors = {
            "header and MIME tree": (
                _least(lambda: [email.message_from_bytes(raw) for raw in made]),
                "`email`, parsed",
            ),
            "its text: chosen, cleaned, cut, masked": (
                _least(lambda: [BeautifulSoup(bleach.clean(text), "lxml") for text in html]),
                "the HTML once through bleach, and once through BeautifulSoup on lxml",
            ),
            "draft, language, campaigns, dates": (
                _least(lambda: [render(it.outcome.draft.body) for it in results]),
                "the draft once through Markdown",
            ),
        }
        tick()
        ours["kept: documents, row, journal, likeness"] = _kept(folder, made, results)
        floors["kept: documents, row, journal, likeness"] = (_written(folder, made), "the mail in a file, fsync'd")
        tick()
    whole = sum(ours.values())
    for step, cost in ours.items():
        floor, what = floors[step]
        yield Share(target="steps", step=step, share=cost / whole, floor=floor / whole, what=what)


def _kept(folder: Path, made: list[bytes], results: list[Result]) -> float:
    """In one batch, as the poller does."""
    costs = []
    for number in range(_TIMES):
        settings = walls.new_wall(folder / f"kept-{number}")
        arrived = [
            Arrived(
                raw=raw,
                outcome=result.outcome,
                contribution=result.contribution,
                received_at=_NOW,
                now=_NOW,
                channel="imap",
            )
            for raw, result in zip(made, results, strict=True)
        ]
        with Store.open(settings) as store:
            begin = time.process_time()
            store.hold_all(arrived)
            costs.append(time.process_time() - begin)
    return min(costs)


def _written(folder: Path, made: list[bytes]) -> float:
    def write() -> None:
        for number, raw in enumerate(made):
            with (folder / f"{number}.eml").open("wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())

    return _least(write)


def _least(run: Callable[[], object]) -> float:
    costs = []
    for _time in range(_TIMES):
        begin = time.process_time()
        run()
        costs.append(time.process_time() - begin)
    return min(costs)
