"""The Flask application: rooms, guards, words. Nothing is decided here."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from urllib.parse import urlsplit

from flask import Flask, request
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]

from ingest.fetching.reach import Reach
from ingest.moderation.roll import Roll
from ingest.moderation.web import failures, guards, rendering, studio
from ingest.moderation.web.visit import Desk
from ingest.settings import Settings
from ingest.store import Store

_log = logging.getLogger(__name__)

ROOMS = (
    *("waiting", "contribution", "glimpses", "relaying", "deciding", "editing"),
    *("signing_in", "chronicle", "figures", "preferences", "about", "leaving"),
)
"""The modules of this folder that hold a blueprint, each called `room`."""
FORM_BYTES = 2 * 1024 * 1024
"""A form's body at most: a draft of `[limits] text_bytes`, percent-encoded, and room beside it."""

_Info = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    store: Store,
    *,
    clock: Callable[[], datetime] = _now,
    rooms: Iterable[str] = ROOMS,
    reach: Reach | None = None,
) -> Flask:
    """The pages of one wall. `store` is shared by all threads; `clock` gives the time of a request; `reach` is how far
    a thread may be fetched from, where that is not the open Internet.

    Raises `Misconfigured` or `Unavailable` where the wall's key cannot be read.
    """
    app = _Pages(__name__)
    app.config.from_mapping(_config(settings, store))
    app.extensions["mur"] = Desk(store=store, roll=Roll(settings), clock=clock, reach=reach or Reach())
    CSRFProtect(app)
    rendering.install(app)
    guards.install(app, settings)
    failures.install(app)
    studio.install(app, settings, store)
    for name in rooms:
        app.register_blueprint(importlib.import_module(f"ingest.moderation.web.{name}").room)
    return app


def warm(app: Flask, now: datetime) -> None:
    """Start the children of an application before anybody asks for a preview."""
    with app.app_context():
        studio.studio().warm(now)


def close(app: Flask) -> None:
    """End the children that an application keeps."""
    with app.app_context():
        studio.studio().close()


def _config(settings: Settings, store: Store) -> dict[str, object]:
    address = urlsplit(settings.moderation.url)
    secure = address.scheme == "https"
    return {
        "SECRET_KEY": store.keyed("web", "forms"),
        # For a hint and a form's key only; the login has its own cookie, see `guards`
        "SESSION_COOKIE_NAME": "__Host-mur-form" if secure else "mur-form",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        # Not Strict: a link in a webmail is followed from another site, and its reader is logged in all the same
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.moderation.session_hours),
        "MAX_CONTENT_LENGTH": FORM_BYTES,
        "MAX_FORM_MEMORY_SIZE": FORM_BYTES,
        "MAX_FORM_PARTS": 1000,
        # As long as the login: what somebody wrote for an hour is not lost to a key that grew old
        "WTF_CSRF_TIME_LIMIT": None,
        # `guards` compares Origin, which no extension of a browser strips as some do Referer
        "WTF_CSRF_SSL_STRICT": False,
        "WTF_CSRF_CHECK_DEFAULT": False,
        "MUR_SECURE": secure,
    }


class _Pages(Flask):
    """Flask, with a log that holds nothing of what was sent."""

    def log_exception(self, exc_info: _Info) -> None:
        """The kind of the exception and where; the traceback, which may quote a mail, only at `--debug`."""
        kind = exc_info[0].__name__ if exc_info[0] else "?"
        _log.error("%s %s: %s", request.method, request.endpoint, kind)
        _log.debug("traceback", exc_info=exc_info if exc_info[0] else None)
