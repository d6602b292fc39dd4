"""The tables. What they hold is short and says nothing of a mail's content: words, digests, keyed hashes, times.

A change here needs a migration beside it (`migrations/versions/`) and a new `HEAD`; a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

HEAD = "0008"
"""The newest migration."""


class Instant(sa.TypeDecorator[datetime]):
    """An aware moment, kept in UTC: SQLite knows no zone, PostgreSQL's timestamptz keeps none."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a naive moment: nobody could say what it means."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Aware again."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Written(sa.TypeDecorator[datetime]):
    """A moment as somebody wrote it, offset and all (a Date field, RFC 5322 section 3.3); never sorted by."""

    impl = sa.String(40)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        """ISO 8601 with its offset."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """With the offset it was written with."""
        return None if value is None else datetime.fromisoformat(value)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

contribution = sa.Table(
    "contribution",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False, unique=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("kind", sa.String(16)),
    sa.Column("reason", sa.String(64), nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("warnings", sa.JSON, nullable=False),
    sa.Column("digest", sa.String(64)),
    sa.Column("accepted_digest", sa.String(64)),
    sa.Column("published_digest", sa.String(64)),
    sa.Column("number", sa.Integer, unique=True),
    sa.Column("accepted_at", Instant),
    sa.Column("not_before", Instant),
    sa.Column("received_at", Instant, nullable=False),
    sa.Column("sent_at", Written),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("sender_key", sa.String(64)),
    sa.Column("message_id_key", sa.String(64)),
    sa.Column("claimed_by", sa.String(320)),
    sa.Column("claimed_at", Instant),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("removed", sa.Integer, nullable=False),
    sa.Column("attachments", sa.Integer, nullable=False),
    sa.Column("path", sa.String(512)),
    sa.Column("purged", sa.String(8), nullable=False, server_default=""),
    sa.Index(None, "state", "received_at", "id"),
    sa.Index(None, "kind", "state", "received_at", "id"),
    sa.Index(None, "received_at", "id"),
    sa.Index(None, "sender_key"),
    sa.Index(None, "message_id_key"),
)

journal = sa.Table(
    "journal",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("contribution", sa.ForeignKey("contribution.id"), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("what", sa.String(16), nullable=False),
    sa.Column("by", sa.String(320), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("before", sa.String(16)),
    sa.Column("after", sa.String(16), nullable=False),
    sa.Column("digest", sa.String(64)),
    sa.Column("not_before", Instant),
    sa.Index(None, "contribution", "seq"),
    sa.Index(None, "by", "seq"),
    sa.Index(None, "what", "seq"),
    sa.Index(None, "at"),
    sqlite_autoincrement=True,
)

article_file = sa.Table(
    "article_file",
    metadata,
    sa.Column("path", sa.String(512), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("contribution", sa.ForeignKey("contribution.id"), nullable=False),
    sa.Index(None, "contribution"),
)

erasure = sa.Table(
    "erasure",
    metadata,
    sa.Column("contribution", sa.ForeignKey("contribution.id"), primary_key=True),
    sa.Column("size", sa.Integer),
    sa.Column("names", sa.JSON(none_as_null=True)),
)
"""Erasures that are not finished: see `ingest.store.forgetting.Erasure`."""

counter = sa.Table(
    "counter",
    metadata,
    sa.Column("name", sa.String(16), primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
)
"""Numbers that never come twice: a public number stands in the subject of answers, long after its post was erased."""

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column("audience", sa.String(16), nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("contribution", sa.ForeignKey("contribution.id")),
    sa.Column("digest", sa.String(64)),
    sa.Column("about", sa.JSON, nullable=False),
    sa.Column("token", sa.String(32), nullable=False, unique=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("said", sa.String(64), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("tried_at", Instant),
    sa.Column("ended_at", Instant),
    sa.Index(None, "state", "due_at", "id"),
    sa.Index(None, "kind", "who", "created_at"),
    sa.Index(None, "who"),
    sa.Index(None, "ended_at"),
    sa.Index(None, "contribution"),
    sqlite_autoincrement=True,
)
"""Letters, from the decision that brings one to the server that took it: see `ingest.store.letters.Letter`. No address
and no text: a letter is written when it is sent."""

login_code = sa.Table(
    "login_code",
    metadata,
    sa.Column("token", sa.String(32), primary_key=True),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
    sa.Index(None, "who"),
    sa.Index(None, "created_at"),
)
"""Logins that were asked for. The code and the link are made from `token` and the wall's key: neither lies here."""

