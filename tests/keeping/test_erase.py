"""What was erased is nowhere, and stays nowhere."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.errors import BuildFailed, Refused
from ingest.intake import Intake
from ingest.keeping.erase import erase, finish
from ingest.model import Kind
from ingest.moderation import Decision, decide
from ingest.publication.swap import builds
from ingest.states import Action, State
from ingest.store import Store
from ingest.store.tombstones import Tombstones
from tests.keeping import canaries
from tests.publication.walls import NOW, TestWall, picture
from tests.store.test_crash import together


def take(wall: TestWall, raw: bytes):
    """A mail on its real way."""
    with Intake(wall.store, wall.settings) as intake:
        taken = intake.take(raw, received_at=NOW, now=NOW, channel="imap")
    return taken, wall.store.find(taken.id)


def wipe(wall: TestWall, *rows, now=NOW) -> None:
    """`mur erase`."""
    erase(wall.settings, wall.store, rows, by="zoe", channel="cli", now=now)


def test_canaries_are_nowhere_afterwards(wall):
    """Address, name, title, text, file name, subject, Message-ID, note: in no file, page of the database or build.

    It was accepted, published twice, edited by hand, withdrawn (so that a copy was set aside), and accepted again.
    """
    other = wall.accept("Une autre", "Celle-ci reste.")
    _taken, row = take(wall, canaries.mail())
    note = canaries.WORDS["note"]
    accept = Decision(action=Action.ACCEPT, id=row.id, by="zoe", digest=None, channel="cli", at=NOW, note=note)
    decide(wall.store, accept)
    wall.publish()
    (article,) = wall.content.glob("billets/*canarititre*.md")
    article.write_text(article.read_text() + f"\n{canaries.WORDS['by hand']}\n")
    wall.decide(row.id, Action.WITHDRAW)
    wall.publish(NOW + timedelta(days=1))
    wall.decide(row.id, Action.UNDO)
    wall.publish(NOW + timedelta(days=2))
    assert canaries.words(canaries.found(wall.folder)) == set(canaries.WORDS)
    assert any("mis-de-cote" in where for _what, where in canaries.found(wall.folder))

    wipe(wall, wall.store.find(row.id))

    assert canaries.found(wall.folder) == set()
    assert "Celle-ci reste." in wall.page("2022/06/une-autre.html")
    assert [path.name for path in builds(wall.output).iterdir()] == [wall.output.resolve().name]
    assert wall.store.find(other.id).state is State.PUBLISHED
    assert wall.store.erasures() == ()


def test_the_row_that_stays_names_nobody(wall):
    """Id, number, state; who did what and when; no hash of the mail, no sender, no note."""
    _taken, row = take(wall, canaries.mail())
    wall.decide(row.id, Action.ACCEPT)
    row = wall.store.find(row.id)
    wipe(wall, row)
    after = wall.store.find(row.id)

    assert (after.id, after.number, after.state) == (row.id, row.number, State.ERASED)
    assert after.sha256 == wall.store.tombstone(row.sha256)
    assert (after.sender_key, after.message_id_key, after.digest, after.path, after.size) == (None, None, None, None, 0)
    lines = [(line.what, line.by, line.note, line.digest) for line in wall.store.journal(row.id)]
    assert lines == [("hold", "mur", "", None), ("accept", "zoe", "", None), ("erase", "zoe", "", None)]
    with pytest.raises(Refused, match="effacée"):
        wall.decide(row.id, Action.UNDO)


def test_the_same_mail_is_never_taken_again(wall):
    """Not by whoever takes it, and not after its row was lost: the tombstones alone are enough."""
    _taken, row = take(wall, canaries.mail())
    wipe(wall, row)
    again, _row = take(wall, canaries.mail())
    assert (again.outcome, again.reason, again.id) == ("duplicate", "erased", row.id)

    wall.store.close()
    for path in wall.settings.paths.state.glob("mur.db*"):
        path.unlink()
    wall.store = Store.open(wall.settings)
    again, _row = take(wall, canaries.mail())
    assert (again.outcome, again.reason) == ("duplicate", "erased")
    assert wall.store.count([State.HELD]) == 0


def test_a_relay_that_was_published_is_gone_with_its_page(wall):
    """A real build before and after: page, feeds and lists; what it shares with another post stays for that one."""
    shared = picture()
    relay = wall.accept(
        "La source en danger",
        f"![x](media:{shared.name})",
        media=(shared,),
        kind=Kind.RELAY,
        extra={"Sign_url": "https://example.org/signer", "Organiser": "Les Amis"},
    )
    wall.accept("Une fête", f"![x](media:{shared.name})", media=(shared,))
    wall.publish()
    assert [name for name in wall.files() if "la-source-en-danger" in name]

    wipe(wall, relay)

    texts = {name: (wall.output / name).read_bytes() for name in wall.files()}
    assert not [name for name, data in texts.items() if "source-en-danger" in name or b"source en danger" in data]
    assert (wall.output / "medias" / shared.name).read_bytes() == shared.data
    assert not list(wall.content.glob("relais/*.md"))


def test_what_was_moved_by_hand_is_found_by_its_number(wall):
    """A file that somebody renamed under `content/` goes too."""
    row = wall.accept("Une fête", "canaricorps")
    wall.project()
    (article,) = wall.content.glob("billets/*.md")
    article.rename(wall.content / "billets/2022-06-08-autre-nom.md")
    wipe(wall, row)

    assert canaries.found(wall.folder) == set()


def test_a_site_that_does_not_build_is_told_and_finished_later(wall):
    """Everything else is done; once the other article is mended, finishing takes the page away."""
    row = wall.accept("canarititre", "un")
    wall.publish()
    bad = wall.write("billets/mauvais.md", "Titre sans rien")  # and nothing else is left to be a site
    with pytest.raises(BuildFailed, match=r"pas encore partout.*mauvais"):
        wipe(wall, row)
    left = canaries.found(wall.folder)
    assert all(where.startswith(".output-builds/") for _what, where in left)
    assert left

    bad.unlink()
    finish(wall.settings, wall.store, now=NOW)
    assert canaries.found(wall.folder) == set()
    assert wall.store.erasures() == ()


def test_the_files_of_the_database_are_scrubbed(wall):
    """A note that was deleted stands in the log until it is cut, and nowhere after; while nobody reads, that is."""
    state, rows = wall.settings.paths.state, [wall.accept(f"Une fête {number}") for number in range(30)]
    for row in rows:
        take_back = Decision(
            action=Action.WITHDRAW, id=row.id, by="zoe", digest=None, channel="cli", at=NOW, note="canarimotif"
        )
        decide(wall.store, take_back)
        wall.store.bury(row.id, by="zoe", channel="cli", at=NOW)
    assert "note" in canaries.words(canaries.found(state))

    wall.store.scrub()
    assert canaries.found(state) == set()
    assert (state / "mur.db-wal").stat().st_size == 0


def test_two_at_once_erase_once(wall, tmp_path):
    """Four processes: one line in the journal, nothing left, nobody fails."""
    _taken, row = take(wall, canaries.mail())
    wall.store.close()

    def job():
        with Store.open(wall.settings) as store:
            erase(wall.settings, store, [store.find(row.id)], by="zoe", channel="cli", now=NOW)
            return "done"

    assert together(4, job) == ["done"] * 4
    wall.store = Store.open(wall.settings)
    assert [line.what for line in wall.store.journal(row.id)] == ["hold", "erase"]
    assert len(Tombstones(wall.settings.paths.state).read()) == 1
    assert canaries.found(wall.folder) == set()


def test_an_author_who_withdrew_by_mail_is_not_named(wall):
    """The journal keeps who moderated, and not the contributor's own address."""
    _taken, row = take(wall, canaries.mail())
    mine = Decision(action=Action.WITHDRAW, id=row.id, by=canaries.ADDRESS.title(), digest=None, channel="mail", at=NOW)
    decide(wall.store, mine)
    wipe(wall, wall.store.find(row.id))

    assert [line.by for line in wall.store.journal(row.id)] == ["mur", "author", "zoe"]
    assert canaries.found(wall.folder) == set()


