"""The long forms, for people: progress while they run, then a line each. Exit code 1 where anything was wrong.

python -m tests.crash points            every point of every command: death before, death after, full disk
python -m tests.crash mistakes          every deliberately broken variant
python -m tests.crash kills             random kills behind a bad network
python -m tests.crash soak              thousands of mails, everything dying at random
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tests.crash.at_random import Tally, torment
from tests.crash.mistakes import VARIANTS, catch, moments
from tests.crash.points import AFTER, Outcome, every, in_pelican, plan, scheduled, summary
from tests.crash.scenes import BY_NAME, Set, build
from tests.crash.soak import Soak
from tests.crash.stage import Stage, server, staged

WORKERS = 2
WRITES = 200
"""Of Pelican's, how many are sampled."""


def main() -> int:
    """Run what was asked."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="*", default=[], help="points, mistakes, kills, soak; nothing: the first three")
    parser.add_argument("--scene", action="append", choices=[*BY_NAME, "pelican"], help="points of these alone")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--mails", type=int, default=5000)
    parser.add_argument("--pause", type=float, default=2.0, help="soak: seconds at most between two bursts of mails")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--part", type=float, default=1.0, help="points: this share of them, by the seed")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_why: sys.exit(128 + signal.SIGTERM))  # folders and servers go on the way out
    asked.seed = random.randrange(10**6) if asked.seed is None else asked.seed
    known: dict[str, Callable[[argparse.Namespace, Console], bool]] = {
        "points": _points,
        "mistakes": _mistakes,
        "kills": _kills,
        "soak": _soak,
    }
    console = Console(highlight=False, markup=False, soft_wrap=True)
    well = [known[name](asked, console) for name in asked.what or ("points", "mistakes", "kills")]
    return 0 if all(well) else 1


@contextmanager
def _stages(number: int) -> Iterator[list[Stage]]:
    with ExitStack() as stack:
        running = stack.enter_context(server())
        yield [stack.enter_context(staged(running, f"crash-{one}")) for one in range(number)]


@contextmanager
def _progress(console: Console, words: str, total: int) -> Iterator[Callable[[int, str], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(words, total=total)
        yield lambda done, more: bar.update(task, completed=done, description=f"{words} {more}")


def _points(asked: argparse.Namespace, console: Console) -> bool:
    well = True
    with _stages(WORKERS) as stages:
        for name in asked.scene or [*BY_NAME, "pelican"]:
            sets = [build(BY_NAME["publish" if name == "pelican" else name], stage) for stage in stages]
            well &= _in_pelican(sets, asked, console) if name == "pelican" else _scene(sets, asked, console)
            for ready in sets:
                ready.strike()
    return well


def _scene(sets: Sequence[Set], asked: argparse.Namespace, console: Console) -> bool:
    name = sets[0].scene.name
    dirty = [moment for moment in moments(sets[0]) if moment.dirty]
    told = len(moments(sets[0]))
    console.print(f"{name}: {told} moments at which something was told or named, {len(dirty)} of them too early")
    jobs = [job for job in scheduled(plan(sets[0])) if random.Random(f"{asked.seed}{job}").random() < asked.part]
    return not dirty and _struck(name, sets, jobs, console)


def _in_pelican(sets: Sequence[Set], asked: argparse.Namespace, console: Console) -> bool:
    planned = in_pelican(sets[0], writes=int(WRITES * asked.part), dice=random.Random(asked.seed))
    jobs = [(point, AFTER) for point in planned]
    return _struck("publish, inside Pelican", sets, jobs, console, inside="-m pelican")


def _struck(name: str, sets: Sequence[Set], jobs: list, console: Console, *, inside: str = "") -> bool:
    began, done = time.monotonic(), list[Outcome]()
    with _progress(console, name, len(jobs)) as show:

        def each(outcome: Outcome) -> None:
            done.append(outcome)
            show(len(done), "")
            if outcome.wrong:
                console.print(f"  {outcome}")
            elif not outcome.there:
                console.print(f"  {outcome.way} {outcome.point}: met {outcome.met or 'nothing'} instead")

        outcomes = every(sets, jobs, inside=inside, each=each)
    console.print(f"{summary(name, outcomes)} ({time.monotonic() - began:.0f} s)")
    return not any(outcome.wrong for outcome in outcomes)


def _mistakes(asked: argparse.Namespace, console: Console) -> bool:
    del asked
    caught = []
    with _stages(1) as (stage,), _progress(console, "broken variants", len(VARIANTS)) as show:
        sets: dict[str, Set] = {}
        for name, variant in sorted(VARIANTS.items(), key=lambda pair: pair[1].scene):
            if variant.scene not in sets:
                sets[variant.scene] = build(BY_NAME[variant.scene], stage)
            caught.append(catch(name, sets[variant.scene]))
            console.print(f"  {caught[-1]}")
            show(len(caught), "")
    seen = sum(bool(one.by) for one in caught)
    console.print(f"{seen} of {len(caught)} broken variants caught")
    return seen == len(caught)


def _kills(asked: argparse.Namespace, console: Console) -> bool:
    with _stages(1) as (stage,), _progress(console, "kills", asked.kills) as show:

        def each(tally: Tally) -> None:
            show(tally.kills, f"{tally.sent.total()} mails, {len(tally.wrong)} wrong")

        tally = torment(stage, kills=asked.kills, seed=asked.seed, each=each)
    return _told(tally, console)


def _soak(asked: argparse.Namespace, console: Console) -> bool:
    with _stages(3) as stages, _progress(console, "soak", asked.mails) as show:

        def each(tally: Tally) -> None:
            show(tally.sent.total(), f"{tally.kills} kills, {len(tally.wrong)} wrong")

        soak = Soak(stages, mails=asked.mails, seed=asked.seed, pause=asked.pause, each=each)
        tally = soak.run()
    sent, ended, online, shown = soak.sets
    console.print(f"sent {sent} = ended {ended}; online {online} = shown {shown}")
    console.print(f"{soak.decided} decisions, {soak.publications} publications")
    return _told(tally, console)


def _told(tally: Tally, console: Console) -> bool:
    for line in tally.wrong[:20]:
        console.print(f"  {line}")
    console.print(str(tally))
    return not tally.wrong


if __name__ == "__main__":
    sys.exit(main())
