"""What is played: the example mails, and what the moderator of the demonstration does with each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.utils import parseaddr
from pathlib import Path

from ingest.states import State

MESSAGES = Path(__file__).parent / "messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is done with one mail, in the words of `mur`, and where that leaves it."""

    first: tuple[str, ...] = ()
    """A decision before the first publication, its options after it; none leaves the mail in the queue."""
    then: tuple[str, ...] = ()
    """One afterwards."""
    ends: State = State.HELD


_ACCEPTED = Part(first=("accept",), ends=State.PUBLISHED)

PARTS: Mapping[str, Part] = {
    "01-gmail-transfert-relais.eml": _ACCEPTED,
    "02-iphone-photo.eml": _ACCEPTED,
    "03-gmail-photo-dans-le-texte.eml": _ACCEPTED,
    "04-thunderbird-texte.eml": _ACCEPTED,
    "05-outlook-compte-rendu.eml": _ACCEPTED,
    "06-orange-coup-de-gueule.eml": _ACCEPTED,
    "08-tract-pdf.eml": _ACCEPTED,
    "09-hostile.eml": Part(first=("discard",), ends=State.DISCARDED),
    "10-absence-automatique.eml": Part(ends=State.DISCARDED),
    "11-android-poeme.eml": Part(first=("accept",), then=("withdraw",), ends=State.WITHDRAWN),
    "12-agenda-invitation.eml": _ACCEPTED,
    "13-rebond.eml": Part(ends=State.DISCARDED),
    "14-video-refusee.eml": Part(
        first=(
            "reject",
            "--reason",
            "Le mur ne prend pas les films. Envoyez-nous une photo de la ronde, et c’est collé.",
        ),
        ends=State.REJECTED,
    ),
}
"""By file name. A mail that is not named here waits in the queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An example mail, as it goes over the wire."""

    name: str
    sender: str
    """Of the envelope: the author, and nobody for a bounce (RFC 5321 section 4.5.5)."""
    raw: bytes

    @property
    def part(self) -> Part:
        """What is done with it."""
        return PARTS.get(self.name, Part())


def examples(folder: Path = MESSAGES) -> tuple[Example, ...]:
    """Every example mail, in the order of their names."""
    return tuple(_example(path) for path in sorted(folder.glob("*.eml")))


def _example(path: Path) -> Example:
    raw = re.sub(rb"\r?\n", b"\r\n", path.read_bytes())
    message = message_from_bytes(raw, policy=policy.compat32)
    bounced = str(message["Return-Path"] or "").strip() == "<>"
    sender = "" if bounced else parseaddr(str(message["From"] or ""))[1]
    return Example(name=path.name, sender=sender, raw=raw)
