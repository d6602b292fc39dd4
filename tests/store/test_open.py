"""Opening: from nothing, read-only, with older or newer tables, and where the disk or the settings say no."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import ingest.store
from ingest.errors import Misconfigured, Unavailable
from ingest.store import Store, tables
from tests.store.walls import held


def test_looking_makes_nothing(settings):
    """A wall that took nothing yet is an empty one, and stays without a file."""
    with Store.open(settings, readonly=True) as store:
        assert store.rows() == ()
        assert not store.knows(b"x")
    assert not settings.paths.state.exists()


def test_looking_sees_what_is_there(store, settings):
    """While another process writes."""
    row = held(store)
    with Store.open(settings, readonly=True) as looking:
        assert looking.find(row.id[:4]) == row


def test_the_tables_are_what_the_migrations_make(settings, store):
    """Nothing is said in one place and not in the other, and the newest migration is the one that opening asks for."""
    engine = sa.create_engine(f"sqlite:///{settings.paths.state / 'mur.db'}")
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), tables.metadata)
    engine.dispose()
    config = Config()
    config.set_main_option("script_location", str(Path(ingest.store.__file__).parent / "migrations"))

    assert differences == []
    assert ScriptDirectory.from_config(config).get_heads() == [tables.HEAD]


def test_sqlite_is_opened_to_survive_a_power_cut(store):
    """WAL, a real fsync at each commit, deleted content overwritten, references enforced."""
    with store._database.reading() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }

    assert told == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}


def test_tables_of_a_newer_program_are_left_alone(store, settings):
    """An older program says so, instead of writing what the newer one would misread."""
    with store._database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Misconfigured, match="plus récente"):
        Store.open(settings)


@pytest.mark.parametrize("url", ["nonsense", "oracle9://x", "postgresql+nodriver://x/y"])
def test_a_database_address_that_is_none_names_its_key(settings, url):
    """Whoever wrote `mur.toml` is told."""
    with pytest.raises(Misconfigured, match="database"):
        Store.open(replace(settings, database=url))


def test_a_database_file_that_is_none_is_unavailable(settings):
    """Damaged or not ours: one line, exit 75."""
    settings.paths.state.mkdir()
    (settings.paths.state / "mur.db").write_bytes(b"not a database, and long enough to be looked at" * 100)

    with pytest.raises(Unavailable, match="base de données"):
        Store.open(settings)


def test_a_state_folder_that_cannot_be_made_is_unavailable(settings, tmp_path):
    """It says which path, and why."""
    (tmp_path / "var").write_text("a file in its place")

    with pytest.raises(Unavailable, match="var"):
        Store.open(settings)


def test_a_key_that_others_may_read_is_refused(store, settings):
    """Like every other secret."""
    store.keyed("sender", "x")
    (settings.paths.state / "secret.key").chmod(0o644)
    with Store.open(settings) as again, pytest.raises(Misconfigured, match="chmod 600"):
        again.keyed("sender", "x")
