"""Whoever looks at the pages: a browser without a screen, and a real one."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext
from werkzeug.test import TestResponse

from ingest.settings import Moderator
from ingest.store import Store

OWN = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
"""What a browser says of a form that stands on our own page."""
_KEY = re.compile(r'name="csrf_token" value="([^"]+)"')


class Clock:
    """A time that stands until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def pass_(self, **spans: float) -> None:
        """Let so much time go by: `pass_(minutes=15)`."""
        self.moment += timedelta(**spans)


class Visitor:
    """A browser without a screen: it keeps cookies, and sends what a form of ours would."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, **named: object) -> TestResponse:
        """A page."""
        return self.client.get(path, **named)

    def key(self, path: str = "/a-propos") -> str:
        """The key of a form on that page; `/connexion` has one for whoever is not logged in."""
        found = _KEY.search(self.client.get(path).text) or _KEY.search(self.client.get("/connexion").text)
        assert found, "no form on the page"
        return html.unescape(found[1])

    def post(self, path: str, data: dict[str, str] | None = None, **named: object) -> TestResponse:
        """A form, with its key, as a browser sends it."""
        headers = {**OWN, **dict(named.pop("headers", {}))}
        return self.client.post(path, data={"csrf_token": self.key(), **(data or {})}, headers=headers, **named)

    def cookie(self, name: str = "mur") -> str:
        """The value of a cookie; empty without."""
        found = self.client.get_cookie(name)
        return found.value if found else ""


class Live:
    """The pages on a port, for a real browser."""

    def __init__(self, url: str, store: Store, moderators: tuple[Moderator, ...], clock: Clock) -> None:
        self.url, self.store, self._moderators, self._clock = url, store, moderators, clock

    def login(self, context: BrowserContext, name: str = "zoe") -> None:
        """Let a browser be logged in as somebody."""
        address = next(one.address for one in self._moderators if one.name == name)
        who = self.store.who(address)
        opened = self.store.open_session(who, device="Chromium, Linux", known=False, now=self._clock())
        context.add_cookies([{"name": "mur", "value": opened.cookie, "url": self.url}])
