"""One look into every folder of the mailbox: batches fetched, read, made durable, filed away.

While a batch is being read in the children, the next ones are fetched. Nothing is decided here, and nothing is
remembered: what lies in the folders is new. A mail that was taken and not filed away, because something was unplugged
in between, is taken again, which changes nothing, and filed away then.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from ingest.arrivals import Batch, Incoming
from ingest.errors import MurError
from ingest.mailbox import Fetched, Mailbox
from ingest.settings import Settings
from ingest.store import ERASED, Taken
from ingest.words import _

_Begun = tuple[tuple[Fetched, ...], Batch]
_MOST_AHEAD, _BYTES_AHEAD = 2, 8_000_000
"""Batches that are read while one is finished; and bytes, beyond which it is one."""


class Room(Protocol):
    """Of a store: whether there is room on the disk."""

    def room_for(self, size: int) -> None:
        """Raise `Unavailable` where a mail of `size` bytes would leave too little."""


class Taker(Protocol):
    """What makes mails durable, whatever they hold: `ingest.intake.Intake`."""

    def begin(self, mails: Sequence[Incoming], *, now: datetime) -> Batch:
        """Have mails read, and return at once. Raises `Unavailable`."""

    def finish(self, batch: Batch) -> Iterator[tuple[Taken, ...]]:
        """What became of them, in their order, some at a time: those are on the disk by then. Raises `Unavailable`."""

    def let_go(self) -> None:
        """Whatever is being read is none of this one's any more, for no fault of the mails."""

    def let_in(self, *, now: datetime) -> object:
        """Take some of what was too much at once, where there is room again. Raises `Unavailable`."""


class Watch(Protocol):
    """Who looks on: `ingest.watch.watcher.Watcher`. Its methods never raise, but for `watching`."""

    def watching(self) -> AbstractContextManager[None]:
        """Open while this poller, and no other one, reads. Raises `Unavailable`."""

    def mail(self, mail: Fetched, taken: Taken, *, filed: bool, seconds: float) -> None:
        """A mail was taken, in `seconds`."""

    def looked(self, *, unfiled: int) -> None:
        """All folders were read to their end; `unfiled` mails would not leave theirs."""

    def failed(self, error: MurError) -> None:
        """They were not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One look into every folder."""

    settings: Settings
    store: Room
    intake: Taker
    stop: threading.Event
    say: Callable[[str], None]
    watch: Watch | None

    def until_empty(self, mailbox: Mailbox) -> int:
        """Rounds until nothing new came. Returns how many mails were taken but would not be filed away."""
        filed, left = 1, 0
        while filed and not self.stop.is_set():
            filed, left = self.once(mailbox)
        if not self.stop.is_set():
            self.intake.let_in(now=datetime.now(UTC))
        if self.watch and not self.stop.is_set():
            self.watch.looked(unfiled=left)
        return left

    def once(self, mailbox: Mailbox) -> tuple[int, int]:
        """How many mails were filed away, and how many were taken but not filed."""
        filed = left = 0
        self.store.room_for(0)
        try:
            for folder in mailbox.folders:
                for mails, batch in _ahead(map(self._begun, self._batches(mailbox, folder))):
                    done = self._finished(mailbox, mails, batch)
                    filed, left = filed + sum(done), left + len(done) - sum(done)
                    del mails, batch  # before the next are fetched
                if self.stop.is_set():
                    break
        except (MurError, KeyboardInterrupt, SystemExit):
            self.intake.let_go()
            raise
        return filed, left

    def _batches(self, mailbox: Mailbox, folder: str) -> Iterator[tuple[Fetched, ...]]:
        for mails in mailbox.batches(folder):
            if mails:
                yield mails
            del mails
            if self.stop.is_set():
                return

    def _begun(self, mails: tuple[Fetched, ...]) -> tuple[tuple[Fetched, ...], Batch]:
        self.store.room_for(sum(len(mail.raw) for mail in mails))
        return mails, self.intake.begin([_incoming(mail) for mail in mails], now=datetime.now(UTC))

    def _finished(self, mailbox: Mailbox, mails: tuple[Fetched, ...], batch: Batch) -> list[bool]:
        """Of each mail that was taken, whether it was filed away."""
        filed: list[bool] = []
        began = time.monotonic()
        for taken in self.intake.finish(batch):
            some = mails[len(filed) : len(filed) + len(taken)]
            done = _put_away(mailbox, some, taken)
            seconds = (time.monotonic() - began) / len(some)
            for mail, one, gone in zip(some, taken, done, strict=True):
                self._tell(one)
                if self.watch:
                    self.watch.mail(mail, one, filed=gone, seconds=seconds)
            filed += done
            began = time.monotonic()
        return filed

    def _tell(self, taken: Taken) -> None:
        reason = f" ({taken.reason})" if taken.reason else ""
        self.say(f"{taken.id} : {_(_SAID.get(taken.outcome, taken.outcome))}{reason}")


def _ahead(begun: Iterable[_Begun]) -> Iterator[_Begun]:
    """Each batch, once those behind it were begun: two, so that no child waits while mails are made durable and the
    next are fetched; one where they are large, so that memory is bounded.
    """
    held: list[_Begun] = []
    for one in begun:
        held.append(one)
        del one
        while len(held) > _MOST_AHEAD or (len(held) > 1 and sum(map(_size, held)) > _BYTES_AHEAD):
            yield held.pop(0)
    while held:
        yield held.pop(0)


def _size(begun: _Begun) -> int:
    return sum(len(mail.raw) for mail in begun[0])


def _incoming(mail: Fetched) -> Incoming:
    return Incoming(
        raw=mail.raw, received_at=mail.received_at, channel="imap", spam=mail.spam, too_large=mail.too_large
    )


def _put_away(mailbox: Mailbox, mails: Sequence[Fetched], taken: Sequence[Taken]) -> list[bool]:
    """Out of their folder: deleted where a mail was erased here, so that no copy stays; else filed away."""
    gone = [_is_erased(one) and mailbox.delete(mail) for mail, one in zip(mails, taken, strict=True)]
    left = [mail for mail, deleted in zip(mails, gone, strict=True) if not deleted]
    filed = iter(mailbox.file_all_away(left) if left else ())
    return [deleted or next(filed) for deleted in gone]


def _is_erased(taken: Taken) -> bool:
    return taken.outcome in {"duplicate", "handled"} and taken.reason == ERASED


_SAID = {
    "held": "en attente",
    "duplicate": "déjà là",
    "refused": "refusé",
    "quarantined": "illisible, mis de côté",
    "handled": "traité",
}
