"""What comes out of this room: values that hold nothing of the original but what may be published."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ingest.model import Attachment, Media, Removed


class Unusable(Exception):  # a verdict on one attachment, caught where attachments are told apart
    """One attachment cannot be published. `str()` is why, in French, fit to stand behind its name and a colon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaflet:
    """A PDF, re-made: pictures of its pages, a PDF made of those pictures, and its text."""

    name: str
    """Of the re-made PDF, in `Remade.media`."""
    pages: tuple[str, ...]
    """Names of the pictures of its pages, in order, in `Remade.media`."""
    text: str
    """What a program could read in it: untrusted, neither masked nor moderated yet; a blank line parts its pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """A VEVENT of RFC 5545, without organiser, attendees and alarms. The texts are untrusted and not masked yet."""

    summary: str
    start: datetime | date
    """A date for a whole day; a datetime is aware unless the calendar left it floating (RFC 5545, 3.3.5)."""
    end: datetime | date | None
    """As in iCalendar exclusive: a whole day ends with the date of the next."""
    place: str
    timezone: str
    """The zone's name, `Europe/Paris` say; empty for a whole day and for a floating time."""
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remade:
    """What one or several attachments became."""

    media: tuple[Media, ...] = ()
    """Pictures, leaflets' pages and PDFs, sounds; each name once."""
    removed: tuple[Removed, ...] = ()
    warnings: tuple[str, ...] = ()
    leaflets: tuple[Leaflet, ...] = ()
    events: tuple[CalendarEvent, ...] = ()
    variants: Mapping[str, tuple[Media, ...]] = field(default_factory=dict)
    """Narrower copies of a picture by the name of the picture, widest first."""
    content_ids: Mapping[str, str] = field(default_factory=dict)
    """Content-ID -> name, for each picture that stays: two parts may be one picture. What is not here shows nothing."""
    aside: tuple[Media, ...] = ()
    """Logos and icons, kept apart: published only if somebody puts the piece of `removed` back."""


def media(
    attachment: Attachment, data: bytes, kind: tuple[str, str], *, size: tuple[int, int] | None, alt: str
) -> Media:
    """A `Media` named by the hash of `data`; `kind` is its media type and extension, `size` its pixels."""
    mime, extension = kind
    width, height = size or (None, None)
    return Media(
        name=f"{hashlib.sha256(data).hexdigest()[:16]}.{extension}",
        original_name=attachment.name,
        type=mime,
        data=data,
        alt=alt,
        width=width,
        height=height,
        content_id=attachment.content_id,
    )
