"""An answer to a letter of ours, and what a handler makes of it. No behaviour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ingest.correspondence.answers import Reply
from ingest.correspondence.answers.asking import Ask, Asked
from ingest.model import Contribution, ContributionId
from ingest.store.outbox import Posted

ANSWER = "answer"
"""Why an answer has no draft: it was one."""
UNVERIFIED = "unverified-answer"
"""The same, of one that could not be believed: it did nothing."""
ANSWERED = frozenset({ANSWER, UNVERIFIED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is known of it before it is read."""

    id: ContributionId
    """Its own, made of its bytes."""
    mail: Contribution
    letters: tuple[Posted, ...]
    """The letters of ours that In-Reply-To and References name, nearest first."""
    codes: tuple[str, ...]
    """Codes in its subject and text that begin like one of ours; not verified."""
    again: bool
    """Whether it was kept before, and perhaps acted on."""
    now: datetime
    read: Callable[[tuple[str, ...]], Reply] = field(repr=False)
    """What it says, given the names that may sign it."""
    hear: Callable[[tuple[str, ...]], Asked] = field(default=lambda _names: Asked(ask=Ask.UNCLEAR), repr=False)
    """What it asks for, where it comes from a contributor; given the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What a handler makes of an answer."""

    word: str
    """Under which it is kept: `ANSWER` or `UNVERIFIED`."""
    by: str
    """Whose it is, for the journal; empty where nobody knows."""
    act: Callable[[], None]
    """Done once the answer is kept; may be done again after a crash. Raises `Unavailable`."""
