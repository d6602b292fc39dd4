"""Each deliberately broken variant, and what noticed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.crash.audit import Moment, audit, told
from tests.crash.points import AFTER, BEFORE, FULL, plan, scheduled, strike, traced
from tests.crash.scenes import Set


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A mistake."""

    scene: str
    """The command that makes it."""
    seen_by: str
    """`audit`: the order of fsyncs; `kill`: a death at some point; `full`: a full disk at some point."""
    at: tuple[str, ...] = ()
    """The calls around which to look; all of them where it is empty."""


VARIANTS = {
    name: Variant(scene=scene, seen_by=seen_by, at=at)
    for name, scene, seen_by, at in (
        ("no folder sync", "poll", "audit", ()),
        ("no file sync", "poll", "audit", ()),
        ("no sync of the database", "accept", "audit", ()),
        ("renamed before synced", "edit", "audit", ()),
        ("swapped without sync", "publish", "audit", ()),
        ("filed away before taken", "poll", "kill", ("sendto", "mkdir")),
        ("only unseen mails", "poll", "kill", ("sendto", "mkdir")),
        ("row before document", "poll", "kill", ("fdatasync", "mkdir")),
        ("no second look at folders", "poll", "kill", ("rename", "fsync")),
        ("folder filled in place", "poll", "kill", ("mkdir", "openat")),
        ("identity by counter", "poll", "kill", ("fdatasync", "sendto")),
        ("written in place", "edit", "kill", ("write", "openat")),
        ("journal in its own transaction", "accept", "kill", ("fdatasync",)),
        ("said before committed", "accept", "kill", ("pwrite64",)),
        ("swapped in two steps", "publish", "kill", ("unlink", "symlink")),
        ("built in place", "publish", "kill", ("unlink", "unlinkat", "rmdir")),
        ("online before swapped", "publish", "kill", ("unlink", "sync", "symlink")),
        ("erased without tombstone", "erase", "kill", ("rename", "unlinkat")),
        ("full disk swallowed", "poll", "full", ("write", "fsync")),
    )
}
"""The variants of `tests.crash.broken`, by the name of their function."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """What came of one variant; `by` is empty where nothing saw it."""

    name: str
    by: str
    tried: int
    """Points tried until then."""

    def __str__(self) -> str:
        return f"{self.name}: {f'caught at {self.tried}: {self.by}' if self.by else 'NOT CAUGHT'}"


def catch(name: str, ready: Set) -> Caught:
    """Look for the mistake of a variant, in the way that is meant to see it and in no other."""
    variant = VARIANTS[name]
    if variant.seen_by == "audit":
        dirty = unsound(ready, broken=name)
        return Caught(name=name, by=str(dirty[0]) if dirty else "", tried=1)
    ways = (FULL,) if variant.seen_by == "full" else (BEFORE, AFTER)
    planned = [point for point in plan(ready, broken=name) if not variant.at or point.name in variant.at]
    tried = 0
    for point, way in scheduled(planned, only=ways):
        tried += 1
        outcome = strike(ready, point, way, broken=name)
        if outcome.wrong:
            return Caught(name=name, by=str(outcome), tried=tried)
    return Caught(name=name, by="", tried=tried)


def unsound(ready: Set, *, broken: str = "") -> Sequence[Moment]:
    """The moments of a run at which something was told too early."""
    return [moment for moment in moments(ready, broken=broken) if moment.dirty]


def moments(ready: Set, *, broken: str = "") -> Sequence[Moment]:
    """Every moment of a run."""
    run, folder = traced(ready, broken=broken, follow=True)
    found = audit(run.calls, folder)
    assert told(found), f"{ready.scene.name}: nothing was told to anybody"
    return found
