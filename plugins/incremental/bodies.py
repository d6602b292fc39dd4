"""What Markdown was made into, kept by all that it was made from; read only when a page needs it.

A row that is damaged, or that is not there, is made again: nothing depends on this file.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

NAME = "bodies.db"
_TABLE = "CREATE TABLE IF NOT EXISTS body (key BLOB PRIMARY KEY, html TEXT, summary TEXT, seal BLOB) WITHOUT ROWID"
_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON", "temp_store=MEMORY", "cache_size=-2048")
_MOST = 500
"""Rows that wait in memory."""
Body = tuple[str, str]
"""HTML, and the summary."""


def key_of(*parts: str) -> str:
    """The key of what is made from `parts`."""
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


class Bodies:
    """The file, opened when the first row is asked for. With no folder it forgets at the end."""

    def __init__(self, folder: Path | None, salt: str) -> None:
        self._folder, self._salt = folder, salt
        self._made: dict[str, Body] = {}
        self._driver: sqlite3.Connection | None = None

    @property
    def kept(self) -> bool:
        """Whether there is a file."""
        return self._folder is not None

    def body(self, key: str, make: Callable[[], Body]) -> Body:
        """The row of `key`, made now where there is none."""
        if self._folder is None:
            return make()
        found = self._made.get(key) or self._read(key)
        if found is None:
            made = make()
            if len(self._made) >= _MOST:
                with suppress(sqlite3.Error, OSError):
                    self._spill()
            found = self._made[key] = made
        return found

    def forget(self, key: str) -> None:
        """Do not keep what was made for `key` just now."""
        self._made.pop(key, None)

    def keep(self, unwanted: Iterable[str] = (), *, only: Iterable[str] | None = None) -> None:
        """Write what was made; forget `unwanted`, or all but `only`."""
        if self._folder is None:
            return
        with suppress(sqlite3.Error, OSError):
            self._write(tuple(unwanted), None if only is None else set(only))

    def close(self) -> None:
        """Give the file back."""
        if self._driver is not None:
            self._driver.close()
            self._driver = None

    def _write(self, unwanted: tuple[str, ...], only: set[str] | None) -> None:
        driver = self._open()
        with driver:
            if only is not None:
                there = [bytes(key).hex() for (key,) in driver.execute("SELECT key FROM body")]
                unwanted = tuple(key for key in there if key not in only)
            driver.executemany("DELETE FROM body WHERE key = ?", ((bytes.fromhex(key),) for key in unwanted))
            self._spill()

    def _spill(self) -> None:
        """Hand what was made to the file, which has it for good with `keep`."""
        rows = ((bytes.fromhex(key), *body, self._seal(key, body)) for key, body in self._made.items())
        self._open().executemany("INSERT OR REPLACE INTO body VALUES (?, ?, ?, ?)", rows)
        self._made.clear()

    def _read(self, key: str) -> Body | None:
        try:
            row = self._open().execute("SELECT html, summary, seal FROM body WHERE key = ?", (bytes.fromhex(key),))
            html, summary, seal = row.fetchone() or ("", "", b"")
        except (sqlite3.Error, OSError, UnicodeDecodeError, OverflowError):
            self._throw_away()
            return None
        if not isinstance(html, str) or not isinstance(summary, str) or seal != self._seal(key, (html, summary)):
            return None
        return html, summary

    def _seal(self, key: str, body: Body) -> bytes:
        return bytes.fromhex(key_of(self._salt, key, *body))

    def _open(self) -> sqlite3.Connection:
        if self._driver is None:
            assert self._folder is not None
            path = self._folder / NAME
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # what lies beside it takes its mode
            self._driver = sqlite3.connect(path, timeout=20)
            for pragma in _PRAGMAS:
                self._driver.execute(f"PRAGMA {pragma}")
            self._driver.execute(_TABLE)
        return self._driver

    def _throw_away(self) -> None:
        self.close()
        assert self._folder is not None
        for name in (NAME, f"{NAME}-wal", f"{NAME}-shm"):
            with suppress(OSError):
                (self._folder / name).unlink(missing_ok=True)
