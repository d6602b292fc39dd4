"""What a view needs to know: the wall, what time it is, who asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from flask import abort, current_app, g

from ingest.fetching.reach import Reach
from ingest.moderation.roll import Roll
from ingest.settings import Moderator, Settings
from ingest.store import Session, Store

P = ParamSpec("P")
R = TypeVar("R")

ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the application holds, for all its threads."""

    store: Store
    roll: Roll
    clock: Callable[[], datetime]
    reach: Reach = field(default_factory=Reach)
    """How far a thread may be fetched from."""


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that is shown without a login. It goes under `route`, nearest to the function."""
    view.public = True  # type: ignore[attr-defined]
    return view


def from_anywhere(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a public view whose POST needs no page of ours before it: whoever knows its address may. Under `route`."""
    view.from_anywhere = True  # type: ignore[attr-defined]
    return public(view)


def administrators(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that is an administrator's; whoever else is logged in gets 403. Under `route`, too."""
    view.administrators = True  # type: ignore[attr-defined]
    return view


def desk() -> Desk:
    """What the application holds."""
    held: Desk = current_app.extensions["mur"]
    return held


def store() -> Store:
    """The wall's state: one a process, its threads share it."""
    return desk().store


def settings() -> Settings:
    """`mur.toml` as it was when `mur serve` began; who moderates is asked of `desk().roll`."""
    return desk().store.settings


def now() -> datetime:
    """The time of this request, in UTC: the same however often it is asked."""
    if "now" not in g:
        g.now = desk().clock()
    moment: datetime = g.now
    return moment


def zone() -> ZoneInfo:
    """The wall's time zone, in which people read every time."""
    return ZoneInfo(settings().wall.timezone)


def moderator() -> Moderator:
    """Who is logged in. On a public page, where perhaps nobody is, ask `who`."""
    asks = who()
    if asks is None:
        abort(401)
    return asks


def who() -> Moderator | None:
    """Who is logged in, or None."""
    asks: Moderator | None = g.get("moderator")
    return asks


def login() -> Session | None:
    """The login by which they came."""
    session: Session | None = g.get("login")
    return session


def is_administrator() -> bool:
    """Whether whoever asks may also erase and block."""
    asks = who()
    return asks is not None and asks.role == ADMINISTRATOR
