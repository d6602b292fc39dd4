"""Who asked for letters: the wall's news, a subject, a campaign; and how they leave, without a trace.

    ask -> waits for a yes (a week at most) -> confirmed -> leaves, or is forgotten: nothing is kept

A list of people who follow complaints tells opinions (GDPR article 9). So an address lies here only sealed under the
wall's key, its hash is of a purpose of its own, which no contribution's is compared with, and leaving deletes the row
and every letter of it. A letter to a follower knows them by the number of their row.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from ingest.store import letters, tables
from ingest.store.facts import sender_of
from ingest.store.letters import Letter
from ingest.store.outbox import ENDED, Outbox

FOLLOWER = "follower"
"""The audience of letters to them."""
WAITS = timedelta(days=7)
"""Who does not say yes so long is forgotten."""
MOST = 12
"""Topics of one address."""
BOUNCES = 3
"""Weeks in which letters came back for good, after which nobody is there."""
_BOUNCES_LAST = timedelta(days=120)
_SEALED = "follower"


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """One topic of one address; moments in UTC."""

    id: int
    who: str
    """The keyed hash of the address, the same for all of its topics."""
    address: str
    """Opened; empty where the key is another one."""
    topic: str
    token: str
    """Random: leaves, without more."""
    asked_at: datetime
    confirmed_at: datetime | None
    told_at: datetime | None
    """Until when they know what was published."""
    told: tuple[str, ...]
    """Of a campaign, what they were written: words."""
    bounced: tuple[str, ...]
    """Days on which letters came back, one a week at most."""


class FollowersLetters(Outbox):
    """What was written to followers, as long as it is known."""

    def followed_letters(self, state: str, *, since: datetime) -> tuple[tuple[int, str, datetime], ...]:
        """Letters to followers that ended so, since then: (who, how, when)."""
        table = tables.outbox.c
        mine = (table.audience == FOLLOWER, table.state == state, table.ended_at >= since)
        with self._database.reading() as connection:
            found = connection.execute(sa.select(table.who, table.said, table.ended_at).where(*mine)).all()
        return tuple((int(who), str(said), at) for who, said, at in found if who.isdigit())

    def letters_end(self, ids: Iterable[int], kind: str) -> frozenset[int]:
        """Those of whom a letter of this kind was sent, or never will be."""
        table = tables.outbox.c
        mine = (table.audience == FOLLOWER, table.kind == kind, table.state.in_(ENDED))
        with self._database.reading() as connection:
            done = {str(who) for who in connection.scalars(sa.select(table.who).where(*mine))}
        return frozenset(id_ for id_ in ids if str(id_) in done)

    def letters_of_follower(self, id_: int) -> tuple[tuple[str, str, datetime], ...]:
        """What was written to them, as far as it is known: (kind, state, since when)."""
        table = tables.outbox.c
        mine = (table.audience == FOLLOWER, table.who == str(id_))
        with self._database.reading() as connection:
            found = connection.execute(sa.select(table.kind, table.state, table.created_at).where(*mine)).all()
        return tuple((str(kind), str(state), at) for kind, state, at in found)


class Followers(FollowersLetters):
    """The part of a store that knows who follows. Everything raises `Unavailable`."""

    def ask(self, address: str, topic: str, *, now: datetime) -> Follower | None:
        """Note that an address asks for a topic; it waits for a yes. The row that is there already, if one is; None
        where one address asks for too much."""
        who, table = self.following_key(address), tables.follower
        values = {
            "who": who,
            "sealed": self._key.seal(_SEALED, address.strip()),
            "topic": topic,
            "token": secrets.token_hex(16),
            "asked_at": now,
            "told": [],
            "bounced": [],
        }
        with self._database.writing() as connection:
            self._alone_among_followers(connection)
            mine = connection.execute(sa.select(table).where(table.c.who == who)).all()
            known = next((record for record in mine if record.topic == topic), None)
            if known is None and len(mine) >= MOST:
                return None
            if known is None:
                known = connection.execute(table.insert().values(values).returning(*table.c)).one()
        return self._follower(known)

    def confirm(self, id_: int, *, now: datetime) -> bool:
        """They said yes; False where they had, or were forgotten."""
        table = tables.follower
        mine = (table.c.id == id_, table.c.confirmed_at.is_(None))
        with self._database.writing() as connection:
            done = connection.execute(table.update().where(*mine).values(confirmed_at=now, told_at=now)).rowcount
        return done == 1

    def follower(self, name: str) -> Follower | None:
        """By the number of a row, as letters have it."""
        if not (name.isascii() and name.isdigit() and len(name) <= 18):
            return None
        found = self._followers(tables.follower.c.id == int(name))
        return found[0] if found else None

    def follower_by_token(self, token: str) -> Follower | None:
        """By the token that leaves."""
        found = self._followers(tables.follower.c.token == token)
        return found[0] if found else None

    def follows(self, address: str) -> tuple[Follower, ...]:
        """All that an address asked for, waiting or confirmed, in the order in which it did."""
        return self._followers(tables.follower.c.who == self.following_key(address)) if self.has_key else ()

    def followers(self, topic: str | None = None) -> tuple[Follower, ...]:
        """Who said yes, to this topic or to any."""
        table = tables.follower.c
        chosen = () if topic is None else (table.topic == topic,)
        return self._followers(table.confirmed_at.is_not(None), *chosen)

    def count_followers(self) -> dict[tuple[str, bool], int]:
        """How many there are, by (topic, whether they said yes)."""
        table = tables.follower.c
        said_yes = table.confirmed_at.is_not(None)
        counted = sa.select(table.topic, said_yes, sa.func.count()).group_by(table.topic, said_yes)
        with self._database.reading() as connection:
            return {(str(topic), bool(yes)): int(number) for topic, yes, number in connection.execute(counted)}

    def tell(
        self, letter: Letter, told: Iterable[int], *, now: datetime, word: str = "", until: datetime | None
    ) -> bool:
        """Post a letter to a follower and note in the same transaction what they are told: a `word` for it, or
        `until` when they know what was published. False, and no letter, where they knew, or are gone."""
        table = tables.follower
        with self._database.writing() as connection:
            self._alone_among_followers(connection)
            found = connection.execute(sa.select(table).where(table.c.id.in_(list(told)))).all()
            new = [one for one in found if _is_news(one, word, until)]
            if not any(str(one.id) == letter.who for one in found) or not new:
                return False
            for one in new:
                values = {"told": [*one.told, word]} if word else {"told_at": until}
                connection.execute(table.update().where(table.c.id == one.id).values(values))
            letters.post(connection, [letter], now=now)
        return True

    def came_back(self, id_: int, *, now: datetime) -> bool:
        """A letter came back for good: one a week counts. True where that was once too often, and they are forgotten,
        with all else that the address asked for."""
        table = tables.follower
        with self._database.writing() as connection:
            self._alone_among_followers(connection)
            one = connection.execute(sa.select(table).where(table.c.id == id_)).one_or_none()
            if one is None:
                return False
            mine = connection.execute(sa.select(table).where(table.c.who == one.who)).all()
            days = bounces({day for each in mine for day in each.bounced}, now)
            if len(days) >= BOUNCES:
                _forget(connection, [each.id for each in mine])
                return True
            connection.execute(table.update().where(table.c.who == one.who).values(bounced=days))
        return False

    def forget_followers(self, ids: Sequence[int]) -> int:
        """Delete rows, and every letter to them: nothing is kept. Gives back how many there were."""
        with self._database.writing() as connection:
            return _forget(connection, ids)

    def forget_unconfirmed(self, *, now: datetime) -> int:
        """Whoever did not say yes in a week."""
        table = tables.follower
        late = sa.select(table.c.id).where(table.c.confirmed_at.is_(None), table.c.asked_at <= now - WAITS)
        with self._database.writing() as connection:
            return _forget(connection, list(connection.scalars(late)))

    def following_key(self, address: str) -> str:
        """An address as followers are known: no hash of a contribution's sender is the same."""
        return self.keyed(_SEALED, sender_of(address))

    def _followers(self, *where: sa.ColumnElement[bool]) -> tuple[Follower, ...]:
        table = tables.follower
        with self._database.reading() as connection:
            found = connection.execute(sa.select(table).where(*where).order_by(table.c.id)).all()
        return tuple(map(self._follower, found))

    def _follower(self, record: sa.Row[Any]) -> Follower:
        told = dict(record._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
        address = self._key.open(_SEALED, told.pop("sealed")) or ""
        return Follower(**told | {"address": address, "told": tuple(told["told"]), "bounced": tuple(told["bounced"])})

    def _alone_among_followers(self, connection: sa.Connection) -> None:
        """One transaction at a time: SQLite's writers are alone already, PostgreSQL's are not."""
        table = tables.counter
        connection.execute(sa.select(table).where(table.c.name == "outbox").with_for_update()).all()


def bounces(before: Iterable[str], now: datetime) -> list[str]:
    """The days on which letters came back, with today: one a week, the older ones forgotten. Pure."""
    oldest = (now - _BOUNCES_LAST).date().isoformat()
    weeks: dict[tuple[int, int], str] = {}
    for day in sorted({*(day for day in before if day >= oldest), now.date().isoformat()}):
        weeks.setdefault(datetime.fromisoformat(day).isocalendar()[:2], day)
    return sorted(weeks.values())


def _is_news(one: sa.Row[Any], word: str, until: datetime | None) -> bool:
    if word:
        return word not in one.told
    return until is not None and (one.told_at is None or one.told_at < until)


def _forget(connection: sa.Connection, ids: Sequence[int]) -> int:
    table = tables.outbox
    named = [str(id_) for id_ in ids]
    connection.execute(table.delete().where(table.c.audience == FOLLOWER, table.c.who.in_(named)))
    return connection.execute(tables.follower.delete().where(tables.follower.c.id.in_(list(ids)))).rowcount
