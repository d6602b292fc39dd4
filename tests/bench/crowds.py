"""A wall of a hundred thousand contributions: rows, journal, letters, and of documents only the drafts."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

from ingest.model import Digest
from ingest.publication import article
from ingest.settings import Settings
from ingest.states import State
from ingest.store import Row, tables
from ingest.store.facts import digest_of, encoded
from tests.bench import french, walls
from tests.bench.posts import FIRST, Post, post

_SHARES = ((State.HELD, 10), (State.PUBLISHED, 60), (State.REJECTED, 10), (State.DISCARDED, 15), (State.SPAM, 5))
_PURGED = frozenset({State.REJECTED, State.DISCARDED, State.SPAM})
_POOL = 200
_DUE = 20
"""Refused within the last weeks: what the next tidying takes."""
NOW = datetime(2026, 11, 1, 9, tzinfo=FIRST.tzinfo)


def crowd(settings: Settings, count: int) -> None:
    """Fill an empty wall with `count` contributions of ten years; one in ten waits."""
    os.umask(0o077)  # as the program itself writes its state
    bodies = [post(number, FIRST).body for number in range(1, _POOL + 1)]
    made = _rows(count, bodies, settings)
    (settings.paths.content / "billets").mkdir(parents=True, exist_ok=True)
    with walls.engine(settings).begin() as connection:
        number = 0
        while some := list(islice(made, 2000)):
            walls.insert(connection, some)
            walls.journal(connection, some)
            connection.execute(tables.outbox.insert(), [_letter(row) for row in some])
            files = [
                {"path": row.path, "digest": digest, "contribution": row.id}
                for row, digest in _projected(some, settings)
            ]
            number += len(files)
            if files:
                connection.execute(tables.article_file.insert(), files)
        connection.execute(tables.counter.update().where(tables.counter.c.name == "number").values(value=number))
    walls.settle(settings)


def _rows(count: int, bodies: list[str], settings: Settings) -> Iterator[Row]:
    step, number = (NOW - timedelta(days=5) - FIRST) / count, 0
    for place in range(1, count + 1):
        random = Random(f"crowd {place}")
        (state,) = random.choices([state for state, _ in _SHARES], [share for _, share in _SHARES])
        post = _post(place, random, FIRST + step * place, random.choice(bodies))
        draft = encoded(article.document(walls.draft_of(post)))
        row = walls.row_of(post, state=state, digest=digest_of(draft))
        if place > count - _DUE:
            row = replace(row, state=State.REJECTED, received_at=NOW - timedelta(days=40), purged="raw")
        elif state in _PURGED:
            yield replace(row, purged="all")
            continue
        _write(settings.paths.state / "contributions" / row.id / "drafts", f"{row.digest}.md", draft)
        if row.state is State.PUBLISHED:
            number += 1
            row = _published(row, post, number)
        yield row


def _post(place: int, random: Random, at: datetime, body: str) -> Post:
    return Post(
        number=place,
        title=f"{french.title(random)} {place}",
        slug=f"billet-{place:06}",
        date=at.replace(microsecond=0),
        tags=tuple(random.sample(french.TAGS, 5)),
        byline=random.choice(french.BYLINES),
        body=body,
        picture="",
    )


def _published(row: Row, post: Post, number: int) -> Row:
    return replace(
        row,
        accepted_digest=row.digest,
        published_digest=row.digest,
        number=number,
        accepted_at=post.date,
        path=f"billets/{post.stem}.md",
    )


def _projected(rows: list[Row], settings: Settings) -> Iterator[tuple[Row, Digest]]:
    for row in rows:
        if row.path is None:
            continue
        draft = settings.paths.state / "contributions" / row.id / "drafts" / f"{row.digest}.md"
        data = draft.read_bytes()
        (settings.paths.content / row.path).write_bytes(data)
        yield row, digest_of(data)


def _write(folder: Path, name: str, data: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / name).write_bytes(data)


def _letter(row: Row) -> dict[str, object]:
    return {
        "kind": "received",
        "audience": "sender",
        "who": row.sender_key,
        "contribution": row.id,
        "digest": row.digest,
        "about": {},
        "token": hashlib.sha256(row.id.encode()).hexdigest()[:32],
        "state": "sent",
        "said": "",
        "attempts": 1,
        "created_at": row.received_at,
        "due_at": row.received_at,
        "tried_at": row.received_at,
        "ended_at": row.received_at,
    }
