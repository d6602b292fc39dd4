"""Taking mails in: the document first, then one transaction; only then may the mailbox be touched.

A crash between the two leaves a folder without a row, which the next opening finishes: the id, made of the bytes, makes
every step one that can be taken twice.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from ingest import durable
from ingest.errors import Unavailable
from ingest.model import Contribution, ContributionId, Digest, Outcome
from ingest.states import State
from ingest.store import facts, rows, tables
from ingest.store.beginning import Beginning
from ingest.store.facts import Arrival, Facts
from ingest.words import _

_log = logging.getLogger(__name__)
_WRITTEN_FOR_A_BYTE = 3
"""A mail is written as it came, and again as draft and media."""

Taking = Literal["held", "duplicate", "refused", "quarantined", "handled"]
TAKEN_AS: dict[State, Taking] = {State.HELD: "held", State.DISCARDED: "refused", State.QUARANTINED: "quarantined"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a mail; `reason` is a word where it was not held."""

    id: ContributionId
    outcome: Taking
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A mail and what it became, before anything of it is kept."""

    raw: bytes = field(repr=False)
    outcome: Outcome
    contribution: Contribution | None
    """None where the bytes could not be read."""
    received_at: datetime
    now: datetime
    channel: str


class Arriving(Beginning):
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
        mail = Arrived(
            raw=raw, outcome=outcome, contribution=contribution, received_at=received_at, now=now, channel=channel
        )
        return self.hold_all((mail,))[0]

    def hold_all(self, mails: Sequence[Arrived]) -> tuple[Taken, ...]:
        """The same for several, in their order: the documents of all first, then one transaction for all their rows.

        Gives back fewer than it got where the disk refuses one: those before it are kept. Raises where it is the first.
        """
        found: list[Facts | Taken] = []
        for mail in mails:
            try:
                found.append(self._documented(mail))
            except Unavailable:
                if not found:
                    raise
                break
        fresh = tuple(one for one in found if isinstance(one, Facts))
        if fresh:
            self._begin_all(fresh)
        return tuple(
            Taken(id=one.id, outcome=TAKEN_AS[one.state], reason=one.reason) if isinstance(one, Facts) else one
            for one in found
        )

    def _documented(self, mail: Arrived) -> Facts | Taken:
        """What is to get a row, now that its folder is whole; or what it is known as."""
        sha256 = facts.digest_of(mail.raw)
        known = self.of_bytes(sha256)
        if known is not None:
            return Taken(id=known.id, outcome="duplicate", reason=known.reason)
        self.room_for(len(mail.raw))
        arrival = Arrival(
            id=self._free_id(sha256),
            raw=mail.raw,
            contribution=mail.contribution,
            received_at=mail.received_at,
            now=mail.now,
            channel=mail.channel,
            sha256=sha256,
        )
        told = facts.facts_of(arrival, mail.outcome, self.keyed)
        if self._folders.create(told, mail.raw, mail.outcome):
            return told
        self._finish(told.id)
        known = self.of_bytes(sha256)
        if known is None:
            raise Unavailable(_("le dossier contributions/{id} est abîmé : mettez-le de côté").format(id=told.id))
        return Taken(id=known.id, outcome="duplicate", reason=known.reason)

    def astray(self) -> int:
        """How many mails came that were meant for somebody else, all those included that were erased since."""
        table = tables.counter.c
        with self._database.reading() as connection:
            return int(connection.scalar(sa.select(table.value).where(table.name == rows.ASTRAY)) or 0)

    def _free_id(self, sha256: Digest) -> ContributionId:
        """The first 16 digits, or, where somebody made two mails that share these, the next 16 that are free."""
        for start in range(0, len(sha256), 16):
            id_ = ContributionId(sha256[start : start + 16])
            row = self.known(id_)
            if row is None or row.sha256 == sha256:
                return id_
        raise AssertionError("four times 64 bits of SHA-256 are taken")
