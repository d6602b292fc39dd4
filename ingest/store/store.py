"""The one thing that the rest of the program holds: a wall's private state, open."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from ingest import durable
from ingest.settings import Settings
from ingest.store.ageing import Ageing
from ingest.store.agreements import Agreements
from ingest.store.blocking import Blocking
from ingest.store.chronicle import Chronicle
from ingest.store.copying import Copying
from ingest.store.database import open_database
from ingest.store.finding import Finding
from ingest.store.floods import Floods
from ingest.store.folder import Folders
from ingest.store.followers import Followers
from ingest.store.forgetting import Forgetting
from ingest.store.letters import Policy, none
from ingest.store.outbox import Outbox
from ingest.store.paging import Paging
from ingest.store.projection import Projection
from ingest.store.replaying import Replaying
from ingest.store.sessions import Sessions
from ingest.store.statuses import Statuses


class Store(
    Replaying,
    Floods,
    Followers,
    Blocking,
    Projection,
    Ageing,
    Forgetting,
    Agreements,
    Copying,
    Sessions,
    Paging,
    Outbox,
    Chronicle,
    Finding,
    Statuses,
):
    """All that is kept of contributions. A context manager; one a process is enough, and its threads may share it."""

    @classmethod
    def open(cls, settings: Settings, *, readonly: bool = False, policy: Policy = none) -> Self:
        """Make or open the state folder and the database, and finish what an interrupted run left.

        What was erased stays erased, whatever was put back. `policy` says which letters each line of the journal
        brings. `readonly` looks only: nothing is made, cleared or
        finished, and a wall that took nothing yet is an empty one.
        Raises `Unavailable` (disk, database) and `Misconfigured` (an address that is none, tables that are newer).
        """
        folders = Folders(settings.paths.state / "contributions")
        if not readonly:
            with durable.on_disk(settings.paths.state):
                durable.make_folder(settings.paths.state)
                durable.sweep(settings.paths.state)
            folders.prepare()
        store = cls(settings, open_database(settings, readonly=readonly), folders, policy)
        try:
            if not readonly:
                store.obey()
                store.finish()
        except BaseException:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Give the database back."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
