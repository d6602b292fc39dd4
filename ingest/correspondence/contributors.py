"""What whoever wrote is told: that it arrived and how it would look, that it is online, what is asked, or why not.

Rules, which are pure, post a letter for a line of the journal; its words are looked up when it is written, so that a
decision that was taken back meanwhile is told to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from ingest.correspondence.audience import SENDER
from ingest.correspondence.contributing.authority import CHANGED, PUBLISHED, RECEIVED, SENT_BACK, WITHDRAWN
from ingest.model import Kind
from ingest.moderation import refusals, vocabulary
from ingest.settings import Settings
from ingest.states import Action, State
from ingest.store import POSSIBLE_DUPLICATE, Letter, Line, Row

if TYPE_CHECKING:
    from ingest.correspondence.policy import Office

REFUSED, TOO_LARGE = "refused-by-person", "refused-too-large"
EMPTY, UNREADABLE = "refused-empty", "refused-unreadable"
GRACE = timedelta(minutes=10)
"""How long a decision can be taken back before its author hears of it."""
SWITCHES: Mapping[str, str] = {
    RECEIVED: "received",
    PUBLISHED: "published",
    SENT_BACK: "sent_back",
    REFUSED: "refused",
    TOO_LARGE: "technical",
    EMPTY: "technical",
    UNREADABLE: "technical",
    WITHDRAWN: "withdrawn",
    CHANGED: "changed",
}
"""The key of `[letters]` that turns a kind off; a kind that is not here cannot be."""
_UNREADABLE = frozenset(
    {
        *("too-long", "too-deep", "too-slow", "too-heavy", "too-tangled", "broken"),
        *("too-many-parts", "too-many-fields", "header-too-large"),
    }
)
"""Reasons of a quarantine that whoever wrote can do something about; `flood`, `astray` and our own disk are not."""


def wanted(settings: Settings, kind: str) -> bool:
    """Whether this wall sends letters of a kind."""
    key = SWITCHES.get(kind)
    return key is None or bool(getattr(settings.letters, key))


def arrived(office: Office, line: Line, before: Row | None, after: Row) -> Iterator[Letter]:
    """What a mail became: held, or nothing, for a cause that its sender can mend."""
    from ingest.correspondence.policy import fresh  # it has the table that this rule stands in

    new = before is None and fresh(line, after)
    let_in = before is not None and line.what == Action.REPLAY.value and before.apart
    if not (new or let_in) or _twice(after):
        return
    if after.state is State.HELD and after.digest is not None:
        yield from _letter(office, RECEIVED, after)
    elif new and after.state is State.DISCARDED and after.reason == "empty":
        yield from _letter(office, EMPTY, after)
    elif new and after.state is State.QUARANTINED and after.reason in _UNREADABLE:
        yield from _letter(office, UNREADABLE, after)


def published(office: Office, line: Line, before: Row | None, after: Row) -> Iterable[Letter]:
    """Once, when it comes online for the first time: the line is written after the swap."""
    if line.what == Action.PUBLISH.value and before is not None and before.path is None:
        return _letter(office, PUBLISHED, after)
    return ()


def decided(office: Office, line: Line, _before: Row | None, after: Row) -> Iterable[Letter]:
    """What is asked, or why not. Spam, what is discarded, and silent reasons are told to nobody."""
    if line.what == Action.DEFER.value and line.note.startswith(f"{vocabulary.SENT_BACK}:"):
        return _letter(office, SENT_BACK, after, wait=line)
    if line.what == Action.REJECT.value and not refusals.is_silent(line.note):
        return _letter(office, REFUSED, after, wait=line)
    return ()


def _twice(row: Row) -> bool:
    """The same Message-ID came before: its sender got a letter then."""
    return any(word.partition(":")[0] == POSSIBLE_DUPLICATE for word in row.warnings)


def _letter(office: Office, kind: str, row: Row, *, wait: Line | None = None) -> Iterator[Letter]:
    if row.sender_key and wanted(office.settings, kind) and not (kind == PUBLISHED and row.kind is Kind.COMMAND):
        yield Letter(
            kind=kind,
            audience=SENDER,
            who=row.sender_key,
            contribution=row.id,
            digest=row.digest,
            due_at=wait.at + GRACE if wait else None,
        )


RULES = (arrived, published, decided)
