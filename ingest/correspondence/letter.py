"""The stages of a letter that is sent: the case it is about, what fills its template, the mail. No behaviour, no IO."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ingest.model import Address, Contribution
from ingest.settings import Settings
from ingest.store import Row, Store
from ingest.store.outbox import Posted

REPLIED, GENERATED = "auto-replied", "auto-generated"
"""Keywords of Auto-Submitted (RFC 3834 section 5.2): an answer to a mail; written of our own accord."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a letter is written from."""

    settings: Settings
    store: Store
    letter: Posted
    recipient: Address
    row: Row | None
    """The contribution, as it is now; None for a letter about none."""
    mail: Contribution | None
    """The header of its mail, where the letter goes to its sender: no text, no parts."""
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Shown in the HTML of a letter, as `<img src="cid:NAME">`."""

    name: str
    type: str
    """`image/jpeg`, say."""
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a template needs beside `wall`, `about`, `to` and `row`, and what goes with the letter."""

    values: Mapping[str, object] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    reply_to: str = ""
    """An address, where answers should go elsewhere than to where the letter comes from."""
    fields: tuple[tuple[str, str], ...] = ()
    """More header fields, in ASCII and without line breaks: those of a list (RFC 2369, 2919, 8058)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """A letter that is not to be sent any more; `why` is a word for the outbox, nothing private."""

    why: str


Fill = Callable[[Case], Filled | Unsent]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a template gives."""

    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Ready for a server."""

    message_id: str
    sender: str
    """Of the envelope; empty for an automatic answer (RFC 3834 section 3.3)."""
    author: str
    """Of its From field: what stands for an empty `sender` with a server that takes none."""
    recipient: str
    utf8: bool
    """Whether an address needs SMTPUTF8 (RFC 6531)."""
    raw: bytes = field(repr=False)
    """RFC 5322 with CRLF, in 7 bits but for `utf8`."""


def nothing(_case: Case) -> Filled | Unsent:
    """For a template that needs no more than it is always given."""
    return Filled()
