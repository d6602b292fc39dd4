"""Contribution -> the text of its draft as a tree, with all that was taken out of it. Pure.

Read top to bottom: choose the part, cut what others wrote, take what the author asked for, join lines, mask, check.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.body import markdown
from ingest.body import subject as subjects
from ingest.body import text as plain_text
from ingest.body.blocks import Block, Blocks, Picture
from ingest.body.commands import Taken, take
from ingest.body.cut import Cut, cut
from ingest.body.losses import missing
from ingest.body.masks import mask
from ingest.body.plain import read_plain
from ingest.body.reflow import join
from ingest.body.titles import from_blocks
from ingest.body.tree import inlines
from ingest.errors import BadMessage
from ingest.model import Contribution, Forwarded, Markdown, Removed, Why
from ingest.relay.thread import read_page
from ingest.settings import Limits, Wall

MAX_LINES = 10_000
"""A line costs more than its letters; 200 KB of prose wrapped at 72 characters have some 3,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """The text of a draft before its pictures were made: `Picture.source` is still `cid:…`."""

    blocks: tuple[Block, ...]
    title: str
    byline: str
    tags: tuple[str, ...]
    not_before: datetime | None
    removed: tuple[Removed, ...]
    forwarded: Forwarded | None
    warnings: tuple[str, ...]
    text: str
    """The draft as plain text."""
    seen: frozenset[str]
    """Content-IDs that the mail shows anywhere, quotes and signatures included."""
    posted: datetime | None = None
    """When the thread was written that the mail passes on, where its page says so."""
    permalink: str = ""
    """The address of its first post, if the mail gives it."""
    own: str = ""
    """What its sender wrote or passes on, as plain text before anything is masked in it: never shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    blocks: tuple[Block, ...]
    removed: tuple[Removed, ...] = ()
    warnings: tuple[str, ...] = ()
    hard_lines: bool = False
    """Whether a line break may be no more than the width of somebody's window."""


def draft(contribution: Contribution, *, wall: Wall, limits: Limits, now: datetime) -> Drafted:
    """The draft's text of a mail read by `ingest.message.read`.

    Raises `BadMessage` where the text is beyond the limits. `now` is aware.
    """
    source = _source(contribution, limits)
    pieces = cut(source.blocks, subject=contribution.subject)
    zone = ZoneInfo(wall.timezone)
    own = take(pieces.blocks, now=now, timezone=zone)
    posts = read_page(join(own.blocks, flowed=not source.hard_lines), now=contribution.sent_at or now, timezone=zone)
    masked = mask(posts.blocks, keep=(wall.address,) if wall.address else ())
    blocks, forwarded, removed, warnings = _with_attached(contribution, masked.blocks, pieces, wall, limits, now)
    told = (*source.removed, *_restorable(pieces), *own.removed, *posts.removed, *masked.removed, *removed)
    text = plain_text.write(blocks)
    title, in_title = _title(contribution, own, forwarded, blocks)
    lost = missing(plain_text.write(source.blocks), text, (*_told_texts(contribution, own, told), *posts.shown))
    return Drafted(
        blocks=blocks,
        title=title,
        byline=_byline(contribution, own, wall),
        tags=_tags(own),
        not_before=own.not_before,
        removed=(*told, *in_title),
        forwarded=forwarded,
        warnings=(
            *(["urgent"] if own.urgent else []),
            *(*source.warnings, *pieces.warnings, *posts.warnings, *warnings),
            *(["to-reread"] if lost else []),
        ),
        text=text,
        seen=_pictures(source.blocks),
        posted=posts.posted,
        permalink=posts.permalink,
        own=plain_text.write(pieces.blocks),
    )