session = sa.Table(
    "session",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
    sa.Column("offered", sa.String(64)),
    sa.Column("replaced", sa.String(64)),
    sa.Column("device", sa.String(64), nullable=False),
    sa.Column("known", sa.Boolean, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("renewed_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Index(None, "who"),
    sa.Index(None, "offered"),
    sa.Index(None, "replaced"),
    sa.Index(None, "expires_at"),
    sqlite_autoincrement=True,
)
"""Who is logged in where, by the hash of a random cookie: see `ingest.store.sessions`."""

preference = sa.Table(
    "preference",
    metadata,
    sa.Column("who", sa.String(64), primary_key=True),
    sa.Column("notices", sa.String(8), nullable=False),
    sa.Column("chosen_at", Instant, nullable=False),
)
"""What a moderator chose on their page, over what `mur.toml` says."""

blocked = sa.Table(
    "blocked",
    metadata,
    sa.Column("who", sa.String(64), primary_key=True),
    sa.Column("proven", sa.Boolean, nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("by", sa.String(320), nullable=False),
    sa.Column("reason", sa.String(200), nullable=False),
    sa.Column("mails", sa.Integer, nullable=False),
)
"""Senders whose mails are refused: see `ingest.store.blocking.Blocked`."""

quota = sa.Table(
    "quota",
    metadata,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("who", sa.String(64), primary_key=True),
    sa.Column("mails", sa.Integer, nullable=False),
)
"""How many mails of a sender (`who` empty: of all) came into the queue in a day; forgotten after some days."""

likeness = sa.Table(
    "likeness",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("contribution", sa.ForeignKey("contribution.id"), nullable=False, unique=True),
    sa.Column("whole", sa.String(32), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("sketch", sa.LargeBinary, nullable=False),
    sa.Index(None, "whole", "seq"),
    sqlite_autoincrement=True,
)
"""By what a text is known again, under the wall's key: see `ingest.body.likeness.Likeness`."""

likeness_mark = sa.Table(
    "likeness_mark",
    metadata,
    sa.Column("mark", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.ForeignKey("likeness.seq"), primary_key=True),
    sa.Index(None, "seq"),
)

alike = sa.Table(
    "alike",
    metadata,
    sa.Column("contribution", sa.ForeignKey("contribution.id"), primary_key=True),
    sa.Column("other", sa.ForeignKey("contribution.id"), primary_key=True),
    sa.Column("share", sa.Integer, nullable=False),
    sa.Index(None, "other"),
)
"""Which contribution is like which that came before it, and how much, in per cent."""

follower = sa.Table(
    "follower",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("topic", sa.String(64), nullable=False),
    sa.Column("token", sa.String(32), nullable=False, unique=True),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("confirmed_at", Instant),
    sa.Column("told_at", Instant),
    sa.Column("told", sa.JSON, nullable=False),
    sa.Column("bounced", sa.JSON, nullable=False),
    sa.UniqueConstraint("who", "topic"),
    sa.Index(None, "topic"),
    sa.Index(None, "confirmed_at"),
    sqlite_autoincrement=True,
)
"""Who asked for letters, by a hash of their own purpose; their address only sealed: see `ingest.store.followers`."""

fediverse_status = sa.Table(
    "fediverse_status",
    metadata,
    sa.Column("contribution", sa.ForeignKey("contribution.id"), primary_key=True),
    sa.Column("home", sa.String(200), nullable=False),
    sa.Column("remote", sa.String(64), nullable=False),
    sa.Column("page", sa.String(600), nullable=False),
    sa.Column("said", sa.String(64), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Index(None, "due_at"),
)
"""What stands on the fediverse of what stands here: see `ingest.store.statuses.Status`."""
