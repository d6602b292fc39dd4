"""What a mail is, once it was read: an answer that acts, something to turn away, a contribution. And who reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from ingest.arrivals import Incoming, Seen
from ingest.conversion import Each, Result, convert
from ingest.correspondence.answered import Answers
from ingest.correspondence.contributing.addressed import Addressing
from ingest.correspondence.following.door import Following
from ingest.doorkeeper import Doorkeeper
from ingest.errors import MurError
from ingest.model import Digest, Refusal
from ingest.settings import Settings
from ingest.store import CHANNEL, Arrived, Attempts, Store, Taken, digest_of
from ingest.worker import Worker
from ingest.workers import Workers

TOO_LARGE = "too-large"
_CHILDREN = 2
"""That read a batch; the parent beside them mostly waits for the mailbox and the disk."""


class Deciding:
    """The part of an intake that looks at one mail."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._worker = Worker(memory_bytes=settings.limits.memory_bytes)
        self._workers = Workers(_CHILDREN, memory_bytes=settings.limits.memory_bytes)
        self._attempts = Attempts(settings.paths.state / "attempts")
        self._reading: set[str] = set()
        self._door = Doorkeeper(store, settings, self._worker.run)
        self._answers = Answers(store, settings, self._worker.run)
        self._following = Following(store, settings, self._worker.run)
        self._addressing = Addressing(store, settings, self._worker.run)

    def let_go(self) -> None:
        """Whatever is being read will be begun anew: nothing was wrong with it."""
        for name in tuple(self._reading):
            self._ended(name)

    def _seen(self, mail: Incoming, now: datetime, worker: Worker, *, wanted: bool) -> Seen:
        """What a child reads in a mail. Asks no store: the children are led by threads of their own."""
        told = {"received_at": mail.received_at, "now": now}
        return Seen(
            looked=self._following.look(mail.raw, channel=mail.channel, run=worker.run, **told),
            answer=self._answers.look(mail.raw, worker.run),
            result=self._convert(mail.raw, now=now, noticed=mail.noticed, each=worker.each) if wanted else None,
        )

    def _decided(self, mail: Incoming, seen: Seen, now: datetime, *, calm: bool) -> Arrived | Taken:
        """What a mail is: done with, or to be kept. `calm`: nobody is blocked, and few came."""
        told = {"received_at": mail.received_at, "now": now}
        done = self._following.act(mail.raw, seen.looked, channel=mail.channel, **told)
        done = done or self._answers.act(mail.raw, seen.answer, channel=mail.channel, **told)
        if done:
            return done
        turned = None if calm else self._turned_away(mail)
        if turned is None and mail.too_large:  # who sent it is known all the same: they are told
            turned = Result(contribution=self._door.head(mail.raw), outcome=Refusal(reason=TOO_LARGE))
        if turned is None:
            read = seen.result or self._convert(mail.raw, now=now, noticed=mail.noticed, each=self._worker.each)
            turned = self._addressing.result(read)
        return self._arrived(mail, turned, now)

    def _turned_away(self, mail: Incoming) -> Result | None:
        return self._door.turned_away(mail.raw, mail.received_at, mail.noticed, floods=mail.channel == CHANNEL)

    def _arrived(self, mail: Incoming, result: Result, now: datetime) -> Arrived:
        return Arrived(
            raw=mail.raw,
            outcome=result.outcome,
            contribution=result.contribution,
            received_at=mail.received_at,
            now=now,
            channel=mail.channel,
        )

    def _convert(
        self, raw: bytes, *, now: datetime, noticed: tuple[str, ...], each: Each, asked: bool = False
    ) -> Result:
        return convert(raw, settings=self._settings, now=now, each=each, noticed=noticed, asked=asked)

    @contextmanager
    def _counted(self, name: str) -> Iterator[bool]:
        """Around an attempt: whether to make it. What ends by an error that is nobody's fault is none.

        An error that is a bug of ours counts: it would end the program again and again.
        """
        may_be_read = self._attempts.begin(name)
        try:
            yield may_be_read
        except (MurError, KeyboardInterrupt, SystemExit):
            if may_be_read:
                self._attempts.end(name)
            raise
        self._attempts.end(name)

    def _ended(self, name: str) -> None:
        self._attempts.end(name)
        self._reading.discard(name)

    def _name(self, raw: bytes) -> str:
        return self._named(digest_of(raw))

    def _named(self, sha256: Digest) -> str:
        return self._store.keyed("attempt", sha256)
