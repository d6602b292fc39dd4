"""The program with one mistake in it, each a plausible one: the proof is worth something if it sees them all.

A variant is put on in the child that runs the command (`tests.crash.warm`), before it begins, by replacing a function
of the program with one written here.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from ingest import durable
from ingest.store import Store, Taken


def put_on(name: str) -> None:
    """Make the mistake of this name, from now on, in this process."""
    globals()[name.replace(" ", "_")]()


def no_folder_sync() -> None:
    """Names are never made durable."""
    durable.sync_folder = lambda _folder: None


def no_file_sync() -> None:
    """Bytes are never made durable."""

    def write(path: Path, data: bytes) -> None:
        path.touch(0o600, exist_ok=False)
        path.write_bytes(data)

    durable.write = write


def no_sync_of_the_database() -> None:
    """A commit comes back before it is on the disk."""
    from ingest.store import database

    database._PRAGMAS = tuple(pragma.replace("synchronous=FULL", "synchronous=OFF") for pragma in database._PRAGMAS)


def renamed_before_synced() -> None:
    """A document gets its name first, and its bytes are made durable after it: a power cut leaves an empty one."""
    sound = durable.place

    def write(path: Path, data: bytes) -> None:
        path.touch(0o600, exist_ok=False)
        path.write_bytes(data)

    def place(source: Path, target: Path) -> None:
        sound(source, target)
        _sync(target)

    durable.write, durable.place = write, place


def filed_away_before_taken() -> None:
    """The mail leaves the inbox, and is written down afterwards."""
    from ingest.round import Round

    def once(self: object, mailbox: object) -> tuple[int, int]:
        filed = 0
        for folder in mailbox.folders:
            for mails in mailbox.batches(folder):
                filed += sum(mailbox.file_all_away(mails))
                _mails, batch = self._begun(mails)
                for _taken in self.intake.finish(batch):
                    pass
        return filed, 0

    Round.once = once


def only_unseen_mails() -> None:
    """The mailbox's own memory is trusted: what was fetched counts as done."""
    from ingest.mailbox import Mailbox, mailbox

    sound = Mailbox.batches

    def batches(self: Mailbox, folder: str) -> object:
        for mails in sound(self, folder):
            self._client.add_flags([mail.uid for mail in mails], [b"\\Seen"])
            yield mails

    def search(client: object, _selected: object) -> list[int]:
        return sorted(client.search(["UNSEEN"]))

    Mailbox.batches, mailbox.search = batches, search


def row_before_document() -> None:
    """The database knows the mail before its folder is there."""
    from ingest.store.folder import Folders

    sound_create, sound_begin = Folders.create, Store._begin_all
    waiting: list[Callable[[], bool]] = []

    def create(self: Folders, told: object, raw: bytes, outcome: object) -> bool:
        waiting.append(lambda: sound_create(self, told, raw, outcome))
        return True

    def begin(self: Store, fresh: object) -> None:
        sound_begin(self, fresh)
        while waiting:
            waiting.pop()()
        durable.sync_folder(self._folders.root)

    Folders.create, Store._begin_all = create, begin


def no_second_look_at_folders() -> None:
    """A folder without a row, left by a death, is never finished, and the mail in it counts as known."""
    sound = Store.hold_all

    def hold(self: Store, mail: object) -> Taken:
        id_ = durable_id(mail.raw)
        if (self._folders.root / id_).is_dir():
            return Taken(id=id_, outcome="duplicate", reason="")
        return sound(self, (mail,))[0]

    Store.hold_all = lambda self, mails: tuple(hold(self, mail) for mail in mails)
    Store.finish = lambda _self: ()


def written_in_place() -> None:
    """A draft is written under its final name, not beside."""

    def put(path: Path, data: bytes, *, by_way_of: Path) -> None:
        durable.write(path, data)

    durable.put = put


