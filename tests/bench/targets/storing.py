"""Looking and tidying on a wall of a hundred thousand: what shows a page costs the same, what reads all grows as it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

from ingest.doctor import CHECKS, diagnose
from ingest.keeping.tidy import tidy
from ingest.model import ContributionId
from ingest.moderation import figures, queue
from ingest.moderation.queue import item
from ingest.settings import Settings, load
from ingest.states import WAITING, State
from ingest.store import Store, index
from ingest.store.chronicle import Choice
from ingest.store.paging import Place
from tests.bench import walls
from tests.bench.bench import Bench
from tests.bench.crowds import NOW, crowd
from tests.bench.rows import Fit, Line

_FLAT, _LINEAR = 0.15, 1.05
_ELSEWHERE = frozenset({"build", "mailbox", "folders", "capabilities", "server-clock", "authentication", "online"})
"""Examinations of what is measured elsewhere, or of a server."""
_ENOUGH = 0.25
"""CPU seconds from which a measurement is taken once only."""

_WARMING = 200
"""A first wall, which is not counted: it pays for what is done once in a process."""

Run = Callable[[Store], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something to do, and how its cost may grow."""

    what: str
    run: Run
    at_most: float


def _page(store: Store, after: Place | None = None) -> object:
    return [item(store, row) for row in store.page(WAITING, after=after)]


def _middle_page(store: Store) -> object:
    return _page(store, after=Place(received_at=NOW - timedelta(days=1800), id=ContributionId("f")))


def _opened(store: Store) -> object:
    with Store.open(store.settings) as again:
        return again.count([State.HELD])


def _indexed(store: Store) -> object:
    (store.settings.paths.state / index.NAME).unlink(missing_ok=True)
    return store.search("lavoir")


def _examined(store: Store) -> object:
    checks = [check for check in CHECKS if check.name not in _ELSEWHERE]
    return list(diagnose(lambda: store.settings, now=NOW, checks=checks))


WORKS = (
    Work(what="a page of the queue", run=_page, at_most=_FLAT),
    Work(what="its middle pages", run=_middle_page, at_most=_FLAT),
    Work(
        what="a page of the queue with a warning", run=lambda store: store.page(WAITING, warned=True), at_most=_LINEAR
    ),
    Work(what="a page found by a common word", run=lambda store: store.search("lavoir"), at_most=_FLAT),
    Work(what="a page found by two words", run=lambda store: store.search("lavoir canal"), at_most=_FLAT),
    Work(what="what waits, found by a word", run=lambda s: s.search("lavoir", states=WAITING), at_most=_FLAT),
    Work(what="a page of the journal", run=lambda store: store.journal_page(Choice(), limit=50), at_most=_FLAT),
    Work(
        what="decisions in the journal", run=lambda s: s.journal_page(Choice(what=("accept",)), limit=50), at_most=_FLAT
    ),
    Work(what="one person's journal", run=lambda s: s.journal_page(Choice(by="Camille"), limit=50), at_most=_FLAT),
    Work(what="who is in the journal", run=lambda store: store.journal_names(), at_most=_FLAT),
    Work(
        what="one contribution, by its id",
        run=lambda store: store.find(store.page(WAITING, limit=1)[0].id),
        at_most=_FLAT,
    ),
    Work(what="opening the wall", run=_opened, at_most=_LINEAR),
    Work(what="`mur queue`, all that waits", run=queue, at_most=_LINEAR),
    Work(what="`mur journal`, all of it", run=lambda store: store.journal(), at_most=_LINEAR),
    Work(what="`mur figures`", run=lambda store: figures.counted(store, NOW), at_most=_LINEAR),
    Work(what="tags in use", run=lambda store: store.known_tags(), at_most=_LINEAR),
    Work(what="`mur doctor`", run=_examined, at_most=_LINEAR),
)
_INDEX = Work(what="the search's index, from nothing", run=_indexed, at_most=_LINEAR)
_NIGHT = Work(
    what="`mur tidy`, a night with twenty that are due", run=lambda s: tidy(s.settings, s, now=NOW), at_most=_LINEAR
)


def growth(bench: Bench) -> Iterator[Line | Fit]:
    """The search's index from nothing, each work at all sizes in turn, and then a night's tidying."""
    sizes = bench.sizes.store
    points: dict[str, dict[int, float]] = {}
    with ExitStack() as stack:
        stores = {size: stack.enter_context(Store.open(_filled(bench, size))) for size in (_WARMING, *sizes)}
        works = (_INDEX, *WORKS, _NIGHT)
        with bench.steps("looking and tidying, several sizes", len(works) * len(stores)) as tick:
            for work in works:
                costs = {}
                for size, store in stores.items():
                    costs[size] = (_cost if work is _NIGHT else _least)(store, work.run)
                    tick()
                points[work.what] = {size: costs[size] for size in sizes}
                bench.say(f"{work.what}: " + ", ".join(f"{costs[size]:.4f} s" for size in sizes))
        for store in stores.values():
            shutil.rmtree(store.settings.paths.state.parent, ignore_errors=True)
    for work in works:
        yield Fit(target="store", what=work.what, points=points[work.what], at_most=work.at_most)


def _filled(bench: Bench, size: int) -> Settings:
    home = bench.kept(f"crowd-{size}")
    shutil.rmtree(home, ignore_errors=True)
    with bench.steps(f"{size:,} contributions: writing", 1):
        settings = walls.new_wall(home)
        crowd(settings, size)
    return load(home / "mur.toml")


def _least(store: Store, run: Run) -> float:
    """The quickest of five after a first one, or of one more where it is long: the first finds nothing in memory."""
    first = _cost(store, run)
    return min(_cost(store, run) for _ in range(1 if first > _ENOUGH else 5))


def _cost(store: Store, run: Run) -> float:
    begin = time.process_time()
    run(store)
    return time.process_time() - begin
