"""Thousands of mails, while pollers, decisions and publications die at random; at the end three sets are equal.

Sent (the mails that were delivered) = ended (a row each), and online (the rows that say so) = shown (the pages of the
site). Four hands work at once, each killed at random and started again: one delivers, one polls, one decides, one
publishes. Whatever a decision printed before it died must stand, and whatever a row says is online must be there,
each time that anybody looks.

    python -m tests.crash soak --mails 5000 --seed 7
"""

from __future__ import annotations

import random
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from tests.crash.at_random import Tally, finish, judge, send
from tests.crash.stage import Stage
from tests.crash.warm import KILLED, Run
from tests.servers.faulty import Faulty

_AHEAD = 300
"""So many wait at most, so that pollers meet new mails at every moment of their work."""
_LONGEST = 900
_PAGE = re.compile(r"\d{4}/\d{2}/(?!index\.html)[^/]+\.html")
_FILE = re.compile(r"[a-z]+/(\d{4})-(\d{2})-\d{2}-(.+)\.md")
_SHOWN = {
    "accepté": {"accepted", "published"},
    "refusé": {"rejected"},
    "retiré": {"withdrawn"},
    "écarté": {"discarded"},
    "de nouveau en attente": {"held"},
}
"""What a decision prints, and the states that keep its word; of `undo`, whatever it says."""


