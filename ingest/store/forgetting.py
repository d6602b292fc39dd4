"""Erasing: documents go, and the row keeps what names nobody.

An erasure is announced first (`var/tombstones`, fsync'd), so that from then on every opening of the store carries it
out: after a crash, and after an older database was put back. Its row stays: id, state, number; its `sha256` becomes
the tombstone, a keyed hash, by which the same mail is known and never taken again. What is not done yet outside of the
store (`content/`, the site, the mailbox) is a row of `erasure`.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

import sqlalchemy as sa

from ingest.errors import Refused
from ingest.model import ContributionId, Digest
from ingest.states import Action, State, after
from ingest.store import blocking, facts, floods, likeness, rows, tables
from ingest.store.ageing import ALL
from ingest.store.changing import Changing
from ingest.store.facts import sender_of
from ingest.store.rows import BY_ITSELF, Line, Row, row_of
from ingest.store.search import Searching
from ingest.store.tombstones import Tombstones

ERASED = "erased"
"""The reason that is left on an erased row, and that the same mail is answered with."""
BY_AUTHOR = "author"
"""Who did it, in the journal, where the name was the contributor's own address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """An erasure that is not finished. The row's `sha256` is its tombstone."""

    row: Row
    size: int | None
    """Of the mail in bytes, while its copy in the mailbox has to be looked for; else None."""
    names: tuple[str, ...] | None
    """The names of its files under `content/`; empty once these are gone and the site has to be built; else None."""


class Forgetting(Changing, Searching):
    """The part of a store that takes away."""

    def from_sender(self, address: str) -> tuple[Row, ...]:
        """What was sent from this address, the longest here first."""
        table = tables.contribution
        if not self._key.there:
            return ()
        query = sa.select(table).where(table.c.sender_key == self.keyed("sender", sender_of(address)))
        with self._database.reading() as connection:
            found = connection.execute(query.order_by(table.c.received_at, table.c.id)).all()
        return tuple(row_of(record) for record in found)

    def bury(self, id_: ContributionId, *, by: str, channel: str, at: datetime) -> None:
        """Erase a contribution from the private state; `erasures` says what is left to do elsewhere.

        Once the tombstone is written it will be erased, whatever happens; doing it twice does no harm. Raises
        `Refused` for an unknown id, `Unavailable`.
        """
        row = self.find(id_)
        if row.state is not State.ERASED:
            stone = self.tombstone(row.sha256)
            Tombstones(self.settings.paths.state).add([stone])
            self._bury(row, stone, Line(what=Action.ERASE.value, by=by, channel=channel, note="", at=at))
        self._folders.remove(row.id)

    def obey(self) -> None:
        """Carry out every tombstone that the database does not know of: a crash, or a backup that was put back."""
        stones = Tombstones(self.settings.paths.state).read()
        if not stones:
            return
        left = stones - self._erased()
        if not left:
            return
        line = Line(what=Action.ERASE.value, by=BY_ITSELF, channel="tombstone", note="", at=datetime.now(UTC))
        for row in self.rows():
            stone = self.tombstone(row.sha256)
            if stone in left:
                self._bury(row, stone, line)
                self._folders.remove(row.id)
        for id_ in self._folders.ids():
            self._sweep(id_, left)
        for stone in sorted(left - self._erased()):
            self._mark(stone, line.at)

    def erasures(self) -> tuple[Erasure, ...]:
        """What is not finished."""
        table = tables.erasure
        query = sa.select(table.c.contribution, table.c.size, table.c.names).order_by(table.c.contribution)
        with self._database.reading() as connection:
            found = connection.execute(query).all()
        return tuple(
            Erasure(row=self.find(id_), size=size, names=None if names is None else tuple(names))
            for id_, size, names in found
        )

    def taken_down(self, ids: Iterable[ContributionId]) -> None:
        """Note that nothing of these stands under `content/` any more; the site has to be built without them."""
        listed = list(ids)
        table, files = tables.erasure, tables.article_file
        with self._database.writing() as connection:
            connection.execute(files.delete().where(files.c.contribution.in_(listed)))
            connection.execute(table.update().where(table.c.contribution.in_(listed)).values(names=[]))

    def forgotten(self, ids: Iterable[ContributionId], *, site: bool = False, mailbox: bool = False) -> None:
        """Note that no site shows these, or that their copies in the mailbox are gone."""
        table = tables.erasure
        done = [name for name, is_done in (("names", site), ("size", mailbox)) if is_done]
        with self._database.writing() as connection:
            if done:
                mine = table.c.contribution.in_(list(ids))
                connection.execute(table.update().where(mine).values(dict.fromkeys(done)))
            connection.execute(table.delete().where(table.c.names.is_(None), table.c.size.is_(None)))

    def scrub(self) -> None:
        """Leave nothing of what was deleted in the database's files.

        `secure_delete` overwrites what is deleted, but not what moving a row from page to page left behind, and not
        the write-ahead log: the pages are written anew, and the log is cut to nothing. So is the file of words.
        """
        for erasure in self.erasures():
            self._folders.remove(erasure.row.id)
        self._folders.prepare()
        self._database.scrub()
        self.tidy_search()

    def _erased(self) -> frozenset[str]:
        table = tables.contribution.c
        with self._database.reading() as connection:
            return frozenset(connection.scalars(sa.select(table.sha256).where(table.state == State.ERASED.value)))

    def _bury(self, seen: Row, stone: str, line: Line) -> None:
        names = self._names(seen)
        with self._database.writing() as connection:
            row = self._locked(connection, seen.id)
            if row is None or row.state is State.ERASED:
                return
            gone = _emptied(row, stone, line.at)
            rows.update(connection, row, gone)
            self._pseudonymise(connection, row)
            likeness.forget(connection, row.id)
            floods.forget(connection, row.sender_key)
            blocking.forget(connection, row.sender_key)
            connection.execute(tables.outbox.delete().where(tables.outbox.c.contribution == row.id))
            self._note(connection, line, before=row, after=gone)
            pending = {"contribution": row.id, "size": row.size, "names": names}
            connection.execute(tables.erasure.insert().values(pending))

    def _names(self, row: Row) -> list[str] | None:
        """What its files under `content/` are called; None where it never came so far."""
        if row.number is None:
            return None
        table = tables.article_file.c
        with self._database.reading() as connection:
            paths = set(connection.scalars(sa.select(table.path).where(table.contribution == row.id)))
        paths |= {row.path} if row.path else set()
        return sorted({PurePosixPath(path).name for path in paths} | set(self.media_names(row.id)))

    def _pseudonymise(self, connection: sa.Connection, row: Row) -> None:
        """Who and when stay; what may quote goes, and the contributor's own address with it."""
        table = tables.journal
        mine = table.c.contribution == row.id
        who = connection.scalars(sa.select(table.c.by).where(mine).distinct()).all()
        authors = [name for name in who if row.sender_key and self.keyed("sender", sender_of(name)) == row.sender_key]
        connection.execute(table.update().where(mine).values(note="", digest=None, not_before=None))
        connection.execute(table.update().where(mine, table.c.by.in_(authors)).values(by=BY_AUTHOR))

    def _sweep(self, id_: ContributionId, left: frozenset[str]) -> None:
        """Remove a folder that has no row, where its mail is one that was erased."""
        with suppress(Refused):
            if self.known(id_) is None and self.tombstone(facts.digest_of(self._folders.raw(id_))) in left:
                self._folders.remove(id_)

    def _mark(self, stone: str, at: datetime) -> None:
        """A row for a tombstone of which the database knows no more: a backup that is older than the mail."""
        row = _emptied(None, stone, at)
        with suppress(sa.exc.IntegrityError), self._database.writing() as connection:
            rows.insert(connection, row)


def _emptied(row: Row | None, stone: str, at: datetime) -> Row:
    """What is left of a row: id, number, state."""
    return Row(
        id=row.id if row else ContributionId(stone[:16]),
        sha256=Digest(stone),
        state=after(row.state, Action.ERASE) if row else State.ERASED,
        number=row.number if row else None,
        reason=ERASED,
        received_at=at,
        purged=ALL,
        kind=None,
        reasons=(),
        warnings=(),
        digest=None,
        accepted_digest=None,
        published_digest=None,
        accepted_at=None,
        not_before=None,
        sent_at=None,
        size=0,
        sender_key=None,
        message_id_key=None,
        claimed_by=None,
        claimed_at=None,
        attempts=0,
        removed=0,
        attachments=0,
        path=None,
    )
