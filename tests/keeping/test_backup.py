"""A backup put back is the same wall, but for what was erased since."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import stat
import tarfile
import threading

import pytest

from ingest.errors import Refused
from ingest.keeping.backup import backup, restore
from ingest.keeping.erase import erase, finish
from ingest.settings import load
from ingest.states import Action, State
from ingest.store import Store, digest_of
from tests.keeping import canaries
from tests.publication.walls import NOW, TestWall, picture
from tests.store.walls import everything, held
from tests.store.walls import wall as empty_wall


def bytes_of(folder):
    """Every file below, but what is made anew: the database, the locks, the notes of the watch."""
    kept = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in {".db", ".lock"}]
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in kept
        if not path.name.startswith(("mur.db", "health", "watch"))
    }


def another(folder):
    """The settings of a wall on another machine."""
    folder.mkdir()
    (folder / "mur.toml").write_text('[paths]\n[limits]\nfree_bytes = 0\n[publish]\ntheme = "simple"\n')
    return load(folder / "mur.toml")


def test_an_empty_machine_gets_the_same_wall(wall, tmp_path):
    """Queue, journal, documents, key and `content/`, and from them the same site, byte for byte."""
    medium = picture()
    row = wall.accept("Une fête", f"![x](media:{medium.name})", media=(medium,))
    wall.write("pages/a-propos.md", "Title: À propos\nStatus: published\n\nNous.\n")
    wall.publish()
    wall.correct(row, "Annulée.", at=NOW.replace(day=9))
    held(wall.store)
    wall.publish(NOW.replace(day=9))
    file = tmp_path / "mur.tar"
    number = backup(wall.settings, wall.store, file)
    settings = another(tmp_path / "neuf")
    done = restore(settings, file, now=NOW, force=False)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert done.files == number > 8
    assert done.set_aside == ()
    with Store.open(settings) as store:
        assert everything(store) == everything(wall.store)
        assert store.article_files() == wall.store.article_files()
        assert bytes_of(settings.paths.content) == bytes_of(wall.content)
        new, old = bytes_of(settings.paths.state), bytes_of(wall.settings.paths.state)
        assert new == {name: data for name, data in old.items() if name in new}
        assert {name.partition("/")[0] for name in new} >= {"contributions", "secret.key"}
        modes = {stat.S_IMODE(path.stat().st_mode) for path in settings.paths.state.rglob("*") if path.is_file()}
        assert modes == {0o600}
        restored = TestWall.__new__(TestWall)
        restored.settings, restored.store, restored.output = settings, store, settings.paths.output
        assert restored.publish(NOW.replace(day=9)).warnings == ()
    assert bytes_of(restored.output.resolve()) == bytes_of(wall.output.resolve())


def test_a_backup_obeys_the_tombstones_of_the_wall(wall, tmp_path):
    """Put back over a wall that erased something since: gone again, from everywhere; and the rest is as it was."""
    row = wall.accept("canarititre", "canaricorps")
    other = wall.accept("Une fête", "Venez.")
    wall.project()
    file = tmp_path / "mur.tar"
    backup(wall.settings, wall.store, file)
    erase(wall.settings, wall.store, [row], by="zoe", channel="cli", now=NOW)
    with pytest.raises(Refused, match="--force"):
        restore(wall.settings, file, now=NOW, force=False)

    restore(wall.settings, file, now=NOW, force=True)
    with Store.open(wall.settings) as store:
        finish(wall.settings, store, now=NOW)
        assert store.find(row.id).state is State.ERASED
        assert store.find(other.id) == wall.store.find(other.id)
        assert "Venez." in store.document(other.id)
    assert canaries.found(wall.folder) == set()


def test_a_backup_brings_its_own_tombstones(wall, tmp_path):
    """On a new machine too, a mail that was erased before the backup is not taken again."""
    row = held(wall.store, b"Subject: une\r\n\r\n")
    erase(wall.settings, wall.store, [row], by="zoe", channel="cli", now=NOW)
    backup(wall.settings, wall.store, tmp_path / "mur.tgz")
    settings = another(tmp_path / "neuf")
    restore(settings, tmp_path / "mur.tgz", now=NOW, force=False)
    with Store.open(settings) as store:
        assert store.known(b"Subject: une\r\n\r\n").reason == "erased"


def test_what_came_after_the_backup_is_held_again(wall, tmp_path):
    """`--force` goes back in time and loses no mail: what came since is there again, to be decided on."""
    backup(wall.settings, wall.store, tmp_path / "mur.tar")
    row = wall.accept("Une fête", "Venez.")
    wall.project()
    done = restore(wall.settings, tmp_path / "mur.tar", now=NOW, force=True)
    with Store.open(wall.settings) as store:
        assert store.find(row.id).state is State.HELD
    assert [path.parent.name for path in done.set_aside] == ["mis-de-cote"]
    assert not list(wall.content.glob("billets/*.md"))


def test_a_backup_is_consistent_while_mails_come_in(quick_folder):
    """Each row of it has its documents, and each document its row, however many came meanwhile."""
    (quick_folder / "mur").mkdir()
    settings = empty_wall(quick_folder / "mur")
    stop = threading.Event()

    def mails():
        with Store.open(settings) as store:
            for number in range(400):
                if not stop.is_set():
                    held(store, f"Subject: {number}\r\n\r\n".encode())

    with Store.open(settings) as store:
        writer = threading.Thread(target=mails)
        writer.start()
        while store.count() < 20:
            pass
        for turn in range(3):
            backup(settings, store, quick_folder / f"{turn}.tar")
        stop.set()
        writer.join()
    for turn in range(3):
        folder = quick_folder / str(turn)
        folder.mkdir()
        restore(empty_wall(folder), quick_folder / f"{turn}.tar", now=NOW, force=False)
        with Store.open(empty_wall(folder)) as store:
            rows = store.rows()
            assert len(rows) >= 20
            assert all(digest_of(store.raw(row.id)) == row.sha256 and store.document(row.id) for row in rows)
            assert [line.what for line in store.journal()] == ["hold"] * len(rows)


def tampered(file, change):
    """The same archive with its members changed."""
    with tarfile.open(file) as tar:
        members = [(member.name, tar.extractfile(member).read()) for member in tar]
    with tarfile.open(file, "w") as tar:
        for name, data in change(members):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


def outside(members):
    """A member that would be written beside the wall, in a manifest that knows it."""
    *files, (name, manifest) = members
    told = json.loads(manifest)
    told["files"]["content/../../dehors"] = hashlib.sha256(b"x").hexdigest()
    return [*files, ("content/../../dehors", b"x"), (name, json.dumps(told).encode())]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda members: members[:-1], "incomplète"),
        (lambda members: members[1:], "incomplète"),
        (lambda members: [(name, data + b"x" * (name[-3:] == "eml")) for name, data in members], "abîmée"),
        (outside, "pas une sauvegarde"),
    ],
)
def test_what_is_no_whole_backup_is_refused(wall, tmp_path, change, said):
    """Cut short, changed, or made to write elsewhere: nothing is touched."""
    held(wall.store)
    backup(wall.settings, wall.store, tmp_path / "mur.tar")
    tampered(tmp_path / "mur.tar", change)
    settings = another(tmp_path / "neuf")
    with pytest.raises(Refused, match=said):
        restore(settings, tmp_path / "mur.tar", now=NOW, force=False)
    assert not settings.paths.state.exists()
    assert not (tmp_path / "dehors").exists()


@pytest.mark.parametrize("size", [0, 100, 5000])
def test_a_file_cut_anywhere_is_refused(wall, tmp_path, size):
    """And so is what is no archive at all."""
    held(wall.store)
    file = tmp_path / "mur.tar"
    backup(wall.settings, wall.store, file)
    os.truncate(file, size)
    with pytest.raises(Refused, match="sauvegarde"):
        restore(another(tmp_path / "neuf"), file, now=NOW, force=False)


def test_a_backup_is_not_put_where_visitors_read(wall):
    """It holds every mail."""
    with pytest.raises(Refused, match="chacun"):
        backup(wall.settings, wall.store, wall.content / "mur.tar")


def test_another_wall_does_not_take_the_place_of_tombstones(wall, tmp_path):
    """A key that they were not made with would make them say nothing."""
    erase(wall.settings, wall.store, [held(wall.store)], by="zoe", channel="cli", now=NOW)
    other = TestWall(tmp_path / "autre")
    held(other.store)
    backup(other.settings, other.store, tmp_path / "autre.tar")
    other.store.close()
    with pytest.raises(Refused, match="autre mur"):
        restore(wall.settings, tmp_path / "autre.tar", now=NOW, force=True)


def test_what_stood_in_its_place_is_set_aside(wall, tmp_path):
    """A page that was changed by hand since comes back as it was, and the change is not lost."""
    page = wall.write("pages/a-propos.md", "Title: À propos\n\nAvant.\n")
    wall.decide(wall.accept().id, Action.WITHDRAW)
    backup(wall.settings, wall.store, tmp_path / "mur.tar")
    page.write_text("Title: À propos\n\nAprès.\n")
    shutil.rmtree(wall.folder / "var/contributions")
    done = restore(wall.settings, tmp_path / "mur.tar", now=NOW, force=True)
    (copy,) = done.set_aside
    assert "Avant." in page.read_text()
    assert "Après." in copy.read_text()