class Soak:
    """One wall and its four hands."""

    def __init__(
        self,
        stages: Sequence[Stage],
        *,
        mails: int,
        seed: int,
        pause: float = 2.0,
        each: Callable[[Tally], None] = lambda _tally: None,
    ) -> None:
        self.poller, self.decider, self.publisher = stages
        self.mails, self.seed, self.pause, self.each = mails, seed, pause, each
        self.building = self.polling = 2.0
        """How long one takes that is not killed, in seconds; a machine may be busy."""
        self.tally = Tally(seed)
        self.lock, self.over = threading.Lock(), threading.Event()
        self.decided = self.publications = 0

    def run(self) -> Tally:
        """All of it."""
        began = time.monotonic()
        with Faulty(self.poller.server.imap, seed=self.seed, harm=0.2) as network:
            self.poller.timeout = 2
            self.poller.port = network.port
            self.wall = self.poller.wall()
            works = (self._polls, self._decides, self._publishes)
            hands = [threading.Thread(target=self._hand, args=(work,)) for work in works]
            for hand in hands:
                hand.start()
            try:
                self._deliver()
            finally:
                self.over.set()
                for hand in hands:
                    hand.join()
            self.poller.reach(self.wall, self.poller.server.imap)
            self.tally.fates = network.fates
        self._finish()
        self.tally.seconds = time.monotonic() - began
        return self.tally

    def _deliver(self) -> None:
        dice = random.Random(self.seed)
        while (left := self.mails - self.tally.sent.total()) and not self.over.wait(dice.uniform(0, self.pause)):
            if self.wall.waiting() < _AHEAD:
                send(self.poller, self.wall, self.tally, dice, min(left, dice.randrange(1, 40)))
            self.each(self.tally)
        until = time.monotonic() + _LONGEST
        while self.wall.waiting() and time.monotonic() < until and not self.over.wait(0.2):
            self.each(self.tally)

    def _hand(self, work: Callable[[random.Random], None]) -> None:
        dice = random.Random(f"{self.seed}{work.__name__}")
        while not self.over.is_set():
            try:
                work(dice)
            except Exception as error:  # noqa: BLE001 - told at the end; the other hands go on
                self._wrong(f"other: {work.__name__}: {error!r}")
                self.over.set()

    def _wrong(self, line: str) -> None:
        with self.lock:
            self.tally.wrong.append(line)

    def _polls(self, dice: random.Random) -> None:
        run = self.poller.warm.start(("poll", "--once"), env=self.wall.env)
        died = self._end(run, dice.uniform(0.05, self.polling), dice, kill=0.9) is None
        self.polling = min(max(self.polling * (1.15 if died else 0.7), 1.0), 60.0)
        self.over.wait(dice.uniform(0, 0.3))

    def _decides(self, dice: random.Random) -> None:
        words = self._decision(dice)
        if not words:
            self.over.wait(0.5)
            return
        run = self.decider.warm.start(words, env=self.wall.env)
        self._end(run, dice.uniform(0.02, 0.6), dice, kill=0.5)
        self.decided += 1
        states = dict(self._ask("SELECT id, state FROM contribution"))
        for line in run.out.splitlines():
            id_, colon, says = line.partition(" : ")
            kept = next((kept for word, kept in _SHOWN.items() if says.startswith(word)), None)
            if colon and kept and states.get(id_) not in kept:
                self._wrong(f"lost: {id_} was shown as {says!r}, and is {states.get(id_)}")
        self.over.wait(dice.uniform(0, 0.4))

    def _decision(self, dice: random.Random) -> list[str]:
        verb, states = dice.choices(
            (
                (["accept"], "('held')"),
                (["reject", "--reason", "pas ici"], "('held')"),
                (["discard"], "('held')"),
                (["withdraw"], "('accepted', 'published')"),
                (["undo"], "('accepted', 'rejected', 'withdrawn', 'discarded')"),
            ),
            (50, 15, 10, 8, 10),
        )[0]
        query = f"SELECT id FROM contribution WHERE state IN {states} AND digest IS NOT NULL"
        found = [id_ for (id_,) in self._ask(query)]
        chosen = dice.sample(found, min(len(found), dice.randrange(1, 40)))
        return [*verb, *chosen] if chosen else []

    def _publishes(self, dice: random.Random) -> None:
        began = time.monotonic()
        run = self.publisher.warm.start(("publish",), env=self.wall.env)
        if self._end(run, dice.uniform(0.1, 1.2 * self.building), dice, kill=0.7) is not None:
            self.building = time.monotonic() - began
        self.publications += 1
        self._look_at_site()
        self.over.wait(dice.uniform(0, 2))

    def _look_at_site(self) -> None:
        """Every row that says *online* has its page, unless somebody withdrew it meanwhile."""
        told = dict(self._ask("SELECT path, id FROM contribution WHERE state = 'published'"))
        pages = self.pages()
        for path, id_ in told.items():
            if page_of(path) not in pages:
                self._wrong(f"lost: {id_} is said to be online, and {path} is not shown")

    def pages(self) -> set[str]:
        """The articles that a visitor finds."""
        output = self.wall.folder / "output"
        if not output.is_symlink():
            return set()
        return {name for path in output.resolve().rglob("*.html") if _PAGE.fullmatch(name := _below(path, output))}

    def _end(self, run: Run, seconds: float, dice: random.Random, *, kill: float) -> int | None:
        """Let it go on for a while; then, as the dice says, to its end, or not. Its exit code, None where it died."""
        code = run.wait(seconds)
        if code is None and dice.random() < kill:
            run.kill()
            with self.lock:
                self.tally.kills += 1
        elif code is None:
            code = run.wait(_LONGEST)
        with self.lock:
            self.tally.runs += 1
            self.tally.codes[KILLED if code is None else code] += 1
        if "Traceback" in run.error or "inattendue" in run.error:
            self._wrong(f"other: {run.error.strip()[-300:]}")
        return code

    def _ask(self, query: str) -> list[tuple[str, ...]]:
        """Read beside the others; nothing where no command has come so far as to make the tables."""
        path = self.wall.folder / "var" / "mur.db"
        if not path.exists():
            return []
        with closing(sqlite3.connect(path, timeout=30)) as database:
            try:
                return database.execute(query).fetchall()
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):
                    return []
                raise

    def _finish(self) -> None:
        """In peace: the rest is taken and published; then the sets are compared."""
        finish(self.poller, self.wall, self.tally)
        judge(self.wall, self.tally)
        run = self.publisher.mur(self.wall, "publish")
        if run.code:
            self._wrong(f"other: the last publication ends with {run.code}: {run.error.strip()[-300:]}")
        rows = self._ask("SELECT id, state, path FROM contribution")
        self.tally.states.clear()
        for _id, state, _path in rows:
            self.tally.states[state] += 1
        online = {page_of(path) for _id, state, path in rows if state == "published"}
        shown = self.pages()
        self.tally.wrong += [f"lost: {page} is online and not shown" for page in online - shown]
        self.tally.wrong += [f"duplicated: {page} is shown and not online" for page in shown - online]
        waits = [id_ for id_, state, _path in rows if state == "accepted"]
        self.tally.wrong += [f"lost: {id_} is accepted and not online" for id_ in waits]
        self.sets = (len(self.tally.sent), len(rows), len(online), len(shown))


def page_of(path: str) -> str:
    """The page of an article under `content/`."""
    found = _FILE.fullmatch(path)
    return f"{found[1]}/{found[2]}/{found[3]}.html" if found else path


def _below(path: Path, output: Path) -> str:
    return path.relative_to(output.resolve()).as_posix()
