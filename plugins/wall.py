"""What templates know of the wall itself: the variables `WALL` and `build_now`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ingest.errors import Misconfigured
from ingest.model import Markdown
from ingest.settings import Wall
from plugins.rendering import Unrenderable, render


class Trusted(str):
    """HTML that passed the gate, or was escaped by us: autoescaping leaves it as it is.

    Not `markupsafe.Markup`: its `replace` escapes what it is given, and a feed escapes its entries by `replace`
    (`xml.sax.saxutils.escape`).
    """

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class WallView:
    """`WALL` in the templates. All of it is plain text but `invitation_html`."""

    name: str
    address: str
    tagline: str
    invitation_html: Trusted
    notice: str
    language: str
    byline: str


def wall_view(wall: Wall) -> WallView:
    """The wall as its pages show it. Raises `Misconfigured` for an invitation that cannot be rendered."""
    try:
        invitation = render(Markdown(wall.invitation), notes="invitation", lang=wall.language)
    except Unrenderable as error:
        raise Misconfigured(f"[wall] invitation: {error.reason}") from None
    return WallView(
        name=wall.name,
        address=wall.address,
        tagline=wall.tagline,
        invitation_html=Trusted(invitation),
        notice=wall.notice,
        language=wall.language,
        byline=wall.byline,
    )


def build_now(zone: ZoneInfo, environ: Mapping[str, str] | None = None) -> datetime:
    """The moment that the site is built for, in the wall's zone: the clock, or `MUR_NOW` (ISO 8601 with offset).

    Raises `Misconfigured` where `MUR_NOW` is no such moment.
    """
    fixed = (os.environ if environ is None else environ).get("MUR_NOW")
    if not fixed:
        return datetime.now(UTC).astimezone(zone)
    try:
        moment = datetime.fromisoformat(fixed)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Misconfigured(f"MUR_NOW: {fixed}: expected a time like 2022-06-08T09:30+02:00")
    return moment.astimezone(zone)
