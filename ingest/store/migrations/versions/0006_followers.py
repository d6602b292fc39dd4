"""Who follows the wall, a subject or a campaign."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """From 0005."""
    op.create_table(
        "follower",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("told", sa.JSON, nullable=False),
        sa.Column("bounced", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_follower"),
        sa.UniqueConstraint("token", name="uq_follower_token"),
        sa.UniqueConstraint("who", "topic", name="uq_follower_who_topic"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_follower_topic", "follower", ["topic"])
    op.create_index("ix_follower_confirmed_at", "follower", ["confirmed_at"])
    counter = sa.table("counter", sa.column("name", sa.String), sa.column("value", sa.Integer))
    op.bulk_insert(counter, [{"name": "astray", "value": 0}])
