"""Every target of `make bench`, by name: each gives rows, and runs alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tests.bench.bench import Bench
from tests.bench.rows import Fit, Line, Share
from tests.bench.targets import building, intake, limits, publishing, steps, storing

Target = Callable[[Bench], Iterable[Line | Fit | Share]]

TARGETS: dict[str, Target] = {
    "publish": publishing.one_post,
    "publish-growth": publishing.growth,
    "publish-same": publishing.same,
    "build": building.full,
    "build-growth": building.growth,
    "fetch": intake.fetch,
    "writing": intake.writing,
    "whole": intake.whole,
    "texts": intake.texts,
    "steps": steps.text_mails,
    "intake-growth": limits.growth,
    "memory": limits.memory,
    "hostile": limits.hostile,
    "guards": limits.guards,
    "cold": limits.cold,
    "store": storing.growth,
}
