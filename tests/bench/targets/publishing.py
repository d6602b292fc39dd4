"""One post that was accepted goes online: what that costs on a wall of thousands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.bench import hugosite, peers, rows, sites
from tests.bench.bench import Bench
from tests.bench.measuring import ROOT, Cost, Failed, Ratio, in_turn, run
from tests.bench.posts import FIRST, post
from tests.bench.rows import Fit, Line
from tests.bench.serving import HugoServer
from tests.bench.sites import Site

_OUTSIDE = "pagefind/"
"""The index of the search is made after the swap, for itself."""


def one_post(bench: Bench) -> Iterator[Line | Fit]:
    """CPU, peak and wall beside Hugo; files changed."""
    size = bench.sizes.site
    measure = f"one post into {size:,}"
    try:
        hugo = peers.hugo()
    except peers.Missing as error:
        yield rows.unmeasured("publish", measure, "Hugo", "0.10", str(error))
        return
    site, other = sites.online(bench, size), sites.beside(bench, size)
    full = f"{hugo.name}, full build"
    changed: list[int] = []

    def ours() -> Cost:
        site.accept_next()
        before = shown(site)
        cost = site.publish()
        changed.append(len(differing(before, shown(site))))
        return cost

    with bench.steps(f"{measure}, {full}", 2 * bench.sizes.pairs) as tick:
        pairs = in_turn(ours, lambda: run((hugo.program, "--quiet", "-s", other)), pairs=bench.sizes.pairs, tick=tick)
    bench.say(f"{measure}: {pairs}")
    yield rows.ratio("publish", f"{measure}, CPU", full, at_most=0.10, reached=pairs.ratio("cpu"))
    yield rows.ratio("publish", f"{measure}, peak memory", full, at_most=0.15, reached=pairs.ratio("peak"))
    yield rows.amount("publish", f"{measure}, files changed", at_most=30, reached=int(median(changed)))
    warm = f"{hugo.name}, its warm server rebuilding one page"
    with (
        bench.steps(f"{measure}, {warm}", 2 * bench.sizes.pairs) as tick,
        HugoServer(hugo.program, other) as server,
    ):
        pairs = in_turn(ours, lambda: _saved(server, other), pairs=bench.sizes.pairs, tick=tick)
    bench.say(f"{measure}, warm server: {pairs}")
    yield rows.ratio("publish", f"{measure}, wall, cold", warm, at_most=0.6, reached=pairs.ratio("wall"))


def growth(bench: Bench) -> Iterator[Line | Fit]:
    """The same on walls of several sizes, in turn."""
    sizes = bench.sizes.growth
    walls = {size: sites.online(bench, size) for size in sizes}
    taken: dict[int, list[float]] = {size: [] for size in sizes}
    with bench.steps("one post, several sizes", bench.sizes.pairs * len(sizes)) as tick:
        for _round in range(bench.sizes.pairs):
            for size, site in walls.items():
                site.accept_next()
                taken[size].append(site.publish().cpu)
                tick()
    large, small = sizes[-1], sizes[1]
    ratios = [a / b for a, b in zip(taken[large], taken[small], strict=True)]
    reached = Ratio(value=median(ratios), least=min(ratios), most=max(ratios), pairs=len(ratios))
    yield rows.ratio("publish-growth", f"one post at {large:,}, CPU", f"at {small:,}", at_most=2.0, reached=reached)
    points = {size: median(costs) for size, costs in taken.items()}
    yield Fit(target="publish-growth", what="one post", points=points, at_most=0.3)


def same(bench: Bench) -> Iterator[Line | Fit]:
    """A random walk of decisions, clock and damage: after each step, the site beside one that was built whole."""
    steps = bench.sizes.steps
    walk = [sys.executable, "-m", "tests.incremental", "--steps", str(steps), "--seed", "1"]
    with bench.steps(f"{steps} random steps", 1):
        done = subprocess.run(walk, cwd=ROOT, capture_output=True, text=True, check=False)
    found = re.fullmatch(r"(\d+) differences?", (done.stdout.strip().splitlines() or [""])[-1])
    if found is None:
        raise Failed(f"{walk[2]}: {done.stderr[-500:] or done.stdout[-500:]}")
    measure = f"incremental against whole builds, {steps} random steps, files that differ"
    yield rows.amount("publish-same", measure, at_most=0, reached=int(found[1]), beside="the same bytes")


def shown(site: Site) -> dict[str, Path]:
    """What is online, by name: where each file really lies."""
    root = site.settings.paths.output.resolve()
    found = {}
    for folder, _folders, names in os.walk(root):
        for name in names:
            path = Path(folder) / name
            found[path.relative_to(root).as_posix()] = path
    return {name: path for name, path in found.items() if not name.startswith(_OUTSIDE)}


def differing(before: dict[str, Path], after: dict[str, Path]) -> list[str]:
    """Names of what came, went, or has other bytes; the build before must still be there."""
    both = before.keys() & after.keys()
    return sorted((before.keys() ^ after.keys()) | {name for name in both if not _same(before[name], after[name])})


def _same(one: Path, other: Path) -> bool:
    first, second = one.stat(), other.stat()
    if (first.st_dev, first.st_ino) == (second.st_dev, second.st_ino):
        return True
    return first.st_size == second.st_size and one.read_bytes() == other.read_bytes()


def _saved(server: HugoServer, home: Path) -> Cost:
    """A post is saved; the clock stops where the server says that it is shown."""
    number = 900_000 + int(time.monotonic() * 10) % 90_000
    begin = time.monotonic()
    written = hugosite.write_post(home, post(number, FIRST))
    server.rebuilt()
    cost = Cost(cpu=0.0, wall=time.monotonic() - begin, peak=0.0)
    written.unlink()
    server.rebuilt()
    return cost
