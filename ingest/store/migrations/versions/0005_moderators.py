"""Who is logged in to the moderators' pages, and what their notices may still decide."""

from __future__ import annotations

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """From 0004."""