def folder_filled_in_place() -> None:
    """A contribution's folder grows under its final name, and is taken for whole when it is there."""
    from ingest.store import folder

    @contextmanager
    def beside(parent: Path, name: str):
        path = parent / name
        with suppress(FileExistsError):
            path.mkdir(mode=0o700)
        yield path

    def create(self: folder.Folders, told: object, raw: bytes, outcome: object) -> bool:
        target = self.root / told.id
        if target.is_dir():
            return False
        with beside(self.root, told.id) as path:
            durable.write(path / "message.eml", raw)
            folder._documents(path, told, outcome)
            durable.sync_folder(self.root)
        return True

    folder.Folders.create = create


def identity_by_counter() -> None:
    """The id of a mail is the next free number, and nothing compares its bytes."""

    def free_id(self: Store, _sha256: str) -> str:
        return f"{1 + len(self._folders.ids()):016x}"

    Store._free_id = free_id
    Store.known = lambda self, mail: None


def journal_in_its_own_transaction() -> None:
    """The state is committed first, its line in the journal after it."""
    from ingest.store import rows
    from ingest.store.changing import Changing

    def change(self: Store, id_: str, decide: Callable) -> object:
        with self._database.writing() as connection:
            row = self._locked(connection, id_)
            after, line = decide(row, self._past(connection, id_))
            if after.accepted_at is not None and after.number is None:
                from ingest.store.changing import _next_number

                after = replace(after, number=_next_number(connection))
            rows.update(connection, row, after)
        with self._database.writing() as connection:
            self._note(connection, line, before=row, after=after)
        return after

    Changing.change = change


def said_before_committed() -> None:
    """The decision is shown as taken, then written."""
    import click

    from ingest.cli import deciding
    from ingest.moderation import decide as sound

    def _decide(wall: object, ids: tuple[str, ...], action: object, **_told: object) -> None:
        from ingest.moderation import Decision

        with wall.store() as store:
            for wanted in ids:
                row = store.find(wanted)
                told = {"by": wall.by, "channel": "cli", "at": wall.now, "digest": row.digest}
                click.echo(f"{row.id} : accepté")
                sound(store, Decision(id=row.id, action=action, **told))

    deciding._decide = _decide


def swapped_in_two_steps() -> None:
    """The old site is removed, then the new one put there."""
    from ingest.publication import publish

    def swap(output: Path, build: Path) -> None:
        os.sync()
        output.unlink(missing_ok=True)
        output.symlink_to(os.path.relpath(build, output.parent))
        durable.sync_folder(output.parent)

    publish.swap = swap


def built_in_place() -> None:
    """The site that visitors read is emptied, and the new one copied into it file by file."""
    from ingest.publication import publish

    def swap(output: Path, build: Path) -> None:
        shown = output.resolve()
        shutil.rmtree(shown)
        shutil.copytree(build, shown)
        os.sync()

    publish.swap = swap


def swapped_without_sync() -> None:
    """The new site is shown before its files are on the disk."""
    from ingest.publication import swap

    class Silent:
        def __getattr__(self, name: str) -> object:
            return (lambda: None) if name == "sync" else getattr(os, name)

    swap.os = Silent()


def online_before_swapped() -> None:
    """The rows say *published* before the site is there."""
    from ingest.publication import publish

    sound, told = publish.swap, publish.build_what_stands

    def build(settings: object, store: Store, into: Path, *, now: object, laying: object) -> object:
        site = told(settings, store, into, now=now, laying=laying)
        store.published(site.articles, now)
        return site

    publish.swap, publish.build_what_stands = sound, build


def full_disk_swallowed() -> None:
    """An error of the disk is nobody's business."""

    @contextmanager
    def on_disk(_path: Path):
        with suppress(OSError):
            yield

    durable.on_disk = on_disk


def erased_without_tombstone() -> None:
    """An erasure is not announced first: cut off in the middle, nobody knows that it has to go on."""
    from ingest.store.tombstones import Tombstones

    def bury(self: Store, id_: str, **_told: object) -> None:
        self._folders.remove(self.find(id_).id)
        sound(self, id_, **_told)

    sound = Store.bury
    Store.bury, Tombstones.add = bury, lambda _self, _stones: None


def durable_id(raw: bytes) -> str:
    """The id of a mail."""
    from ingest.store import digest_of

    return digest_of(raw)[:16]


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    with closing(os.fdopen(descriptor)):
        os.fsync(descriptor)
