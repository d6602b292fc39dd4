"""Mails on their way in: before anybody looked at them, while they are read, and once it is decided what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

from ingest.conversion import Result
from ingest.correspondence.following.reading import Looked
from ingest.model import Contribution
from ingest.store import Arrived, Store, Taken

FROM_SPAM = "from-spam-folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A mail before anybody looked at it. `raw` is no more than its header where it is `too_large`."""

    raw: bytes = field(repr=False)
    received_at: datetime
    channel: str
    spam: bool = False
    too_large: bool = False

    @property
    def noticed(self) -> tuple[str, ...]:
        """Words for what is known of it beside its bytes."""
        return (FROM_SPAM,) if self.spam else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What reading a mail told; nothing is decided yet."""

    looked: Looked | None = None
    answer: Contribution | None = None
    """The mail, if it may be an answer to a letter of ours."""
    result: Result | None = None
    """None for what was not converted: whether it is worth it was not known yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A mail that is being read."""

    mail: Incoming
    name: str
    """By which attempts at it are counted."""
    seen: Future[Seen] | None
    """None for one that is read by itself, once all before it are done with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Mails that are being read together."""

    now: datetime
    mails: tuple[Begun, ...]


class Kept:
    """Mails of which it is decided what they are, and which are not on the disk yet."""

    def __init__(self, store: Store, end: Callable[[str], None]) -> None:
        self._store, self._end = store, end
        self._waiting: list[tuple[str, Arrived]] = []

    @property
    def waiting(self) -> int:
        """How many there are."""
        return len(self._waiting)

    def add(self, name: str, mail: Arrived) -> None:
        """One more."""
        self._waiting.append((name, mail))

    def durable(self) -> Iterator[tuple[Taken, ...]]:
        """Write them in one transaction, and say what became of them, in their order.

        Where the disk refuses one, those before it are told, and then `Unavailable` is raised.
        """
        while self._waiting:
            taken = self._store.hold_all([mail for _name, mail in self._waiting])
            done, self._waiting = self._waiting[: len(taken)], self._waiting[len(taken) :]
            for name, _mail in done:
                self._end(name)
            yield taken