def test_a_sender_is_known_by_a_keyed_hash_alone(wall):
    """However the address is written; what the same address sent later is another erasure."""
    with Intake(wall.store, wall.settings) as intake:
        for number in range(3):
            intake.take(canaries.mail(number), received_at=NOW, now=NOW, channel="imap")
    wall.accept("Une autre")
    rows = wall.store.from_sender(f" {canaries.ADDRESS.upper()} ")
    assert len(rows) == 3

    wipe(wall, *rows)
    assert wall.store.from_sender(canaries.ADDRESS) == ()
    assert canaries.found(wall.folder) == set()


def test_a_database_that_is_put_back_forgets_again(wall, tmp_path):
    """An older copy of everything but the tombstones: opening it erases what was erased since."""
    _taken, row = take(wall, canaries.mail())
    wall.decide(row.id, Action.ACCEPT)
    wall.publish()
    wall.store.close()
    old = shutil.copytree(wall.folder, tmp_path / "ancien", symlinks=True)
    wall.store = Store.open(wall.settings)
    wipe(wall, wall.store.find(row.id))
    stones = (wall.settings.paths.state / "tombstones").read_bytes()
    wall.store.close()
    for name in ("var", "content"):
        shutil.rmtree(wall.folder / name)
        shutil.copytree(old / name, wall.folder / name)
    (wall.settings.paths.state / "tombstones").write_bytes(stones)

    wall.store = Store.open(replace(wall.settings))
    assert wall.store.find(row.id).state is State.ERASED
    finish(wall.settings, wall.store, now=NOW)
    assert canaries.found(wall.folder) == set()
