"""What stands on the fediverse of what stands here."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """From 0006."""
    op.create_table(
        "fediverse_status",
        sa.Column("contribution", sa.String(16), nullable=False),
        sa.Column("home", sa.String(200), nullable=False),
        sa.Column("remote", sa.String(64), nullable=False),
        sa.Column("page", sa.String(600), nullable=False),
        sa.Column("said", sa.String(64), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("contribution", name="pk_fediverse_status"),
        sa.ForeignKeyConstraint(
            ["contribution"], ["contribution.id"], name="fk_fediverse_status_contribution_contribution"
        ),
    )
    op.create_index("ix_fediverse_status_due_at", "fediverse_status", ["due_at"])
