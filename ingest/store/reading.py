"""Looking things up: rows, the journal, and the documents beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ingest.errors import Refused
from ingest.model import ContributionId, Digest, Draft, Kind, Removed
from ingest.publication import article
from ingest.settings import Settings
from ingest.states import State
from ingest.store import letters, tables
from ingest.store.database import Database
from ingest.store.facts import Facts, digest_of
from ingest.store.folder import Folders
from ingest.store.rows import APART, Entry, Row, entry_of, row_of
from ingest.store.secret import Key
from ingest.words import _

_PREFIX = re.compile(r"[0-9a-f]{1,16}")
_PUBLIC = re.compile(r"mur-([0-9]{1,9})")
_BY_ID = sa.select(tables.contribution).where(tables.contribution.c.id == sa.bindparam("id"))
_BY_BYTES = sa.select(tables.contribution).where(
    tables.contribution.c.sha256.in_((sa.bindparam("sha256"), sa.bindparam("mark")))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """What a list is narrowed to, beside state and kind."""

    claimed_by: str | None = None
    """Whoever says that they look at it; None for whoever, and nobody."""
    warned: bool = False
    """Only what has a warning."""


class Reading:
    """The half of a store that changes nothing."""

    def __init__(
        self, settings: Settings, database: Database, folders: Folders, policy: letters.Policy = letters.none
    ) -> None:
        self.settings, self._database, self._folders, self._policy = settings, database, folders, policy
        self._key = Key(settings.paths.state / "secret.key", by_way_of=folders.root)

    def keyed(self, purpose: str, text: str) -> str:
        """The wall's keyed hash of `text`: HMAC-SHA-256 in hex."""
        return self._key.hash(purpose, text)

    def known(self, mail: bytes | ContributionId) -> Row | None:
        """The contribution that these very bytes, or this id, became; None where they were never taken.

        One that was erased is known by its tombstone.
        """
        if isinstance(mail, str):
            return _the_one(self._database, _BY_ID, id=mail)
        return self.of_bytes(digest_of(mail))

    def of_bytes(self, sha256: Digest) -> Row | None:
        """The contribution that bytes of this SHA-256 became; None where they were never taken."""
        mark = self.tombstone(sha256) if self._key.there else sha256
        return _the_one(self._database, _BY_BYTES, sha256=sha256, mark=mark)

    def tombstone(self, sha256: str) -> str:
        """What stands for an erased mail whose SHA-256 was this: always the same here, and it tells nobody anything."""
        return self.keyed("tombstone", sha256)

    def knows(self, mail: bytes | ContributionId) -> bool:
        """Whether these very bytes, or a contribution of this id, were taken."""
        return self.known(mail) is not None

    def find(self, name: str) -> Row:
        """The one contribution whose id begins so, or whose public number is this `mur-142`.

        Raises `Refused` where there is none or more than one.
        """
        table = tables.contribution.c
        wanted = name.strip().lower()
        public = _PUBLIC.fullmatch(wanted)
        if public:
            clause = table.number == int(public[1])
        elif _PREFIX.fullmatch(wanted):
            clause = table.id.between(wanted, wanted + "g")
        else:
            raise Refused(_("« {name} » n’est pas le nom d’une contribution").format(name=_shown(name)))
        with self._database.reading() as connection:
            found = connection.execute(sa.select(tables.contribution).where(clause).limit(2)).all()
        if not found:
            raise Refused(_("aucune contribution ne s’appelle « {name} »").format(name=_shown(name)))
        if len(found) > 1:
            raise Refused(_("plusieurs contributions commencent par « {name} »").format(name=_shown(name)))
        return row_of(found[0])

    def rows(
        self,
        states: Iterable[State] | None = None,
        *,
        kind: Kind | None = None,
        limit: int | None = None,
        offset: int = 0,
        apart: bool | None = None,
        which: Which | None = None,
    ) -> tuple[Row, ...]:
        """Contributions in these states (None: in all), the longest here first; `apart` (see `Row`), or not."""
        table = tables.contribution.c
        query = sa.select(tables.contribution).where(*_filters(states, kind, apart=apart), *_narrowed(which))
        query = query.order_by(table.received_at, table.id).limit(limit).offset(offset)
        with self._database.reading() as connection:
            return tuple(row_of(record) for record in connection.execute(query))

    def count(
        self,
        states: Iterable[State] | None = None,
        *,
        kind: Kind | None = None,
        apart: bool | None = None,
        which: Which | None = None,
    ) -> int:
        """How many `rows` there would be without a limit."""
        query = sa.select(sa.func.count()).select_from(tables.contribution)
        query = query.where(*_filters(states, kind, apart=apart), *_narrowed(which))
        with self._database.reading() as connection:
            return int(connection.scalar(query) or 0)

    def next_number(self) -> int:
        """The public number that the next contribution to be accepted for the first time will have."""
        table = tables.counter.c
        with self._database.reading() as connection:
            return 1 + int(connection.scalar(sa.select(table.value).where(table.name == "number")) or 0)

    def journal(self, id_: ContributionId | None = None, *, since: datetime | None = None) -> tuple[Entry, ...]:
        """What happened, oldest first: to one contribution, or to all."""
        table = tables.journal.c
        query = sa.select(tables.journal).order_by(table.seq)
        if id_ is not None:
            query = query.where(table.contribution == id_)
        if since is not None:
            query = query.where(table.at >= since)
        with self._database.reading() as connection:
            return tuple(entry_of(record) for record in connection.execute(query))

    def document(self, id_: ContributionId, digest: Digest | None = None) -> str:
        """The text of a draft, the current one by default: what a moderator edits, what the digest is taken of.

        Raises `Refused` where there is none, `Unavailable` where the file is no longer what its name says.
        """
        digest = digest or self.find(id_).digest
        if digest is None:
            raise Refused(_("cette contribution n’a pas de brouillon"))
        return self._folders.draft(id_, digest)

    def draft(self, id_: ContributionId, digest: Digest | None = None) -> Draft:
        """The same, read."""
        return article.parse(self.document(id_, digest))

    def raw(self, id_: ContributionId) -> bytes:
        """The mail as it came. Raises `Refused` once it was purged."""
        return self._folders.raw(id_)

    def facts(self, id_: ContributionId) -> Facts:
        """What converting it brought to light. Raises `Refused` once it is gone, `BadMessage` where it is damaged."""
        return self._folders.facts(id_)

    def removed(self, id_: ContributionId) -> tuple[Removed, ...]:
        """What the draft does not hold, in the order of `mur keep`."""
        return self._folders.removed(id_)

    def media(self, id_: ContributionId, name: str) -> Path:
        """Where a file lies that the draft may show. Raises `Refused` for a name it has not."""
        return self._folders.media_path(id_, name)

    def media_names(self, id_: ContributionId) -> tuple[str, ...]:
        """All of them, sorted."""
        return self._folders.media_names(id_)


def _filters(states: Iterable[State] | None, kind: Kind | None, *, apart: bool | None) -> list[sa.ColumnElement[bool]]:
    table = tables.contribution.c
    clauses: list[sa.ColumnElement[bool]] = []
    if states is not None:
        clauses.append(table.state.in_(sorted(state.value for state in states)))
    if kind is not None:
        clauses.append(table.kind == kind.value)
    if apart is not None:
        flood = sa.and_(table.state == State.QUARANTINED.value, table.reason == APART)
        clauses.append(flood if apart else sa.not_(flood))
    return clauses


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name[:40])


def _narrowed(which: Which | None) -> list[sa.ColumnElement[bool]]:
    table = tables.contribution.c
    clauses: list[sa.ColumnElement[bool]] = []
    if which is not None and which.claimed_by is not None:
        clauses.append(table.claimed_by == which.claimed_by)
    if which is not None and which.warned:
        clauses.append(sa.cast(table.warnings, sa.String) != "[]")  # the JSON of no warning, on either database
    return clauses


def _the_one(database: Database, query: sa.Select[Any], **asked: str) -> Row | None:
    with database.reading() as connection:
        found = connection.execute(query, asked).one_or_none()
    return row_of(found) if found else None
