"""From what a mail carries to what may be published. Pure: bytes and limits in, values out.

`remake` does a whole mail. A caller that runs each attachment with limits of its own adds them to a
`ingest.media.Several`, in the order of the mail, with `remake_one`, or with none for one that had to be given up.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping

from PIL import Image

from ingest.media import refusals
from ingest.media.kinds import Family, Kind, detect
from ingest.media.remade import Remade, Unusable
from ingest.media.several import Several
from ingest.media.words import left_out
from ingest.model import Attachment
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
    files = Several(limits)
    for attachment in attachments:
        files.add(attachment, lambda one: remake_one(one, limits=limits))
    return files.whole


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
