"""A look at a mailbox that changes nothing: what it can do, which folders it has, who signed its last mails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from imapclient import IMAPClient

from ingest import settings as mur
from ingest.mailbox import folders
from ingest.mailbox.connection import connect, hang_up, speaking_to

_LAST = 20
"""Mails looked at in each folder."""
_FIELD = "BODY.PEEK[HEADER.FIELDS (AUTHENTICATION-RESULTS)]<0.16000>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was seen. `stamps` holds the Authentication-Results fields of each of the last mails, as header blocks."""

    capabilities: frozenset[str]
    names: frozenset[str]
    missing: tuple[str, ...]
    """The folders of the settings that are not there, as they are written in them."""
    filed: str
    """The folder for what was received, as the server calls it."""
    newest: datetime | None
    """The latest INTERNALDATE among the last mails, UTC."""
    stamps: tuple[bytes, ...]


def look(settings: mur.Mailbox, *, base: Path | None, password: str) -> Look:
    """Connect, look, hang up; folders are opened read-only. Raises what `connect` raises."""
    client = connect(settings, base=base, password=password)
    try:
        with speaking_to(settings):
            return _look(client, settings)
    finally:
        hang_up(client)


def _look(client: IMAPClient, settings: mur.Mailbox) -> Look:
    tree = folders.survey(client)
    wanted = (*settings.folders, *settings.spam_folders)
    there = [name for name in wanted if tree.find(name) in tree.names | {"INBOX"}]
    filed = folders.filed_folder(tree, settings)
    moments: list[datetime] = []
    stamps: list[bytes] = []
    for folder in dict.fromkeys((*(tree.find(name) or name for name in settings.folders if name in there), filed)):
        if folder in tree.names or folder == "INBOX":
            _last(client, folder, moments, stamps)
    return Look(
        capabilities=frozenset(each.decode("ascii", "replace") for each in client.capabilities()),
        names=tree.names,
        missing=tuple(name for name in wanted if name not in there),
        filed=filed,
        newest=max(moments, default=None),
        stamps=tuple(stamps),
    )


def _last(client: IMAPClient, folder: str, moments: list[datetime], stamps: list[bytes]) -> None:
    exists = client.select_folder(folder, readonly=True).get(b"EXISTS", 0)
    if not exists:
        return
    # by sequence number, which has no gaps; nothing is moved meanwhile but by others, who only make the answer shorter
    client.use_uid = False
    try:
        answers = client.fetch(list(range(max(exists - _LAST + 1, 1), exists + 1)), ["INTERNALDATE", _FIELD])
    finally:
        client.use_uid = True
    for answer in answers.values():
        if b"INTERNALDATE" in answer:
            moments.append(answer[b"INTERNALDATE"].astimezone(UTC))
        stamps.extend(value for key, value in answer.items() if key.startswith(b"BODY[") and isinstance(value, bytes))
