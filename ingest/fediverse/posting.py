"""What waits is posted, what is gone is deleted, one after the other, by whoever calls: command or poller.

    take (a lease) -> note that it begins -> hand over, under the key of its row -> note what it is called there

A sender that dies between the server's yes and our note leaves a status that "began". Whoever comes next looks for it
among our own latest, by the page that it links to, and posts it again only where it is not there; and then under the
same Idempotency-Key, by which Mastodon knows it for an hour (`app/services/post_status_service.rb`).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.correspondence.following.news import page_url
from ingest.correspondence.sending import UNREACHED, midnight, pause
from ingest.errors import BadMessage, Misconfigured, Refused, Unavailable
from ingest.fediverse.home import Home, NoStatus
from ingest.fediverse.rules import FRESH, active
from ingest.fediverse.wording import Said, Subject, say
from ingest.model import Draft, Kind
from ingest.settings import Settings
from ingest.states import State
from ingest.store import Row, Store
from ingest.store.letters import WAITING
from ingest.store.outbox import DROPPED, FAILED, SENT, Posted
from ingest.store.statuses import Status

DELETED = "deleted"
_OLD = timedelta(days=7)
"""What waited so long, because this was off, is no news any more."""
_GONE = frozenset({"404", "410"})

Told = Callable[[Row | None, str, str], None]
"""Called for each with how it ended and the word for it."""


@dataclass(slots=True)
class Round:
    """How many ended how: `sent`, `waiting`, `failed`, `dropped`, `deleted`."""

    ended: dict[str, int] = field(default_factory=dict)

    def count(self, how: str) -> None:
        """One more."""
        self.ended[how] = self.ended.get(how, 0) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    row: Row
    said: Said
    pictures: tuple[Path, ...]
    page: str
    answers: str


def post_due(
    settings: Settings,
    store: Store,
    *,
    now: Callable[[], datetime],
    stopped: Callable[[], bool] = lambda: False,
    tell: Told = lambda _row, _how, _word: None,
    into: Round | None = None,
) -> Round:
    """Delete what does not stand here any more, then post what waits, until nothing does, or `stopped`.

    Raises `Unavailable` where the server does not answer, `Misconfigured` where it will not know us: what was not
    posted waits.
    """
    it = _Herald(settings=settings, store=store, now=now, tell=tell, round=into or Round())
    if not active(settings):
        return it.round
    for status in store.statuses_to_delete(settings.fediverse.server, now=now()):
        if stopped():
            return it.round
        it.delete(status)
    while not stopped() and (letter := it.take()):
        it.post(letter)
    return it.round


@dataclass(slots=True, kw_only=True)
class _Herald:
    settings: Settings
    store: Store
    now: Callable[[], datetime]
    tell: Told
    round: Round
    opened: Home | None = None

    @property
    def home(self) -> Home:
        self.opened = self.opened or Home(self.settings)
        return self.opened

    def take(self) -> Posted | None:
        now, most = self.now(), self.settings.fediverse.daily
        return self.store.take_letter(
            now=now, since=midnight(now, self.settings), most=most, once_a_day={}, fediverse=True
        )

    def delete(self, status: Status) -> None:
        """Take one away there, wherever it may have come to stand."""
        try:
            remote = status.remote or self.home.found(status.page)
            if remote:
                self.home.delete(remote)
        except NoStatus as error:
            if error.word not in _GONE:
                self._delete_later(status)
                return
        except (Unavailable, Misconfigured):
            self._delete_later(status)
            raise
        self.store.status_gone(status)
        self._told(self.store.known(status.contribution), DELETED, "")

    def _delete_later(self, status: Status) -> None:
        self.store.status_later(status, due_at=self.now() + _pause(status.attempts + 1))

    def post(self, letter: Posted) -> None:
        """One that is leased."""
        row = self.store.known(letter.contribution) if letter.contribution else None
        try:
            ready = self._ready(letter, row)
            if isinstance(ready, str):
                self._end(letter, row, DROPPED, ready)
                return
            self._hand(letter, ready)
        except NoStatus as error:
            self._end(letter, row, FAILED, error.word)
        except (Unavailable, Misconfigured):
            self._later(letter, row, UNREACHED)
            raise

    def _ready(self, letter: Posted, row: Row | None) -> _Ready | str:
        """What is to be said, or why nothing is."""
        if row is None or row.state is not State.PUBLISHED or row.published_digest is None:
            return "gone"
        status = self.store.status(row.id)
        if status is None and (FRESH not in letter.about or self.now() - letter.created_at > _OLD):
            return "old"
        page = page_url(self.settings, row, self.now())
        if not page:
            return "no-page"
        if status is not None and status.home != self.settings.fediverse.server:
            return "elsewhere"
        try:
            draft = self.store.draft(row.id, row.published_digest)
            relay = self._relay(draft)
            said = self._said(draft, page, relay)
            pictures = tuple(self.store.media(row.id, picture.name) for picture in said.pictures)
        except (Refused, BadMessage):
            return "unreadable"
        return _Ready(row=row, said=said, pictures=pictures, page=page, answers=self._standing(relay))

    def _said(self, draft: Draft, page: str, relay: Row | None) -> Said:
        title = self.store.draft(relay.id, relay.accepted_digest).title if relay and relay.accepted_digest else ""
        zone = ZoneInfo(self.settings.wall.timezone)
        subject = Subject(draft=draft, page=page, relay=title, now=self.now().astimezone(zone), zone=zone)
        return say(subject, self.settings.fediverse, self.home.limits())

    def _relay(self, draft: Draft) -> Row | None:
        """The campaign that it is news of, if it came by mail."""
        if draft.kind is not Kind.UPDATE:
            return None
        try:
            row = self.store.find(draft.extra.get("Update_of", ""))
        except Refused:
            return None
        return row if row.kind is Kind.RELAY else None

    def _standing(self, relay: Row | None) -> str:
        status = self.store.status(relay.id) if relay else None
        return status.remote if status and status.home == self.settings.fediverse.server else ""

    def _hand(self, letter: Posted, ready: _Ready) -> None:
        row, digest = ready.row, ready.said.digest
        known = self.store.status(row.id)
        remote = known.remote if known else ""
        if known and not remote:
            remote = self.home.found(ready.page)
        elif known and known.said != digest:
            self.home.correct(remote, ready.said)
        if not remote:
            self.store.status_begun(row.id, home=self.settings.fediverse.server, page=ready.page, now=self.now())
            remote = self._posted(letter, ready)
        self.store.status_stands(row.id, remote=remote, said=digest)
        self.store.letter_sent(letter, now=self.now())
        self._told(row, SENT, "")

    def _posted(self, letter: Posted, ready: _Ready) -> str:
        """What it continues may be gone there: then it stands by itself."""
        try:
            return self.home.post(ready.said, ready.pictures, key=letter.token, answers=ready.answers)
        except NoStatus as error:
            if not ready.answers or error.word not in _GONE:
                raise
        return self.home.post(ready.said, ready.pictures, key=letter.token, answers="")

    def _later(self, letter: Posted, row: Row | None, word: str) -> None:
        now = self.now()
        if now - (letter.tried_at or now) >= timedelta(days=self.settings.fediverse.tries_days):
            self._end(letter, row, FAILED, word)
            return
        self.store.letter_later(letter, word, due_at=now + _pause(letter.attempts))
        self._told(row, WAITING, word)

    def _end(self, letter: Posted, row: Row | None, how: str, word: str) -> None:
        self.store.letter_ended(letter, how, word, now=self.now())
        self._told(row, how, word)

    def _told(self, row: Row | None, how: str, word: str) -> None:
        self.round.count(how)
        self.tell(row, how, word)


def _pause(attempts: int) -> timedelta:
    return pause(attempts, random.random())  # noqa: S311 - not a secret
