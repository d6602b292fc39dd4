"""The vocabulary: one frozen type for each stage of a mail's life. This module has no behaviour and does no IO.

    bytes -> Contribution -> Draft | Refusal | Quarantine -> (decided elsewhere) -> article

Names are those of RFC 5322, of Mailman's moderation and of Pelican. Text from outside and text that may be published
are different types, so that the type checker stops the one from standing where the other belongs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

ContributionId = NewType("ContributionId", str)
"""The first 16 hex digits of the SHA-256 of the mail's bytes."""
Digest = NewType("Digest", str)
"""SHA-256 in hex (64 digits) of a document's UTF-8 bytes."""
UntrustedHtml = NewType("UntrustedHtml", str)
SafeHtml = NewType("SafeHtml", str)
Markdown = NewType("Markdown", str)
"""In the dialect of Python-Markdown with tables, footnotes and sane_lists, written by `ingest.body` alone."""

COPIES = (800, 400)
"""Widths in pixels of the narrower copies of a picture, called `<name>-<width>.<extension>` after it."""
NEWS = ""
"""The topic of whoever follows all that is new. Others are `tag:fete` and `relay:12`."""


class Kind(StrEnum):
    """What a draft would become."""

    ARTICLE = "article"
    RELAY = "relay"
    UPDATE = "update"
    REACTION = "reaction"
    EVENT = "event"
    COMMAND = "command"


class Authenticity(StrEnum):
    """What our own server said of the sender (RFC 8601, aligned DMARC)."""

    PASS = "pass"  # noqa: S105 - RFC 8601's word
    FAIL = "fail"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """Why a piece of a mail does not stand in its draft."""

    QUOTE = "quote"
    SIGNATURE = "signature"
    FORWARD_HEADER = "forward-header"
    FOOTER = "footer"
    COMMAND = "command"
    TRACKER = "tracker"
    HIDDEN = "hidden"
    MARKUP = "markup"
    REMOTE_IMAGE = "remote-image"
    LINK = "link"
    ADDRESS = "address"
    PHONE = "phone"
    PLACE = "place"
    ATTACHMENT = "attachment"
    METADATA = "metadata"
    ALTERNATIVE = "alternative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One mailbox of RFC 5322 section 3.4; `name` is the decoded display name, or empty."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A leaf of the MIME tree that is not the text of the mail. `data` is decoded and untrusted."""

    name: str
    """As the sender called it: private, hostile, perhaps empty."""
    declared_type: str
    content_id: str
    """Without angle brackets, or empty."""
    inline: bool
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """A mail as it was read: decoded, normalised to NFC, nothing chosen or removed yet."""

    id: ContributionId
    sha256: Digest
    size: int
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    sender: Address | None
    """The one address of the one From field; None where that does not hold."""
    recipients: tuple[Address, ...]
    subject: str
    """One line, as sent, with its "Re:" and "Fwd:"."""
    sent_at: datetime | None
    """Aware; None where the Date field does not tell."""
    plain: str | None
    """The text/plain alternative with CRLF made LF, format=flowed unwrapped (RFC 3676)."""
    flowed: bool
    """Whether `plain` was format=flowed, so that its line breaks are all meant."""
    html: UntrustedHtml | None
    attachments: tuple[Attachment, ...]
    authenticity: Authenticity
    fields: Mapping[str, tuple[str, ...]]
    """Unfolded header fields by lower-case name, for rules: never published."""
    attached: Contribution | None = None
    """A message/rfc822 part: the mail that this one forwards."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """Who wrote the message that a contribution forwards. Private: at most proposed as a credit."""

    from_name: str
    from_address: str
    subject: str
    date: str
    """As it stood in the mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """Something that a reader of the mail would have seen and that the draft does not hold."""

    why: Why
    text: str
    restore: Markdown | None = None
    """What `mur keep` would put back, where that is more than `text` escaped."""


class Confidence(StrEnum):
    """How sure a proposal is, the least first; none is a fact."""

    POSSIBLE = "possible"
    LIKELY = "likely"
    CERTAIN = "certain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A line of front matter that a text seems to give: for a moderator to take, never taken by itself."""

    key: str
    """One of `ingest.publication.article.KEYS`."""
    value: str
    """As front matter would have it."""
    where: str
    """The sentence it was found in, on one line."""
    start: int
    end: int
    """The characters of the draft's plain text that say so; both 0 where it stands in no text, as a link's address."""
    confidence: Confidence
    notes: tuple[str, ...] = ()
    """Words for what a moderator should know of it, `date-supposed` or `look-alike: a.example ~ b.example` say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file as it would be published: re-made from its content, named by the hash of its own bytes."""

    name: str
    """16 hex digits of the SHA-256 of `data`, and the extension of the detected type."""
    original_name: str
    """Private."""
    type: str
    """Media type by content, `image/jpeg` say."""
    data: bytes = field(repr=False)
    alt: str
    width: int | None = None
    height: int | None = None
    content_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a contribution would be on the wall, held until somebody decides."""

    kind: Kind
    title: str
    byline: str
    """How it is signed; empty for the wall's own neutral words. Never an address."""
    tags: tuple[str, ...]
    lang: str
    """BCP 47, `fr` say."""
    body: Markdown
    not_before: datetime | None = None
    """Publish not before this, where the sender asked."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Front matter of its kind (`Sign_url`, `Deadline` …), each key one of `ingest.publication.article.KEYS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A mail that became a draft, and all that a moderator needs to judge it."""

    draft: Draft
    text: str
    """The body as plain text: no Markdown marks, no escapes."""
    media: tuple[Media, ...]
    aside: tuple[Media, ...] = ()
    """Kept beside: narrower copies of pictures, and logos, which `Removed.restore` may put into the draft."""
    removed: tuple[Removed, ...]
    forwarded: Forwarded | None
    reasons: tuple[str, ...]
    """Why it is held, in words of `ingest.message.rules`; never empty, since everything is held."""
    warnings: tuple[str, ...]
    proposals: tuple[Proposal, ...] = ()
    """Lines of front matter for a relay or an update, none of them taken yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A mail that is no contribution: an automatic reply, a bounce, our own … `reason` is a word for it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """A mail that could not be read. Its bytes are kept and `mur replay` takes it again."""

    reason: str
    kind: str = ""
    """Of a mail that was meant for somebody else: see `ingest.body.astray`."""


Outcome = Converted | Refusal | Quarantine
