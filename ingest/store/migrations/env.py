"""Alembic runs this. The connection comes from `ingest.store.database`, inside the one transaction it opened."""

from __future__ import annotations

from alembic import context

from ingest.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a column by making the table anew
)
context.run_migrations()
