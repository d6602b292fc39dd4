"""A written letter as a mail (RFC 5322, 3834): 7 bits, CRLF, UTF-8 text, and HTML with pictures where it has any."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import HeaderParseError, MessageError
from email.headerregistry import Address as Header
from email.message import EmailMessage
from email.utils import format_datetime

from ingest.correspondence.letter import Mail, Picture, Written
from ingest.correspondence.rendering import one_line
from ingest.model import Address

_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\\x00-\x20\x7f]{1,64}@[^\s@<>,;:\"()\[\]\\\x00-\x20\x7f]{1,253}")
_ADDRESS_LENGTH, _NAME_LENGTH = 254, 80
"""RFC 5321 section 4.5.3.1.3 without its brackets; and a name that leaves room on its line."""
_MAX_REFERENCES = 20
_FIELD = re.compile(r"[A-Za-z-]{1,40}: [\x20-\x7e]{1,900}")
"""RFC 5322 section 2.1.1: a line has at most 998 signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Everything that stands above the text."""

    token: str
    """What the Message-ID is made of."""
    sender: Address
    recipient: Address
    reply_to: str
    submitted: str
    """The keyword of Auto-Submitted."""
    answers: tuple[str, ...]
    """Message-IDs: what it answers, the oldest first; empty for a letter that answers none."""
    envelope_sender: str
    at: datetime
    fields: tuple[tuple[str, str], ...] = ()
    """More of them, as they are to stand there."""


class Unaddressable(ValueError):
    """An address that cannot stand in a header."""


def message_id(token: str, address: str) -> str:
    """The same each time a letter is sent: made of its token and the domain of the address it comes from.

    `answers.carriers.token_of` reads it back.
    """
    domain = _in_ascii(address).rpartition("@")[2]
    return f"<letter.{token}@{domain}>"


def is_address(address: str) -> bool:
    """Whether a letter can come from it, or go to it."""
    try:
        return bool(_header(Address(name="", address=address)))
    except Unaddressable:
        return False


def compose(written: Written, heading: Heading, pictures: Iterable[Picture] = ()) -> Mail:
    """The mail. Raises `Unaddressable`, and nothing else for what is in the letter."""
    author, recipient = _in_ascii(heading.sender.address), _in_ascii(heading.recipient.address)
    utf8 = not (author.isascii() and recipient.isascii())
    mail = EmailMessage(policy=policy.SMTPUTF8 if utf8 else policy.SMTP)
    mail["Date"] = format_datetime(heading.at)
    mail["From"] = _header(heading.sender)
    mail["To"] = _header(heading.recipient)
    if heading.reply_to:
        mail["Reply-To"] = _header(Address(name="", address=heading.reply_to))
    mail["Subject"] = one_line(written.subject)
    mail["Message-ID"] = message_id(heading.token, heading.sender.address)
    mail["Auto-Submitted"] = heading.submitted
    # Exchange and Outlook heed neither RFC 3834 nor Precedence ([MS-OXCMAIL] section 2.2.3.2.14)
    mail["X-Auto-Response-Suppress"] = "All"
    # By this our own intake knows a letter that came back by whatever way (`ingest.message.rules`)
    mail["X-Loop"] = author
    _fill(mail, written, tuple(pictures))
    return Mail(
        message_id=str(mail["Message-ID"]),
        sender=heading.envelope_sender,
        author=author,
        recipient=recipient,
        utf8=utf8,
        raw=_thread(heading.answers) + _listed(heading.fields) + mail.as_bytes(),
    )


def _thread(answers: tuple[str, ...]) -> bytes:
    """By hand: `email` would write an id that is longer than a line as an encoded word, which no client reads."""
    known = [one for one in answers if _ID.fullmatch(one)][-_MAX_REFERENCES:]
    if not known:
        return b""
    references = "\r\n ".join(known)
    return f"In-Reply-To: {known[-1]}\r\nReferences: {references}\r\n".encode("ascii")


def _listed(fields: tuple[tuple[str, str], ...]) -> bytes:
    """By hand, for the same reason: an address to leave by is longer than a line, and must stay as it is."""
    safe = ((name, value) for name, value in fields if _FIELD.fullmatch(f"{name}: {value}"))
    return "".join(f"{name}: {value}\r\n".replace(">, <", ">,\r\n <") for name, value in safe).encode("ascii")


def _fill(mail: EmailMessage, written: Written, pictures: tuple[Picture, ...]) -> None:
    # Quoted-printable: lines stay short and 7 bits on any server, and whoever looks at the source can still read it
    mail.set_content(written.text, charset="utf-8", cte="quoted-printable")
    if not written.html:
        return
    page = EmailMessage(policy=policy.SMTP)
    page.set_content(written.html, subtype="html", charset="utf-8", cte="quoted-printable")
    for picture in pictures:
        kind, _slash, subtype = picture.type.partition("/")
        page.add_related(
            picture.data, kind, subtype, cid=f"<{picture.name}>", disposition="inline", filename=picture.name
        )
    mail.make_alternative()
    mail.attach(page)


def _header(address: Address) -> Header:
    spec, name = _in_ascii(address.address), one_line(address.name)[:_NAME_LENGTH]
    if not _ADDRESS.fullmatch(spec) or len(spec) > _ADDRESS_LENGTH:
        raise Unaddressable("address")
    local, _at, domain = spec.rpartition("@")
    try:
        # In two parts: `addr_spec` is parsed by RFC 5322 alone, which knows no letters beyond ASCII (RFC 6532 does)
        return Header(
            display_name=name, **({"addr_spec": spec} if spec.isascii() else {"username": local, "domain": domain})
        )
    except (HeaderParseError, MessageError, ValueError, IndexError, UnicodeError) as error:
        raise Unaddressable(str(error)) from None


def _in_ascii(address: str) -> str:
    """The address with its domain in ASCII (RFC 5890)."""
    local, _at, domain = address.rpartition("@")
    try:
        return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise Unaddressable("domain") from None
