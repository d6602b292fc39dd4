"""What an examination says, and of whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from ingest.mailbox.look import Look, look
from ingest.settings import Settings, secret


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"
    SKIPPED = "skipped"
    """Something that it needs is not well, or not there: nothing can be said."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `check` is a word for programs, `title` the same for people, `says` a sentence in French."""

    check: str
    title: str
    level: Level
    says: str


Verdict = tuple[Level, str]


class Patient:
    """A wall that is examined: its settings, and the mailbox as it was seen once."""

    def __init__(self, settings: Settings, *, now: datetime) -> None:
        self.settings, self.now = settings, now

    @property
    def base(self) -> Path | None:
        """What a relative path in the settings is relative to."""
        return self.settings.file.parent if self.settings.file else None

    @cached_property
    def mailbox(self) -> Look:
        """A look at the mailbox. Raises `Misconfigured` and `Unavailable`."""
        known = self.settings.mailbox
        password = secret("mailbox", "password", known.password_file, known.password_env, base=self.base)
        return look(known, base=self.base, password=password)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One examination. It may raise a `MurError` or an OSError: that is a failure in its words."""

    name: str
    title: str
    examine: Callable[[Patient], Verdict]
    needs: tuple[str, ...] = ()
    """Checks before it that must not have failed or been skipped."""


def fine(says: str) -> Verdict:
    """As it should be."""
    return Level.OK, says


def mind(says: str) -> Verdict:
    """It runs, and something is missing or may surprise."""
    return Level.WARNING, says


def wrong(says: str) -> Verdict:
    """It does not do what it is there for."""
    return Level.FAILURE, says


def unasked(says: str) -> Verdict:
    """There is nothing to examine."""
    return Level.SKIPPED, says


def some(items: list[str], most: int = 3) -> str:
    """The first few of a list, for a line."""
    return ", ".join(items[:most]) + (" …" if len(items) > most else "")
