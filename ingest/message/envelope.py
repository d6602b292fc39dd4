"""Who wrote, to whom, when: the work that mail-parser is made for, handed only what it needs and can bear.

It gets a header of the structured fields alone, each on one line, in UTF-8, within limits: it drops raw 8-bit bytes,
is quadratic in encoded words, reads the text of attached messages as ours, and has its doubts (`defects`) on each
field, which become warnings.
"""

from __future__ import annotations

import email.utils
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.errors import MessageError
from typing import Any

import mailparser
from mailparser.exceptions import MailParserError

from ingest.message import words
from ingest.message.headers import Header
from ingest.model import Address

_FAILURES = (*(MailParserError, MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError),)
_STRUCTURED = ("from", "sender", "to", "cc", "reply-to", "date", "message-id", "in-reply-to", "references")
_MAX_FIELD = 32_000
_MAX_RECIPIENTS = 500
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_LIKE_ADDRESS = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+")
_SOON, _LATE = timedelta(days=2), timedelta(days=60)

NO_SENDER = "no-sender"
"""Warning: no readable address in From."""
ODD_FROM = "odd-from"
"""Warning: the From field holds something that is no address."""
SEVERAL_FROM = "several-from"
"""Warning: several From fields, or several addresses in it: nobody can be taken as the sender."""
SEVERAL_SUBJECT = "several-subject"
"""Warning: several Subject fields; the first counts."""
NAME_IS_ADDRESS = "name-is-address"
"""Warning: the display name of the sender is written like an address, and another one than theirs."""
NO_DATE = "no-date"
"""Warning: no readable date."""
ODD_DATE = "odd-date"
"""Warning: the date lies days after the mail was received, or months before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The structured header fields of a mail."""

    sender: Address | None
    recipients: tuple[Address, ...]
    subject: str
    sent_at: datetime | None
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    warnings: tuple[str, ...]


def read(header: Header) -> Envelope:
    """The envelope of a mail. Linear in the header; raises nothing."""
    parsed = _parsed(header)
    warnings: list[str] = []
    subjects = header.all("subject")
    if len(subjects) > 1:
        warnings.append(SEVERAL_SUBJECT)
    return Envelope(
        sender=_sender(header, parsed, warnings),
        recipients=tuple([*_addresses(parsed.to), *_addresses(parsed.cc)][:_MAX_RECIPIENTS]),
        subject=words.decode(subjects[0].raw) if subjects else "",
        sent_at=_sent_at(header, parsed, warnings),
        message_id=next(iter(_ids(parsed.message_id)), ""),
        in_reply_to=next(iter(_ids(parsed.in_reply_to)), ""),
        references=_ids(parsed.references)[-100:],
        warnings=tuple(warnings),
    )


def _parsed(header: Header) -> Any:
    try:
        return mailparser.parse_from_bytes(_structured(header))
    except _FAILURES:
        return mailparser.parse_from_bytes(b"\r\n\r\n")


def _structured(header: Header) -> bytes:
    """The first field of each name, on one line, in UTF-8, its encoded words mended, as a header without a body."""
    first = {name: field for name in _STRUCTURED if (field := header.first(name))}
    lines = [f"{name}: {words.canonical(field.text[:_MAX_FIELD])}\r\n" for name, field in first.items()]
    return "".join([*lines, "\r\n"]).encode("utf-8", "replace")


def _sender(header: Header, parsed: Any, warnings: list[str]) -> Address | None:
    found = _addresses(parsed.from_)
    if any(defect["header"] == "from" and not defect["recovered"] for defect in parsed.address_header_defects):
        warnings.append(ODD_FROM)
    if len(header.all("from")) > 1 or len(found) > 1:
        warnings.append(SEVERAL_FROM)
        return None
    if not found:
        warnings.append(NO_SENDER)
        return None
    sender = found[0]
    if _LIKE_ADDRESS.search(sender.name):
        if sender.address.lower() not in sender.name.lower():
            warnings.append(NAME_IS_ADDRESS)
        return Address(name="", address=sender.address)
    return sender


def _addresses(found: object) -> list[Address]:
    """mail-parser's pairs. A name that it left encoded (quoted, or in a wrong charset) is decoded as clients do."""
    if not isinstance(found, list):
        return []
    pairs = [pair for pair in found if isinstance(pair, tuple) and len(pair) == 2 and pair[1]]
    return [
        Address(name=words.decode_text(name).strip("\"' "), address=words.decode_text(address))
        for name, address in pairs
    ]


def _sent_at(header: Header, parsed: Any, warnings: list[str]) -> datetime | None:
    field = header.first("date")
    sent = _local(parsed) or _lenient(field.text if field else "")
    if sent is None:
        warnings.append(NO_DATE)
        return None
    received = _received(header)
    beyond = (sent - received > _SOON or received - sent > _LATE) if received else not 1990 <= sent.year <= 2100
    if beyond:
        warnings.append(ODD_DATE)
    return sent


def _local(parsed: Any) -> datetime | None:
    """mail-parser's date, which it gives in UTC, on the sender's own clock."""
    if not isinstance(parsed.date, datetime):
        return None
    try:
        quarters = round(float(parsed.timezone) * 4)  # mail-parser rounds 5:45 to 5.8 hours
        return parsed.date.astimezone(timezone(timedelta(minutes=15 * quarters)))
    except (ValueError, OverflowError):
        return parsed.date.astimezone(UTC)


def _lenient(text: str) -> datetime | None:
    """Dates that are no RFC 5322 but that clients read: one digit for the hour, no zone, hyphens."""
    if not re.search(r"\d", text[:200]):
        return None
    try:
        found = email.utils.parsedate_to_datetime(text[:200])
        sent = found if found.tzinfo else found.replace(tzinfo=UTC)
        return sent if sent.astimezone(UTC).year >= 1970 else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _received(header: Header) -> datetime | None:
    """When our own server took the mail: the topmost Received field, after its last semicolon (RFC 5321 section
    4.4).
    """
    field = header.first("received")
    return _lenient(field.text.rpartition(";")[2].strip()) if field else None


def _ids(value: object) -> tuple[str, ...]:
    text = value[0] if isinstance(value, list) and value else value
    return tuple(_MESSAGE_ID.findall(text)) if isinstance(text, str) else ()
