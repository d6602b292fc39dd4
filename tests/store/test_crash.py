"""Interrupted anywhere, run again: everything there once, nothing torn, nothing left over."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import alembic.command  # noqa: F401 - here, so that not every child has to
import pytest

from ingest.model import Quarantine
from ingest.moderation import edit
from ingest.states import Action, State
from ingest.store import Store, digest_of
from tests.store import interrupted
from tests.store.walls import NOW, PICTURE_NAME, converted, decided, held, in_state, mail, wall

RAW = b"Subject: une\r\n\r\n" + b"Venez samedi.\r\n" * 2000


def taking(settings):
    """What the poller does with a mail: anew as long as it lies in the mailbox."""

    def job():
        with Store.open(settings) as store:
            held(store, RAW)

    return job


def replaying(settings):
    """A quarantined mail that can be read now."""

    def job():
        with Store.open(settings) as store:
            for row in store.rows([State.QUARANTINED]):
                store.replace(row.id, converted(), contribution=None, now=NOW, by="zoe", channel="cli")

    return job


def correcting(settings):
    """A new text, unless it is there, and a decision on it."""

    def job():
        with Store.open(settings) as store:
            (row,) = store.rows()
            text = "Title: Une fête\nKind: article\nLang: fr\n\nVenez dimanche.\n"
            row = edit(store, row.id, text, seen=row.digest, by="zoe", channel="cli", at=NOW)
            if row.state is State.HELD:
                decided(store, row, Action.ACCEPT, digest=digest_of(text.encode()))

    return job


def beginning(settings):
    """The first mail of a wall that is not there yet."""
    return taking(settings)


STARTS = {replaying: State.QUARANTINED, correcting: State.HELD}


def prepared(folder, job):
    """The wall that each job starts from."""
    folder.mkdir()
    if job is not beginning:
        with Store.open(wall(folder)) as store:
            if job in STARTS:
                in_state(store, STARTS[job])
    return folder


def every_point(folder, job, way):
    """Run a job into every one of its steps, each on a wall of its own, and see that running it again finishes it."""
    start = prepared(folder / "start", job)
    codes: Counter[int] = Counter()
    while interrupted.NEVER not in codes:
        step = codes.total() + 1
        settings = wall(Path(shutil.copytree(start, folder / str(step))))
        codes[interrupted.run(job(settings), step=step, way=way)] += 1
        job(settings)()
        finished(job, settings, f"{way} step {step}")
        shutil.rmtree(folder / str(step))
    return codes


def finished(job, settings, where):
    """One contribution, whole, with the journal of a run that nothing ever happened to."""
    lines = {replaying: ["quarantine", "replay"], correcting: ["hold", "edit", "accept"]}.get(job, ["hold"])
    with Store.open(settings) as store:
        (row,) = store.rows()
        assert [line.what for line in store.journal()] == lines, where
        assert store.draft(row.id).title
        assert digest_of(store.raw(row.id)) == row.sha256, where
        assert store.media_names(row.id) == (PICTURE_NAME,), where
        assert len(store.removed(row.id)) == row.removed == 2, where
        assert row.number == (1 if job is correcting else None), where
    left = [path.name for path in (settings.paths.state / "contributions").glob(".tmp-*")]
    assert left == [], where


@pytest.fixture
def quick_folder(tmp_path):
    """In memory where there is such a place: what a death leaves is the same there, and fsync costs nothing."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="mur-", dir=memory if os.access(memory, os.W_OK) else tmp_path))
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("job", "way"),
    [
        *((job, way) for job in (taking, replaying, correcting) for way in interrupted.WAYS),
        (beginning, "after"),
    ],
)
def test_every_step_may_be_the_last(quick_folder, job, way):
    """Killed before it, after it, half-way through a write, or with no space left: run again, and all is there."""
    codes = every_point(quick_folder, job, way)
    ends = {interrupted.UNAVAILABLE, interrupted.DONE} if way == "full" else {interrupted.DIED}

    assert set(codes) == ends | {interrupted.NEVER}
    assert codes.total() > 12


def test_a_mail_is_counted_as_taken_only_once_it_is_on_the_disk(tmp_path):
    """At the commit that makes a row, and so before the mailbox is touched, nothing written waits for an fsync."""
    assert unsynced_at_commit(tmp_path / "sound", broken="") == []


@pytest.mark.parametrize("place", ["file", "folder"])
def test_a_missing_fsync_would_be_seen(tmp_path, place):
    """The watch of the test above is not blind: without fsync, files and folders are dirty at the commit."""
    dirty = unsynced_at_commit(tmp_path / place, broken="fsync")

    assert any(path.endswith("message.eml" if place == "file" else "contributions") for path in dirty)


def unsynced_at_commit(folder, *, broken):
    """What was dirty when the row of a mail was committed."""
    folder.mkdir()
    settings = wall(folder)
    with Store.open(settings) as store:
        store.keyed("sender", "made before")
    told = folder / "told.json"

    def job():
        watch = interrupted.Unsynced()
        watch.watch(broken=broken)
        taking(settings)()
        told.write_text(json.dumps(sorted(set().union(*watch.at_commit))))

    assert interrupted.run(job) == interrupted.DONE
    return json.loads(told.read_text())


def test_two_processes_take_the_same_mail_once(tmp_path):
    """Eight pollers at the same instant, on a wall that does not exist yet: one holds, the others have a duplicate."""
    settings = wall(tmp_path)
    words = together(8, lambda: _taken(settings))

    assert sorted(words) == ["duplicate"] * 7 + ["held"]
    finished(taking, settings, "eight at once")


def _taken(settings):
    with Store.open(settings) as store:
        return store.hold(RAW, converted(), contribution=mail(RAW), received_at=NOW, now=NOW, channel="poll").outcome


def test_a_folder_at_work_is_not_swept(settings):
    """Opening a store clears what dead processes left beside, and nothing of a living one."""
    from ingest import durable

    with Store.open(settings):
        root = settings.paths.state / "contributions"
        (root / ".tmp-dead").mkdir()
        with durable.beside(root, "alive") as alive:
            Store.open(settings).close()
            assert alive.is_dir()
        assert list(root.iterdir()) == []


def together(number, job):
    """What `job` answers in so many processes that start at once."""
    gate_out, gate_in = os.pipe()
    answers_out, answers_in = os.pipe()
    pids = []
    for _ in range(number):
        pid = os.fork()
        if pid == 0:
            os.close(gate_in)
            os.read(gate_out, 1)
            try:
                answer = job()
            except Exception as error:  # noqa: BLE001 - told to the parent
                answer = f"{type(error).__name__}: {error}"
            os.write(answers_in, f"{answer}\n".encode())
            os._exit(0)
        pids.append(pid)
    os.close(gate_in)
    for pid in pids:
        os.waitpid(pid, 0)
    os.close(answers_in)
    with os.fdopen(answers_out, encoding="utf-8") as answers:
        told = answers.read().splitlines()
    os.close(gate_out)
    return told


def test_quarantine_again_counts_an_attempt(store):
    """Taken again and still unreadable, it stays where it is, and says how often it was tried."""
    row = in_state(store, State.QUARANTINED)
    taken = store.replace(row.id, Quarantine(reason="too-slow"), contribution=None, now=NOW, by="zoe", channel="cli")
    after = store.find(row.id)

    assert (taken.outcome, taken.reason) == ("quarantined", "too-slow")
    assert (after.attempts, after.reason, after.state) == (2, "too-slow", State.QUARANTINED)
