"""From what a mail carries to what may be published. Pure: bytes and limits in, values out.

`remake` does a whole mail. A caller that runs each attachment in a process of its own calls `remake_one` there, puts
`given_up` in the place of one that had to be killed, and `together` on what came back, in the order of the mail.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Mapping

from PIL import Image

from ingest.media import refusals
from ingest.media.kinds import Family, Kind, detect
from ingest.media.remade import Remade, Unusable
from ingest.media.words import left_out
from ingest.model import Attachment, Removed, Why
from ingest.settings import Limits

PARSERS_RAISE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    ImportError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    Warning,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
"""What decoders of binary formats raise on hostile input: nearly everything. Named, so that `KeyboardInterrupt` and the
time-out of whoever runs us pass through. `ImportError` is a format whose library is not installed."""


def remake(attachments: tuple[Attachment, ...], *, limits: Limits) -> Remade:
    """All attachments of a mail, in order, as they may be published. Raises nothing for any bytes."""
    return together((remake_one(attachment, limits=limits) for attachment in attachments), limits=limits)


def remake_one(attachment: Attachment, *, limits: Limits) -> Remade:
    """One attachment as it may be published. Raises nothing for any bytes.

    Hostile bytes may take long and much memory, or crash a library written in C: run it where it may be killed.
    """
    kind = detect(attachment.data)
    handler = _HANDLERS.get(kind.family)
    if handler is None:
        return Remade(removed=(refusals.refused(attachment, kind),))
    try:
        return handler(attachment, kind, limits)
    except Unusable as reason:
        text = str(reason)
    except ImportError:
        text = "ce serveur ne sait pas lire ce format"
    except PARSERS_RAISE:
        text = "illisible ou abîmé"
    return Remade(removed=(left_out(attachment, kind.noun, text),))


def given_up(attachment: Attachment) -> Remade:
    """What stands for an attachment whose re-making took too long or too much memory, or crashed."""
    kind = detect(attachment.data)
    return Remade(removed=(left_out(attachment, kind.noun, "trop long ou trop lourd à lire"),))


def together(parts: Iterable[Remade], *, limits: Limits) -> Remade:
    """The parts of one mail as one: the same file twice is one, and there are at most `limits.pictures` pictures."""
    whole = Remade()
    for part in parts:
        whole = _joined(whole, _bounded(whole, part, limits))
    return whole


def _joined(whole: Remade, part: Remade) -> Remade:
    known = {item.name for item in whole.media}
    leaflets = {leaflet.name for leaflet in whole.leaflets}
    return Remade(
        media=(*whole.media, *(item for item in part.media if item.name not in known)),
        removed=(*whole.removed, *(line for line in part.removed if not _said(line, whole))),
        warnings=(*whole.warnings, *part.warnings),
        leaflets=(*whole.leaflets, *(leaflet for leaflet in part.leaflets if leaflet.name not in leaflets)),
        events=(*whole.events, *(event for event in part.events if event not in whole.events)),
        variants={**whole.variants, **part.variants},
        content_ids={**part.content_ids, **whole.content_ids},
        aside=(*whole.aside, *(item for item in part.aside if item.name not in {media.name for media in whole.aside})),
    )


def _said(line: Removed, whole: Remade) -> bool:
    """Whether a line repeats: the same photo or logo twice does, two files that failed are two."""
    return line in whole.removed and (line.why is Why.METADATA or line.restore is not None)


def _bounded(whole: Remade, part: Remade, limits: Limits) -> Remade:
    """`part`, or a word for it where the mail already holds as many pictures or documents as it may."""
    known = {item.name for item in whole.media}
    if not part.media or all(item.name in known for item in part.media):
        return part
    if part.leaflets:
        full, most = len(whole.leaflets) >= _DOCUMENTS, f"au-delà de {_DOCUMENTS} documents"
    elif part.media[0].type.startswith("audio/"):
        full, most = _count(whole, "audio/") >= _SOUNDS, f"au-delà de {_SOUNDS} sons"
    else:
        full, most = _count(whole, "image/") >= limits.pictures, f"au-delà de {limits.pictures} images"
    return Remade(removed=(refusals.too_many(part.media[0], most),)) if full else part


_DOCUMENTS = 5
_SOUNDS = 5


def _count(whole: Remade, prefix: str) -> int:
    pages = {page for leaflet in whole.leaflets for page in leaflet.pages}
    return sum(item.type.startswith(prefix) and item.name not in pages for item in whole.media)


def _picture(attachment: Attachment, kind: Kind, limits: Limits) -> Remade:
    from ingest.media.pictures import picture  # each handler's libraries are loaded when needed

    return picture(attachment, kind, limits)


def _leaflet(attachment: Attachment, _kind: Kind, limits: Limits) -> Remade:
    from ingest.media.documents import leaflet  # an extra

    return leaflet(attachment, limits)


def _sound(attachment: Attachment, kind: Kind, _limits: Limits) -> Remade:
    from ingest.media.sounds import sound  # an extra

    return sound(attachment, kind)


def _calendar(attachment: Attachment, _kind: Kind, limits: Limits) -> Remade:
    from ingest.media.calendars import calendar  # an extra

    return calendar(attachment, limits)


_HANDLERS: Mapping[Family, Callable[[Attachment, Kind, Limits], Remade]] = {
    Family.PICTURE: _picture,
    Family.LEAFLET: _leaflet,
    Family.SOUND: _sound,
    Family.CALENDAR: _calendar,
}
