"""What one mail may cost at most, what the guards cost, and that memory does not grow with the mailbox."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from ingest.model import Converted
from tests.bench import guarding, mailboxes, mails, peers, rows, sites
from tests.bench.bench import Bench
from tests.bench.mailboxes import PASSWORD, Mails, Server
from tests.bench.measuring import Cost, Pairs, in_turn, run
from tests.bench.rows import Fit, Line
from tests.bench.targets.intake import Ways, ready, wall
from tests.bench.watching import Held, watched
from tests.bombs.costs import Reader
from tests.bombs.mails import GOOD, bombs

_FEW = 25
_GOOD = 60


def hostile(bench: Bench) -> Iterator[Line | Fit]:
    """Every bomb through a real worker: CPU and memory of the worst, and whether the next mail was right."""
    found = list(bombs())
    if bench.sizes.name == "small":
        found = found[::_FEW]
    costs, wrong = {}, 0
    with Reader() as reader, bench.steps(f"{len(found)} hostile mails", len(found)) as tick:
        reader.read(GOOD)
        for name, make in found:
            costs[name] = reader.read(make())
            wrong += not isinstance(reader.read(GOOD).outcome, Converted)
            tick()
    slowest, largest = max(costs, key=lambda n: costs[n].cpu), max(costs, key=lambda n: costs[n].peak)
    set_ = f"{len(costs)} hostile mails"
    yield rows.amount("hostile", f"{set_}, the slowest, CPU", at_most=2, reached=costs[slowest].cpu, unit=" s")
    yield rows.amount("hostile", f"{set_}, the largest, memory", at_most=256, reached=costs[largest].peak, unit=" MiB")
    yield rows.amount("hostile", f"{set_}, next mails that went wrong", at_most=0, reached=wrong)
    bench.say(f"slowest: {slowest}; largest: {largest}; above 2 s: {sum(c.cpu > 2 for c in costs.values())}")


def guards(bench: Bench) -> Iterator[Line | Fit]:
    """Good mails with guards beside without."""
    good = list(mails.mails(_GOOD, seed="good", photos=False))
    taken: list[tuple[Cost, Cost]] = []
    guarding.both(good[:5], first_off=False)
    with bench.steps(f"{_GOOD} good mails, guards on and off", bench.sizes.pairs) as tick:
        for number in range(bench.sizes.pairs):
            taken.append(guarding.both(good, first_off=bool(number % 2)))
            tick()
    ours, theirs = zip(*taken, strict=True)
    reached = Pairs(ours=ours, theirs=theirs).ratio("cpu")
    yield rows.ratio("guards", f"{_GOOD} good text mails converted, CPU", "guards off", at_most=1.05, reached=reached)


def memory(bench: Bench) -> Iterator[Line | Fit]:
    """Peak memory of taking in many mails beside few; parent and children apart."""
    few, many = bench.sizes.memory
    try:
        with mailboxes.serving() as server:
            held = {count: _held(bench, server, count) for count in (few, many)}
    except peers.Missing as error:
        yield rows.unmeasured("memory", "peak memory", "", "1.10", str(error))
        return
    for name, at in (("parent", "parent"), ("largest child", "child"), ("all processes together", "together")):
        small, large = getattr(held[few], at), getattr(held[many], at)
        measure = f"peak memory of {many:,} mails, {name}"
        yield rows.amount("memory", f"{measure}, beside {few:,}", at_most=1.1, reached=large / small, unit=" ×")
        if at != "together":
            yield rows.amount("memory", measure, at_most=128, reached=large, unit=" MiB")


def _held(bench: Bench, server: Server, count: int) -> Held:
    """`mur poll --once` of a mailbox in which one mail in thirty has photos."""
    box = mailboxes.written(bench, "light", count, _light(count))
    user = server.account(box)
    with bench.folder() as folder, bench.steps(f"memory of {count:,} mails", 1):
        settings = wall(folder, server.port, user)
        words = (*sites.mur(), "--config", settings.file or "", "poll", "--once")
        held = watched(words, env={"MUR_MAILBOX_PASSWORD": PASSWORD}, cwd=folder)
    server.close(user)
    return held


def _light(count: int) -> Iterator[bytes]:
    texts = mails.mails(count, seed="light", photos=False)
    photos = (raw for raw in mails.mails(count * 2, seed="photos") if raw.count(b"image/jpeg"))
    for number, raw in enumerate(texts):
        yield next(photos) if number % 30 == 7 else raw


def growth(bench: Bench) -> Iterator[Line | Fit]:
    """CPU of taking in text mails, several sizes in turn."""
    points: dict[int, float] = {}
    try:
        with ready(bench) as ways, bench.steps("intake, several sizes", len(bench.sizes.growth)) as tick:
            for count in bench.sizes.growth:
                made = mails.mails(count, seed="text", photos=False)
                points[count] = _least(ways, mailboxes.written(bench, "text", count, made), count)
                tick()
    except peers.Missing as error:
        yield rows.unmeasured("intake-growth", "exponent of intake", "", "1.05", str(error))
        return
    yield Fit(target="intake-growth", what="intake of text mails", points=points, at_most=1.05)


def _least(ways: Ways, box: Mails, count: int) -> float:
    """A long run by itself; of short ones the quickest of three."""
    return min(ways.poll(box).cpu for _ in range(1 if count > 1_000 else 3))


def cold(bench: Bench) -> Iterator[Line | Fit]:
    """`mur queue` and `mur --help` of a small wall, beside importing two libraries."""
    site = sites.online(bench, bench.sizes.growth[0])
    imports = (sys.executable, "-c", "import sqlalchemy, click")
    beside = f"`{re.sub(r'^.*/', '', sys.executable)} -c 'import sqlalchemy, click'`".replace("python3.11", "python")
    for words in (("queue",), ("--help",)):
        run((*sites.mur(), "--config", site.home / "mur.toml", *words), cwd=site.home)
        pairs = in_turn(lambda words=words: site.mur(*words), lambda: run(imports), pairs=2 * bench.sizes.pairs)
        bench.say(f"{words}: {pairs}")
        for of, title in (("cpu", "CPU"), ("wall", "wall")):
            measure = f"`mur {' '.join(words)}`, cold, {title}"
            yield rows.ratio("cold", measure, beside, at_most=2.0, reached=pairs.ratio(of))