def _source(contribution: Contribution, limits: Limits) -> _Source:
    """The part that holds what the author wrote: HTML where there is any, unless its text alternative holds more."""
    if len(contribution.plain or "") > limits.text_bytes or (contribution.plain or "").count("\n") > MAX_LINES:
        raise BadMessage("too-long")
    plain = read_plain(contribution.plain or "")
    as_text = _Source(blocks=plain, hard_lines=not contribution.flowed)
    if contribution.html is None:
        return as_text
    from ingest.body.html import read_html  # and with it parsers, which only a child that reads mails needs

    read = read_html(contribution.html, text_bytes=limits.text_bytes)
    as_html = _Source(blocks=read.blocks, removed=read.removed, warnings=read.warnings)
    shown = plain_text.write(read.blocks).strip()
    if not shown and not _pictures(read.blocks):
        return as_text if plain else as_html
    if _much_longer(contribution.plain or "", shown + "".join(piece.text for piece in read.removed)):
        left_out = Removed(why=Why.ALTERNATIVE, text=shown)
        return replace(as_text, removed=(left_out,), warnings=("alternatives-differ",))
    return as_html


def _restorable(pieces: Cut) -> tuple[Removed, ...]:
    """What was cut, with the Markdown that puts it back as it was written."""
    return tuple(
        replace(piece, restore=markdown.write(blocks)) if blocks else piece
        for piece, blocks in zip(pieces.removed, pieces.pieces, strict=True)
    )


def _much_longer(plain: str, shown: str) -> bool:
    return _letters(plain) > 2 * _letters(shown) + 200


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _with_attached(
    contribution: Contribution, blocks: tuple[Block, ...], pieces: Cut, wall: Wall, limits: Limits, now: datetime
) -> tuple[tuple[Block, ...], Forwarded | None, tuple[Removed, ...], tuple[str, ...]]:
    """The blocks, then those of a mail attached as message/rfc822: who forwards it sends it."""
    inner = contribution.attached
    if inner is None:
        return blocks, pieces.forwarded, (), ()
    carried = draft(inner, wall=wall, limits=limits, now=now)
    forwarded = carried.forwarded or Forwarded(
        from_name=inner.sender.name if inner.sender else "",
        from_address=inner.sender.address if inner.sender else "",
        subject=inner.subject,
        date=inner.sent_at.isoformat() if inner.sent_at else "",
    )
    return (*blocks, *carried.blocks), pieces.forwarded or forwarded, carried.removed, carried.warnings


def _title(
    contribution: Contribution, own: Taken, forwarded: Forwarded | None, blocks: Blocks
) -> tuple[str, tuple[Removed, ...]]:
    """The title and what was masked in it."""
    candidates = (own.title or "", contribution.subject, forwarded.subject if forwarded else "")
    title = next(filter(None, map(subjects.clean, candidates)), "") or from_blocks(blocks)
    masked = mask(read_plain(title))
    told = tuple(replace(piece, restore=Markdown(markdown.escape(piece.text))) for piece in masked.removed)
    return " ".join(plain_text.write(masked.blocks).split()), told


def _tags(own: Taken) -> tuple[str, ...]:
    """Those of "Rubrique : logement, transports" too: a tag is written between commas, and holds none."""
    names = (*(name.strip() for name in (own.section or "").split(",")), *own.tags)
    return tuple(dict.fromkeys(name for name in names if name and not _reaches(name)))


def _byline(contribution: Contribution, own: Taken, wall: Wall) -> str:
    if own.anonymous:
        return ""
    shown = contribution.sender.name if wall.display_names and contribution.sender else ""
    return next((name for name in (own.byline, shown) if name and "@" not in name and not _reaches(name)), wall.byline)


def _reaches(text: str) -> bool:
    """Whether it holds what reaches a person, which neither a tag nor a byline publishes."""
    return bool(mask(read_plain(text)).removed)


def _told_texts(contribution: Contribution, own: Taken, removed: Sequence[Removed]) -> tuple[str, ...]:
    return (
        *(piece.text for piece in removed),
        contribution.subject,
        own.title or "",
        own.byline or "",
        own.section or "",
        *own.tags,
    )


def _pictures(blocks: Blocks) -> frozenset[str]:
    sources = (inline.source for inline in inlines(blocks) if isinstance(inline, Picture))
    return frozenset(source.removeprefix("cid:") for source in sources if source.startswith("cid:"))
