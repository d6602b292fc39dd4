"""One engine: a SQLite file by default, PostgreSQL by the same code, brought to the newest tables when opened.

SQLite: WAL with `synchronous=FULL`, so that a commit is on the disk when it returns (sqlite.org/pragma.html); writers
begin with BEGIN IMMEDIATE, so that two of them wait for one another instead of failing half-way; deleted content is
overwritten (`secure_delete`).
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ingest import durable
from ingest.errors import Misconfigured, MurError, Refused, Unavailable
from ingest.settings import Settings
from ingest.store.tables import HEAD, metadata
from ingest.words import _

BUSY_SECONDS = 20
"""How long a writer waits for another one."""
_MIGRATIONS = 0x6D7572
"""The key of PostgreSQL's advisory lock around migrations."""
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "temp_store=MEMORY")


class Database:
    """Transactions, and errors by who must act: everything that a database refuses is `Unavailable`."""

    def __init__(self, engine: sa.Engine, *, readonly: bool) -> None:
        self._engine, self._readonly = engine, readonly

    @property
    def readonly(self) -> bool:
        """Whether it was opened to look only."""
        return self._readonly

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One consistent look."""
        with _said(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction that changes something: all of it, or nothing."""
        if self._readonly:
            raise RuntimeError("opened to read only")
        with _said(), self._engine.connect().execution_options(mur_writes=True) as connection, connection.begin():
            yield connection

    def scrub(self) -> None:
        """Write every page anew and cut the write-ahead log to nothing, so that nothing deleted is left in a file.

        Raises `Unavailable` where somebody's look at the database keeps the log from being cut.
        """
        with self._driver() as driver:
            if self._engine.dialect.name != "sqlite":
                driver.autocommit = True  # VACUUM runs in no transaction (postgresql.org/docs, "VACUUM")
                driver.execute("VACUUM")
                driver.autocommit = False
                return
            driver.execute("VACUUM")
            self._cut(driver)

    def copy(self) -> bytes:
        """A SQLite database file as it is at this instant, while others go on writing (sqlite.org/backup.html)."""
        with self._driver() as driver, closing(sqlite3.connect(":memory:")) as copy:
            self._only_sqlite()
            driver.backup(copy)
            data = copy.serialize()
        # Out of WAL mode, which a database in memory cannot be opened in (sqlite.org/c3ref/deserialize.html)
        return data[:18] + b"\x01\x01" + data[20:]

    def overwrite(self, data: bytes) -> None:
        """Put a copy in the place of everything, in one transaction; whoever has it open goes on with the new one."""
        with self._driver() as driver, closing(sqlite3.connect(":memory:")) as copy:
            self._only_sqlite()
            copy.deserialize(data)
            copy.backup(driver)
            self._cut(driver)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    @contextmanager
    def _driver(self) -> Iterator[Any]:
        """The driver's own connection, outside of any transaction."""
        with _said(), closing(self._engine.raw_connection()) as connection:
            yield connection.driver_connection

    def _cut(self, driver: sqlite3.Connection) -> None:
        busy, *_pages = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise Unavailable(_("base de données : quelqu’un la lit ; recommencez"))

    def _only_sqlite(self) -> None:
        if self._engine.dialect.name != "sqlite":
            raise Refused(_("la base de données est sur un serveur : sauvegardez-la par ses propres moyens (pg_dump)"))


def open_database(settings: Settings, *, readonly: bool) -> Database:
    """Open, and migrate where the tables are not the newest.

    Read-only with no database file yet: an empty one in memory, and nothing is made on the disk. Raises `Misconfigured`
    for an address that is none and for tables newer than this program, `Unavailable` for the rest.
    """
    if settings.database:
        engine = _from_url(settings)
    else:
        path = settings.paths.state / "mur.db"
        if readonly and not path.exists():
            return Database(_empty(), readonly=True)
        engine = _sqlite(path)
    try:
        _bring_up(engine)
    except BaseException:
        engine.dispose()
        raise
    return Database(engine, readonly=readonly)


def _from_url(settings: Settings) -> sa.Engine:
    try:
        url = sa.make_url(settings.database)
        if url.get_backend_name() == "sqlite" and url.database:
            return _sqlite(settings.paths.state / url.database)
        return sa.create_engine(url)
    except (sa.exc.ArgumentError, ImportError) as error:
        reason = str(error).splitlines()[0]
        raise Misconfigured(f"{settings.file}: database: {reason}") from None


def _sqlite(path: Path) -> sa.Engine:
    with durable.on_disk(path):
        if not path.exists():
            durable.sweep(path.parent)
            durable.put_once(path, _blank(), by_way_of=path.parent)  # -wal and -shm take the mode of their file: 0600
    engine = sa.create_engine("sqlite+pysqlite://", creator=lambda: _connect(path), poolclass=sa.QueuePool)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _blank() -> bytes:
    """An empty database that is in WAL mode already: of two processes that switch it, one fails without waiting."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blank.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        return path.read_bytes()


def _connect(path: Path) -> sqlite3.Connection:
    # isolation_level None: the module must not open transactions of its own (docs.sqlalchemy.org, "pysqlite")
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("mur_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _empty() -> sa.Engine:
    engine = sa.create_engine("sqlite+pysqlite://", poolclass=sa.StaticPool)
    metadata.create_all(engine)
    return engine


def _bring_up(engine: sa.Engine) -> None:
    with _said(), engine.connect() as connection:
        if _revision(connection) == HEAD:
            return
    with _said(), engine.connect().execution_options(mur_writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATIONS)))
        if _revision(connection) != HEAD:
            _migrate(connection)


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def _migrate(connection: sa.Connection) -> None:
    # imported here: two thirds of a second that only the first opening and an upgrade should cost
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        newer = _("la base de données vient d’une version plus récente de mur : mettez le programme à jour")
        raise Misconfigured(newer) from None


@contextmanager
def _said() -> Iterator[None]:
    """Database errors as `Unavailable`, one line, without statement, values or address of the server."""
    try:
        yield
    except MurError:
        raise
    except sa.exc.IntegrityError:
        raise
    except (sa.exc.DBAPIError, sa.exc.TimeoutError, sqlite3.Error) as error:
        origin = str(getattr(error, "orig", None) or error).strip().splitlines() or [""]
        raise Unavailable(_("base de données : {reason}").format(reason=origin[0])) from None
