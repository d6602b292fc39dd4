"""A mail read: the composition of this room, top to bottom."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from ingest.errors import BadMessage
from ingest.message import authenticity, bodies, envelope, parts, tree
from ingest.message.headers import Header
from ingest.model import Contribution, ContributionId, Digest, UntrustedHtml
from ingest.settings import Limits

_MAX_ATTACHED = 3
"""How many messages may be attached to one another before the next one stays a file."""
_MAX_VALUES = 100
"""Fields of one name that rules may see; more Received fields than that are a loop, and are seen as one."""

REMEMBERED = 500_000
"""A mail of at most so many bytes is remembered until the next one: several rooms ask for the same, one after another,
in one child."""

UNREADABLE = "attached-unreadable"
"""Warning: a message is attached that cannot be read; it stays a file."""


def identify(raw: bytes) -> tuple[ContributionId, Digest]:
    """The identity of a mail: the first 16 hex digits of the SHA-256 of its bytes, and all of it."""
    digest = hashlib.sha256(raw).hexdigest()
    return ContributionId(digest[:16]), Digest(digest)


def read(raw: bytes, *, limits: Limits, authserv_id: str = "") -> Contribution:
    """A mail, RFC 5322 or what is sent in its place, as a contribution.

    Linear in the size of `raw` within `limits`. `authserv_id` is the name that our own server signs its
    Authentication-Results with; empty, nobody is authenticated. Raises only `BadMessage`: `empty`, `no-header`,
    `header-too-large`, `too-many-fields`, `too-many-parts`, `too-deep`.
    """
    if len(raw) <= REMEMBERED:
        return _remembered(raw, limits, authserv_id)
    return _read(raw, limits, authserv_id, _MAX_ATTACHED)


def subject(raw: bytes, limits: Limits, authserv_id: str) -> str:
    """The subject of a mail. Raises `BadMessage`."""
    return read(raw, limits=limits, authserv_id=authserv_id).subject


@lru_cache(maxsize=1)
def _remembered(raw: bytes, limits: Limits, authserv_id: str) -> Contribution:
    return _read(raw, limits, authserv_id, _MAX_ATTACHED)


def _read(raw: bytes, limits: Limits, authserv_id: str, attachable: int) -> Contribution:
    mail = tree.parse(raw, limits)
    head = envelope.read(mail.header)
    content = bodies.fill(parts.sort(mail.root))
    attached = _attached(content.attached, limits, attachable)
    unread = content.attached is not None and attached is None
    fields = _fields(mail.header)
    identity, digest = identify(raw)
    return Contribution(
        id=identity,
        sha256=digest,
        size=len(raw),
        message_id=head.message_id,
        in_reply_to=head.in_reply_to,
        references=head.references,
        sender=head.sender,
        recipients=head.recipients,
        subject=head.subject,
        sent_at=head.sent_at,
        plain=content.plain,
        flowed=content.flowed,
        html=None if content.html is None else UntrustedHtml(content.html),
        attachments=content.attachments if attached else content.attachments + content.unopened(),
        authenticity=authenticity.judge(fields, head.sender, authserv_id),
        fields=fields,
        attached=attached,
        warnings=tuple(
            dict.fromkeys([*head.warnings, *mail.warnings, *content.warnings, *([UNREADABLE] if unread else [])])
        ),
    )


def _attached(raw: bytes | None, limits: Limits, attachable: int) -> Contribution | None:
    """The attached mail, whose sender nobody vouches for; None where there is none, or none that can be read."""
    if raw is None or not attachable:
        return None
    try:
        return _read(raw, limits, "", attachable - 1)
    except BadMessage:
        return None


def _fields(header: Header) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for field in header.fields:
        values = found.setdefault(field.name, [])
        if len(values) < _MAX_VALUES:
            values.append(field.text)
    return {name: tuple(values) for name, values in found.items()}
