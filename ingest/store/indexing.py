"""The file of words kept up to date, and asked.

The journal says what changed since the last search, so that a search costs what changed and what it shows, not what
there is. Where the journal is no longer the one that was read (a backup was put back), every page is compared with its
row; where the file itself is damaged, it is made again.
"""

from __future__ import annotations

import html
import re
import sqlite3
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from ingest.errors import BadMessage, Refused, Unavailable
from ingest.model import ContributionId, Markdown
from ingest.states import State
from ingest.store import asking, index, tables
from ingest.store.ageing import ALL
from ingest.store.index import Page, Seen
from ingest.store.paging import in_pages
from ingest.store.reading import Reading
from ingest.store.rows import Row, row_of
from ingest.words import _

T = TypeVar("T")

_PAGES_A_TIME = 500
_OVERLAP = 64
"""Lines of the journal that are looked at again on a server: there a later number may be committed first."""
_ALONE = frozenset({State.SPAM, State.DISCARDED, State.REJECTED, State.QUARANTINED, State.WITHDRAWN})
"""Their tags are proposed to nobody."""
_LINK = re.compile(r"\]\([^()\s]{0,2000}\)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_MARKS = re.compile(r"!?\[|\]|(?<!\\)[*`]|^[ \t]*[>#]+ ?", re.MULTILINE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Indexing(Reading):
    """The part of a store that keeps the file of words."""

    def _ask(self, run: Callable[[sqlite3.Connection], T]) -> T:
        """Bring the pages up to date and ask; a damaged file is thrown away, once."""
        try:
            return self._ask_once(run)
        except sqlite3.DatabaseError as error:
            if self._index is None or "no such module" in str(error):
                raise Unavailable(_("recherche : {reason}").format(reason=str(error))) from None
            index.discard(self._index)
        try:
            return self._ask_once(run)
        except sqlite3.DatabaseError as error:
            raise Unavailable(_("recherche : {reason}").format(reason=str(error))) from None

    def _ask_once(self, run: Callable[[sqlite3.Connection], T]) -> T:
        with index.opened(self._index) as db:
            self._bring_up(db)
            return run(db)

    def _bring_up(self, db: sqlite3.Connection) -> None:
        was = index.seen(db)
        changed, now = self._changed(was)
        if changed is not None and now == was and not changed:
            return
        stored = index.marks(db, changed)
        if changed is None:
            index.at_once(db, on=True)
        rows = map(row_of, in_pages(self._database)) if changed is None else iter(self._rows_of(changed).values())
        while some := list(islice(rows, _PAGES_A_TIME)):
            kept = [row for row in some if _kept(row)]
            stale = [self._page(row) for row in kept if stored.pop(row.id, None) != _mark(row)]
            if stale:
                with index.writing(db):
                    for page in stale:
                        index.put(db, page)
        if changed is None:
            index.at_once(db, on=False)
        with index.writing(db):
            for id_ in stored:  # no row wants them any more
                index.remove(db, id_)
            index.set_seen(db, now)

    def _changed(self, was: Seen | None) -> tuple[list[ContributionId] | None, Seen | None]:
        """What the journal tells of since, and its last line; None instead of a list where it is another journal."""
        table = tables.journal.c
        columns = sa.select(table.seq, table.contribution, table.at).order_by(table.seq)
        with self._database.reading() as connection:
            if was is None:
                last = connection.execute(columns.order_by(None).order_by(table.seq.desc()).limit(1)).one_or_none()
                return None, _seen(last) if last else None
            overlap = _OVERLAP if self.settings.database else 0
            lines = [_seen(line) for line in connection.execute(columns.where(table.seq >= was.seq - overlap))]
        if was not in lines:
            return self._changed(None)
        told = lines if overlap else [line for line in lines if line.seq > was.seq]
        return [ContributionId(id_) for id_ in dict.fromkeys(line.contribution for line in told)], lines[-1]

    def _rows_of(self, ids: Iterable[ContributionId]) -> dict[ContributionId, Row]:
        table = tables.contribution
        wanted = iter(ids)
        rows: dict[ContributionId, Row] = {}
        with self._database.reading() as connection:
            while some := list(islice(wanted, _PAGES_A_TIME)):
                found = connection.execute(sa.select(table).where(table.c.id.in_(some)))
                rows |= {row.id: row for row in map(row_of, found)}
        return rows

    def _page(self, row: Row) -> Page:
        title, byline, body = "", "", ""
        tags: tuple[str, ...] = ()
        try:
            if row.digest is None:
                title = self.facts(row.id).subject
            else:
                draft = self.draft(row.id, row.digest)
                title, byline, tags, body = draft.title, draft.byline, draft.tags, words_of(draft.body)
        except (Refused, BadMessage, Unavailable):
            pass  # a draft that cannot be read is found by its id alone
        facets = [asking.facet("state", row.state), asking.facet("kind", row.kind) if row.kind else ""]
        return Page(
            id=row.id,
            received_at=row.received_at,
            mark=_mark(row),
            title=_bare(title),
            byline=_bare(byline),
            tags=tuple(map(_bare, tags)),
            body=body,
            names=f"{row.id} {asking.numbered(row.number)}",
            facets=" ".join(facets),
            proposes=row.state not in _ALONE,
        )

    @property
    def _index(self) -> Path | None:
        return None if self._database.readonly else self.settings.paths.state / index.NAME


def words_of(body: Markdown) -> str:
    """The words of a draft, without the marks of Markdown and without the addresses that links lead to."""
    bare = _MARKS.sub("", _LINK.sub("]", body))
    return _bare(html.unescape(_ESCAPE.sub(r"\1", bare))).strip()


def _bare(text: str) -> str:
    return _CONTROLS.sub("", text)


def _kept(row: Row) -> bool:
    return row.state is not State.ERASED and row.purged != ALL


def _mark(row: Row) -> str:
    return " ".join(map(str, (row.state.value, row.kind.value if row.kind else "-", row.digest, row.number)))


def _seen(line: sa.Row[Any, Any, Any]) -> Seen:
    return Seen(seq=line.seq, contribution=line.contribution, at=line.at.isoformat())
