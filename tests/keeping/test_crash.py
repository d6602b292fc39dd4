"""Forgetting and putting back, interrupted anywhere: run again, and it is as if nothing had happened."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path

import alembic.command  # noqa: F401 - here, so that not every child has to
import pytest

from ingest.keeping.backup import backup, restore
from ingest.keeping.erase import erase, finish
from ingest.keeping.tidy import tidy
from ingest.publication.project import project
from ingest.publication.swap import builds
from ingest.states import Action, State
from ingest.store import Store
from ingest.store.tombstones import Tombstones
from tests.keeping import canaries
from tests.store import interrupted
from tests.store.walls import NOW, converted, decided, everything, held, wall

BODY, TITLE, NOTE = canaries.WORDS["body"], canaries.WORDS["title"], canaries.WORDS["note"]
LATER = NOW + timedelta(days=40)


def erasing(settings):
    """What is accepted, under `content/` and in an older build; all of it, as `mur erase ADDRESS` does."""

    def job():
        with Store.open(settings) as store:
            erase(settings, store, store.from_sender("ana.pons@example.org"), by="zoe", channel="cli", now=NOW)

    return job


def tidying(settings):
    """One refused and one accepted, both forty days ago."""

    def job():
        with Store.open(settings) as store:
            tidy(settings, store, now=LATER)

    return job


def restoring(settings):
    """A backup onto an empty wall."""

    def job():
        with Store.open(settings, readonly=True) as store:
            if store.count():
                return
        restore(settings, settings.paths.state.parent / "wall.tar", now=NOW, force=False)

    return job


def prepared(folder, job):
    """The wall that each job starts from."""
    folder.mkdir()
    settings = wall(folder)
    with Store.open(settings) as store:
        row = held(store, f"Subject: {TITLE}\r\n\r\n{BODY}".encode(), converted(title=TITLE, body=f"{BODY}\n"))
        decided(store, row, Action.ACCEPT, note=NOTE)
        if job is tidying:
            decided(store, held(store, b"Subject: deux\r\n\r\n"), Action.REJECT)
            return folder
        project(settings, store, now=NOW)
        old = builds(settings.paths.output) / "1"
        old.mkdir(parents=True)
        (old / "page.html").write_text(TITLE)
        if job is restoring:
            backup(settings, store, folder / "wall.tar")
    if job is restoring:
        for name in ("var", "content"):
            shutil.rmtree(folder / name)
    return folder


def finished(job, settings, where):
    """What each job leaves that nothing ever happened to."""
    with Store.open(settings) as store:
        finish(settings, store, now=NOW)
        if job is erasing:
            (row,) = store.rows()
            assert [line.what for line in store.journal()] == ["hold", "accept", "erase"], where
            assert (row.state, store.erasures()) == (State.ERASED, ()), where
            assert Tombstones(settings.paths.state).read() == {row.sha256}, where
            assert canaries.found(settings.paths.state.parent) == set(), where
        elif job is tidying:
            accepted, rejected = sorted(store.rows(), key=lambda row: row.state)
            lines = [(line.what, line.note) for line in store.journal() if line.what == "purge"]
            assert sorted(lines) == [("purge", "all"), ("purge", "raw")], where
            folders = settings.paths.state / "contributions"
            assert not (folders / rejected.id).exists(), where
            assert not (folders / accepted.id / "message.eml").exists(), where
            assert store.draft(accepted.id).title == TITLE, where
        else:
            (row,) = store.rows()
            assert BODY.encode() in store.raw(row.id), where
            assert row.state is State.ACCEPTED, where
            assert canaries.words(canaries.found(settings.paths.content)) == {"title", "body"}, where
    assert not list(settings.paths.state.rglob(".tmp-*")), where


@pytest.mark.parametrize(
    ("job", "way", "stride"),
    [(erasing, "after", 2), (erasing, "torn", 5), (erasing, "full", 4), (tidying, "after", 3), (restoring, "after", 5)],
)
def test_every_step_may_be_the_last(quick_folder, job, way, stride):
    """Killed after it, half-way through a write, or with no space left: run again, and it is done.

    At some of the steps, and at every one with MUR_EVERY_STEP in the environment.
    """
    stride = 1 if os.environ.get("MUR_EVERY_STEP") else stride
    start = prepared(quick_folder / "start", job)
    codes: Counter[int] = Counter()
    while interrupted.NEVER not in codes:
        step = codes.total() * stride + 1
        settings = wall(Path(shutil.copytree(start, quick_folder / str(step))))
        codes[interrupted.run(job(settings), step=step, way=way)] += 1
        job(settings)()
        finished(job, settings, f"{way} step {step}")
        shutil.rmtree(quick_folder / str(step))

    assert interrupted.DIED in codes or way == "full"
    assert codes.total() * stride > 25


@pytest.mark.parametrize("broken", ["", "fsync"])
def test_the_tombstone_is_on_the_disk_before_anything_is_erased(tmp_path, broken):
    """At the commit that empties the row, nothing written waits for an fsync; and the watch is not blind."""
    settings = wall(prepared(tmp_path / "one", erasing))
    told = tmp_path / "told.json"

    def job():
        watch = interrupted.Unsynced()
        with Store.open(settings) as store:
            watch.watch(broken=broken)
            store.bury(store.rows()[0].id, by="zoe", channel="cli", at=NOW)
        told.write_text(json.dumps(sorted(set().union(*watch.at_commit))))

    assert interrupted.run(job) == interrupted.DONE
    dirty = json.loads(told.read_text())
    assert any(path.endswith("tombstones") for path in dirty) == bool(broken)
    assert broken or dirty == []


def test_dying_erases_nothing_else(quick_folder):
    """Half an erasure leaves what others sent as it was."""
    settings = wall(prepared(quick_folder / "one", tidying))
    with Store.open(settings) as store:
        before = everything(store)
    interrupted.run(erasing(settings), step=1)
    with Store.open(settings) as store:
        assert everything(store) == before
