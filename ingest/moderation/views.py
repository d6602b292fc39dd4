"""What the moderators' pages show of a contribution, as values and in words. Pure: templates only lay it out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.body.masks import MASKS
from ingest.model import Draft, Kind, Removed, Why
from ingest.moderation import happenings, vocabulary
from ingest.moderation.bands import WORDS, band
from ingest.moderation.pictures import Shown, shown
from ingest.moderation.queue import Item
from ingest.states import State
from ingest.store import Entry, Piece
from ingest.words import _

BEGINNING = 300
"""Characters of a text in the queue."""
_READ = 4000
_MEDIA = re.compile(
    r"!?\[((?:[^\[\]\\\n]|\\.|\[[^\[\]\n]{0,99}\]){0,300})\]\((media:)?[^)\s]{0,500}(?:\s[^)\n]{0,300})?\)"
)
_MARKS = re.compile(r"^[ \t]{0,3}(?:#{1,6} |>+ ?|[-*+] |\|)|[*_`|]{1,3}|^\[\^[^\]]*\]:", re.MULTILINE)
_NOTE = re.compile(r"\[\^[^\]\n]*\]")
_BACKSLASH = re.compile(r"\\([!-/:-@\[-`{-~])")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One contribution in the queue."""

    item: Item
    title: str
    kind: str
    stands: str
    """Its state, in words; empty where it merely waits."""
    band: str
    """How late it is: `fresh`, `soon` or `late`."""
    band_words: str
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    beginning: str
    picture: str
    """The name of its first one, or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Something that the draft does not hold."""

    number: int
    """As `mur keep` counts, 1 for the first."""
    why: str
    text: str
    masked: bool
    """Whether a mask stands in its place."""
    back: bool
    """Whether it was put back."""
    can_return: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that would be published with it."""

    name: str
    original_name: str
    type: str
    size: str
    picture: bool
    alt: str
    """As the draft has it."""
    shown: bool
    """Whether the draft shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A line of the journal."""

    at: datetime
    what: str
    by: str
    note: str


def card(item: Item, draft: Draft | None, now: datetime) -> Card:
    """The card of an item; `draft` is its current one, where it can be read."""
    pictures = shown(draft.body[:_READ]) if draft else ()
    late = band(item.received_at, now)
    reasons = vocabulary.all_told(item.reasons)
    return Card(
        item=item,
        title=item.title or _("Sans titre"),
        kind=kind(item.kind),
        stands="" if item.state is State.HELD else vocabulary.stands(item.state),
        band=late.value,
        band_words=_(WORDS[late]),
        reasons=reasons,
        warnings=tuple(words for words in vocabulary.all_told(item.warnings) if words not in reasons),
        beginning=beginning(draft.body) if draft else "",
        picture=pictures[0].name if pictures else "",
    )


def beginning(body: str, most: int = BEGINNING) -> str:
    """The first words of a Markdown body, without its marks: at most `most` characters, cut between words."""
    text = _NOTE.sub("", _MEDIA.sub(lambda found: "" if found[2] else found[1], body[:_READ]))
    text = _BACKSLASH.sub(r"\1", _MARKS.sub("", text))
    for entity, sign in _ENTITIES.items():
        text = text.replace(entity, sign)
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    return words[: most + 1].rpartition(" ")[0][:most].rstrip(" ,;:") + "…"


def cuts(pieces: Sequence[Removed], past: Iterable[Entry]) -> tuple[Cut, ...]:
    """What was removed, with its numbers, and what of it was put back."""
    kept = {entry.note for entry in past if entry.what == "keep"}
    return tuple(
        Cut(
            number=number,
            why=vocabulary.why(piece.why),
            text=piece.text,
            masked=piece.why in MASKS and piece.restore is None,
            back=str(number) in kept,
            can_return=piece.why is not Why.METADATA and bool((piece.restore or piece.text).strip()),
        )
        for number, piece in enumerate(pieces, start=1)
    )


def files(pieces: Iterable[Piece], draft: Draft | None) -> tuple[File, ...]:
    """The files of a contribution, with the words that the draft has for each picture."""
    body = draft.body if draft else ""
    alts: dict[str, Shown] = {picture.name: picture for picture in shown(body)}
    return tuple(
        File(
            name=piece.name,
            original_name=piece.original_name,
            type=piece.type,
            size=size(piece.bytes),
            picture=piece.type.startswith("image/"),
            alt=alts[piece.name].alt if piece.name in alts else piece.alt,
            shown=f"media:{piece.name}" in body,
        )
        for piece in pieces
    )


def happened(past: Iterable[Entry]) -> tuple[Happened, ...]:
    """The journal of one contribution, oldest first."""
    return tuple(
        Happened(
            at=entry.at,
            what=happenings.what(entry),
            by=happenings.by(entry),
            note=happenings.note(entry),
        )
        for entry in past
    )


def kind(value: Kind | None) -> str:
    """A kind, for people; empty where there is no draft."""
    return _(_KINDS[value]) if value else ""


def kinds() -> tuple[tuple[str, str], ...]:
    """Every kind that a moderator may choose, with its words."""
    return tuple((value.value, _(words)) for value, words in _KINDS.items())


def size(count: int) -> str:
    """Bytes, for people: `340 Ko`, `1,2 Mo`."""
    if count < 1_000_000:
        return f"{max(round(count / 1000), 1)}\u00a0Ko"
    return f"{count / 1_000_000:.1f}\u00a0Mo".replace(".", ",")


def field(at: datetime | None, zone: ZoneInfo) -> str:
    """A moment as `<input type=datetime-local>` has it, by the wall's clock."""
    return at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if at else ""


_KINDS = {
    Kind.ARTICLE: "billet",
    Kind.RELAY: "relais",
    Kind.UPDATE: "suite d’un relais",
    Kind.REACTION: "réaction",
    Kind.EVENT: "rendez-vous",
    Kind.COMMAND: "demande",
}
