"""Contributions of a kind are found without looking at all of them."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """From 0007."""
    op.create_index("ix_contribution_kind_state_received_at_id", "contribution", ["kind", "state", "received_at", "id"])
