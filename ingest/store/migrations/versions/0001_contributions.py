"""Contributions, their journal, the files under `content/`, and numbers that never come twice.

Moments are `DateTime(timezone=True)` in UTC; what a later version of `ingest.store.tables` says is none of this file's
business, so nothing is imported from there.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From nothing."""
    _contribution()
    _journal()
    _article_file()
    counter = op.create_table(
        "counter",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counter"),
    )
    op.bulk_insert(counter, [{"name": "number", "value": 0}])


def _contribution() -> None:
    op.create_table(
        "contribution",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16)),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("warnings", sa.JSON, nullable=False),
        sa.Column("digest", sa.String(64)),
        sa.Column("accepted_digest", sa.String(64)),
        sa.Column("published_digest", sa.String(64)),
        sa.Column("number", sa.Integer),
        sa.Column("accepted_at", sa.DateTime(timezone=True)),
        sa.Column("not_before", sa.DateTime(timezone=True)),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.String(40)),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sender_key", sa.String(64)),
        sa.Column("message_id_key", sa.String(64)),
        sa.Column("claimed_by", sa.String(320)),
        sa.Column("claimed_at", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("removed", sa.Integer, nullable=False),
        sa.Column("attachments", sa.Integer, nullable=False),
        sa.Column("path", sa.String(512)),
        sa.PrimaryKeyConstraint("id", name="pk_contribution"),
        sa.UniqueConstraint("sha256", name="uq_contribution_sha256"),
        sa.UniqueConstraint("number", name="uq_contribution_number"),
    )
    for columns in (["state", "received_at", "id"], ["received_at", "id"], ["sender_key"], ["message_id_key"]):
        op.create_index("ix_contribution_" + "_".join(columns), "contribution", columns)


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("contribution", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("by", sa.String(320), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("before", sa.String(16)),
        sa.Column("after", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64)),
        sa.Column("not_before", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("seq", name="pk_journal"),
        sa.ForeignKeyConstraint(["contribution"], ["contribution.id"], name="fk_journal_contribution"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_journal_contribution_seq", "journal", ["contribution", "seq"])
    op.create_index("ix_journal_at", "journal", ["at"])


def _article_file() -> None:
    op.create_table(
        "article_file",
        sa.Column("path", sa.String(512), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("contribution", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("path", name="pk_article_file"),
        sa.ForeignKeyConstraint(["contribution"], ["contribution.id"], name="fk_article_file_contribution"),
    )
    op.create_index("ix_article_file_contribution", "article_file", ["contribution"])
