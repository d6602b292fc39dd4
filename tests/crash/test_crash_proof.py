"""Killed at every step: the short form, at a sample of the points. `make crash` goes through all of them.

A command that was killed, or met a full disk, leaves a wall on which every mail is somewhere, every document whole,
every decision that was shown taken, and the site up; run again, it leaves what a run without a death leaves.
"""

from __future__ import annotations

import os
import random
import subprocess
from contextlib import ExitStack

import pytest

from tests.crash.at_random import torment
from tests.crash.mistakes import VARIANTS, catch, moments
from tests.crash.points import AFTER, BEFORE, FULL, in_pelican, plan, scheduled, strike
from tests.crash.scenes import BY_NAME, build
from tests.crash.soak import Soak
from tests.crash.stage import server, staged
from tests.crash.tracing import STRACE
from tests.servers.fixtures import require_dovecot

pytestmark = [pytest.mark.dovecot, pytest.mark.xdist_group("crash"), pytest.mark.timeout(300)]

SAMPLES = {"poll": 1, "accept": 3, "edit": 2, "erase": 1, "publish": 1}
"""Points of each scene, in each way."""
QUICK = (
    *("no folder sync", "no sync of the database", "renamed before synced"),
    *("written in place", "journal in its own transaction", "said before committed"),
)
"""The broken variants that show themselves within a second or two."""


def require_strace() -> None:
    """Skip where there is none, or where it may not look (a container without ptrace), except in CI."""
    if os.environ.get("CI") == "true":
        return
    if STRACE is None:
        pytest.skip("strace is not installed (apt install strace)")
    if subprocess.run((STRACE, "-o", os.devnull, "true"), capture_output=True, check=False).returncode:
        pytest.skip("strace may not trace here")


@pytest.fixture(scope="module")
def stages():
    """Three stages beside one mail server."""
    require_dovecot()
    require_strace()
    with ExitStack() as stack:
        running = stack.enter_context(server())
        yield [stack.enter_context(staged(running, f"short-{number}")) for number in range(3)]


@pytest.fixture(scope="module")
def scene(stages):
    """A scene, built up once."""
    ready = {}

    def built(name):
        if name not in ready:
            ready[name] = build(BY_NAME[name], stages[0])
        return ready[name]

    return built


@pytest.mark.parametrize("name", SAMPLES)
def test_a_death_or_a_full_disk_at_some_points(scene, name):
    """Before a call, after it, or refused for want of space: judged at once, and again after another run."""
    ready, dice = scene(name), random.Random(name)
    planned = plan(ready)
    outcomes = []
    for way in (BEFORE, AFTER, FULL):
        jobs = list(scheduled(planned, only=(way,)))
        outcomes += [strike(ready, *job) for job in dice.sample(jobs, SAMPLES[name])]

    assert [str(outcome) for outcome in outcomes if outcome.wrong] == []
    assert all(outcome.struck for outcome in outcomes)
    assert len(planned) > 30


def test_a_death_inside_the_build(scene):
    """While Pelican writes, the old site is up; afterwards the new one is."""
    ready = scene("publish")
    (point,) = random.Random(1).sample(in_pelican(ready, writes=20, dice=random.Random(1)), 1)
    outcome = strike(ready, point, AFTER, inside="-m pelican")

    assert (outcome.struck, outcome.there, outcome.wrong) == (True, True, ())


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_is_told_before_it_is_on_the_disk(scene, name):
    """Whenever the mailbox is told to move or delete, and whenever a success is printed, nothing waits for an fsync."""
    told = moments(scene(name))

    assert [moment for moment in told if moment.dirty] == []
    assert any(not moment.what.startswith("named ") for moment in told)


@pytest.mark.parametrize("name", QUICK)
def test_a_broken_variant_is_caught(scene, name):
    """The proof is not blind: with one plausible mistake in the program, it fails."""
    assert catch(name, scene(VARIANTS[name].scene)).by


def test_every_way_of_looking_has_its_broken_variants():
    """An audit of the order, a death, a full disk."""
    assert {variant.seen_by for variant in VARIANTS.values()} == {"audit", "kill", "full"}
    assert all(variant.scene in BY_NAME for variant in VARIANTS.values())


def test_pollers_killed_at_random_behind_a_bad_network(stages):
    """Every mail ends once."""
    tally = torment(stages[0], kills=4, seed=7)

    assert tally.wrong == []
    assert tally.kills == 4


def test_everything_dies_at_random_and_the_sets_are_equal(stages):
    """Sent are ended, online are shown."""
    soak = Soak(stages, mails=40, seed=7, pause=0.3)
    tally = soak.run()
    sent, ended, online, shown = soak.sets

    assert tally.wrong == []
    assert (sent, online) == (ended, shown)
    assert sent == 40
    assert tally.kills > 0
