"""What is due is written and handed to the server, one letter after the other, by whoever calls: command or poller.

    take (a lease) -> write -> hand over -> note how it ended

A letter that a server will not take now comes again after a pause that grows from a minute to four hours, for
`tries_days` days (RFC 5321 section 4.5.4.1); one that it refuses for good has ended.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ingest.correspondence.kinds import KINDS
from ingest.correspondence.letter import Mail, Unsent
from ingest.correspondence.outgoing import Server
from ingest.correspondence.rendering import Templates
from ingest.correspondence.writing import write
from ingest.errors import BadMessage, Misconfigured, Refused, Unavailable
from ingest.settings import Settings
from ingest.store import Store
from ingest.store.letters import WAITING
from ingest.store.outbox import DROPPED, FAILED, SENT, Posted

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=4)
_ONCE_A_DAY = {name: kind.patient for name, kind in KINDS.items() if kind.once_a_day}
UNREACHED, BAD_TEMPLATE = "unreached", "template"
"""Words of the outbox: no answer from the server; the wall's own template is wrong."""


@dataclass(slots=True)
class Round:
    """How many letters ended how, by state; `waiting` are those put off."""

    ended: dict[str, int] = field(default_factory=dict)
    problem: Misconfigured | None = None
    """A template that is wrong: its letters wait, the others went."""

    def count(self, state: str) -> None:
        """One more."""
        self.ended[state] = self.ended.get(state, 0) + 1


Told = Callable[[Posted, str, str], None]
"""Called for each letter with its new state and the word for it."""


def send_due(
    settings: Settings,
    store: Store,
    *,
    now: Callable[[], datetime],
    stopped: Callable[[], bool] = lambda: False,
    tell: Told = lambda _letter, _state, _word: None,
    into: Round | None = None,
) -> Round:
    """Send what is due, until nothing is, or the day's number is reached, or `stopped`. The count is kept `into` one
    that the caller has, where it is to be read after a failure too.

    Raises `Unavailable` where the server cannot be reached or goes away, or the database says no: what was not sent
    waits. Raises `Misconfigured` where nothing can ever be sent.
    """
    it = _Sender(settings=settings, store=store, now=now, tell=tell, round=into or Round())
    with ExitStack() as connection:
        while not stopped() and (letter := it.take()):
            mail = it.written(letter)
            if mail is not None:
                it.hand(letter, mail, connection)
    return it.round


@dataclass(slots=True, kw_only=True)
class _Sender:
    settings: Settings
    store: Store
    now: Callable[[], datetime]
    tell: Told
    round: Round
    server: Server | None = None
    templates: Templates | None = None

    def take(self) -> Posted | None:
        now = self.now()
        since = midnight(now, self.settings)
        return self.store.take_letter(now=now, since=since, most=self.settings.outgoing.daily, once_a_day=_ONCE_A_DAY)

    def written(self, letter: Posted) -> Mail | None:
        """The mail; None where the letter ended before there was one, or waits for its template to be mended."""
        self.templates = self.templates or Templates(self.settings)
        try:
            mail = write(self.settings, self.store, self.templates, letter, now=self.now())
        except Misconfigured as error:
            self.round.problem = error
            self._later(letter, BAD_TEMPLATE)
            return None
        except (Refused, BadMessage):
            mail = Unsent(why="unreadable")  # a draft that is not there any more as it was written
        if isinstance(mail, Unsent):
            self._end(letter, DROPPED, mail.why)
            return None
        return mail

    def hand(self, letter: Posted, mail: Mail, connection: ExitStack) -> None:
        try:
            self.server = self.server or connection.enter_context(Server(self.settings))
            said = self.server.hand(mail)
        except (Unavailable, Misconfigured):
            self._later(letter, UNREACHED)
            raise
        if said.taken:
            self.store.letter_sent(letter, now=self.now())
            self._told(letter, SENT, "")
        elif said.for_good:
            self._end(letter, FAILED, said.word)
        else:
            self._later(letter, said.word)

    def _later(self, letter: Posted, word: str) -> None:
        now = self.now()
        if now - (letter.tried_at or now) >= timedelta(days=self.settings.outgoing.tries_days):
            self._end(letter, FAILED, word)
            return
        self.store.letter_later(letter, word, due_at=now + pause(letter.attempts, random.random()))  # noqa: S311
        self._told(letter, WAITING, word)

    def _end(self, letter: Posted, state: str, word: str) -> None:
        self.store.letter_ended(letter, state, word, now=self.now())
        self._told(letter, state, word)

    def _told(self, letter: Posted, state: str, word: str) -> None:
        self.round.count(state)
        self.tell(letter, state, word)


def pause(attempts: int, chance: float) -> timedelta:
    """How long until the next attempt: from half to all of a time that doubles, so that not all come back at once.

    `chance` is from 0 to 1. Pure.
    """
    longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(max(attempts - 1, 0), 20))
    return longest * (0.5 + chance / 2)


def midnight(now: datetime, settings: Settings) -> datetime:
    """When the day that `now` is in began, where the wall is: from then on `daily` is counted."""
    zone = ZoneInfo(settings.wall.timezone)
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
