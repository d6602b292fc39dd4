"""Before a mail is read: is its sender blocked, is it too much at once? Its header says so, read in the child."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ingest import message
from ingest.conversion import Result, Run
from ingest.errors import BadMessage
from ingest.model import Contribution, Quarantine, Refusal
from ingest.settings import Settings
from ingest.store import APART, BLOCKED, Store
from ingest.worker import Overrun


class Doorkeeper:
    """Asks a store, and has headers read by `run`."""

    def __init__(self, store: Store, settings: Settings, run: Run) -> None:
        self._store, self._settings, self._run = store, settings, run

    def turned_away(self, raw: bytes, at: datetime, noticed: tuple[str, ...], *, floods: bool) -> Result | None:
        """What becomes of a mail, come at this moment, that is not to be read; None where it is.

        Without anybody blocked, and as long as few came that day, no header is read. `floods` says whether quotas
        count for this mail. Raises `Unavailable`.
        """
        if not self._store.wary(at):
            return None
        head = self.head(raw)
        sender = self._store.sender_key(head)
        if head and self._store.refuses(sender, head.authenticity):
            return Result(contribution=head, outcome=Refusal(reason=BLOCKED))
        if floods and self._store.beyond(sender, at):
            told = replace(head, warnings=noticed) if head else None
            return Result(contribution=told, outcome=Quarantine(reason=APART))
        return None

    def head(self, raw: bytes) -> Contribution | None:
        """What the header alone tells of a mail; None where it cannot be read."""
        limits = self._settings.limits
        try:
            told = self._run(limits.part_seconds, read_head, _header(raw, limits.header_bytes), self._settings)
        except (BadMessage, Overrun):
            return None
        return replace(told, warnings=())


def read_head(head: bytes, settings: Settings) -> Contribution:
    """A header as a mail without a body. Raises `BadMessage`."""
    return message.read(head, limits=settings.limits, authserv_id=settings.mailbox.authserv_id)


def _header(raw: bytes, limit: int) -> bytes:
    """A mail's header with the empty line that ends it, or a little more than `limit` bytes of a longer one."""
    begin = raw[: limit + 4]
    ends = [end + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if (end := begin.find(mark)) >= 0]
    return begin[: min(ends)] if ends else begin
