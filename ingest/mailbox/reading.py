"""Fetching mails: their size first, then their bytes, few round trips and little memory."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

_log = logging.getLogger(__name__)

_BATCH_BYTES = 4_000_000
_BATCH_MAILS = 50
_HEADER_BYTES = 256_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A mail before it is fetched: RFC822.SIZE in bytes, INTERNALDATE in UTC."""

    uid: int
    size: int
    received_at: datetime


def measure(client: IMAPClient, uids: Sequence[int]) -> list[Measured]:
    """Size and date of those mails that are still there, in the order of `uids`."""
    answers = client.fetch(list(uids), ["RFC822.SIZE", "INTERNALDATE"])
    return [
        Measured(uid=uid, size=answers[uid][b"RFC822.SIZE"], received_at=_utc(answers[uid].get(b"INTERNALDATE")))
        for uid in uids
        if b"RFC822.SIZE" in answers.get(uid, {})
    ]


def batches(mails: Iterable[Measured], max_bytes: int) -> Iterator[list[Measured]]:
    """Mails to fetch together: at most 4 MB, or one larger one, alone."""
    batch: list[Measured] = []
    total = 0
    limit = min(_BATCH_BYTES, max_bytes)
    for mail in mails:
        if batch and (total + mail.size > limit or len(batch) == _BATCH_MAILS):
            yield batch
            batch, total = [], 0
        batch.append(mail)
        total += mail.size
    if batch:
        yield batch


def header(client: IMAPClient, mail: Measured) -> dict[int, bytes]:
    """The header of one mail, or its first 256 kB."""
    return _sections(client, [mail.uid], f"BODY.PEEK[HEADER]<0.{_HEADER_BYTES}>")


def bodies(client: IMAPClient, mails: Sequence[Measured]) -> dict[int, bytes]:
    """The bytes of mails by UID, without marking them as seen. What vanished, or cannot be had whole, is left out."""
    found = _bodies(client, [mail.uid for mail in mails])
    for mail in mails:
        raw = found.get(mail.uid)
        if raw is not None and len(raw) != mail.size and not _same_again(client, mail, raw):
            del found[mail.uid]
    return found


def _bodies(client: IMAPClient, uids: list[int]) -> dict[int, bytes]:
    try:
        return _sections(client, uids, "BODY.PEEK[]")
    except IMAPClientAbortError:
        raise
    except IMAPClientError as error:
        # One mail that the server itself cannot read makes some servers refuse the whole FETCH.
        if len(uids) == 1:
            _log.warning("uid %d: the server does not give this mail: %s", uids[0], error)
            return {}
    return {uid: raw for each in uids for uid, raw in _bodies(client, [each]).items()}


def _same_again(client: IMAPClient, mail: Measured, raw: bytes) -> bool:
    """Whether nothing is missing of a mail whose length is not its RFC822.SIZE.

    Exchange only estimates RFC822.SIZE: what it sends twice alike is the mail.
    """
    if _bodies(client, [mail.uid]).get(mail.uid, raw) == raw:
        _log.info("uid %d: %d bytes, announced as %d", mail.uid, len(raw), mail.size)
        return True
    _log.warning("uid %d: not the same when read twice; left for the next time", mail.uid)
    return False


def _sections(client: IMAPClient, uids: list[int], what: str) -> dict[int, bytes]:
    answers = client.fetch(uids, [what])
    return {
        uid: value
        for uid, answer in answers.items()
        for key, value in answer.items()
        if key.startswith(b"BODY[") and isinstance(value, bytes)
    }


def _utc(date: datetime | None) -> datetime:
    try:
        return date.astimezone(UTC) if date is not None else datetime.now(UTC)
    except OverflowError:
        return datetime.now(UTC)
