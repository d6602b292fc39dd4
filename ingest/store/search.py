"""Searching what was taken, and what else is found across contributions: tags in use, the same sender's others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from ingest.errors import Refused
from ingest.model import Kind
from ingest.states import State
from ingest.store import asking, index, tables
from ingest.store.index import CLOSE, OPEN
from ingest.store.indexing import Indexing
from ingest.store.rows import Row, row_of
from ingest.words import _

Span = tuple[int, int]
"""Where something begins and ends in a string."""
_NEWEST = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One contribution that was found. Texts are plain, never HTML; spans are what to mark in them."""

    row: Row
    title: str
    title_marks: tuple[Span, ...]
    byline: str
    tags: tuple[str, ...]
    excerpt: str
    """Some words of the body around what was found."""
    excerpt_marks: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of what was found, the newest first, and where the next one begins: None where there is no more."""

    hits: tuple[Hit, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag as it is written most often, and on how many contributions it stands."""

    name: str
    count: int


class Searching(Indexing):
    """The part of a store that finds contributions by their words."""

    def search(
        self,
        words: str,
        *,
        states: Iterable[State] | None = None,
        kind: Kind | None = None,
        limit: int = 20,
        after: str | None = None,
    ) -> Found:
        """Contributions in which all `words` stand, wherever: title, byline, tags, text, id or `mur-142`.

        Nothing typed is an error; nothing to look for finds nothing. Raises `Refused` for an `after` that no page gave,
        `Unavailable`.
        """
        asked = asking.query(words, states=states, kind=kind)
        before = _cursor(after)
        if not asked or limit < 1:
            return Found(hits=(), after=None)
        found = self._ask(lambda db: db.execute(_FIND, (asked, before, limit + 1)).fetchall())
        rows = self._rows_of([line[1] for line in found[:limit]])
        hits = tuple(_hit(rows[line[1]], line) for line in found[:limit] if line[1] in rows)
        return Found(hits=hits, after=str(found[limit - 1][0]) if len(found) > limit else None)

    def known_tags(self, limit: int = 200) -> tuple[Tag, ...]:
        """Tags in use, the most used first; spellings that differ in capitals alone are one. Raises `Unavailable`."""
        counted = "SELECT name, count(*) FROM tag GROUP BY name ORDER BY count(*) DESC, name"
        spelt: dict[str, Tag] = {}
        for name, count in self._ask(lambda db: db.execute(counted).fetchall()):
            first = spelt.setdefault(name.casefold(), Tag(name=name, count=0))
            spelt[name.casefold()] = Tag(name=first.name, count=first.count + count)
        ordered = sorted(spelt.values(), key=lambda tag: (-tag.count, tag.name))
        return tuple(ordered[:limit])

    def tidy_search(self) -> None:
        """Leave nothing in the file of words of what was erased or purged; no file, nothing to do."""
        if self._index is not None and self._index.exists():
            self._ask(index.scrub)

    def of_sender(self, row: Row, *, limit: int = 20) -> tuple[Row, ...]:
        """Other contributions of the same sender, known by a keyed hash alone, the newest first."""
        table = tables.contribution.c
        if row.sender_key is None:
            return ()
        query = sa.select(tables.contribution).where(table.sender_key == row.sender_key, table.id != row.id)
        with self._database.reading() as connection:
            found = connection.execute(query.order_by(table.received_at.desc(), table.id).limit(limit)).all()
        return tuple(row_of(record) for record in found)


def _cursor(after: str | None) -> int:
    if after is None:
        return _NEWEST
    if not (after.isascii() and after.isdigit() and int(after[:20]) <= _NEWEST):
        raise Refused(_("cette page de résultats n’existe pas"))
    return int(after[:20])


def _hit(row: Row, line: tuple[int, str, str, str, str, str]) -> Hit:
    _key, _id, title, byline, tags, excerpt = line
    bare_title, title_marks = _spans(title)
    bare_excerpt, excerpt_marks = _spans(excerpt)
    return Hit(
        row=row,
        title=bare_title,
        title_marks=title_marks,
        byline=byline,
        tags=tuple(filter(None, tags.split(", "))),
        excerpt=bare_excerpt,
        excerpt_marks=excerpt_marks,
    )


def _spans(marked: str) -> tuple[str, tuple[Span, ...]]:
    """A text without its marks, and where they stood."""
    first, *rest = marked.split(OPEN)
    text, spans = first, []
    for part in rest:
        inside, _close, outside = part.partition(CLOSE)
        spans.append((len(text), len(text) + len(inside)))
        text += inside + outside
    return text, tuple(spans)


_FIND = f"""
SELECT page.rowid, document.id, highlight(page, 0, '{OPEN}', '{CLOSE}'), byline, tags,
       snippet(page, 3, '{OPEN}', '{CLOSE}', '…', 24)
FROM page JOIN document ON document.key = page.rowid
WHERE page MATCH ? AND page.rowid < ? ORDER BY page.rowid DESC LIMIT ?
"""  # noqa: S608 - two signs of ours
