"""One mail taken in: converted in a child with limits, then made durable. The same for the mailbox and for files."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from ingest.conversion import Result, convert
from ingest.model import Refusal
from ingest.settings import Settings
from ingest.store import Store, Taken
from ingest.worker import Worker

TOO_LARGE = "too-large"
FROM_SPAM = "from-spam-folder"


class Intake:
    """Takes mails into a store, one after the other, in one child process. A context manager."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._worker = Worker(memory_bytes=settings.limits.memory_bytes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._worker.close()

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
        """Hold, refuse or quarantine a mail; when this returns, it is on the disk.

        `too_large` says that `raw` is no more than its header. Raises `Unavailable` where the disk says no, and nothing
        else for what is in the mail.
        """
        known = self._store.known(raw)
        if known is not None:
            return Taken(id=known.id, outcome="duplicate", reason=known.reason)
        result = self._convert(raw, now=now, spam=spam, too_large=too_large)
        return self._store.hold(
            raw,
            result.outcome,
            contribution=result.contribution,
            received_at=received_at,
            now=now,
            channel=channel,
        )

    def replay(self, contribution_id: str, *, now: datetime, by: str, channel: str) -> Taken:
        """Take a quarantined mail again, from the bytes that were kept."""
        row = self._store.find(contribution_id)
        result = self._convert(self._store.raw(row.id), now=now, spam=False, too_large=False)
        return self._store.replace(
            row.id, result.outcome, contribution=result.contribution, now=now, by=by, channel=channel
        )

    def _convert(self, raw: bytes, *, now: datetime, spam: bool, too_large: bool) -> Result:
        if too_large:
            return Result(contribution=None, outcome=Refusal(reason=TOO_LARGE))
        noticed = (FROM_SPAM,) if spam else ()
        return convert(raw, settings=self._settings, now=now, run=self._worker.run, noticed=noticed)
