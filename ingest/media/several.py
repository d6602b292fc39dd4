"""The files of one mail, one after another: what would not be published anyway is not re-made.

How many a mail may bring is bounded by their number. What comes to nothing is bounded by its time, since nothing else
bounds it: two files may be dear, as photos are that were cut off on their way; what the others cost is counted.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ingest.media import refusals
from ingest.media.kinds import Family, detect
from ingest.media.remade import Remade
from ingest.media.words import TOO_DEAR, left_out, shown
from ingest.model import Attachment, Removed, Why
from ingest.settings import Limits

_DOCUMENTS = 5
_SOUNDS = 5
_PUBLISHED = frozenset({Family.PICTURE, Family.LEAFLET, Family.SOUND, Family.CALENDAR})
_LOGO = 100_000
"""Bytes of the largest picture that may be the logo of a signature, which has a word of its own."""
_DEAR = 2
_IN_VAIN = 0.05
"""Of `part_seconds`: what the files may cost that come to nothing, the two dearest not counted."""


def given_up(attachment: Attachment) -> Remade:
    """What stands for an attachment whose re-making took too long or too much memory, or crashed."""
    kind = detect(attachment.data)
    return Remade(removed=(left_out(attachment, kind.noun, TOO_DEAR),))


@dataclass(slots=True)
class Several:
    """What the files of a mail become, `whole`, as they are added in its order."""

    limits: Limits
    clock: Callable[[], float] = time.process_time
    whole: Remade = field(default_factory=Remade)
    _first: dict[bytes, tuple[Attachment, Remade]] = field(default_factory=dict)
    """The first file of some bytes, its bytes not kept, and what it became."""
    _vain: list[float] = field(default_factory=list)

    def add(self, attachment: Attachment, remake: Callable[[Attachment], Remade]) -> None:
        """One more file, re-made unless it need not be."""
        digest = hashlib.sha256(attachment.data).digest()
        part = self._known(attachment, digest) or self._surplus(attachment)
        if part is not None:
            self._join(part)
            return
        began, before = self.clock(), (len(self.whole.media), len(self.whole.events))
        part = remake(attachment)
        self._first.setdefault(digest, (replace(attachment, data=b""), part))
        self._join(part)
        if before == (len(self.whole.media), len(self.whole.events)):
            self._vain.append(self.clock() - began)

    def _join(self, part: Remade) -> None:
        self.whole = _joined(self.whole, _bounded(self.whole, part, self.limits))

    def give_up(self, attachment: Attachment) -> None:
        """One more file, which is not tried."""
        self.whole = _joined(self.whole, given_up(attachment))

    def _known(self, attachment: Attachment, digest: bytes) -> Remade | None:
        """What it becomes where the same bytes came before, and would not become anything else under another name."""
        first, part = self._first.get(digest, (attachment, Remade()))
        return _renamed(part, first, attachment) if part.media and not _small(part) else None

    def _surplus(self, attachment: Attachment) -> Remade | None:
        """The word for a file of which the mail already holds as many as it may, or too many that came to nothing."""
        family = detect(attachment.data).family
        if family not in _PUBLISHED:
            return None
        logo = family is Family.PICTURE and len(attachment.data) < _LOGO
        most = "" if logo else _full(self.whole, family, self.limits)
        if most:
            return Remade(removed=(refusals.too_many(attachment.name, len(attachment.data), most),))
        beyond = sum(sorted(self._vain)[:-_DEAR]) > _IN_VAIN * self.limits.part_seconds
        return given_up(attachment) if beyond else None


def _renamed(part: Remade, first: Attachment, attachment: Attachment) -> Remade:
    """What the same bytes become under another name: the words say that name, and what shows it finds it."""
    old, new = shown(first.name), shown(attachment.name)
    return replace(
        part,
        removed=tuple(replace(line, text=new + line.text.removeprefix(old)) for line in part.removed),
        warnings=tuple(new + line.removeprefix(old) if line.startswith(old) else line for line in part.warnings),
        content_ids={attachment.content_id: part.media[0].name} if attachment.content_id and not part.leaflets else {},
    )


def _small(part: Remade) -> bool:
    """Whether its name or its place might make an ornament of it (`ingest.media.ornaments`)."""
    width, height = part.media[0].width, part.media[0].height
    return width is not None and height is not None and (height <= 120 or max(width, height) <= 300)


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
    most = _full(whole, _family(part), limits)
    file = part.media[0]
    return Remade(removed=(refusals.too_many(file.original_name, len(file.data), most),)) if most else part


def _family(part: Remade) -> Family:
    if part.leaflets:
        return Family.LEAFLET
    return Family.SOUND if part.media[0].type.startswith("audio/") else Family.PICTURE


def _full(whole: Remade, family: Family, limits: Limits) -> str:
    """The word for one more than a mail may bring; empty while there is room."""
    if family is Family.LEAFLET:
        return f"au-delà de {_DOCUMENTS} documents" if len(whole.leaflets) >= _DOCUMENTS else ""
    if family is Family.SOUND:
        return f"au-delà de {_SOUNDS} sons" if _count(whole, "audio/") >= _SOUNDS else ""
    pictures = family is Family.PICTURE and _count(whole, "image/") >= limits.pictures
    return f"au-delà de {limits.pictures} images" if pictures else ""


def _count(whole: Remade, prefix: str) -> int:
    pages = {page for leaflet in whole.leaflets for page in leaflet.pages}
    return sum(item.type.startswith(prefix) and item.name not in pages for item in whole.media)
