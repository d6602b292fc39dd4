"""Taking mails in: the document first, then one transaction; only then may the mailbox be touched.

A crash between the two leaves a folder without a row, which the next opening finishes: the id, made of the bytes, makes
every step one that can be taken twice.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from ingest.errors import BadMessage, Refused, Unavailable
from ingest.model import Contribution, ContributionId, Digest, Outcome
from ingest.states import State
from ingest.store import blocking, durable, facts, floods, likeness, rows, tables
from ingest.store.facts import Arrival, Facts
from ingest.store.likeness import Likening
from ingest.store.rows import BY_ITSELF, Line
from ingest.words import _

_log = logging.getLogger(__name__)
_WRITTEN_FOR_A_BYTE = 3
"""A mail is written as it came, and again as draft and media."""

Taking = Literal["held", "duplicate", "refused", "quarantined", "handled"]
TAKEN_AS: dict[State, Taking] = {State.HELD: "held", State.DISCARDED: "refused", State.QUARANTINED: "quarantined"}
_FIRST_WORD = {State.HELD: "hold", State.DISCARDED: "refuse", State.QUARANTINED: "quarantine"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a mail; `reason` is a word where it was not held."""

    id: ContributionId
    outcome: Taking
    reason: str


class Arriving(Likening):
    """The part of a store that takes mails in."""

    def room_for(self, size: int) -> None:
        """Raise `Unavailable` where a mail of `size` bytes would leave the disk too full."""
        with durable.on_disk(self._folders.root):
            free = durable.free_bytes(self._folders.root)
        if free < _WRITTEN_FOR_A_BYTE * size + self.settings.limits.free_bytes:
            raise Unavailable(_("disque presque plein : il reste {free} octets").format(free=free))

    def hold(
        self,
        raw: bytes,
        outcome: Outcome,
        *,
        contribution: Contribution | None,
        received_at: datetime,
        now: datetime,
        channel: str,
    ) -> Taken:
        """Keep a mail and what it became, durably: once this returns, its copy in the mailbox may be filed away.

        A draft is held, a refusal discarded with its reason, what could not be read quarantined; each with its bytes.
        The same bytes again are a duplicate; the same Message-ID with other bytes is kept beside, with a warning, and
        so is a text that came before.
        `contribution` is None where the bytes could not be read. Raises `Unavailable`: nothing of it is lost or counted
        twice when it is held again.
        """
        sha256 = facts.digest_of(raw)
        known = self.known(raw)
        if known is not None:
            return Taken(id=known.id, outcome="duplicate", reason=known.reason)
        self.room_for(len(raw))
        arrival = Arrival(
            id=self._free_id(sha256),
            raw=raw,
            contribution=contribution,
            received_at=received_at,
            now=now,
            channel=channel,
        )
        told = facts.facts_of(arrival, outcome, self.keyed)
        if self._folders.create(told, raw, outcome):
            self._begin(told)
            return Taken(id=told.id, outcome=TAKEN_AS[told.state], reason=told.reason)
        self._finish(told.id)
        known = self.known(raw)
        if known is None:
            raise Unavailable(_("le dossier contributions/{id} est abîmé : mettez-le de côté").format(id=told.id))
        return Taken(id=known.id, outcome="duplicate", reason=known.reason)

    def astray(self) -> int:
        """How many mails came that were meant for somebody else, all those included that were erased since."""
        table = tables.counter.c
        with self._database.reading() as connection:
            return int(connection.scalar(sa.select(table.value).where(table.name == rows.ASTRAY)) or 0)

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

    def _begin(self, told: Facts) -> bool:
        """Write the first row; False where another process was faster."""
        text = self._likeness(told)
        try:
            with self._database.writing() as connection:
                if self._locked(connection, told.id) is not None:
                    return False
                like = likeness.search(connection, text, told.id)
                twice = likeness.came_before(connection, told.message_id_key, told.id)
                row = rows.first_row(told)
                row = replace(row, warnings=(*row.warnings, *likeness.warnings(like, twice)))
                rows.insert(connection, row)
                likeness.write(connection, row.id, text, like)
                floods.count(connection, told, self.settings)
                blocking.count(connection, told)
                _count_astray(connection, told)
                word = _FIRST_WORD[told.state]
                line = Line(what=word, by=BY_ITSELF, channel=told.channel, note=told.reason, at=told.taken_at)
                self._note(connection, line, before=None, after=row)
        except sa.exc.IntegrityError:
            return False
        return True

    def _free_id(self, sha256: Digest) -> ContributionId:
        """The first 16 digits, or, where somebody made two mails that share these, the next 16 that are free."""
        for start in range(0, len(sha256), 16):
            id_ = ContributionId(sha256[start : start + 16])
            row = self.known(id_)
            if row is None or row.sha256 == sha256:
                return id_
        raise AssertionError("four times 64 bits of SHA-256 are taken")


def _count_astray(connection: sa.Connection, told: Facts) -> None:
    table = tables.counter
    if told.reason == rows.ASTRAY:
        connection.execute(table.update().where(table.c.name == rows.ASTRAY).values(value=table.c.value + 1))
