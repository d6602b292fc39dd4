"""The rule of two persons: what needs two voices, and why. Decision 0018 says how it works."""

from __future__ import annotations

from ingest.model import Draft
from ingest.moderation.persons import FIRST, NAMED
from ingest.states import PROJECTED, State
from ingest.store import Row, Store

_FORGED = "forged"
"""The warning on a mail that whoever it names did probably not send: whose first it is, nobody knows."""


def second_voice(store: Store, row: Row) -> tuple[str, ...]:
    """Why accepting it takes two persons: its kind, `first`, `named`; empty where one is enough.

    A text that was accepted before needs no new voice, for another date say. Raises `Refused` and `Unavailable` where
    the draft cannot be read.
    """
    rules = store.settings.moderation.two_persons
    if not rules or row.digest is None or is_accepted(row):
        return ()
    words: list[str] = [row.kind.value] if row.kind is not None and row.kind.value in rules else []
    if FIRST in rules and _is_first(store, row):
        words.append(FIRST)
    if NAMED in rules and names_somebody(store.draft(row.id, row.digest)):
        words.append(NAMED)
    return tuple(words)


def is_accepted(row: Row) -> bool:
    """Whether the current text is the one that was accepted."""
    return row.state in PROJECTED and row.accepted_digest == row.digest


def names_somebody(draft: Draft) -> bool:
    """Whether a draft seems to name a third person."""
    from ingest.moderation.checklist import look  # tables of words that take a while to load: few commands need them
    from ingest.moderation.naming import PERSON

    return any(concern.word == PERSON for concern in look(draft))


def _is_first(store: Store, row: Row) -> bool:
    """Whether nothing of this sender was accepted before; of a sender that is not known, nothing ever was."""
    if row.accepted_at is not None:
        return False
    if row.sender_key is None or _FORGED in {*row.reasons, *row.warnings}:
        return True
    others = store.of_sender(row, limit=_LOOKED_AT)
    return not any(other.accepted_at is not None and other.state is not State.ERASED for other in others)


_LOOKED_AT = 500
