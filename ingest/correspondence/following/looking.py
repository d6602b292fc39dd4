"""What mails tell whoever keeps the list, read in a child; nothing of it is believed, and no store is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from ingest.conversion import Run
from ingest.correspondence.audience import own_addresses
from ingest.correspondence.following.reading import Looked, look, may_concern
from ingest.errors import BadMessage
from ingest.settings import Settings
from ingest.store import CHANNEL, Store
from ingest.worker import Overrun

_FRESH = timedelta(days=3)


class Looking:
    """The part of the door that reads."""

    def __init__(self, store: Store, settings: Settings, run: Run) -> None:
        self._store, self._settings, self._run = store, settings, run

    def look(
        self, raw: bytes, *, received_at: datetime, now: datetime, channel: str, run: Run | None = None
    ) -> Looked | None:
        """What a mail tells that may ask for something, read by `run`; None for one that does not. Asks no store.

        What is brought in by hand, or lay in the mailbox for days, asks for nothing any more.
        """
        if channel != CHANNEL or now - received_at > _FRESH:
            return None
        return self._look(raw, run or self._run)

    def _look(self, raw: bytes, run: Run) -> Looked | None:
        if not may_concern(raw):
            return None
        limits, server = self._settings.limits, self._settings.mailbox.authserv_id
        try:
            return run(limits.part_seconds, look, raw, limits, server, own_addresses(self._settings))
        except (BadMessage, Overrun):
            return None
