"""Mails taken in: converted in children with limits, then made durable. The same for the mailbox and for files.

Mails come in batches. `begin` hands those of one to the children and returns at once; `finish` waits for them in their
order, decides, and makes them durable together. So the next batch is fetched while this one is read. What is decided of
a mail, and what is written of it, is the same as if it had come alone: see decision 0026.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Self

from ingest.arrivals import FROM_SPAM, Batch, Begun, Incoming, Kept, Seen
from ingest.conversion import Result
from ingest.deciding import TOO_LARGE, Deciding
from ingest.errors import MurError, Refused
from ingest.model import Quarantine
from ingest.states import State
from ingest.store import BLOCKED, BY_ITSELF, CHANNEL, Arrived, Row, Taken, digest_of
from ingest.words import _
from ingest.worker import Worker

TOO_MANY_ATTEMPTS = "too-many-attempts"
_TOO_OFTEN = Result(contribution=None, outcome=Quarantine(reason=TOO_MANY_ATTEMPTS))
_LET_IN = 20
"""Mails that were set apart, taken between two looks into the mailbox."""


class Intake(Deciding):
    """Takes mails into a store. A context manager; not for several threads."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        self._workers.close()
        self._worker.close()
        if kind is None or issubclass(kind, MurError | KeyboardInterrupt | SystemExit):
            self.let_go()
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
        mail = Incoming(raw=raw, received_at=received_at, channel=channel, spam=spam, too_large=too_large)
        ((taken,),) = self.finish(self.begin((mail,), now=now))
        return taken

    def begin(self, mails: Sequence[Incoming], *, now: datetime) -> Batch:
        """Have mails read, and return at once: nothing is decided and nothing kept. Raises `Unavailable`."""
        alone, calm = len(mails) == 1 and not self._reading, self._store.calm([mail.received_at for mail in mails])
        return Batch(now=now, mails=tuple(self._begun(mail, now, alone=alone, calm=calm) for mail in mails))

    def finish(self, batch: Batch) -> Iterator[tuple[Taken, ...]]:
        """What became of the mails of a batch, in their order, some at a time: those are on the disk by then.

        Raises `Unavailable` where the disk says no, after those before were told.
        """
        kept = Kept(self._store, self._ended)
        try:
            moments = [begun.mail.received_at for begun in batch.mails]
            calm = self._store.calm(moments)
            crowded = not calm and self._store.crowded(moments)
            for begun in batch.mails:
                if begun.seen is None or crowded:
                    yield from kept.durable()  # so that those before are known, and counted
                if begun.seen is None:
                    decided = self._alone(begun, batch.now)
                else:
                    decided = self._decided(begun.mail, begun.seen.result(), batch.now, calm=calm)
                if isinstance(decided, Taken):
                    yield from kept.durable()
                    self._ended(begun.name)
                    yield (decided,)
                else:
                    kept.add(begun.name, decided)
            yield from kept.durable()
        except (MurError, KeyboardInterrupt, SystemExit) as error:
            if isinstance(error, MurError):
                yield from kept.durable()
            self.let_go()
            raise

    def _begun(self, mail: Incoming, now: datetime, *, alone: bool, calm: bool) -> Begun:
        """Beside others; but by itself what is known, and what somebody was at when a program ended.

        So a mail that takes the program with it does not have those beside it counted out, too.
        """
        sha256 = digest_of(mail.raw)
        name = self._named(sha256)
        if alone or mail.too_large or self._attempts.made(name) or self._store.of_bytes(sha256):
            return Begun(mail=mail, name=name, seen=None)
        self._reading.add(name)
        self._attempts.begin(name)
        wanted = calm or self._turned_away(mail) is None

        def read(worker: Worker) -> Seen:
            return self._seen(mail, now, worker, wanted=wanted)

        return Begun(mail=mail, name=name, seen=self._workers.submit(read))

    def _alone(self, begun: Begun, now: datetime) -> Arrived | Taken:
        """A mail that is read now, by itself."""
        mail = begun.mail
        known = self._store.known(mail.raw)
        if known is not None:
            self._answers.resume(known, mail.raw, now=now)
            self._following.resume(known, mail.raw, now=now)
            return Taken(id=known.id, outcome="duplicate", reason=known.reason)
        if not self._attempts.begin(begun.name):
            return self._arrived(mail, _TOO_OFTEN, now)
        self._reading.add(begun.name)
        seen = Seen() if mail.too_large else self._seen(mail, now, self._worker, wanted=False)
        return self._decided(mail, seen, now, calm=False)

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
                with self._counted(self._name(raw)) as may_be_read:
                    self._store.count_in(row.sender_key, now)
                    done.append(self._again(row, raw, now=now, by=BY_ITSELF, channel=CHANNEL, read=may_be_read))
        return tuple(done)

    def _again(self, row: Row, raw: bytes, *, now: datetime, by: str, channel: str, read: bool = True) -> Taken:
        result = _TOO_OFTEN
        if read:
            asked = (row.state is State.DISCARDED and row.reason != BLOCKED) or row.astray
            noticed = (*(word for word in row.warnings if word == FROM_SPAM), *([row.reason] if asked else []))
            turned = self._door.turned_away(raw, now, noticed, floods=False)
            if turned is None:
                read_now = self._convert(raw, now=now, noticed=noticed, each=self._worker.each, asked=asked)
                turned = self._addressing.result(read_now)
            result = turned
        return self._store.replace(
            row.id, result.outcome, contribution=result.contribution, now=now, by=by, channel=channel
        )
