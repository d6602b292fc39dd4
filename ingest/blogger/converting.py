"""An entry becomes a draft by the rooms that a mail passes: markup, masks, pictures, Markdown, checks. Pure.

What a mail has beside these (quotes of others, signatures, lines that ask for something) a post has not: nothing of it
is cut.
"""

from __future__ import annotations

from base64 import b64encode, encodebytes
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from email.utils import format_datetime
from hashlib import sha256

from ingest.blogger.model import Entry, What
from ingest.blogger.pictures import chosen
from ingest.blogger.places import at_home
from ingest.body import markdown
from ingest.body import text as plain_text
from ingest.body.drafting import Drafted
from ingest.body.html import read_html
from ingest.body.html.posts import AsMail, as_mail, picture_addresses
from ingest.body.masks import mask
from ingest.body.plain import read_plain
from ingest.body.reflow import join
from ingest.body.titles import from_blocks
from ingest.model import (
    Attachment,
    Authenticity,
    Contribution,
    ContributionId,
    Digest,
    Markdown,
    Removed,
    Why,
)
from ingest.publication.article import one_line
from ingest.settings import Settings

MAX_TITLE = 300
MAX_TAG = 80
_WORD = 11
"""Characters: at most 44 bytes, so that an encoded word is shorter than 75 (RFC 2047, section 2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """An entry whose text was read; its pictures are still what the export holds."""

    contribution: Contribution
    drafted: Drafted
    post: AsMail


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is known beside an entry itself."""

    having: Mapping[tuple[str, ...], str]
    """The names of the pictures that are there, by the addresses that stand in the entry."""
    byline: str = ""
    paths: frozenset[str] = frozenset()
    """Every address of the old blog."""


def as_message(entry: Entry) -> bytes:
    """The entry as the store keeps it, in the form of a mail (RFC 5322), the same bytes for the same text.

    Neither its author nor when it was last touched is in it: who signs is chosen at the import, and Blogger touches a
    post whenever somebody comments.
    """
    told = {
        "Subject": one_line(entry.title),
        "X-Blogger-Id": one_line(entry.id),
        "X-Blogger-Address": one_line(entry.path or entry.parent),
        "Keywords": ", ".join(map(one_line, entry.labels)),
    }
    head = [f"{name}: {_encoded(value)}" for name, value in told.items() if value]
    if entry.published:
        head.insert(0, f"Date: {format_datetime(entry.published)}")
    head += ["MIME-Version: 1.0", "Content-Type: text/html; charset=utf-8", "Content-Transfer-Encoding: base64", "", ""]
    body = encodebytes(str(entry.html).encode("utf-8", "replace")).replace(b"\n", b"\r\n")
    return "\r\n".join(head).encode("ascii") + body


def pictures_of(entry: Entry, text_bytes: int) -> tuple[tuple[str, ...], ...]:
    """Of each picture that an entry shows the addresses it may be had from. Raises `BadMessage`."""
    return picture_addresses(entry.html, text_bytes=text_bytes)


def understand(entry: Entry, raw: bytes, beside: Beside, settings: Settings) -> Understood:
    """The text of an entry, masked, and the facts of it as a mail's.

    Raises `BadMessage` where the text is beyond the limits.
    """
    limits, site = settings.limits, settings.wall.url.rstrip("/")
    post = as_mail(
        entry.html,
        text_bytes=limits.text_bytes,
        having=lambda them: chosen(beside.having, them),
        moved=lambda address: at_home(address, beside.paths, site),
    )
    read = read_html(post.html, text_bytes=limits.text_bytes)
    masked = mask(join(read.blocks, flowed=True), keep=(settings.wall.address,) if settings.wall.address else ())
    title, in_title = _title(entry)
    blocks = masked.blocks
    drafted = Drafted(
        blocks=blocks,
        title=title or (from_blocks(blocks) if entry.what is not What.COMMENT else ""),
        byline=_safe_name(beside.byline),
        tags=_tags(entry),
        not_before=None,
        removed=(*read.removed, *masked.removed, *in_title, *_unpublished(entry)),
        forwarded=None,
        warnings=read.warnings,
        text=plain_text.write(blocks),
        seen=frozenset(),
    )
    return Understood(contribution=_contribution(entry, raw), drafted=drafted, post=post)


def with_pictures(read: Understood, data: Callable[[str], bytes | None]) -> Contribution:
    """The contribution with the bytes of its pictures, as attachments of a mail."""
    found = ((name, data(name)) for name in read.post.pictures)
    return replace(
        read.contribution,
        attachments=tuple(
            Attachment(
                name=name.rpartition("/")[2], declared_type="application/octet-stream", content_id=name, inline=True,
                data=bytes_,
            )
            for name, bytes_ in found
            if bytes_ is not None
        ),
    )  # fmt: skip


def _contribution(entry: Entry, raw: bytes) -> Contribution:
    digest = sha256(raw).hexdigest()
    return Contribution(
        id=ContributionId(digest[:16]),
        sha256=Digest(digest),
        size=len(raw),
        message_id=entry.id,
        in_reply_to=entry.parent,
        references=(),
        sender=None,
        recipients=(),
        subject=one_line(entry.title),
        sent_at=entry.published,
        plain=None,
        flowed=False,
        html=entry.html,
        attachments=(),
        authenticity=Authenticity.PASS,  # whoever holds the export held the blog
        fields={},
    )


def _title(entry: Entry) -> tuple[str, tuple[Removed, ...]]:
    if entry.what is What.COMMENT:  # Blogger makes it of the first words
        return "", ()
    masked = mask(read_plain(one_line(entry.title)[:MAX_TITLE]))
    told = tuple(replace(piece, restore=Markdown(markdown.escape(piece.text))) for piece in masked.removed)
    return " ".join(plain_text.write(masked.blocks).split()), told


def _tags(entry: Entry) -> tuple[str, ...]:
    names = (one_line(label.replace(",", " "))[:MAX_TAG] for label in entry.labels)
    return tuple(dict.fromkeys(name for name in names if name and not _reaches(name)))


def _unpublished(entry: Entry) -> tuple[Removed, ...]:
    return tuple(Removed(why=Why.ADDRESS, text=label) for label in entry.labels if _reaches(one_line(label)))


def _safe_name(name: str) -> str:
    name = one_line(name)[:MAX_TAG]
    return "" if "@" in name or _reaches(name) else name


def _reaches(text: str) -> bool:
    return bool(mask(read_plain(text)).removed)


def _encoded(value: str) -> str:
    """A field's value in words of RFC 2047, written here so that no version of a library changes the bytes."""
    words = (value[at : at + _WORD].encode("utf-8", "replace") for at in range(0, len(value), _WORD))
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in words)
