"""Senders that are blocked, attempts at a mail, and texts that came before."""

from __future__ import annotations

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """From 0003."""
