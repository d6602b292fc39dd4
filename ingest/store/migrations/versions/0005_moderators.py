"""Who is logged in to the moderators' pages, what they chose there, and a journal that can be asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """From 0004."""
    op.create_table(
        "login_code",
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("token", name="pk_login_code"),
    )
    op.create_index("ix_login_code_who", "login_code", ["who"])
    op.create_index("ix_login_code_created_at", "login_code", ["created_at"])
    _sessions()
    for column in ("by", "what"):
        op.create_index(f"ix_journal_{column}_seq", "journal", [column, "seq"])
    op.create_table(
        "preference",
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("notices", sa.String(8), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("who", name="pk_preference"),
    )


def _sessions() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("offered", sa.String(64)),
        sa.Column("replaced", sa.String(64)),
        sa.Column("device", sa.String(64), nullable=False),
        sa.Column("known", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_session"),
        sa.UniqueConstraint("hash", name="uq_session_hash"),
        sqlite_autoincrement=True,
    )
    for column in ("who", "offered", "replaced", "expires_at"):
        op.create_index(f"ix_session_{column}", "session", [column])
