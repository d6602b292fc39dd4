"""What the pages about a contribution share: the child that makes previews, the one that reads mails, signed addresses.

A frame with `sandbox` and no `allow-same-origin` sends no cookie (its origin is opaque), so that what it shows is asked
for by an address that is signed for one contribution, one text and half an hour, and good for nothing else.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from flask import Flask, current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.exceptions import NotFound

from ingest.errors import BadMessage, MurError, Refused
from ingest.model import ContributionId, Draft
from ingest.moderation.original import Original, closed, read
from ingest.publication.preview import Previewed, Previewer
from ingest.settings import Settings
from ingest.store import Row, Store
from ingest.words import _
from ingest.worker import Overrun, Worker

T = TypeVar("T")
LASTS = 1800
"""Seconds that an address of a frame is good for: pictures of a long text come as they are scrolled to."""
_FIRST = 10.0
"""Seconds of CPU for a child's first mail, which loads what reads mails."""
_SHELF = 48
_PAGE = 2_000_000
_NAME = "mur-studio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """What a signed address opens."""

    id: ContributionId
    what: str
    """`page`, of the draft `key`; `unsaved`, a page on the shelf; `courriel`, the markup of the mail."""
    key: str


class Studio:
    """One for an application; its threads share it."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self.previewer = Previewer(settings, store)
        self._reader = Worker(memory_bytes=settings.limits.memory_bytes)
        self._reading = threading.Lock()
        self._signer = URLSafeTimedSerializer(store.keyed("web", "frames"), salt="apercu")
        self._shelf: OrderedDict[str, Previewed] = OrderedDict()
        self._shelving = threading.Lock()

    def warm(self, now: datetime) -> None:
        """Start the children, in a thread of its own: nobody waits for it."""
        threading.Thread(target=self._warm, args=(now,), name="studio", daemon=True).start()

    def _warm(self, now: datetime) -> None:
        self.previewer.warm(now=now)
        with self._reading, suppress(MurError, Overrun):
            self._reader.run(_FIRST, read, b"Subject: -\r\n\r\n-\r\n", self._settings)

    def close(self) -> None:
        """End the children."""
        self.previewer.close()
        with self._reading:
            self._reader.close()

    def original(self, id_: ContributionId) -> Original | str:
        """The mail of a contribution, or why it cannot be shown."""
        try:
            if why := closed(self._store.find(id_)):
                return why
            raw = self._store.raw(id_)
            with self._reading:
                return self._reader.run(self._settings.limits.part_seconds, read, raw, self._settings)
        except Refused as refusal:
            return str(refusal)
        except (BadMessage, Overrun):
            return _("Ce courriel ne se lit pas. Vous pouvez le télécharger tel qu’il est arrivé.")

    def run(self, seconds: float, function: Callable[..., T], /, *args: object) -> T:
        """What a function gives in the child that reads mails. Raises as `ingest.worker.Worker.run`."""
        with self._reading:
            return self._reader.run(seconds, function, *args)

    def sign(self, glimpse: Glimpse) -> str:
        """The part of an address that opens it."""
        signed: str = self._signer.dumps([glimpse.id, glimpse.what, glimpse.key])
        return signed

    def opened(self, token: str) -> Glimpse:
        """What an address was signed for. Raises `NotFound` for one that is not ours, or too old."""
        try:
            id_, what, key = self._signer.loads(token, max_age=LASTS)
        except (BadSignature, ValueError):
            raise NotFound from None
        return Glimpse(id=ContributionId(id_), what=what, key=key)

    def shelve(self, row: Row, draft: Draft, *, now: datetime) -> Glimpse:
        """Make the page of a text that nobody saved, and keep it in memory till it is fetched or others push it out."""
        made = self.previewer.preview(row, draft, now=now)
        if len(made.html) > _PAGE:
            raise Refused(_("ce texte est trop long pour le mur"))
        key = secrets.token_urlsafe(12)
        with self._shelving:
            self._shelf[key] = made
            while len(self._shelf) > _SHELF:
                self._shelf.popitem(last=False)
        return Glimpse(id=row.id, what="unsaved", key=key)

    def shelved(self, key: str) -> Previewed:
        """A page from there. Raises `NotFound` once it is gone."""
        with self._shelving:
            if key in self._shelf:
                return self._shelf[key]
        raise NotFound


def install(app: Flask, settings: Settings, store: Store) -> None:
    """Give an application its studio; the children start when they are first needed."""
    app.extensions[_NAME] = Studio(settings, store)


def studio() -> Studio:
    """The studio of this application."""
    held: Studio = current_app.extensions[_NAME]
    return held
