"""Logins that were asked for: a code of six digits and a link, both made from a random token and the wall's own key.

Neither is in the database nor in the outbox; whoever reads both and not `secret.key` can log in nowhere. An address
that is nobody's is treated as a moderator's is, statement by statement, but for a letter that is taken back.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from ingest.errors import Refused
from ingest.store import letters, tables
from ingest.store.letters import Letter
from ingest.store.outbox import Outbox
from ingest.words import _

LASTS = timedelta(minutes=15)
TRIES = 5
"""Wrong codes before a login is over: 25 an hour for one address, of a million."""
HOUR = timedelta(hours=1)
EACH_HOURLY = 5
"""Logins that one address may ask for in an hour."""
ALL_HOURLY = 200
"""The same for all addresses together, strangers' too."""
BY_MAIL, IN_TERMINAL = "mail", "terminal"
KIND = "login"
"""Of the letter; its `about` holds `login`, the token."""
_LINK = re.compile(r"([0-9a-f]{32})-([0-9a-f]{32})")
_CODE = re.compile(r"[0-9]{6}")


class TooOften(Refused):
    """More logins were asked for than anybody needs; waiting helps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How a try ended: `who` logged in, or None and so many more tries `left` (0: this login is over)."""

    who: str | None = None
    left: int = 0


class Logins(Outbox):
    """The part of a store in which logins wait for their code."""

    def ask_login(self, address: str, *, known: bool, now: datetime) -> str:
        """Begin a login and, for a moderator (`known`), post its letter. Gives back the token that a browser keeps.

        Raises `TooOften`, alike for moderators and strangers; `Unavailable`.
        """
        who, token = self.who(address), secrets.token_hex(16)
        letter = Letter(kind=KIND, audience="moderator", who=who, about={"login": token})
        with self._database.writing() as connection:
            _within_limits(connection, who, now)
            _sweep(connection, now)
            _begin(connection, token, who, BY_MAIL, now)
            with connection.begin_nested() as attempt:
                letters.post(connection, [letter], now=now)
                if not known:
                    attempt.rollback()
        return token

    def grant_login(self, address: str, *, now: datetime) -> str:
        """A link for whoever sits at the terminal: it logs `address` in, in any browser, without a code."""
        token = secrets.token_hex(16)
        with self._database.writing() as connection:
            _sweep(connection, now)
            _begin(connection, token, self.who(address), IN_TERMINAL, now)
        return self.login_link(token)

    def login_code(self, token: str) -> str:
        """The six digits of a login."""
        return f"{int(self.keyed('login-code', token)[:16], 16) % 1_000_000:06}"

    def login_link(self, token: str) -> str:
        """The last piece of a login's address: 65 characters."""
        return f"{token}-{self.keyed('login-link', token)[:32]}"

    def login_of(self, link: str) -> str:
        """The token of a link that this wall made; empty for any other."""
        found = _LINK.fullmatch(link)
        if not found or not hmac.compare_digest(self.login_link(found[1]), link):
            return ""
        return found[1]

    def login_channel(self, token: str, *, now: datetime) -> str:
        """By which way a login was asked for, `mail` or `terminal`; empty where it is used up or over."""
        table = tables.login_code.c
        query = sa.select(table.channel).where(*_open(token, now))
        with self._database.reading() as connection:
            return str(connection.scalar(query) or "")

    def try_code(self, token: str, code: str, *, now: datetime) -> Tried:
        """Log in by a code. What is no code at all costs no try."""
        digits = "".join(c for c in code[:40] if c.isascii() and c.isdigit())
        wrong = not hmac.compare_digest(self.login_code(token), digits)
        return self._try(token, now=now, wrong=wrong, counts=bool(_CODE.fullmatch(digits)))

    def use_login(self, token: str, *, now: datetime) -> Tried:
        """Log in by the token of a link that `login_of` knew."""
        return self._try(token, now=now, wrong=False, counts=True)

    def _try(self, token: str, *, now: datetime, wrong: bool, counts: bool) -> Tried:
        """Once: of two that come at the same time, one changes the row. What is over costs nobody a lock."""
        if not self.login_channel(token, now=now):
            return Tried()
        table = tables.login_code
        values = {"tries": table.c.tries + counts, "used_at": None if wrong else now}
        with self._database.writing() as connection:
            changed = connection.execute(table.update().where(*_open(token, now)).values(values)).rowcount
            found = connection.execute(sa.select(table).where(table.c.token == token)).one_or_none()
        if changed != 1 or found is None:
            return Tried()
        return Tried(left=TRIES - found.tries) if wrong else Tried(who=found.who)


def _open(token: str, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    table = tables.login_code.c
    return table.token == token, table.used_at.is_(None), table.expires_at > now, table.tries < TRIES


def _begin(connection: sa.Connection, token: str, who: str, channel: str, now: datetime) -> None:
    values = {"token": token, "who": who, "channel": channel, "tries": 0, "used_at": None}
    connection.execute(tables.login_code.insert().values(**values, created_at=now, expires_at=now + LASTS))


def _within_limits(connection: sa.Connection, who: str, now: datetime) -> None:
    table = tables.login_code.c
    lately = sa.select(sa.func.count()).where(table.created_at > now - HOUR, table.channel == BY_MAIL)
    asked = int(connection.scalar(lately) or 0), int(connection.scalar(lately.where(table.who == who)) or 0)
    if asked[0] >= ALL_HOURLY or asked[1] >= EACH_HOURLY:
        raise TooOften(_("trop de codes ont été demandés depuis une heure : patientez un peu"))


def _sweep(connection: sa.Connection, now: datetime) -> None:
    """What is over leaves nothing: it holds the hash of whatever address a stranger typed."""
    connection.execute(tables.login_code.delete().where(tables.login_code.c.created_at <= now - HOUR))
    connection.execute(tables.session.delete().where(tables.session.c.expires_at <= now))
