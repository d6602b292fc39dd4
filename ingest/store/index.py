"""The file of words, `var/search.db`: what a full-text search looks in. It is made from the rows and the drafts, and
again whenever it is missing, damaged or of another make; it holds the text of drafts, so it is private and erased.

SQLite's FTS5 with `unicode61 remove_diacritics 2`: "Ete" finds "été". It stays a local file where the rows are in
PostgreSQL. Rows are numbered by when they came, so that the newest are found first without sorting what is found.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest import durable
from ingest.errors import Unavailable
from ingest.model import ContributionId
from ingest.words import _

NAME = "search.db"
OPEN, CLOSE = "\x02", "\x03"
"""Around what was found, in what SQLite gives back; no text that is indexed holds them."""
_MAKE = 1
"""Of these tables: another number is thrown away and made again."""
_BUSY_SECONDS = 20
_CACHE_KB = 32_000
"""At most: lists of words are merged in it when all is made anew, page by page of the disk otherwise."""
# Each length of a prefix has a list of its own: a common one is read as far as a page needs, not put together whole
_TABLES = """
CREATE TABLE document (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, mark TEXT NOT NULL);
CREATE TABLE tag (key INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (key, name)) WITHOUT ROWID;
CREATE INDEX tag_name ON tag (name);
CREATE TABLE seen (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER, contribution TEXT, at TEXT);
CREATE VIRTUAL TABLE page USING fts5(
    title, byline, tags, body, names, facets, tokenize="unicode61 remove_diacritics 2", prefix='1 2 3 4 5 6 7 8'
);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is known of one contribution by its words."""

    id: ContributionId
    received_at: datetime
    mark: str
    """Of the row it was made from: another mark, another page."""
    title: str
    byline: str
    tags: tuple[str, ...]
    body: str
    names: str
    facets: str
    proposes: bool
    """Whether its tags are proposed to others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The line of the journal up to which the pages are those of the rows."""

    seq: int
    contribution: str
    at: str


@contextmanager
def opened(path: Path | None) -> Iterator[sqlite3.Connection]:
    """The file, made where it is missing or not ours; in memory for None.

    Raises `Unavailable` where the disk says no or somebody else writes for too long, and `sqlite3.DatabaseError` for
    damage: `discard` it then.
    """
    if path is not None:
        _make_private(path)
    with _said(), closing(sqlite3.connect(path or ":memory:", timeout=_BUSY_SECONDS, isolation_level=None)) as db:
        db.execute("PRAGMA secure_delete=ON")
        db.execute("PRAGMA synchronous=NORMAL")
        db.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
        if _make_of(db) != _MAKE:
            _make(db)
        yield db


def discard(path: Path) -> None:
    """Throw the file away; the next search makes it again."""
    with durable.on_disk(path):
        for name in (path.name, f"{path.name}-journal"):
            with suppress(FileNotFoundError):
                path.with_name(name).unlink()


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[None]:
    """One transaction."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def seen(db: sqlite3.Connection) -> Seen | None:
    """How far the pages are; None for pages that were never compared with the rows."""
    found = db.execute("SELECT seq, contribution, at FROM seen").fetchone()
    return Seen(seq=found[0], contribution=found[1], at=found[2]) if found else None


def set_seen(db: sqlite3.Connection, line: Seen | None) -> None:
    """Note how far they are."""
    db.execute("DELETE FROM seen")
    if line is not None:
        db.execute("INSERT INTO seen VALUES (1, ?, ?, ?)", (line.seq, line.contribution, line.at))


def marks(db: sqlite3.Connection, ids: Iterable[str] | None = None) -> dict[str, str]:
    """The mark of every page, or of these."""
    if ids is None:
        return dict(db.execute("SELECT id, mark FROM document"))
    found = (db.execute("SELECT id, mark FROM document WHERE id = ?", (id_,)).fetchone() for id_ in ids)
    return dict(filter(None, found))


def put(db: sqlite3.Connection, page: Page) -> None:
    """Write a page in the place of the one before."""
    remove(db, page.id)
    key = _key(db, page)
    db.execute("INSERT INTO document VALUES (?, ?, ?)", (key, page.id, page.mark))
    texts = (page.title, page.byline, ", ".join(page.tags), page.body, page.names, page.facets)
    told = (text.encode("utf-8", "replace").decode("utf-8") for text in texts)
    db.execute(
        "INSERT INTO page (rowid, title, byline, tags, body, names, facets) VALUES (?, ?, ?, ?, ?, ?, ?)", (key, *told)
    )
    if page.proposes:
        db.executemany("INSERT OR IGNORE INTO tag VALUES (?, ?)", [(key, tag) for tag in page.tags])


def at_once(db: sqlite3.Connection, *, on: bool) -> None:
    """Whether all is being made anew: lists are then merged when there are many, and once at the end, into one.

    Merged four by four as they come (FTS5, section 6.7), the cost grows faster than what is written.
    """
    db.execute("INSERT INTO page (page, rank) VALUES ('automerge', ?)", (0 if on else 4,))
    if not on:
        db.execute("INSERT INTO page (page) VALUES ('optimize')")


def remove(db: sqlite3.Connection, id_: str) -> None:
    """Take a page out; no harm where there is none."""
    found = db.execute("SELECT key FROM document WHERE id = ?", (id_,)).fetchone()
    if found:
        for table, column in (("document", "key"), ("tag", "key"), ("page", "rowid")):
            db.execute(f"DELETE FROM {table} WHERE {column} = ?", found)  # noqa: S608 - names of ours


def scrub(db: sqlite3.Connection) -> None:
    """Leave nothing of what was taken out: FTS5 keeps deleted words until its segments are merged (section 6.9)."""
    db.execute("INSERT INTO page (page) VALUES ('optimize')")
    db.execute("VACUUM")


def _key(db: sqlite3.Connection, page: Page) -> int:
    """The moment it came, and then its id: rows of FTS5 are read in the order of their numbers."""
    key = (int(page.received_at.timestamp()) << 28) | int(page.id[:7], 16)
    while db.execute("SELECT 1 FROM document WHERE key = ?", (key,)).fetchone():
        key += 1
    return key


def _make_private(path: Path) -> None:
    with durable.on_disk(path):
        durable.make_folder(path.parent)
        if not path.exists():
            with suppress(FileExistsError):
                durable.write(path, b"")  # 0600, as -journal then is


def _make_of(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _make(db: sqlite3.Connection) -> None:
    with writing(db):
        if _make_of(db) == _MAKE:
            return
        if db.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise sqlite3.DatabaseError("not a make of ours")
        for statement in filter(str.strip, _TABLES.split(";\n")):
            db.execute(statement)
        db.execute(f"PRAGMA user_version={_MAKE}")


@contextmanager
def _said() -> Iterator[None]:
    """What passes is `Unavailable`; damage stays what it is."""
    try:
        yield
    except sqlite3.OperationalError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY}:
            raise Unavailable(_("recherche : {reason}").format(reason=str(error))) from None
        raise
