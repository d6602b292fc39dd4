"""What a provider writes on top of a mail that it takes in: who gave it, and what is known of its sender.

Works on bytes and changes none but those it removes or puts before: the mail itself stays as it was sent.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parseaddr

_FIELD = re.compile(rb"[^\n]*\n(?:[ \t][^\n]*\n)*|[^\n]+\Z")
_COMMENT = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What SMTP said (RFC 5321): `sender` is empty for a bounce."""

    sender: str
    recipient: str
    helo: str
    peer: str


def stamp(raw: bytes, envelope: Envelope, *, authserv_id: str, trusted: Collection[str], at: datetime) -> bytes:
    """The mail with Received, Authentication-Results (RFC 8601) and Return-Path before it.

    `trusted` holds the domains for which the server vouches. A field that already bears our `authserv_id` is forged,
    and is removed (RFC 8601 section 5); those of other servers stay. A Return-Path is only ever the last one (RFC 5321
    section 4.4).
    """
    header, rest = _parted(raw)
    fields = _FIELD.findall(header)
    kept = b"".join(field for field in fields if not _is_replaced(field, authserv_id))
    eol = b"\r\n" if b"\r\n" in header or not header else b"\n"
    before = (
        f"Return-Path: <{envelope.sender}>",
        f"Authentication-Results: {authserv_id};{_verdict(_author_domain(fields), envelope, trusted)}",
        f"Received: from {envelope.helo} ([{envelope.peer}]) by {authserv_id} with ESMTP",
        f" for <{envelope.recipient}>; {format_datetime(at)}",
    )
    return b"".join(line.encode("utf-8", "replace") + eol for line in before) + kept + rest


def _parted(raw: bytes) -> tuple[bytes, bytes]:
    """Header, and the empty line with all that follows."""
    end = re.search(rb"(?:\A|(?<=\n))\r?\n", raw)
    return (raw[: end.start()], raw[end.start() :]) if end else (raw, b"")


def _is_replaced(field: bytes, authserv_id: str) -> bool:
    name, _, value = field.partition(b":")
    if name.strip().lower() == b"return-path":
        return True
    if name.strip().lower() != b"authentication-results":
        return False
    words = _COMMENT.sub(" ", value.decode("utf-8", "replace")).replace(";", " ").split()
    return not words or words[0].strip('"').lower() == authserv_id.lower()


def _author_domain(fields: Collection[bytes]) -> str:
    """The domain of the one From field; empty where there is none, or more than one."""
    values = [value for name, _, value in (each.partition(b":") for each in fields) if name.strip().lower() == b"from"]
    if len(values) != 1:
        return ""
    return _domain(parseaddr(" ".join(values[0].decode("utf-8", "replace").split()))[1])


def _domain(address: str) -> str:
    domain = address.rpartition("@")[2].lower() if "@" in address else ""
    return domain if re.fullmatch(r"[a-z0-9.-]+", domain) else ""


def _verdict(author: str, envelope: Envelope, trusted: Collection[str]) -> str:
    """`pass` where a trusted domain wrote and sent it, `fail` where somebody else sent it in its name."""
    if author not in trusted:
        return f" spf=none smtp.mailfrom={_domain(envelope.sender) or 'invalid'}; dmarc=none header.from={author}"
    word = "pass" if _domain(envelope.sender) == author else "fail"
    return f" spf={word} smtp.mailfrom={_domain(envelope.sender)}; dmarc={word} header.from={author}"
