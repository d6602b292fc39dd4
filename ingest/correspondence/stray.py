"""The letter to whoever sent the wall papers that were meant for a lawyer: nobody read them, and where they belong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ingest.correspondence.audience import SENDER
from ingest.correspondence.following.campaigns import campaigns
from ingest.correspondence.letter import Case, Filled, Unsent
from ingest.relay import sentences
from ingest.relay.model import SIGNABLE
from ingest.store import Letter, Line, Row

if TYPE_CHECKING:
    from ingest.correspondence.policy import Office

KIND = "astray"
_LISTED = 5


def rule(office: Office, line: Line, before: Row | None, after: Row) -> Iterable[Letter]:
    """One letter, where it came by mail just now."""
    from ingest.correspondence.policy import fresh  # it has the table that this rule stands in

    del office
    if before is None and after.astray and after.sender_key and fresh(line, after):
        yield Letter(kind=KIND, audience=SENDER, who=after.sender_key, contribution=after.id)


def fill(case: Case) -> Filled | Unsent:
    """Where each campaign that can be signed now says that one signs; nothing of the mail."""
    if case.row is None or not case.row.astray:
        return Unsent(why="released")
    zone = ZoneInfo(case.settings.wall.timezone)
    relays = [
        {
            "title": one.draft.title,
            "organiser": one.relay.organiser,
            "sign_url": one.relay.sign_url,
            "until": sentences.until_words(one.relay, case.now, zone=zone),
        }
        for one in campaigns(case.store, case.settings, case.now)
        if one.state in SIGNABLE and one.relay.sign_url
    ]
    return Filled(values={"relays": relays[:_LISTED], "days": case.settings.keeping.astray_days})
