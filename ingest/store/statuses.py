"""What stands on the fediverse of what stands here: noted before it is posted, forgotten once it was deleted there.

    begun (no remote id yet) -> standing -> gone

A row without `remote` is a status of which nobody knows whether its server took it: we were about to ask. Such a row
is looked for there before anything is posted, and before it is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ingest.model import ContributionId
from ingest.states import PROJECTED
from ingest.store import tables
from ingest.store.changing import Changing


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One status of ours."""

    contribution: ContributionId
    home: str
    """The server that it lies on."""
    remote: str
    """How that server calls it; empty as long as nobody knows."""
    page: str
    """The address of our page, which it links to: by that it is known again."""
    said: str
    """A digest of what it says, to see whether there is something to correct."""
    attempts: int
    """To delete it."""
    due_at: datetime
    """When that is tried next."""


class Statuses(Changing):
    """The part of a store that knows of them."""

    def status(self, id_: ContributionId) -> Status | None:
        """That of a contribution."""
        table = tables.fediverse_status
        with self._database.reading() as connection:
            found = connection.execute(sa.select(table).where(table.c.contribution == id_)).one_or_none()
        return _status_of(found) if found else None

    def statuses(self) -> tuple[Status, ...]:
        """All of them."""
        table = tables.fediverse_status
        with self._database.reading() as connection:
            return tuple(map(_status_of, connection.execute(sa.select(table).order_by(table.c.contribution))))

    def status_begun(self, id_: ContributionId, *, home: str, page: str, now: datetime) -> None:
        """It is about to be posted. One that is known already stays as it is."""
        table = tables.fediverse_status
        with self._database.writing() as connection:
            if self._locked(connection, id_) is None:
                return
            if connection.execute(sa.select(table.c.home).where(table.c.contribution == id_)).one_or_none() is None:
                values = {"contribution": id_, "home": home, "remote": "", "page": page, "said": "", "attempts": 0}
                connection.execute(table.insert().values(**values, due_at=now))

    def status_stands(self, id_: ContributionId, *, remote: str, said: str) -> None:
        """Its server has it, and it says this."""
        table = tables.fediverse_status
        with self._database.writing() as connection:
            mine = table.c.contribution == id_
            connection.execute(table.update().where(mine).values(remote=remote[:64], said=said))

    def statuses_to_delete(self, home: str, *, now: datetime) -> tuple[Status, ...]:
        """Those on `home` of what does not stand here any more, as far as it is time to try."""
        table, row = tables.fediverse_status, tables.contribution.c
        query = (
            sa.select(table)
            .join(tables.contribution, row.id == table.c.contribution)
            .where(table.c.home == home, table.c.due_at <= now, row.state.not_in([state.value for state in PROJECTED]))
        )
        with self._database.reading() as connection:
            return tuple(map(_status_of, connection.execute(query.order_by(table.c.due_at)).all()))

    def status_later(self, status: Status, *, due_at: datetime) -> None:
        """Deleting it did not work: not before then."""
        table = tables.fediverse_status
        with self._database.writing() as connection:
            mine = table.c.contribution == status.contribution
            connection.execute(table.update().where(mine).values(attempts=status.attempts + 1, due_at=due_at))

    def status_gone(self, status: Status) -> None:
        """It is deleted there, or never was."""
        table = tables.fediverse_status
        with self._database.writing() as connection:
            connection.execute(table.delete().where(table.c.contribution == status.contribution))


def _status_of(record: sa.Row[Any]) -> Status:
    return Status(**dict(record._mapping))  # noqa: SLF001 - SQLAlchemy's public name for it
