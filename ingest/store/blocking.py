"""Senders who are blocked, known by the keyed hash of their address alone.

A From field is whatever somebody typed. Whoever was blocked because of a mail that our own server did not vouch for is
therefore blocked as long as nobody vouches for them: the person whose address was borrowed, and whose mails pass, is
not. See decision 0013.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ingest.errors import Refused
from ingest.model import Authenticity, Contribution
from ingest.store import tables
from ingest.store.changing import Changing
from ingest.store.facts import Facts, sender_of
from ingest.store.rows import BLOCKED, storable
from ingest.words import _

_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A sender whose mails are refused."""

    who: str
    """The keyed hash of their address."""
    proven: bool
    """Blocked whatever our server says of a mail; else only where it does not vouch for it."""
    since: datetime
    by: str
    reason: str
    mails: int
    """How many came since, and were refused."""


class Blocking(Changing):
    """The part of a store that knows who is blocked."""

    def block(self, who: str, *, proven: bool, by: str, reason: str, at: datetime) -> Blocked:
        """Refuse the mails of a sender, given by keyed hash, from now on.

        Blocked already: what is new is written, and nothing that was proven is forgotten.
        """
        table = tables.blocked
        said = storable(" ".join(reason.split()))[:_REASON]
        with self._database.writing() as connection:
            before = self._blocked(connection, who)
            connection.execute(table.delete().where(table.c.who == who))
            now = Blocked(
                who=who,
                proven=proven or (before is not None and before.proven),
                since=before.since if before else at,
                by=storable(by),
                reason=said or (before.reason if before else ""),
                mails=before.mails if before else 0,
            )
            values = {column.name: getattr(now, column.name) for column in table.columns}
            connection.execute(table.insert().values(values))
        return now

    def unblock(self, who: str) -> Blocked:
        """Take the mails of a sender again: all of the keyed hash, or its beginning. Raises `Refused`."""
        matching = [one for one in self.blocked() if who and one.who.startswith(who)]
        if not matching:
            raise Refused(_("cette adresse n’est pas bloquée"))
        if len(matching) > 1:
            raise Refused(_("plusieurs adresses bloquées commencent par « {name} »").format(name=who[:64]))
        table = tables.blocked
        with self._database.writing() as connection:
            connection.execute(table.delete().where(table.c.who == matching[0].who))
        return matching[0]

    def blocked(self, who: str | None = None) -> tuple[Blocked, ...]:
        """Everybody who is blocked, the longest first; or this one, if they are."""
        table = tables.blocked
        query = sa.select(table).order_by(table.c.since, table.c.who)
        query = query if who is None else query.where(table.c.who == who)
        with self._database.reading() as connection:
            return tuple(_read(record) for record in connection.execute(query))

    def sender_key(self, mail: Contribution | None) -> str | None:
        """The keyed hash of who sent a mail; None where its From field does not name one address."""
        address = sender_of(mail.sender.address) if mail and mail.sender else ""
        return self.keyed("sender", address) if address else None

    def blocked_address(self, address: str) -> tuple[Blocked, ...]:
        """Whether the mails of this address are refused; asking makes no key."""
        return self.blocked(self.keyed("sender", sender_of(address))) if self._key.there else ()

    def refuses(self, who: str | None, authenticity: str) -> bool:
        """Whether a mail of this sender, of which our server said this, is one of a blocked sender."""
        found = self.blocked(who) if who else ()
        return any(one.proven or authenticity != Authenticity.PASS for one in found)

    def _blocked(self, connection: sa.Connection, who: str) -> Blocked | None:
        table = tables.blocked
        found = connection.execute(sa.select(table).where(table.c.who == who).with_for_update()).one_or_none()
        return _read(found) if found else None


def count(connection: sa.Connection, told: Facts) -> None:
    """Count a mail that was refused because of who sent it."""
    table = tables.blocked
    if told.reason == BLOCKED and told.sender_key:
        mine = table.update().where(table.c.who == told.sender_key)
        connection.execute(mine.values(mails=table.c.mails + 1))


def forget(connection: sa.Connection, who: str | None) -> None:
    """Keep that a sender is blocked, which must not end because they erase a mail, and not what was said of them."""
    if who:
        connection.execute(tables.blocked.update().where(tables.blocked.c.who == who).values(reason=""))


def _read(record: sa.Row[Any]) -> Blocked:
    return Blocked(
        who=record.who,
        proven=record.proven,
        since=record.since,
        by=record.by,
        reason=record.reason,
        mails=record.mails,
    )
