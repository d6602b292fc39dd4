"""What the publisher asks and tells: what stands accepted, which files it wrote, what went online."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from ingest.model import COPIES, ContributionId, Digest, Draft
from ingest.states import PROJECTED, Action, State
from ingest.store import rows, tables
from ingest.store.changing import Changing
from ingest.store.database import Database
from ingest.store.rows import BY_ITSELF, SET_ASIDE, Line, Row, row_of

_WHY = 500
_AT_ONCE = 500
"""Ids in one statement: SQLite takes 999 at least (sqlite.org/limits.html)."""
_MEDIA = re.compile(r"media:([0-9a-f]{16}\.[a-z0-9]{1,8})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """Something to stand in `content/`: the draft that was accepted, never merely the current one."""

    row: Row
    digest: Digest
    """Of `draft`. The one accepted last, or, while that one has to wait, the one that is online."""
    draft: Draft
    media: tuple[str, ...]
    """The files that the draft names and the contribution has, in the order of the draft."""


class ArticleFile(NamedTuple):
    """A file that the publisher wrote under `content/`. There are thousands: a tuple is made faster."""

    path: str
    """Relative to `content/`, with forward slashes."""
    digest: Digest
    """Of the bytes written: as long as the file matches, nobody else touched it."""
    contribution: ContributionId


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One article of a site that was swapped in."""

    id: ContributionId
    digest: Digest
    path: str
    """Of its article, relative to `content/`."""


