"""The first rows of contributions, written once their folders are whole: now, or at the next opening after a crash."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from ingest import durable
from ingest.body.likeness import Likeness
from ingest.errors import BadMessage, Refused
from ingest.model import ContributionId
from ingest.states import State
from ingest.store import blocking, facts, floods, likeness, rows, tables
from ingest.store.facts import Facts
from ingest.store.likeness import Likening
from ingest.store.rows import BY_ITSELF, Line

_log = logging.getLogger(__name__)
_FIRST_WORD = {State.HELD: "hold", State.DISCARDED: "refuse", State.QUARANTINED: "quarantine"}


class Beginning(Likening):
    """The part of a store that gives folders their rows."""

    def finish(self) -> tuple[ContributionId, ...]:
        """Give every folder without a row its row, as opening does. Gives back which."""
        with self._database.reading() as connection:
            known = set(connection.scalars(sa.select(tables.contribution.c.id)))
        left = sorted(self._folders.ids() - known)
        return tuple(id_ for id_ in left if self._finish(id_))

    def _finish(self, id_: ContributionId) -> bool:
        with durable.on_disk(self._folders.root):
            durable.sync_folder(self._folders.root)
        told = self._told(id_)
        return told is not None and self._begin(told)

    def _told(self, id_: ContributionId) -> Facts | None:
        """What a folder tells; of one whose notes are damaged, that somebody has to look; None without its mail."""
        try:
            return self._folders.facts(id_)
        except (BadMessage, Refused):
            _log.warning("%s: its notes cannot be read", id_)
        try:
            return facts.unreadable(id_, self._folders.raw(id_), self._folders.arrived(id_))
        except Refused:
            return None

    def _begin_all(self, fresh: Sequence[Facts]) -> None:
        """Write the first rows of folders whose names are not on the disk yet; whichever somebody wrote is passed over.

        The names first: a row never stands for a folder that a power cut may take.
        """
        with durable.on_disk(self._folders.root):
            durable.sync_folder(self._folders.root)
        texts = [self._likeness(told) for told in fresh]
        try:
            with self._database.writing() as connection:
                for told, text in zip(fresh, texts, strict=True):
                    self._first(connection, told, text)
        except sa.exc.IntegrityError:
            for told in fresh:
                self._begin(told)

    def _begin(self, told: Facts) -> bool:
        """Write the first row; False where another process was faster."""
        text = self._likeness(told)
        try:
            with self._database.writing() as connection:
                return self._first(connection, told, text)
        except sa.exc.IntegrityError:
            return False

    def _first(self, connection: sa.Connection, told: Facts, text: Likeness | None) -> bool:
        """The first row, its line in the journal and its letters; False where there is a row."""
        if self._locked(connection, told.id) is not None:
            return False
        like = likeness.search(connection, text, told.id)
        twice = likeness.came_before(connection, told.message_id_key, told.id)
        row = rows.first_row(told)
        row = replace(row, warnings=(*row.warnings, *likeness.warnings(like, twice)))
        rows.insert(connection, row)
        likeness.write(connection, row.id, text, like, fresh=True)
        floods.count(connection, told, self.settings)
        blocking.count(connection, told)
        _count_astray(connection, told)
        word = _FIRST_WORD[told.state]
        line = Line(what=word, by=BY_ITSELF, channel=told.channel, note=told.reason, at=told.taken_at)
        self._note(connection, line, before=None, after=row)
        return True


def _count_astray(connection: sa.Connection, told: Facts) -> None:
    table = tables.counter
    if told.reason == rows.ASTRAY:
        connection.execute(table.update().where(table.c.name == rows.ASTRAY).values(value=table.c.value + 1))
