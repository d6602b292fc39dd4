"""Pollers killed at random moments, behind a network that cuts, stalls and resets: nothing lost, twice or torn.

python -m tests.crash kills --kills 1000 --seed 7
"""

from __future__ import annotations

import hashlib
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.crash.oracle import ended, look, standing
from tests.crash.sending import post
from tests.crash.stage import CrashWall, Stage
from tests.servers.faulty import Faulty

_LOOK_EVERY = 20
_PATIENCE = 2
_BACKLOG_SECONDS = 3600.0
"""For what a thousand pollers left behind."""
"""`[mailbox] timeout_seconds`: a connection that stalls is given up soon."""
_STAYING = ("poll",)
_ONCE = ("poll", "--once")


@dataclass(slots=True)
class Tally:
    """What happened."""

    seed: int
    kills: int = 0
    runs: int = 0
    sent: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    codes: Counter[int] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    fates: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, word: str) -> int:
        """How much is `lost`, `duplicated`, `torn` …."""
        return len({line for line in self.wrong if line.startswith(f"{word}:")})

    def __str__(self) -> str:
        bad = sum(number for fate, number in self.fates.items() if fate != "sound")
        known = ("lost", "duplicated", "torn")
        told = "/".join(str(self.count(word)) for word in known)
        other = len({line for line in self.wrong if line.partition(":")[0] not in known})
        return (
            f"{self.kills} kills in {self.runs} runs, {bad} bad connections of {self.fates.total()}, "
            f"{self.sent.total()} mails {dict(self.states)}: lost/duplicated/torn = {told}, other {other} "
            f"(seed {self.seed}, {self.seconds:.0f} s)"
        )


def torment(
    stage: Stage, *, kills: int, seed: int, each: Callable[[Tally], None] = lambda _tally: None, harm: float = 0.5
) -> Tally:
    """Kill pollers until so many have died, then let one finish, and judge."""
    dice, tally = random.Random(seed), Tally(seed)
    began = time.monotonic()
    stage.timeout = _PATIENCE
    with Faulty(stage.server.imap, seed=seed, harm=harm) as network:
        stage.port = network.port
        wall = stage.wall()
        lasts = _undisturbed(stage, dice)
        while tally.kills < kills:
            send(stage, wall, tally, dice, dice.randrange(0, 4))
            _poll_and_die(stage, wall, tally, dice, dice.uniform(0.01, lasts))
            if tally.runs % _LOOK_EVERY == 0:
                tally.wrong += standing(look(wall), tally.sent)
            each(tally)
        stage.reach(wall, stage.server.imap)
        finish(stage, wall, tally)
        tally.fates = network.fates
    judge(wall, tally)
    tally.seconds = time.monotonic() - began
    stage.strike(wall)
    return tally


def send(stage: Stage, wall: CrashWall, tally: Tally, dice: random.Random, number: int) -> None:
    """Some more mails into the mailbox."""
    for _mail in range(number):
        kind, raw = post(tally.sent.total(), dice)
        stage.deliver(wall, [raw])
        tally.sent[hashlib.sha256(raw).hexdigest()] += 1
        tally.kinds[kind] += 1


def _undisturbed(stage: Stage, dice: random.Random) -> float:
    """Half again as long as a poller takes for three mails on this machine, on another wall."""
    wall = stage.wall(inbox=[post(number, dice)[1] for number in range(3)])
    stage.reach(wall, stage.server.imap)
    began = time.monotonic()
    stage.mur(wall, *_ONCE)
    stage.strike(wall)
    return 1.5 * (time.monotonic() - began)


def _poll_and_die(stage: Stage, wall: CrashWall, tally: Tally, dice: random.Random, after: float) -> None:
    words = _STAYING if dice.random() < 0.25 else _ONCE
    run = stage.warm.start(words, env=wall.env)
    rival = stage.warm.start(_ONCE, env=wall.env) if dice.random() < 0.1 else None
    code = run.wait(after)
    tally.runs += 1
    if rival:
        rival.kill()
    if code is None:
        run.kill()
        tally.kills += 1
    else:
        tally.codes[code] += 1
        if code not in {0, 75}:
            tally.wrong.append(f"other: a poller ends with {code}: {run.error.strip()[-300:]}")


def finish(stage: Stage, wall: CrashWall, tally: Tally) -> None:
    """Poll in peace until nothing is left."""
    for _time in range(5):
        run = stage.mur(wall, *_ONCE, seconds=_BACKLOG_SECONDS)
        if run.code == 0 and not wall.waiting():
            return
    tally.wrong.append(f"other: the mailbox is never read to its end: {run.code} {run.error.strip()[-300:]}")


def judge(wall: CrashWall, tally: Tally) -> None:
    """What is wrong at the end, and how everything ended."""
    seen = look(wall)
    tally.wrong += ended(seen, tally.sent)
    tally.states = Counter(str(seen.row(id_)["state"]) for id_ in seen.rows)
