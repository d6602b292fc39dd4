"""A mail taken in: once, whole, private."""

from __future__ import annotations

import json
import stat
from dataclasses import replace

import pytest

from ingest.errors import Refused, Unavailable
from ingest.model import Contribution, Quarantine, Refusal
from ingest.states import Action, State
from ingest.store import POSSIBLE_DUPLICATE, Store, digest_of
from tests.store.walls import NOW, PICTURE, PICTURE_NAME, converted, decided, held, mail

RAW = b"From: ana@example.org\r\nSubject: =?utf-8?q?F=C3=AAte?=\r\n\r\nVenez samedi.\r\n"


def hold(store, raw=RAW, outcome=None, contribution: Contribution | None = None):
    return store.hold(
        raw,
        outcome or converted(),
        contribution=contribution or mail(raw),
        received_at=NOW,
        now=NOW,
        channel="poll",
    )


def test_a_mail_is_held_with_all_that_came_of_it(store):
    """Bytes, draft, media, what was removed and the facts can all be had back."""
    taken = hold(store)
    row = store.find(taken.id)

    assert (taken.outcome, taken.id) == ("held", digest_of(RAW)[:16])
    assert (row.state, row.sha256, row.size) == (State.HELD, digest_of(RAW), len(RAW))
    assert (row.reasons, row.warnings, row.removed, row.attachments) == (("moderated",), ("long-title",), 2, 1)
    assert row.sent_at.isoformat() == "2022-06-07T21:14:00+02:00"
    assert store.raw(taken.id) == RAW
    assert store.draft(taken.id) == converted().draft
    assert store.removed(taken.id) == converted().removed
    assert store.media(taken.id, PICTURE_NAME).read_bytes() == PICTURE
    assert store.facts(taken.id).forwarded == converted().forwarded
    assert [piece.original_name for piece in store.facts(taken.id).attachments] == ["IMG 1.JPG"]
    assert [(line.what, line.by, line.channel) for line in store.journal(taken.id)] == [("hold", "mur", "poll")]


def test_the_same_bytes_are_taken_once(store):
    """Fetched again, imported again, or decided on in between: it is a duplicate and nothing changes."""
    first = hold(store)
    decided(store, store.find(first.id), Action.REJECT)
    again = hold(store)

    assert (again.outcome, again.id) == ("duplicate", first.id)
    assert [row.state for row in store.rows()] == [State.REJECTED]
    assert store.knows(RAW)
    assert store.knows(first.id)
    assert not store.knows(RAW + b"!")


@pytest.mark.parametrize(
    ("outcome", "state", "word", "line"),
    [
        (Refusal(reason="auto-reply"), State.DISCARDED, "refused", "refuse"),
        (Quarantine(reason="too-deep"), State.QUARANTINED, "quarantined", "quarantine"),
    ],
)
def test_what_becomes_no_draft_is_kept_with_its_reason(store, outcome, state, word, line):
    """A refusal and a quarantine keep the bytes, and the word that says why."""
    taken = store.hold(RAW, outcome, contribution=None, received_at=NOW, now=NOW, channel="poll")
    row = store.find(taken.id)

    assert (taken.outcome, taken.reason) == (word, outcome.reason)
    assert (row.state, row.reason, row.digest, row.kind) == (state, outcome.reason, None, None)
    assert store.raw(taken.id) == RAW
    assert [entry.what for entry in store.journal(taken.id)] == [line]
    with pytest.raises(Refused):
        store.draft(taken.id)


def test_the_same_message_id_with_other_bytes_is_kept_beside(store):
    """A mail sent twice through two ways is two contributions; the second carries a warning that names the first."""
    one, two = RAW, b"Received: by example.net\r\n" + RAW
    first = hold(store, one, contribution=mail(one, message_id="<1@example.org>"))
    second = hold(store, two, contribution=mail(two, message_id="<1@example.org>"))

    assert second.outcome == "held"
    assert len(store.rows()) == 2
    assert f"{POSSIBLE_DUPLICATE}: {first.id}" in store.find(second.id).warnings


def test_senders_are_known_by_a_keyed_hash_alone(store, settings, tmp_path):
    """The same address, whatever its case, has the same key on this wall and another on the next."""
    one = hold(store, b"1", contribution=mail(b"1"))
    other = mail(b"2")
    two = hold(store, b"2", contribution=replace(other, sender=replace(other.sender, address="ANA.pons@EXAMPLE.org")))
    elsewhere = replace(settings, paths=replace(settings.paths, state=tmp_path / "elsewhere"))

    assert (
        store.find(one.id).sender_key == store.find(two.id).sender_key == store.keyed("sender", "ana.pons@example.org")
    )
    assert store.keyed("sender", "x") != store.keyed("message-id", "x")
    with Store.open(elsewhere) as next_wall:
        assert next_wall.keyed("sender", "x") != store.keyed("sender", "x")


