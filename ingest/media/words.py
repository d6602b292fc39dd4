"""What moderators and senders read of an attachment that is not published as it came."""

from __future__ import annotations

import unicodedata

from ingest.model import Attachment, Removed, Why

TOO_DEAR = "trop long ou trop lourd à lire"
_LONGEST = 80


def shown(name: str) -> str:
    """A sender's file name as one line that can be shown: no control or direction characters, no path, bounded."""
    base = name[-1000:].replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(" " if char.isspace() else char for char in base if unicodedata.category(char) not in _UNSHOWN)
    line = " ".join(kept.split())
    if len(line) > _LONGEST:
        line = f"{line[: _LONGEST - 12]}…{line[-11:]}"
    return line or "pièce sans nom"


_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def weight(count: int) -> str:
    """A number of bytes as French readers write it: `12 Mo`, `2,3 Mo`, `340 ko`."""
    if count < 1000:
        return f"{count}\u00a0octet{'s' if count > 1 else ''}"
    unit, value = ("ko", count / 1e3) if count < 999_500 else ("Mo", count / 1e6)
    digits = f"{value:.1f}".replace(".", ",") if value < 9.95 else f"{value:.0f}"
    return f"{digits.removesuffix(',0')}\u00a0{unit}"


def pixels(size: tuple[int, int]) -> str:
    """`13 000 × 13 000 pixels`."""
    width, height = (f"{side:,}".replace(",", "\u00a0") for side in size)
    return f"{width}\u00a0×\u00a0{height}\u00a0pixels"


def listed(words: tuple[str, ...]) -> str:
    """`a, b et c`."""
    return " et ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def left_out(attachment: Attachment, noun: str, reason: str) -> Removed:
    """The line for an attachment that is not published: `film.mp4 (vidéo, 12 Mo) : reason`."""
    text = f"{shown(attachment.name)} ({noun}, {weight(len(attachment.data))})\u00a0: {reason}"
    return Removed(why=Why.ATTACHMENT, text=text)


def stripped(attachment: Attachment, what: str) -> Removed:
    """The line for what an attachment told beside its content: `photo.jpg : what`."""
    return Removed(why=Why.METADATA, text=f"{shown(attachment.name)}\u00a0: {what}")


def shortened(attachment: Attachment, what: str) -> Removed:
    """The line for a part of an attachment that is not published: `tract.pdf : les pages 21 à 48`."""
    return Removed(why=Why.ATTACHMENT, text=f"{shown(attachment.name)}\u00a0: {what}")
