"""What every command starts from: the wall’s settings, who acts, and what time it is."""

from __future__ import annotations

import functools
import getpass
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

import click

from ingest import settings as wall_settings
from ingest.errors import Misconfigured
from ingest.words import speak

if TYPE_CHECKING:
    from ingest.settings import Settings
    from ingest.store import Store

P = ParamSpec("P")
R = TypeVar("R")


class WallContext:
    """Lazy: `mur --help` reads no file."""

    def __init__(self, *, config: Path | None, by: str | None, debug: bool) -> None:
        self._config, self._by, self.debug = config, by, debug
        logging.basicConfig(level=logging.DEBUG if debug else logging.WARNING, format="%(levelname)s %(message)s")
        logging.getLogger("imapclient").setLevel(logging.WARNING)  # its DEBUG prints the mails

    @property
    def has_settings(self) -> bool:
        """Whether there is a `mur.toml` to read, or one was asked for."""
        return bool(self._config or os.environ.get("MUR_CONFIG")) or Path("mur.toml").exists()

    @functools.cached_property
    def settings(self) -> Settings:
        """`mur.toml`, read once."""
        settings = wall_settings.load(wall_settings.find(str(self._config) if self._config else None))
        speak(settings.wall.language)
        return settings

    @property
    def by(self) -> str:
        """Who acts, for the journal."""
        return self._by or getpass.getuser()

    @property
    def now(self) -> datetime:
        """The time, in UTC; `MUR_NOW` (ISO 8601 with offset) stands in for it in tests and examples."""
        fixed = os.environ.get("MUR_NOW")
        if not fixed:
            return datetime.now(UTC)
        try:
            moment = datetime.fromisoformat(fixed)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise Misconfigured(f"MUR_NOW: {fixed}: expected a time like 2022-06-08T09:30+02:00")
        return moment

    def store(self, *, readonly: bool = False) -> Store:
        """The wall’s state, opened; a context manager.

        Who only looks writes no line that brings a letter, and does not wait for what writes letters to be loaded.
        """
        if readonly:
            from ingest.store import Store

            return Store.open(self.settings, readonly=True)
        from ingest.correspondence.policy import open_store

        return open_store(self.settings)


def with_wall(function: Callable[Concatenate[WallContext, P], R]) -> Callable[P, R]:
    """Hand a command its wall as first argument."""
    return click.make_pass_decorator(WallContext)(function)
