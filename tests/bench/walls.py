"""A wall of any size in seconds: rows, documents and articles written straight into its tables and folders.

What a wall would hold that took its mails one by one and published them, without the fsyncs of doing so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import sqlalchemy as sa

from ingest.model import ContributionId, Digest, Draft, Kind, Markdown
from ingest.publication import article
from ingest.settings import Settings, load
from ingest.states import State
from ingest.store import Row, Store, tables
from ingest.store.facts import Facts, digest_of, dump, encoded
from tests.bench.posts import ZONE, Post, pictures

BEGIN = datetime(2026, 11, 1, 9, tzinfo=ZONE)
"""When the first post that waits is accepted: after all that are online, before today."""
CONFIGURATION = """[paths]
content = "content"
state = "var"
output = "output"

[wall]
name = "Le mur parle"
address = "lemur@example.org"
tagline = "Un journal à plusieurs mains"
url = "https://mur.example.org"
"""
_COLUMNS = tuple(field.name for field in fields(Row))


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One contribution of a wall that was filled."""

    id: ContributionId
    post: Post


def new_wall(home: Path, more: str = "") -> Settings:
    """An empty one; `more` is appended to its `mur.toml`."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "mur.toml").write_text(CONFIGURATION + more, encoding="utf-8")
    settings = load(home / "mur.toml")
    Store.open(settings).close()
    return settings


def fill(settings: Settings, published: Sequence[Post], held: Sequence[Post] = ()) -> tuple[Held, ...]:
    """Put posts on a wall: some online, with their files under `content/`, some waiting. Gives back those that wait."""
    content, state = settings.paths.content, settings.paths.state
    for folder in ("billets", "medias"):
        (content / folder).mkdir(parents=True, exist_ok=True)
    for name, data in pictures().items():
        (content / "medias" / name).write_bytes(data)
    rows = [_placed(post, state, content) for post in published]
    files = [
        {"path": row.path, "digest": digest_of((content / str(row.path)).read_bytes()), "contribution": row.id}
        for row in rows
    ]
    waiting = [_waits(post, state) for post in held]
    shown = {post.picture: row.id for row, post in zip(rows, published, strict=True) if post.picture}
    for name, owner in shown.items():
        for each in (name, name.replace(".", "-400.")):
            digest = digest_of(pictures()[each])
            files.append({"path": f"medias/{each}", "digest": digest, "contribution": owner})
    with engine(settings).begin() as connection:
        insert(connection, (*rows, *waiting))
        journal(connection, rows)
        for some in _batches(files):
            connection.execute(tables.article_file.insert(), some)
        connection.execute(tables.counter.update().where(tables.counter.c.name == "number").values(value=len(rows)))
    settle(settings)
    return tuple(Held(id=row.id, post=post) for row, post in zip(waiting, held, strict=True))


def engine(settings: Settings) -> sa.Engine:
    """The wall's own database, where nothing waits for the disk."""
    made = sa.create_engine(f"sqlite+pysqlite:///{settings.paths.state / 'mur.db'}")
    sa.event.listen(made, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    return made


def settle(settings: Settings) -> None:
    """What was written goes from the log into the database itself, as it would in a wall's life."""
    with engine(settings).connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def insert(connection: sa.Connection, rows: Iterable[Row]) -> None:
    """Rows of contributions."""
    for some in _batches(rows):
        connection.execute(
            tables.contribution.insert(), [{name: _column(row, name) for name in _COLUMNS} for row in some]
        )


def journal(connection: sa.Connection, rows: Iterable[Row], moderator: str = "Camille") -> None:
    """What happened to each: held by itself, and, where it waits no more, decided a day later and online."""
    for some in _batches(rows):
        lines = [line for row in some for line in _past(row, moderator)]
        connection.execute(tables.journal.insert(), lines)


def row_of(post: Post, *, state: State, digest: Digest | None = None, kind: Kind | None = Kind.ARTICLE) -> Row:
    """A contribution without its documents."""
    sha256 = hashlib.sha256(f"mail {post.number}".encode()).hexdigest()
    return Row(
        id=ContributionId(sha256[:16]),
        sha256=Digest(sha256),
        state=state,
        kind=kind,
        reason="",
        reasons=("moderated",),
        warnings=(),
        digest=digest,
        accepted_digest=None,
        published_digest=None,
        number=None,
        accepted_at=None,
        not_before=None,
        received_at=post.date,
        sent_at=post.date,
        size=4000,
        sender_key=hashlib.sha256(post.byline.encode()).hexdigest(),
        message_id_key=hashlib.sha256(sha256.encode()).hexdigest(),
        claimed_by=None,
        claimed_at=None,
        attempts=1,
        removed=0,
        attachments=0,
        path=None,
        purged="raw",
    )


def draft_of(post: Post) -> Draft:
    """What somebody accepted, or will."""
    return Draft(
        kind=Kind.ARTICLE, title=post.title, byline=post.byline, tags=post.tags, lang="fr", body=Markdown(post.body)
    )


def _waits(post: Post, state: Path) -> Row:
    draft = encoded(article.document(draft_of(post)))
    row = row_of(post, state=State.HELD, digest=digest_of(draft))
    folder = state / "contributions" / row.id
    (folder / "drafts").mkdir(parents=True)
    (folder / "media").mkdir()
    (folder / "drafts" / f"{row.digest}.md").write_bytes(draft)
    (folder / "removed.json").write_text("[]\n")
    (folder / "contribution.json").write_bytes(dump(_facts(row, post)))
    for name in filter(None, (post.picture, post.picture.replace(".", "-400.") if post.picture else "")):
        (folder / "media" / name).write_bytes(pictures()[name])
    return row


def _placed(post: Post, state: Path, content: Path) -> Row:
    row = _waits(post, state)
    whole = article.article(draft_of(post), date=post.date, slug=post.slug, number=f"mur-{post.number}")
    path = f"billets/{post.stem}.md"
    (content / path).write_bytes(encoded(whole))
    return replace(
        row,
        state=State.PUBLISHED,
        accepted_digest=row.digest,
        published_digest=row.digest,
        number=post.number,
        accepted_at=post.date,
        path=path,
    )


def _facts(row: Row, post: Post) -> Facts:
    return Facts(
        id=row.id,
        sha256=row.sha256,
        size=row.size,
        state=State.HELD,
        kind=row.kind,
        reason="",
        reasons=row.reasons,
        warnings=(),
        subject=post.title,
        sent_at=post.date,
        received_at=post.date,
        taken_at=post.date,
        channel="imap",
        lang="fr",
        digest=row.digest,
        removed=0,
        forwarded=None,
        attachments=(),
        authenticity="pass",
        sender_key=row.sender_key,
        message_id_key=row.message_id_key,
    )


def _past(row: Row, moderator: str) -> Iterator[dict[str, object]]:
    day = timedelta(days=1)
    yield _line(row, "hold", "mur", "imap", None, State.HELD, row.received_at)
    decided = {
        State.ACCEPTED: "accept",
        State.PUBLISHED: "accept",
        State.REJECTED: "reject",
        State.DISCARDED: "discard",
        State.SPAM: "spam",
    }.get(row.state)
    if decided:
        first = State.ACCEPTED if row.state is State.PUBLISHED else row.state
        yield _line(row, decided, moderator, "web", State.HELD, first, row.received_at + day)
    if row.state is State.PUBLISHED:
        yield _line(row, "publish", "mur", "publisher", State.ACCEPTED, State.PUBLISHED, row.received_at + day)


def _line(row: Row, what: str, by: str, channel: str, before: State | None, after: State, at: datetime):
    return {
        "contribution": row.id,
        "at": at,
        "what": what,
        "by": by,
        "channel": channel,
        "note": "",
        "before": before.value if before else None,
        "after": after.value,
        "digest": row.digest,
        "not_before": None,
    }


def _column(row: Row, name: str) -> object:
    value = getattr(row, name)
    if isinstance(value, tuple):
        return list(value)
    return value.value if isinstance(value, State | Kind) else value


def _batches(them: Iterable) -> Iterator[list]:
    rest = iter(them)
    while some := list(islice(rest, 2000)):
        yield some


def told(settings: Settings) -> str:
    """How large a wall is, for a line of progress."""
    with engine(settings).connect() as connection:
        counted = connection.execute(
            sa.select(tables.contribution.c.state, sa.func.count()).group_by(tables.contribution.c.state)
        )
        return json.dumps(dict(counted.all()))
