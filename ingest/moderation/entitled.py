"""Who may decide by mail: six conditions, and only all six. Pure.

From alone can be written by anybody, a code alone is forwarded with the letter that holds it, and what our own server
says of a sender says nothing of what they may do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from ingest.moderation.tokens import Grant, Scope
from ingest.states import DECISIONS, Action, State
from ingest.store import AGREE, ALL, REVOKE, Entry, Row

CHANNEL = "mail"
DECIDING = frozenset({*(action.value for action in DECISIONS), Action.UNDO.value, AGREE, REVOKE})
"""Lines of the journal in which somebody decides."""
OPEN = frozenset({State.HELD, State.DEFERRED})
"""What a notice may decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Each of them, met or not."""

    alone: bool
    """One From field with one address."""
    listed: bool
    """That address is a moderator's."""
    vouched: bool
    """Our own server's Authentication-Results says `dmarc=pass` for its domain, and decisions by mail are on."""
    signed: bool
    """It carries a code, or the Message-ID of a letter, that we made for this purpose."""
    theirs: bool
    """That letter went to this very address."""
    fits: bool
    """It is not over, not used, and the contribution is as the letter showed it."""


def entitled(conditions: Conditions) -> bool:
    """Whether an answer decides."""
    return all(getattr(conditions, each.name) for each in fields(Conditions))


def believed(conditions: Conditions) -> bool:
    """Whether it surely comes from whom the letter went to, so that they may be told why it decides nothing."""
    return all(getattr(conditions, each.name) for each in fields(Conditions) if each.name != "fits")


def fits(grant: Grant, row: Row, past: Sequence[Entry], *, by: str, days: int, now: datetime) -> bool:
    """Whether a grant still means what it meant: its time, its text, its one use, and something left to decide."""
    if grant.over(now, days) or row.purged == ALL or row.state is State.ERASED or used(grant, past, by=by):
        return False
    if grant.scope is Scope.DECIDE and row.state not in OPEN:
        return False
    return grant.digest == row.digest


def used(grant: Grant, past: Sequence[Entry], *, by: str) -> bool:
    """Whether its person decided by mail since the letter was posted: all their older letters are used up with it.

    The mark is the journal's own line, written with the decision in one transaction and never taken away.
    """
    own = (entry for entry in past if entry.channel == CHANNEL and entry.by == by and entry.what in DECIDING)
    return any(int(entry.at.timestamp()) > grant.second for entry in own)
