"""Letters that leave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """From 0002."""
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("contribution", sa.String(16)),
        sa.Column("digest", sa.String(64)),
        sa.Column("about", sa.JSON, nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("said", sa.String(64), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("token", name="uq_outbox_token"),
        sa.ForeignKeyConstraint(["contribution"], ["contribution.id"], name="fk_outbox_contribution"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_state_due_at_id", "outbox", ["state", "due_at", "id"])
    op.create_index("ix_outbox_kind_who_created_at", "outbox", ["kind", "who", "created_at"])
    op.create_index("ix_outbox_who", "outbox", ["who"])
    op.create_index("ix_outbox_ended_at", "outbox", ["ended_at"])
    op.create_index("ix_outbox_contribution", "outbox", ["contribution"])
    counter = sa.table("counter", sa.column("name", sa.String), sa.column("value", sa.Integer))
    op.bulk_insert(counter, [{"name": "outbox", "value": 0}])
