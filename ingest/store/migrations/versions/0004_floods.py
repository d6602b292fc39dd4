"""Senders that are blocked, how many mails came in a day, and what texts have in common."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """From 0003."""
    op.create_table(
        "blocked",
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("proven", sa.Boolean, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(320), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("mails", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("who", name="pk_blocked"),
    )
    op.create_table(
        "quota",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("mails", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", "who", name="pk_quota"),
    )
    _likeness()


def _likeness() -> None:
    op.create_table(
        "likeness",
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("contribution", sa.String(16), nullable=False),
        sa.Column("whole", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sketch", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_likeness"),
        sa.ForeignKeyConstraint(["contribution"], ["contribution.id"], name="fk_likeness_contribution"),
        sa.UniqueConstraint("contribution", name="uq_likeness_contribution"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_likeness_whole_seq", "likeness", ["whole", "seq"])
    op.create_table(
        "likeness_mark",
        sa.Column("mark", sa.BigInteger, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("mark", "seq", name="pk_likeness_mark"),
        sa.ForeignKeyConstraint(["seq"], ["likeness.seq"], name="fk_likeness_mark_seq"),
    )
    op.create_index("ix_likeness_mark_seq", "likeness_mark", ["seq"])
    op.create_table(
        "alike",
        sa.Column("contribution", sa.String(16), nullable=False),
        sa.Column("other", sa.String(16), nullable=False),
        sa.Column("share", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("contribution", "other", name="pk_alike"),
        sa.ForeignKeyConstraint(["contribution"], ["contribution.id"], name="fk_alike_contribution"),
        sa.ForeignKeyConstraint(["other"], ["contribution.id"], name="fk_alike_other"),
    )
    op.create_index("ix_alike_other", "alike", ["other"])
