"""What a backup takes out of a store and puts back: the database as it is at one instant, and the documents.

Documents never change and lie on the disk before their row is committed, so the database is copied first and the
documents after it: everything that the copy of the database names is then among them. What came in between is a folder
without a row, which opening the restored store finishes. The other way round, a row could name what was not copied yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.model import ContributionId
from ingest.settings import Settings
from ingest.store import index
from ingest.store.database import open_database
from ingest.store.reading import Reading
from ingest.store.tables import HEAD

__all__ = ["HEAD", "Copying", "put_back"]


class Copying(Reading):
    """The part of a store that a backup is made from."""

    def snapshot(self) -> bytes:
        """The SQLite database as a file, consistent while others write.

        Raises `Refused` for a database server, which has its own means, and `Unavailable`.
        """
        return self._database.copy()

    def documents(self, id_: ContributionId | None = None) -> Iterator[Path]:
        """Every document of one contribution, or of all, as it lies there now."""
        for one in sorted(self._folders.ids()) if id_ is None else [id_]:
            yield from self._folders.files(one)


def put_back(settings: Settings, snapshot: bytes) -> None:
    """Make `snapshot` the database, in one transaction; opening the store then brings its tables up to date.

    The words of what stood there before go with it.

    Raises `Refused` for a database server, `Unavailable`, `Misconfigured`.
    """
    database = open_database(settings, readonly=False)
    try:
        database.overwrite(snapshot)
        index.discard(settings.paths.state / index.NAME)
    finally:
        database.close()
