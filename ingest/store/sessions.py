"""Who is logged in where, and what moderators chose on their page.

A session is a random cookie of 256 bits of which the SHA-256 is kept. It is renewed once a day: a new cookie is
offered, counts from its first use on, and the old one goes a minute later, so that no answer lost on the way and no two
requests at once log anybody out.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from ingest.settings import Moderator
from ingest.store import tables
from ingest.store.logins import Logins

RENEWED = timedelta(days=1)
GRACE = timedelta(minutes=1)
SEEN = timedelta(minutes=5)
"""`seen_at` is that exact: a page looked at is not a write each time."""
_DEVICE = 64
_COOKIE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A device that somebody is logged in on; moments in UTC."""

    id: int
    who: str
    """The keyed hash of their address."""
    device: str
    """In words, `Firefox, Android` say."""
    known: bool
    """Whether they call the device theirs."""
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    cookie: str = ""
    """The one to set now, where it was renewed."""


class Sessions(Logins):
    """The part of a store that knows who is there."""

    def open_session(self, who: str, *, device: str, known: bool, now: datetime) -> Session:
        """Log `who` in on a device: a new cookie, whatever the browser had before."""
        chosen, cookie = self.settings.moderation, secrets.token_urlsafe(32)
        lasts = timedelta(days=chosen.known_session_days) if known else timedelta(hours=chosen.session_hours)
        values = {
            "who": who,
            "hash": _hash(cookie),
            "device": device[:_DEVICE],
            "known": known,
            "created_at": now,
            "seen_at": now,
            "renewed_at": now,
            "expires_at": now + lasts,
        }
        table = tables.session
        with self._database.writing() as connection:
            id_ = connection.execute(table.insert().values(values).returning(table.c.id)).scalar_one()
            record = connection.execute(sa.select(table).where(table.c.id == id_)).one()
        return _session(record, cookie)

    def session(self, cookie: str, *, now: datetime, renew: bool = False) -> Session | None:
        """The session of a cookie; None where there is none, or no longer. With `renew`, perhaps with a new cookie."""
        if not cookie or len(cookie) > _COOKIE:
            return None
        record = self._lookup(_hash(cookie), now)
        if record is None:
            return None
        fresh = secrets.token_urlsafe(32) if renew and _is_due(record, now) else ""
        values = _changes(record, _hash(cookie), fresh, now)
        if values:
            table = tables.session.c
            same = (
                table.id == record.id,
                table.hash == record.hash,
                table.offered.is_not_distinct_from(record.offered),
            )
            with self._database.writing() as connection:
                changed = connection.execute(tables.session.update().where(*same).values(values)).rowcount
            fresh = fresh if changed else ""
        return _session(record, fresh)

    def sessions_of(self, who: str, *, now: datetime) -> tuple[Session, ...]:
        """Where somebody is logged in, the latest seen first."""
        table = tables.session
        query = sa.select(table).where(table.c.who == who, table.c.expires_at > now)
        with self._database.reading() as connection:
            found = connection.execute(query.order_by(table.c.seen_at.desc(), table.c.id.desc())).all()
        return tuple(_session(record, "") for record in found)

    def close_session(self, id_: int, *, who: str) -> bool:
        """Log out on one device, of `who` alone; False where it is not theirs or over."""
        table = tables.session
        with self._database.writing() as connection:
            return connection.execute(table.delete().where(table.c.id == id_, table.c.who == who)).rowcount == 1

    def close_sessions(self, who: str) -> int:
        """Log out everywhere; logins that were asked for and not used are over, too. Gives back how many devices."""
        with self._database.writing() as connection:
            connection.execute(tables.login_code.delete().where(tables.login_code.c.who == who))
            return connection.execute(tables.session.delete().where(tables.session.c.who == who)).rowcount

    def notices_of(self, moderator: Moderator) -> str:
        """`each`, `daily` or `none`: what they chose on their page, else what `mur.toml` says."""
        return self.chosen_notices(moderator.address) or moderator.notices

    def chosen_notices(self, address: str) -> str:
        """What somebody with that address chose on their page; empty for nothing."""
        if not self._key.there:
            return ""
        table = tables.preference.c
        query = sa.select(table.notices).where(table.who == self.who(address))
        with self._database.reading() as connection:
            return str(connection.scalar(query) or "")

    def choose_notices(self, moderator: Moderator, notices: str, *, now: datetime) -> None:
        """Note what they chose."""
        table, who = tables.preference, self.who(moderator.address)
        with self._database.writing() as connection:
            connection.execute(table.delete().where(table.c.who == who))
            connection.execute(table.insert().values(who=who, notices=notices, chosen_at=now))

    def _lookup(self, hash_: str, now: datetime) -> sa.Row[tuple[object, ...]] | None:
        table = tables.session
        lately = sa.and_(table.c.replaced == hash_, table.c.renewed_at > now - GRACE)
        query = sa.select(table).where(sa.or_(table.c.hash == hash_, table.c.offered == hash_, lately))
        with self._database.reading() as connection:
            return connection.execute(query.where(table.c.expires_at > now).limit(1)).one_or_none()


def _is_due(record: sa.Row[tuple[object, ...]], now: datetime) -> bool:
    """A day after the last renewal; of one that was offered and never used, a minute after the offer."""
    since: datetime = record.renewed_at
    return now - since > (GRACE if record.offered else RENEWED)


def _changes(record: sa.Row[tuple[object, ...]], used: str, fresh: str, now: datetime) -> dict[str, object]:
    if used == record.offered:
        return {"hash": used, "replaced": record.hash, "offered": None, "renewed_at": now, "seen_at": now}
    if fresh and used == record.hash:
        return {"offered": _hash(fresh), "replaced": None, "renewed_at": now, "seen_at": now}
    seen: datetime = record.seen_at
    return {"seen_at": now} if now - seen > SEEN else {}


def _session(record: sa.Row[tuple[object, ...]], cookie: str) -> Session:
    return Session(
        id=record.id,
        who=record.who,
        device=record.device,
        known=record.known,
        created_at=record.created_at,
        seen_at=record.seen_at,
        expires_at=record.expires_at,
        cookie=cookie,
    )


def _hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "replace")).hexdigest()