class Projection(Changing):
    """The publisher's part of a store."""

    def settled(self) -> tuple[ContributionId, ...]:
        """What is online as it was accepted last."""
        row = tables.contribution.c
        same = row.accepted_digest == row.published_digest
        query = sa.select(row.id).where(row.state == State.PUBLISHED.value, same, row.path.is_not(None))
        with self._database.reading() as connection:
            return tuple(connection.scalars(query))

    def to_project(self, now: datetime, *, among: Collection[ContributionId] | None = None) -> tuple[Accepted, ...]:
        """What is to stand in `content/` at `now`, in the order of acceptance: all, or some of it.

        What waits for its date is left out, unless an earlier version of it is online: that one stays. Raises
        `Unavailable` where an accepted draft cannot be read: better the old site than one with a hole.
        """
        rows = self.rows(PROJECTED) if among is None else _among(self._database, among)
        accepted = (self._due(row, now) for row in rows)
        return tuple(sorted(filter(None, accepted), key=lambda one: one.row.number or 0))

    def holding(self, media: Iterable[str], ids: Iterable[ContributionId]) -> frozenset[ContributionId]:
        """Those of `ids` that have one of these files beside their draft."""
        root, names = self._folders.root, tuple(media)
        return frozenset(id_ for id_ in ids if any((root / id_ / "media" / name).exists() for name in names))

    def standing(self) -> tuple[ContributionId, ...]:
        """What is accepted or online."""
        row = tables.contribution.c
        states = [state.value for state in PROJECTED]
        with self._database.reading() as connection:
            return tuple(connection.scalars(sa.select(row.id).where(row.state.in_(states))))

    def newest(self) -> int:
        """The number of the journal's last line; 0 for an empty one. It grows with everything that happens."""
        with self._database.reading() as connection:
            return int(connection.scalar(sa.select(sa.func.max(tables.journal.c.seq))) or 0)

    def unpublished(self, now: datetime) -> bool:
        """Whether something stands accepted that is not online, or stands online that should not any more."""
        row, file = tables.contribution.c, tables.article_file.c
        waits = sa.select(row.warnings).where(
            row.state == State.ACCEPTED.value, sa.or_(row.not_before.is_(None), row.not_before <= now)
        )
        gone = (
            sa.select(file.path)
            .join(tables.contribution, row.id == file.contribution)
            .where(row.state.not_in([state.value for state in PROJECTED]))
        )
        with self._database.reading() as connection:
            if connection.scalar(gone.limit(1)) is not None:
                return True
            found = connection.scalars(waits).all()
        return any(not any(word.startswith(SET_ASIDE) for word in warnings) for warnings in found)

    def article_files(self) -> tuple[ArticleFile, ...]:
        """The files that the publisher wrote, by path."""
        table = tables.article_file
        with self._database.reading() as connection:
            found = connection.execute(sa.select(table).order_by(table.c.path)).all()
        return tuple(map(ArticleFile._make, found))

    def note_article_files(self, files: Iterable[ArticleFile], gone: Iterable[str] = ()) -> None:
        """Put these into the list, each in place of what it had under that path, and strike paths off, at once."""
        table, lines = tables.article_file, [file._asdict() for file in files]
        stale = [{"old": path} for path in {*gone, *(line["path"] for line in lines)}]
        if not stale:
            return
        with self._database.writing() as connection:
            connection.execute(table.delete().where(table.c.path == sa.bindparam("old")), stale)
            if lines:
                connection.execute(table.insert(), lines)

    def published(self, articles: Iterable[Published], now: datetime) -> tuple[ContributionId, ...]:
        """Note what went online, each on the condition that it still stands accepted with that very draft.

        Gives back those that were not online with that draft before; each has a line in the journal.
        """
        told = {article.id: article for article in articles}
        changed = [row for row in _among(self._database, told) if _online(row, told[row.id]) != row]
        if not changed:
            return ()
        with self._database.writing() as connection:
            return tuple(row.id for row in changed if self._publish(connection, told[row.id], now))

    def set_aside(self, article: Published, why: str, now: datetime) -> bool:
        """Keep an accepted draft from the site until somebody decides again; whether it still is what was accepted.

        An earlier text that is online stays. The journal has a line that says why.
        """
        why = " ".join(why.split())[:_WHY] or SET_ASIDE
        with self._database.writing() as connection:
            row = self._locked(connection, article.id)
            if row is None or row.state not in PROJECTED or row.accepted_digest != article.digest or row.set_aside:
                return False
            online = None if row.published_digest == article.digest else row.published_digest
            warnings = (*row.warnings, f"{SET_ASIDE}: {why}")
            after = replace(row, state=State.ACCEPTED, published_digest=online, warnings=warnings)
            rows.update(connection, row, after)
            line = Line(what=SET_ASIDE, by=BY_ITSELF, channel="publisher", note=why, at=now)
            self._note(connection, line, before=row, after=replace(after, digest=article.digest))
        return True

    def _publish(self, connection: sa.Connection, article: Published, now: datetime) -> bool:
        row = self._locked(connection, article.id)
        if row is None:
            return False
        after = _online(row, article)
        rows.update(connection, row, after)
        if (after.state, after.published_digest) == (row.state, row.published_digest):
            return False
        line = Line(what=Action.PUBLISH.value, by=BY_ITSELF, channel="publisher", note="", at=now)
        self._note(connection, line, before=row, after=replace(after, digest=article.digest))
        return True

    def _due(self, row: Row, now: datetime) -> Accepted | None:
        for digest in (row.accepted_digest, row.published_digest):
            if digest is None or (row.set_aside and digest == row.accepted_digest):
                continue
            draft = self.draft(row.id, digest)
            starts = row.not_before or draft.not_before
            if starts is None or starts <= now or digest == row.published_digest:
                return Accepted(row=row, digest=digest, draft=draft, media=self._shown(row.id, draft))
        return None

    def _shown(self, id_: ContributionId, draft: Draft) -> tuple[str, ...]:
        there = set(self.media_names(id_))
        named = _MEDIA.findall("\n".join((draft.body, *draft.extra.values())))
        shown = tuple(name for name in dict.fromkeys(named) if name in there)
        copies = (name.replace(".", f"-{width}.", 1) for name in shown for width in COPIES)
        return (*shown, *(name for name in copies if name in there))


def _online(row: Row, article: Published) -> Row:
    """The row once this article is online; itself where that is no longer what was decided."""
    if row.state not in PROJECTED or article.digest not in {row.accepted_digest, row.published_digest}:
        return row
    state = State.PUBLISHED if article.digest == row.accepted_digest else row.state
    return replace(row, state=state, path=article.path, published_digest=article.digest)


def _among(database: Database, ids: Iterable[ContributionId]) -> tuple[Row, ...]:
    """The rows of these ids that are projected, the longest here first."""
    table = tables.contribution
    found: list[sa.Row[Any]] = []
    ids, states = sorted(ids), [state.value for state in PROJECTED]
    with database.reading() as connection:
        for start in range(0, len(ids), _AT_ONCE):
            some = table.c.id.in_(ids[start : start + _AT_ONCE])
            found += connection.execute(sa.select(table).where(some, table.c.state.in_(states))).all()
    return tuple(sorted(map(row_of, found), key=lambda row: (row.received_at, row.id)))
