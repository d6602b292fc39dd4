"""One mail taken in: converted in a child with limits, then made durable. The same for the mailbox and for files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Self

from ingest.conversion import Result, convert
from ingest.correspondence.answered import Answers
from ingest.correspondence.contributing.addressed import Addressing
from ingest.correspondence.following.door import Following
from ingest.doorkeeper import Doorkeeper
from ingest.errors import MurError, Refused
from ingest.model import Quarantine, Refusal
from ingest.settings import Settings
from ingest.states import State
from ingest.store import BLOCKED, BY_ITSELF, CHANNEL, Attempts, Row, Store, Taken, digest_of
from ingest.words import _
from ingest.worker import Worker

TOO_LARGE = "too-large"
FROM_SPAM = "from-spam-folder"
TOO_MANY_ATTEMPTS = "too-many-attempts"
_TOO_OFTEN = Result(contribution=None, outcome=Quarantine(reason=TOO_MANY_ATTEMPTS))
_LET_IN = 20
"""Mails that were set apart, taken between two looks into the mailbox."""


class Intake:
    """Takes mails into a store, one after the other, in one child process. A context manager."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._worker = Worker(memory_bytes=settings.limits.memory_bytes)
        self._attempts = Attempts(settings.paths.state / "attempts")
        self._door = Doorkeeper(store, settings, self._worker.run)
        self._answers = Answers(store, settings, self._worker.run)
        self._following = Following(store, settings, self._worker.run)
        self._addressing = Addressing(store, settings, self._worker.run)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._worker.close()
        self._attempts.close()

    def take(
        self,
        raw: bytes,
        *,
        received_at: datetime,
        now: datetime,
        channel: str,
        spam: bool = False,
        too_large: bool = False,
    ) -> Taken:
        """Hold, refuse, quarantine or set apart a mail; when this returns, it is on the disk.

        What answers a letter of ours is kept and done, and no contribution.
        `too_large` says that `raw` is no more than its header. Raises `Unavailable` where the disk says no, and nothing
        else for what is in the mail.
        """
        known = self._store.known(raw)
        if known is not None:
            self._answers.resume(known, raw, now=now)
            self._following.resume(known, raw, now=now)
            self._attempts.end(self._name(raw))
            return Taken(id=known.id, outcome="duplicate", reason=known.reason)
        with self._counted(raw) as may_be_read:
            result = _TOO_OFTEN
            if may_be_read and not too_large:
                followed = self._following.take(raw, received_at=received_at, now=now, channel=channel)
                if followed:
                    return followed
                answered = self._answers.take(raw, received_at=received_at, now=now, channel=channel)
                if answered:
                    return answered
            if may_be_read:
                noticed = (FROM_SPAM,) if spam else ()
                turned = self._door.turned_away(raw, received_at, noticed, floods=channel == CHANNEL)
                result = turned or (self._too_large(raw) if too_large else self._convert(raw, now=now, noticed=noticed))
            return self._store.hold(
                raw,
                result.outcome,
                contribution=result.contribution,
                received_at=received_at,
                now=now,
                channel=channel,
            )

    def replay(self, contribution_id: str, *, now: datetime, by: str, channel: str) -> Taken:
        """Take a mail again that is in quarantine, or that a rule refused, from the bytes that were kept.

        Somebody asked for it: how often it was tried does not count. Raises `Refused` for any other.
        """
        row = self._store.replayable(self._store.find(contribution_id).id)
        if row.reason == TOO_LARGE:
            raise Refused(_("de ce courriel trop lourd, seul l’en-tête a été gardé"))
        raw = self._store.raw(row.id)
        self._attempts.end(self._name(raw))
        return self._again(row, raw, now=now, by=by, channel=channel)

    def let_in(self, *, now: datetime) -> tuple[Taken, ...]:
        """Take some of what was set apart, where there is room again: the longest here first. Raises `Unavailable`."""
        done = []
        for row in self._store.to_let_in(now, limit=_LET_IN):
            if self._store.too_much() or self._store.beyond(row.sender_key, now):
                continue
            with suppress(Refused):  # somebody was faster
                raw = self._store.raw(row.id)
                with self._counted(raw) as may_be_read:
                    self._store.count_in(row.sender_key, now)
                    done.append(self._again(row, raw, now=now, by=BY_ITSELF, channel=CHANNEL, read=may_be_read))
        return tuple(done)

    def _again(self, row: Row, raw: bytes, *, now: datetime, by: str, channel: str, read: bool = True) -> Taken:
        result = _TOO_OFTEN
        if read:
            asked = (row.state is State.DISCARDED and row.reason != BLOCKED) or row.astray
            noticed = (*(word for word in row.warnings if word == FROM_SPAM), *([row.reason] if asked else []))
            turned = self._door.turned_away(raw, now, noticed, floods=False)
            result = turned or self._convert(raw, now=now, noticed=noticed, asked=asked)
        return self._store.replace(
            row.id, result.outcome, contribution=result.contribution, now=now, by=by, channel=channel
        )

    def _convert(self, raw: bytes, *, now: datetime, noticed: tuple[str, ...], asked: bool = False) -> Result:
        run = self._worker.run
        return self._addressing.result(
            convert(raw, settings=self._settings, now=now, run=run, noticed=noticed, asked=asked)
        )

    def _too_large(self, raw: bytes) -> Result:
        """Who sent it is known all the same: they are told."""
        return Result(contribution=self._door.head(raw), outcome=Refusal(reason=TOO_LARGE))

    @contextmanager
    def _counted(self, raw: bytes) -> Iterator[bool]:
        """Around an attempt: whether to make it. What ends by an error that is nobody's fault is none.

        An error that is a bug of ours counts: it would end the program again and again.
        """
        name = self._name(raw)
        may_be_read = self._attempts.begin(name)
        try:
            yield may_be_read
        except (MurError, KeyboardInterrupt, SystemExit):
            if may_be_read:
                self._attempts.end(name)
            raise
        self._attempts.end(name)

    def _name(self, raw: bytes) -> str:
        return self._store.keyed("attempt", digest_of(raw))
