"""A site of which only what changed was built is, byte for byte, the site that is built whole."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.incremental.both import STEPS, Both, Step, built_twice, random_steps

IN_SHORT = (
    *("accept", "react", "correct", "news of a relay", "wait", "retag", "withdraw", "accept for later", "an event"),
    *("a picture less", "wait", "damaged bodies", "accept", "a damaged index", "another template", "correct"),
)


@pytest.fixture
def both(tmp_path: Path):
    """`SEED=… POSTS=…`"""
    with built_twice(tmp_path, os.environ.get("SEED", "mur"), int(os.environ.get("POSTS", "26"))) as made:
        yield made


def _walk(both: Both, steps: Iterable[tuple[str, Step]]) -> None:
    both.build()
    for number, (name, step) in enumerate(steps):
        step(both)
        both.build()
        assert set() == both.differences(), f"step {number}: {name}"


def test_after_each_step_it_is_the_site_that_a_whole_build_makes(both: Both) -> None:
    """In short: everything once. Most steps did not build all of it, or this test would show nothing."""
    _walk(both, ((name, STEPS[name][1]) for name in IN_SHORT))

    assert both.whole.count(False) > len(IN_SHORT) / 2


@pytest.mark.long
@pytest.mark.timeout(0)
def test_after_hundreds_of_steps_too(both: Both) -> None:
    """`STEPS=500 SEED=… POSTS=…`: accept, correct, withdraw, retag, the clock, and whatever else may happen."""
    _walk(both, random_steps(both, int(os.environ.get("STEPS", "500"))))

    assert both.whole.count(False) > len(both.whole) / 2
