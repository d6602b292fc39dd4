"""Who is looking at what: a courtesy between moderators, never a lock. A decision ends it, and so does time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ingest.errors import Refused
from ingest.model import ContributionId
from ingest.moderation import sentences
from ingest.moderation.persons import is_same, person
from ingest.states import WAITING
from ingest.store import Entry, Line, Row, Store
from ingest.words import _

LASTS = timedelta(hours=4)
"""After that, somebody else may take it: people fall asleep."""


def take(store: Store, id_: ContributionId, *, by: str, channel: str, at: datetime) -> Row:
    """Say that `by` is looking at it. Raises `Refused`, naming who took it before or why nobody needs to."""
    zone = ZoneInfo(store.settings.wall.timezone)
    by = person(store.settings, by)

    def taken(row: Row, _past: Sequence[Entry]) -> tuple[Row, Line]:
        if row.state not in WAITING:
            raise Refused(_("cette contribution n’attend plus personne"))
        if row.claimed_by and not is_same(row.claimed_by, by) and row.claimed_at and at - row.claimed_at < LASTS:
            when = sentences.moment(row.claimed_at, zone)
            raise Refused(_("{by} s’en occupe depuis le {when}").format(by=row.claimed_by, when=when))
        line = Line(what="take", by=by, channel=channel, note="", at=at)
        return replace(row, claimed_by=by, claimed_at=at), line

    return store.change(id_, taken)


def release(store: Store, id_: ContributionId, *, by: str, channel: str, at: datetime) -> Row:
    """Say that nobody is looking at it any more: anybody may, for whoever forgot. Raises `Refused` where nobody was."""
    by = person(store.settings, by)

    def released(row: Row, _past: Sequence[Entry]) -> tuple[Row, Line]:
        if row.claimed_by is None:
            raise Refused(_("personne ne s’en occupe"))
        line = Line(what="release", by=by, channel=channel, note="", at=at)
        return replace(row, claimed_by=None, claimed_at=None), line

    return store.change(id_, released)