def test_two_mails_that_share_an_id_are_both_kept(store):
    """Sixteen digits of SHA-256 can be made to collide by whoever wants; the whole of it decides."""
    taken = hold(store)
    row = store.find(taken.id)
    other = digest_of(b"another")[:16]
    with store._database.writing() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.exec_driver_sql(f"UPDATE contribution SET id='{other}' WHERE id='{row.id}'")
        for table in ("journal", "likeness"):
            connection.exec_driver_sql(f"UPDATE {table} SET contribution='{other}'")
    (store._folders.root / row.id).rename(store._folders.root / other)

    second = hold(store, b"another")

    assert (second.outcome, second.id) == ("held", digest_of(b"another")[16:32])
    assert hold(store, b"another").outcome == "duplicate"
    assert store.raw(second.id) == b"another"


def test_only_the_owner_may_read(store, settings):
    """Folders are 0700 and files 0600, whatever the umask; a state folder that was open to others is closed."""
    hold(store)
    state = settings.paths.state
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [state, *state.rglob("*")]}

    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
    state.chmod(0o755)
    Store.open(settings).close()
    assert stat.S_IMODE(state.stat().st_mode) == 0o700


def test_the_database_holds_nothing_of_a_mail(store, settings):
    """Neither address nor name, title, text, file name, nor Message-ID, in its file or in its log."""
    canaries = ("canari-adresse", "canari-nom", "canari-titre", "canari-texte", "canari-fichier", "canari-id")
    outcome = converted(title="canari-titre", body="canari-texte\n")
    outcome = replace(outcome, media=(replace(outcome.media[0], original_name="canari-fichier.jpg"),))
    raw = b"canari-texte"
    told = mail(raw, subject="canari-titre", message_id="<canari-id@example.org>")
    told = replace(told, sender=replace(told.sender, name="canari-nom", address="canari-adresse@example.org"))
    taken = hold(store, raw, outcome, told)
    decided(store, store.find(taken.id), Action.ACCEPT)

    files = [path for path in settings.paths.state.iterdir() if path.name.startswith("mur.db")]
    kept = b"".join(path.read_bytes() for path in files)

    assert len(files) >= 2
    assert b"moderated" in kept
    assert [canary for canary in canaries if canary.encode() in kept] == []


def test_hostile_names_stay_inside_the_notes(store):
    """What a sender called a file is a value in JSON and never a path; lone surrogates survive it."""
    name = "../../../etc/passwd\ud800\0\u202egpj.exe"
    outcome = converted()
    outcome = replace(outcome, media=(replace(outcome.media[0], original_name=name),))
    taken = hold(store, outcome=outcome)

    assert store.facts(taken.id).attachments[0].original_name == name
    assert store.media_names(taken.id) == (PICTURE_NAME,)
    for hostile in (name, "..", "", "../message.eml", "message.eml", f"../media/{PICTURE_NAME}"):
        with pytest.raises(Refused):
            store.media(taken.id, hostile)


def test_nothing_is_taken_when_the_disk_is_nearly_full(settings):
    """Below what the settings leave free, a mail stays where it is."""
    full = replace(settings, limits=replace(settings.limits, free_bytes=2**62))
    with Store.open(full) as store:
        with pytest.raises(Unavailable, match="disque presque plein"):
            hold(store)
        assert store.rows() == ()
        assert list((full.paths.state / "contributions").iterdir()) == []


def test_a_draft_that_was_touched_on_the_disk_is_not_shown(store):
    """Its name says what its bytes were; whoever changes them by hand is told to use `mur edit`."""
    row = held(store)
    (store._folders.root / row.id / "drafts" / f"{row.digest}.md").write_text("Title: autre\n\nAutre.\n")

    with pytest.raises(Unavailable, match="abîmé"):
        store.draft(row.id)


def test_damaged_notes_are_quarantined_where_somebody_sees_them(settings):
    """A folder without a row whose notes cannot be read becomes a quarantine, not a crash at each start."""
    folder = settings.paths.state / "contributions" / digest_of(RAW)[:16]
    folder.mkdir(parents=True)
    (folder / "message.eml").write_bytes(RAW)
    (folder / "contribution.json").write_text(json.dumps({"id": 3}))
    empty = folder.parent / "0123456789abcdef"
    empty.mkdir()

    with Store.open(settings) as store:
        (row,) = store.rows()
        assert (row.state, row.reason, row.sha256) == (State.QUARANTINED, "damaged-folder", digest_of(RAW))
        assert hold(store).outcome == "duplicate"
