"""A whole site built from nothing, beside stock Pelican with the same features."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.bench import rows, sites
from tests.bench.bench import Bench
from tests.bench.measuring import ROOT, Cost, in_turn, run
from tests.bench.rows import Fit, Line
from tests.bench.sites import Site

OURS, STOCK = ROOT / "pelicanconf.py", ROOT / "tests" / "bench" / "stockconf.py"


def full(bench: Bench) -> Iterator[Line | Fit]:
    """CPU beside stock Pelican."""
    size = bench.sizes.full
    site = sites.online(bench, size)
    with bench.folder() as folder, bench.steps(f"full build of {size:,}", 2 * bench.sizes.pairs) as tick:
        pairs = in_turn(
            lambda: build(site, OURS, folder), lambda: build(site, STOCK, folder), pairs=bench.sizes.pairs, tick=tick
        )
    bench.say(f"full build: {pairs}")
    for of, at_most in (("cpu", 0.55), ("wall", 0.55)):
        measure = f"full build of {size:,}, {of.replace('cpu', 'CPU')}"
        yield rows.ratio("build", measure, "stock Pelican, same features", at_most=at_most, reached=pairs.ratio(of))


def growth(bench: Bench) -> Iterator[Line | Fit]:
    """A full build at several sizes, in turn."""
    sizes = bench.sizes.growth
    walls = {size: sites.online(bench, size) for size in sizes}
    taken: dict[int, list[float]] = {size: [] for size in sizes}
    rounds = min(3, bench.sizes.pairs)
    with bench.folder() as folder, bench.steps("full builds, several sizes", rounds * len(sizes)) as tick:
        for _round in range(rounds):
            for size, site in walls.items():
                taken[size].append(build(site, OURS, folder).cpu)
                tick()
    points = {size: median(costs) for size, costs in taken.items()}
    yield Fit(target="build-growth", what="full build", points=points, at_most=1.05)


def build(site: Site, configuration: Path, folder: Path) -> Cost:
    """Pelican alone, into a new folder, nothing kept from before."""
    into = folder / f"out-{len(list(folder.iterdir()))}"
    words = (sys.executable, "-m", "pelican", site.settings.paths.content, "-s", configuration, "-o", into)
    environment = {"MUR_CONFIG": str(site.home / "mur.toml"), "MUR_NOW": site.now, "PYTHONPATH": str(ROOT)}
    cost = run((*words, "--fatal", "errors"), env=environment, cwd=site.home)
    run(("rm", "-rf", into))
    return cost
