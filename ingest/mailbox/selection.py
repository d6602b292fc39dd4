"""A selected folder, and which mails of it are still to be read."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from imapclient import IMAPClient

_KEYWORD = b"$MurRecu"
_SEARCHED_AT_ONCE = 50_000
"""A SEARCH answer is one line, and imaplib reads no line over 1,000,000 bytes: 11 bytes for each UID."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """What SELECT said of a folder (RFC 9051 section 6.3.2); 0 for a number that it did not say."""

    folder: str
    uidvalidity: int
    uidnext: int
    exists: int
    mark: bytes
    """What marks a mail as done on a server that can neither move nor expunge one mail alone."""


def select(client: IMAPClient, folder: str) -> Selected:
    """Select a folder to read and write."""
    answer = client.select_folder(folder)
    flags = answer.get(b"PERMANENTFLAGS", ())
    return Selected(
        folder=folder,
        uidvalidity=answer.get(b"UIDVALIDITY", 0),
        uidnext=answer.get(b"UIDNEXT", 0),
        exists=answer.get(b"EXISTS", 0),
        mark=_KEYWORD if b"\\*" in flags or _KEYWORD in flags else b"\\Deleted",
    )


def search(client: IMAPClient, selected: Selected) -> Sequence[int]:
    """The UIDs of all mails of the folder that were not filed away, oldest first; four or eight bytes each.

    Asked by sequence numbers, which have no gaps, so that a large folder answers in lines of bounded length.
    """
    uids = array("Q")
    for first in range(1, selected.exists + 1, _SEARCHED_AT_ONCE):
        last = first + _SEARCHED_AT_ONCE - 1
        span = f"{first}:{last if last < selected.exists else '*'}"
        uids.extend(sorted(client.search([span, *_left_out(client, selected)])))
    return uids


def _left_out(client: IMAPClient, selected: Selected) -> tuple[str, ...]:
    if client.has_capability("MOVE") or client.has_capability("UIDPLUS"):
        return ()
    return ("UNDELETED",) if selected.mark == b"\\Deleted" else ("UNKEYWORD", selected.mark.decode())
