"""Rows as frozen values, both ways."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from ingest.model import ContributionId, Digest, Kind
from ingest.states import State
from ingest.store.facts import Facts
from ingest.store.tables import contribution, journal

BY_ITSELF = "mur"
"""Who did what nobody did, in the journal."""
POSSIBLE_DUPLICATE = "possible-duplicate"
"""The warning on a mail whose Message-ID came before with other bytes; behind its colon, the first one that had it."""
NEAR_DUPLICATE = "near-duplicate"
"""The warning on a mail whose text came before, or nearly; behind its colon, the one that is most alike."""
APART = "flood"
"""The reason of a mail that is in quarantine because it was too much at once: it was not read yet."""
ASTRAY = "astray"
"""The reason of a mail that was meant for somebody else: nobody reads it, and it is erased after some days."""
BLOCKED = "blocked-sender"
"""The reason of a mail that was refused because of who sent it."""

AGREE = "agree"
"""The word of a line in which a first moderator said yes and a second one is waited for."""
SET_ASIDE = "set-aside"
"""The warning on an accepted draft that cannot be a page, with why behind its colon; deciding again ends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the database knows of a contribution; moments in UTC but `sent_at`, which keeps the sender's offset."""

    id: ContributionId
    sha256: Digest
    state: State
    kind: Kind | None
    reason: str
    """A word, where there is no draft."""
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    digest: Digest | None
    """The current draft."""
    accepted_digest: Digest | None
    """The draft that was accepted last: what is projected."""
    published_digest: Digest | None
    """The draft that went online last."""
    number: int | None
    """Public, for good, from the first acceptance on."""
    accepted_at: datetime | None
    """The first acceptance: the post's date."""
    not_before: datetime | None
    received_at: datetime
    sent_at: datetime | None
    size: int
    sender_key: str | None
    message_id_key: str | None
    claimed_by: str | None
    claimed_at: datetime | None
    attempts: int
    removed: int
    attachments: int
    path: str | None
    """Of its article under `content/`, from its first publication on."""
    purged: str
    """What age took away: nothing, the mail (`raw`), or every document (`all`)."""

    @property
    def public(self) -> str:
        """`mur-142`, or empty before the first acceptance."""
        return f"mur-{self.number}" if self.number is not None else ""

    @property
    def apart(self) -> bool:
        """Whether it was too much at once, and waits to be read."""
        return self.state is State.QUARANTINED and self.reason == APART

    @property
    def astray(self) -> bool:
        """Whether it was meant for somebody else, a lawyer say: nobody here is to read it."""
        return self.state is State.QUARANTINED and self.reason == ASTRAY

    @property
    def set_aside(self) -> str:
        """Why the draft that was accepted last is kept from the site; empty where it is not."""
        said = (warning.partition(": ") for warning in self.warnings)
        return next((why for word, _colon, why in said if word == SET_ASIDE), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What is to be written in the journal."""

    what: str
    by: str
    channel: str
    note: str
    at: datetime
    not_before: datetime | None = None
    """Of an agreement, the date that it is for; of everything else, that of the row is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the journal. `before` is None on a contribution's first."""

    seq: int
    contribution: ContributionId
    at: datetime
    what: str
    by: str
    channel: str
    note: str
    before: State | None
    after: State
    digest: Digest | None
    """The draft that was current when it was written: the one that a decision was about."""
    not_before: datetime | None


def row_of(record: sa.Row[Any]) -> Row:
    """A record of `contribution`."""
    told = dict(record._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    told["state"] = State(told["state"])
    told["kind"] = Kind(told["kind"]) if told["kind"] else None
    told["reasons"], told["warnings"] = tuple(told["reasons"]), tuple(told["warnings"])
    return Row(**told)


def entry_of(record: sa.Row[Any]) -> Entry:
    """A record of `journal`."""
    told = dict(record._mapping)  # noqa: SLF001
    told["before"] = State(told["before"]) if told["before"] else None
    told["after"] = State(told["after"])
    return Entry(**told)


def first_row(told: Facts) -> Row:
    """The row that a folder starts with."""
    return Row(
        id=told.id,
        sha256=told.sha256,
        state=told.state,
        kind=told.kind,
        reason=told.reason,
        reasons=told.reasons,
        warnings=told.warnings,
        digest=told.digest,
        accepted_digest=None,
        published_digest=None,
        number=None,
        accepted_at=None,
        not_before=None,
        received_at=told.received_at,
        sent_at=told.sent_at,
        size=told.size,
        sender_key=told.sender_key,
        message_id_key=told.message_id_key,
        claimed_by=None,
        claimed_at=None,
        attempts=1,
        removed=told.removed,
        attachments=len(told.attachments),
        path=None,
        purged="",
    )


def insert(connection: sa.Connection, row: Row) -> None:
    """Write a new row."""
    connection.execute(_INSERT, {name: _column(row, name) for name in _NAMES})


def update(connection: sa.Connection, old: Row, new: Row) -> None:
    """Write what differs, on the condition that state and draft are still those of `old`.

    Raises `sqlalchemy.exc.InvalidRequestError` where they are not: whoever holds the row's lock never sees that.
    """
    changed = {name: _column(new, name) for name in _NAMES if getattr(old, name) != getattr(new, name)}
    if not changed:
        return
    table = contribution.c
    where = (table.id == old.id, table.state == old.state.value, table.digest.is_not_distinct_from(old.digest))
    if connection.execute(contribution.update().where(*where).values(changed)).rowcount != 1:
        raise sa.exc.InvalidRequestError("the row changed under its lock")


def note(connection: sa.Connection, line: Line, *, before: Row | None, after: Row) -> None:
    """Append to the journal."""
    values = {
        "contribution": after.id,
        "at": line.at,
        "what": line.what,
        "by": storable(line.by),
        "channel": line.channel,
        "note": storable(line.note),
        "before": before.state.value if before else None,
        "after": after.state.value,
        "digest": after.digest,
        "not_before": line.not_before if line.what == AGREE else after.not_before,
    }
    connection.execute(_APPEND, values)


_NAMES = tuple(field.name for field in fields(Row))
_INSERT, _APPEND = contribution.insert(), journal.insert()
"""Made once, here as in all that is asked for each mail: SQLAlchemy then knows what it has compiled at a glance."""


def _column(row: Row, name: str) -> object:
    value = getattr(row, name)
    if isinstance(value, StrEnum):
        return value.value  # psycopg would write the name of an Enum's member
    return list(value) if isinstance(value, tuple) else value


def storable(text: str) -> str:
    """Text as every database takes it."""
    # PostgreSQL's text holds no NUL, and neither database a lone surrogate
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
