"""All that is held on one address: `export.json`, and the documents beside it.

Contributions are found by the keyed hash of their sender, so that they are found after the mail itself was purged too.
A mail by somebody else that forwards a message of this address is told of with what it says of that message, and not
given: it is the other person's. Who moderated is not told either.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from ingest import durable
from ingest.errors import BadMessage, Refused
from ingest.model import Removed
from ingest.publication.addresses import page_of
from ingest.settings import Settings
from ingest.states import State
from ingest.store import Row, Store, sender_of
from ingest.store.followers import Follower
from ingest.store.outbox import Posted
from ingest.words import _

INDEX = "export.json"


def export(settings: Settings, store: Store, address: str, target: Path, *, now: datetime) -> int:
    """Write it to `target`, 0600: JSON alone (`.json`), a zip (`.zip`), else a new folder. Gives back how many.

    Raises `Refused` where `target` is there already, `Unavailable` for the disk.
    """
    with durable.on_disk(target):
        if target.exists():
            raise Refused(_("{path} existe déjà").format(path=target))
    rows = store.from_sender(address)
    told = {
        "address": address,
        "exported_at": now.isoformat(timespec="seconds"),
        "contributions": [_contribution(settings, store, row, now) for row in rows],
        "blocked": _blocked(store, address),
        "moderation": _moderation(store, address, now),
        "follows": [_follows(store, one) for one in store.follows(address)],
        "letters": [_letter(letter) for letter in store.letters_to(address)],
        "forwarded_by_others": list(_forwarded(store, address, rows)),
    }
    index = json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
    with durable.on_disk(target):
        _WRITERS.get(target.suffix.lower(), _as_folder)(target, index, store, rows)
    return len(rows)


def _contribution(settings: Settings, store: Store, row: Row, now: datetime) -> dict[str, object]:
    return {
        "id": row.id,
        "number": row.public or None,
        "state": row.state.value,
        "kind": row.kind.value if row.kind else None,
        "sent_at": _moment(row.sent_at),
        "received_at": _moment(row.received_at),
        "address": _address(settings, row, now),
        "draft": _draft(store, row),
        "removed": [{"why": piece.why.value, "text": piece.text} for piece in _removed(store, row)],
        "facts": _facts(store, row),
        "likeness": _likeness(store, row),
        "journal": [
            {"at": _moment(entry.at), "what": entry.what, "channel": entry.channel, "note": entry.note}
            for entry in store.journal(row.id)
        ],
        "documents": [name for name, _path in _documents(store, row)],
    }


def _blocked(store: Store, address: str) -> dict[str, object] | None:
    """That the mails of this address are refused, and why, where they are; who decided so is not told."""
    for one in store.blocked_address(address):
        return {"since": _moment(one.since), "reason": one.reason, "mails": one.mails}
    return None


def _moderation(store: Store, address: str, now: datetime) -> dict[str, object] | None:
    """Of somebody who moderates: which notices they chose, and where they are logged in."""
    chosen = store.chosen_notices(address)
    sessions = store.sessions_of(store.who(address), now=now)
    if not chosen and not sessions:
        return None
    devices = [
        {"device": one.device, "since": _moment(one.created_at), "seen": _moment(one.seen_at)} for one in sessions
    ]
    return {"notices": chosen or None, "devices": devices}


def _follows(store: Store, one: Follower) -> dict[str, object]:
    """Which letters this address asked for; the address itself stands at the head."""
    return {
        "topic": one.topic or "news",
        "asked_at": _moment(one.asked_at),
        "confirmed_at": _moment(one.confirmed_at),
        "told": list(one.told),
        "came_back": list(one.bounced),
        "letters": [
            {"kind": kind, "state": state, "created_at": _moment(at)}
            for kind, state, at in store.letters_of_follower(one.id)
        ],
    }


def _letter(letter: Posted) -> dict[str, object]:
    """Which letter was sent to this address, and when; what it said is kept nowhere."""
    return {
        "kind": letter.kind,
        "contribution": letter.contribution,
        "state": letter.state,
        "created_at": _moment(letter.created_at),
        "ended_at": _moment(letter.ended_at),
    }


def _likeness(store: Store, row: Row) -> dict[str, object] | None:
    """By what its text is known again: numbers that tell nothing without the wall's key."""
    known = store.likeness(row.id)
    return {"whole": known.whole, "runs": known.size, "sketch": list(known.sketch)} if known else None


def _facts(store: Store, row: Row) -> dict[str, object] | None:
    try:
        return json.loads(json.dumps(asdict(store.facts(row.id)), default=str))  # type: ignore[no-any-return]
    except (Refused, BadMessage):
        return None


def _draft(store: Store, row: Row) -> str | None:
    try:
        return store.document(row.id) if row.digest else None
    except Refused:
        return None


def _removed(store: Store, row: Row) -> tuple[Removed, ...]:
    try:
        return store.removed(row.id)
    except BadMessage:
        return ()


def _address(settings: Settings, row: Row, now: datetime) -> str | None:
    """Where it is online."""
    if row.state is not State.PUBLISHED or not row.path:
        return None
    try:
        text = (settings.paths.content / row.path).read_text(encoding="utf-8", errors="replace")
        page = page_of(PurePosixPath(row.path), text, zone=ZoneInfo(settings.wall.timezone), now=now)
    except (OSError, Refused):
        return None
    return f"{settings.wall.url}/{page}" if page else None


def _forwarded(store: Store, address: str, own: tuple[Row, ...]) -> Iterator[dict[str, object]]:
    mine, wanted = {row.id for row in own}, sender_of(address)
    for row in store.every():
        if row.id in mine:
            continue
        try:
            message = store.facts(row.id).forwarded
        except (Refused, BadMessage):
            continue
        if message and sender_of(message.from_address) == wanted:
            yield {"id": row.id, "received_at": _moment(row.received_at), "state": row.state.value} | asdict(message)


def _documents(store: Store, row: Row) -> Iterator[tuple[str, Path]]:
    root = store.settings.paths.state / "contributions"
    for path in store.documents(row.id):
        yield path.relative_to(root).as_posix(), path


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _as_json(target: Path, index: bytes, _store: Store, _rows: tuple[Row, ...]) -> None:
    durable.put(target, index, by_way_of=target.absolute().parent)


def _as_folder(target: Path, index: bytes, store: Store, rows: tuple[Row, ...]) -> None:
    durable.make_folder(target)
    durable.write(target / INDEX, index)
    for row in rows:
        for name, path in _documents(store, row):
            durable.make_folder((target / name).parent)
            durable.write(target / name, path.read_bytes())


def _as_zip(target: Path, index: bytes, store: Store, rows: tuple[Row, ...]) -> None:
    with durable.beside(target.absolute().parent, target.name) as folder:
        durable.write(folder / "new", b"")
        with zipfile.ZipFile(folder / "new", "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr(INDEX, index)
            for row in rows:
                for name, path in _documents(store, row):
                    file.write(path, name)
        durable.place(folder / "new", target.absolute())


_WRITERS = {".json": _as_json, ".zip": _as_zip}
