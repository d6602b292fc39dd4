"""Which pictures are furniture of a mail and no contribution: tracking pixels, logos and icons of signatures.

Conservative: what is not plainly furniture is a picture, since a moderator can take it out and a contributor cannot
put it in. Whether a picture travels inline says little alone: Apple Mail sends every photo so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ingest.media.kinds import Kind
from ingest.model import Attachment, Why


@dataclass(frozen=True, slots=True)
class Ornament:
    """Why a picture is none."""

    why: Why
    reason: str
    pixel: bool = False


_LOGO = Ornament(Why.ATTACHMENT, "logo ou icône, laissé de côté")
_PIXEL = Ornament(Why.TRACKER, "image invisible, de celles qui servent à suivre qui lit", pixel=True)


def ornament(attachment: Attachment, kind: Kind, size: tuple[int, int]) -> Ornament | None:
    """The verdict on a picture of `size` pixels (as it came); None where it is a contribution."""
    if max(size) <= 3:
        return _PIXEL
    return _LOGO if any(rule(attachment, kind, size) for rule in _RULES) else None


def _too_small(_attachment: Attachment, _kind: Kind, size: tuple[int, int]) -> bool:
    return min(size) < 64


def _small_and_inline(attachment: Attachment, _kind: Kind, size: tuple[int, int]) -> bool:
    return _placed(attachment) and size[0] * size[1] <= 120 * 120


def _banner(attachment: Attachment, _kind: Kind, size: tuple[int, int]) -> bool:
    """The strip under a signature."""
    return _placed(attachment) and size[1] <= 120 and size[0] >= 4 * size[1]


def _light(attachment: Attachment, kind: Kind, size: tuple[int, int]) -> bool:
    """Flat drawings of a few hundred bytes: social icons in double resolution."""
    drawn = kind.type in {"image/png", "image/gif"}
    return _placed(attachment) and drawn and max(size) <= 256 and len(attachment.data) < 3000


def _named(attachment: Attachment, _kind: Kind, size: tuple[int, int]) -> bool:
    return _placed(attachment) and max(size) <= 300 and _NAMES.search(attachment.name[-200:]) is not None


_NAMES = re.compile(
    r"(?i)(^|[^a-z])(logo|icone?|icon|picto|signature|facebook|fb|twitter|instagram|insta|linkedin|youtube|whatsapp|"
    r"mastodon|telegram|tiktok|bluesky)([^a-z]|$)"
)


def _placed(attachment: Attachment) -> bool:
    """Whether the sender's client placed it in the text."""
    return attachment.inline or bool(attachment.content_id)


_RULES: tuple[Callable[[Attachment, Kind, tuple[int, int]], bool], ...] = (
    _too_small,
    _small_and_inline,
    _banner,
    _light,
    _named,
)
