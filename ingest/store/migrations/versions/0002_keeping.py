"""What age took away of a contribution, and erasures that are not finished."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From 0001."""
    op.add_column("contribution", sa.Column("purged", sa.String(8), nullable=False, server_default=""))
    op.create_table(
        "erasure",
        sa.Column("contribution", sa.String(16), nullable=False),
        sa.Column("size", sa.Integer),
        sa.Column("names", sa.JSON(none_as_null=True)),
        sa.PrimaryKeyConstraint("contribution", name="pk_erasure"),
        sa.ForeignKeyConstraint(["contribution"], ["contribution.id"], name="fk_erasure_contribution"),
    )
