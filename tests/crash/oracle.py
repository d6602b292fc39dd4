"""What must be true of a wall: at every instant, and once the command was run again.

Reads files and tables as somebody from outside would, from a copy, so that looking repairs nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.crash.stage import CrashWall, quick_folder

_ID = re.compile(r"[0-9a-f]{16}")
_ROW = ("id", "sha256", "state", "kind", "reason", "digest", "accepted_digest", "published_digest", "number", "path")
_ONLINE = {"published"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A wall at one instant, without what differs from run to run (moments, keyed hashes)."""

    rows: Mapping[str, tuple[object, ...]]
    """By id: the columns of `_ROW`."""
    journal: Mapping[str, tuple[tuple[str, str, str], ...]]
    """By id: what, before, after."""
    letters: Counter[tuple[object, ...]]
    """Of the outbox: kind, audience, contribution, digest, about."""
    documents: Mapping[str, str]
    """By path below `contributions/`: a digest; of notes that hold moments, that they can be read."""
    content: Mapping[str, str]
    """By path below `content/`: a digest."""
    site: str
    """A digest of every path and byte that a visitor may ask for; empty where there is no site."""
    inbox: Counter[str]
    filed: Counter[str]
    torn: tuple[str, ...]
    """Documents that are not what their name, or their row, says."""
    left: tuple[str, ...]
    """What lies beside and should be gone once nobody is at work."""

    def row(self, id_: str) -> dict[str, object]:
        """The columns of one row, by name."""
        return dict(zip(_ROW, self.rows[id_], strict=True))


def look(wall: CrashWall) -> Seen:
    """A wall as it is now."""
    state, content = wall.folder / "var", wall.folder / "content"
    rows, journal, letters = _database(state)
    documents, torn = _documents(state / "contributions", rows)
    inbox, filed = wall.mailbox()
    return Seen(
        rows=rows,
        journal=journal,
        letters=letters,
        documents=documents,
        content=_tree(content),
        site=site_of(wall.folder / "output"),
        inbox=inbox,
        filed=filed,
        torn=tuple(torn),
        left=tuple(sorted(str(path.relative_to(wall.folder)) for path in wall.folder.rglob(".tmp-*"))),
    )


def at_any_instant(seen: Seen, before: Seen, after: Seen, said: str) -> list[str]:
    """What is wrong right after a death, given how it was before and is after a run that nobody interrupted.

    `said` is what the command had printed.
    """
    erased = (before.inbox + before.filed) - (after.inbox + after.filed)
    wrong = standing(seen, before.inbox + before.filed, before.filed, erased)
    if seen.site not in {before.site, after.site}:
        wrong.append("down: the site is neither the old one nor the new one")
    for path, digest in seen.content.items():
        if ".tmp-" not in path and digest not in {before.content.get(path), after.content.get(path)}:
            wrong.append(f"torn: content/{path} is neither the old one nor the new one")
    wrong += _taken_back(seen, before, after, said)
    return wrong


def standing(seen: Seen, sent: Counter[str], filed: Iterable[str] = (), erased: Iterable[str] = ()) -> list[str]:
    """What is wrong on a wall to which these mails were sent, whatever else happened to it.

    `filed` are those that somebody else had filed away, `erased` those that need not be anywhere.
    """
    wrong = [f"torn: {path}" for path in seen.torn]
    wrong += _mailbox(seen, sent, set(filed), set(erased))
    for id_, lines in seen.journal.items():
        if id_ not in seen.rows or lines[-1][2] != seen.row(id_)["state"]:
            wrong.append(f"torn: {id_}: its journal says {lines[-1][2]}")
        if sum(before is None for _what, before, _after in lines) != 1:
            wrong.append(f"duplicated: {id_} began more than once")
    wrong += [f"torn: {id_}: a row without a journal" for id_ in seen.rows if id_ not in seen.journal]
    for sha, number in Counter(row[1] for row in seen.rows.values()).items():
        wrong += [f"duplicated: rows for mail {str(sha)[:16]}"] if number > 1 else []
    for public, number in Counter(seen.row(id_)["number"] for id_ in seen.rows).items():
        wrong += [f"duplicated: number {public}"] if public is not None and number > 1 else []
    return wrong


def ended(seen: Seen, sent: Counter[str]) -> list[str]:
    """What is wrong once all that was sent has been taken: each mail one row, filed away once, and nothing beside."""
    wrong = standing(seen, sent) + [f"left: {path}" for path in seen.left]
    have = {str(row[1]) for row in seen.rows.values()}
    wrong += [f"lost: mail {sha[:16]}" for sha in sent if sha not in have]
    wrong += [f"duplicated: row of a mail that nobody sent: {sha[:16]}" for sha in have if sha not in sent]
    wrong += [f"left: mail {sha[:16]} in the inbox" for sha in seen.inbox]
    wrong += [f"duplicated: letters {letter}" for letter, number in seen.letters.items() if number > 1]
    return wrong


