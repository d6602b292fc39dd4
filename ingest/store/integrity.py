"""Looking at a database without opening it for work: nothing is made, migrated or finished."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from ingest.settings import Settings
from ingest.store.database import _from_url, _revision, _said, _sqlite
from ingest.store.tables import HEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """What a database says of itself."""

    exists: bool
    problems: tuple[str, ...] = ()
    """What SQLite's `integrity_check` and `foreign_key_check` found, a line each; PostgreSQL looks after its own."""
    revision: str | None = None
    """Of its tables; None where it has none."""

    @property
    def newest(self) -> bool:
        """Whether the tables are those of this program."""
        return self.revision == HEAD

    @property
    def newer(self) -> bool:
        """Whether they are those of a later one: revisions are numbered."""
        return self.revision is not None and self.revision > HEAD


def integrity(settings: Settings) -> Integrity:
    """Look. Raises `Misconfigured` for an address that is none, `Unavailable` where the database does not answer."""
    path: Path = settings.paths.state / "mur.db"
    if not settings.database and not path.exists():
        return Integrity(exists=False)
    with _said():
        engine = _from_url(settings) if settings.database else _sqlite(path)
        try:
            with engine.connect() as connection, connection.begin():
                return Integrity(exists=True, problems=_problems(connection), revision=_revision(connection))
        finally:
            engine.dispose()


def _problems(connection: sa.Connection) -> tuple[str, ...]:
    if connection.dialect.name != "sqlite":
        return ()
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(5)") if row[0] != "ok"]
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
    return (*found, *(f"{row[0]}: row {row[1]} refers to nothing in {row[2]}" for row in orphans))