def at_the_end(seen: Seen, after: Seen) -> list[str]:
    """What is wrong once the command was run again to its end."""
    wrong = [f"torn: {path}" for path in seen.torn] + [f"left: {path}" for path in seen.left]
    for name in ("rows", "journal", "documents", "content"):
        mine, other = getattr(seen, name), getattr(after, name)
        wrong += [f"lost: {name} {key}" for key in sorted(other.keys() - mine.keys())]
        wrong += [f"duplicated: {name} {key}" for key in sorted(mine.keys() - other.keys())]
        wrong += [
            f"other: {name} {key}: {mine[key]} instead of {other[key]}"
            for key in sorted(mine.keys() & other.keys())
            if mine[key] != other[key]
        ]
    for name in ("inbox", "filed", "letters"):
        mine, other = getattr(seen, name), getattr(after, name)
        wrong += [f"lost: {name} {key}" for key in other - mine]
        wrong += [f"duplicated: {name} {key}" for key in mine - other]
    if seen.site != after.site:
        wrong.append("other: the site")
    return wrong


def holding(wall: CrashWall, words: bytes) -> list[str]:
    """Every file of a wall that holds these bytes; an erasure leaves none."""
    found = [path for path in wall.folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [f"left: {path.relative_to(wall.folder)}" for path in found if words in path.read_bytes()]


def site_of(output: Path) -> str:
    """A digest of a whole site; empty where there is none."""
    if not output.exists() and not output.is_symlink():
        return ""
    if not output.is_dir():
        return "a link to nothing"
    told = hashlib.sha256()
    for path, digest in sorted(_tree(output.resolve()).items()):
        told.update(f"{path} {digest}\n".encode())
    return told.hexdigest()


def _mailbox(seen: Seen, sent: Counter[str], filed: AbstractSet[str], erased: AbstractSet[str]) -> Iterator[str]:
    """Every mail lies in one place, and in the folder for what was taken only with its row and its documents."""
    there = seen.inbox + seen.filed
    yield from (f"duplicated: mail {sha[:16]} in the mailbox" for sha in there - sent)
    known = {str(row[1]) for row in seen.rows.values()}
    for sha in (sent - there).keys() - known - erased:
        yield f"lost: mail {sha[:16]} is neither in the mailbox nor here"
    for sha in seen.filed.keys() - filed:
        kept = f"{sha[:16]}/message.eml"
        if seen.documents.get(kept) != sha:
            yield f"lost: mail {sha[:16]} was filed away without its document"
        if sha not in known:
            yield f"lost: mail {sha[:16]} was filed away without its row"


def _taken_back(seen: Seen, before: Seen, after: Seen, said: str) -> Iterator[str]:
    """What was shown as decided stands, and what is said to be online is."""
    for line in said.splitlines():
        id_, colon, _words = line.partition(" : ")
        if colon and _ID.fullmatch(id_) and seen.rows.get(id_) != after.rows.get(id_):
            yield f"lost: {id_} was shown as decided"
    for id_ in seen.rows:
        was = before.row(id_)["state"] if id_ in before.rows else ""
        if seen.row(id_)["state"] in _ONLINE and was not in _ONLINE and seen.site != after.site:
            yield f"lost: {id_} is said to be online, and the site is the old one"


def _database(state: Path) -> tuple[dict, dict, Counter[tuple[object, ...]]]:
    if not (state / "mur.db").exists():
        return {}, {}, Counter()
    folder = quick_folder("mur-look-")
    try:
        for path in state.glob("mur.db*"):
            shutil.copy(path, folder)
        with closing(sqlite3.connect(folder / "mur.db")) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if "contribution" not in tables:
                return {}, {}, Counter()
            rows = {row[0]: row for row in database.execute(f"SELECT {', '.join(_ROW)} FROM contribution")}
            journal: dict[str, tuple[tuple[str, str, str], ...]] = {}
            for id_, *line in database.execute(
                'SELECT contribution, what, "before", "after" FROM journal ORDER BY seq'
            ):
                journal[id_] = (*journal.get(id_, ()), tuple(line))
            query = "SELECT kind, audience, contribution, digest, about FROM outbox"
            letters = Counter(database.execute(query)) if "outbox" in tables else Counter()
            return rows, journal, letters
    finally:
        shutil.rmtree(folder)


def _documents(root: Path, rows: Mapping[str, tuple[object, ...]]) -> tuple[dict[str, str], list[str]]:
    """Digests of what lies in the folders of contributions, and what of it is not whole."""
    documents: dict[str, str] = {}
    torn: list[str] = []
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        if not _ID.fullmatch(folder.name):
            continue
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{folder.name}/{path.relative_to(folder)}"
            documents[name], whole = _document(path, folder.name)
            torn += [] if whole else [name]
    for id_, row in rows.items():
        told = dict(zip(_ROW, row, strict=True))
        digests = {told["digest"], told["accepted_digest"]} - {None}
        torn += [f"{id_}: no draft {digest}" for digest in digests if f"{id_}/drafts/{digest}.md" not in documents]
        if told["state"] != "erased" and f"{id_}/message.eml" not in documents:
            torn.append(f"{id_}: a row without its mail")
    return documents, torn


def _document(path: Path, id_: str) -> tuple[str, bool]:
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if path.suffix == ".json":
        try:
            told = json.loads(data)
        except ValueError:
            return digest, False
        return "readable", isinstance(told, list) or told["id"] == id_
    if path.name == "message.eml":
        return digest, digest.startswith(id_)
    if path.parent.name == "drafts":
        return digest, path.stem == digest
    stem = path.name.partition(".")[0]
    return digest, "-" in stem or digest.startswith(stem)


def _tree(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }
