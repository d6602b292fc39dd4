"""Text and files of a mail put together: its draft, and all that a moderator needs to judge it. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from ingest import media
from ingest.body import markdown
from ingest.body import text as plain_text
from ingest.body.announced import announced
from ingest.body.blocks import Block, Link, Paragraph, Picture, Text
from ingest.body.drafting import Drafted
from ingest.body.language import language
from ingest.body.masks import mask
from ingest.body.plain import read_plain
from ingest.body.reflow import join
from ingest.body.tree import rewrite
from ingest.errors import BadMessage
from ingest.message import rules
from ingest.model import COPIES, Contribution, Converted, Draft, Kind, Media, Proposal, Refusal, Removed, Why
from ingest.relay.proposals import day_of, permalink_proposal, propose, tells_progress
from ingest.relay.recognise import recognise
from ingest.relay.thread import THREAD, bare_permalink
from ingest.settings import Settings
from ingest.words import _
from plugins.guards import Unrenderable, check

_NOTHING_SAID = frozenset({Why.SIGNATURE, Why.FOOTER, Why.TRACKER, Why.MARKUP, Why.METADATA})
"""Of a mail that holds no more than these, nothing was meant for the wall."""


def assemble(
    contribution: Contribution, drafted: Drafted, files: media.Remade, settings: Settings, noticed: tuple[str, ...]
) -> Converted | Refusal:
    """Text and files together. Raises `BadMessage` for what could never be a page."""
    blocks, lost = _placed(drafted, files)
    leaflets, masked = _leaflets(files, settings)
    blocks = (*blocks, *leaflets)
    told = (*drafted.removed, *masked, *files.removed, *lost)
    if not blocks and not drafted.title and all(piece.why in _NOTHING_SAID for piece in told):
        return Refusal(reason="empty")
    text = plain_text.write(blocks)
    found = Draft(
        kind=Kind.ARTICLE,
        title=drafted.title,
        byline=drafted.byline,
        tags=drafted.tags,
        lang=language(text, default=settings.wall.language),
        body=markdown.write(blocks),
        not_before=drafted.not_before,
    )
    found = _as_relay(_as_event(found, files), blocks, text, settings)
    proposals = _proposed(found, blocks, text, contribution, drafted, settings)
    found = _as_update(found, drafted, proposals)
    _publishable(found)
    bare = () if blocks else ("no-text",)
    dated = () if found.kind is Kind.EVENT else _dates(text, contribution, settings)
    alike = tuple(note for one in proposals for note in one.notes if note.startswith("look-alike"))
    warnings = (*contribution.warnings, *drafted.warnings, *files.warnings, *bare, *dated, *alike, *noticed)
    return Converted(
        draft=found,
        text=text,
        media=files.media,
        aside=(*files.aside, *_copies(files)),
        removed=told,
        forwarded=drafted.forwarded,
        reasons=rules.reasons(contribution),
        warnings=tuple(dict.fromkeys(warnings)),
        proposals=proposals,
    )


def _copies(files: media.Remade) -> tuple[Media, ...]:
    """Narrower copies, called after the picture, so that whoever shows it finds them."""
    return tuple(
        replace(copy, name=name.replace(".", f"-{copy.width}.", 1))
        for name, copies in files.variants.items()
        for copy in copies
        if copy.width in COPIES and copy.name.rpartition(".")[2] == name.rpartition(".")[2]
    )


def _publishable(found: Draft) -> None:
    """A draft that could never be a page is quarantined now, not when it is published."""
    try:
        check(found.body)
    except Unrenderable as error:
        raise BadMessage(str(error)) from None


def _placed(drafted: Drafted, files: media.Remade) -> tuple[tuple[Block, ...], tuple[Removed, ...]]:
    """Pictures where they stood, those without a place at the end.

    One that stood only in what was cut is somebody else's, in a quote, or a logo in a signature: it is not shown.
    """
    by_name = {file.name: file for file in files.media}
    lost: list[Removed] = []
    shown: set[str] = set()

    def place(inline: Any) -> tuple[Any, ...]:
        if not isinstance(inline, Picture) or not inline.source.startswith("cid:"):
            return (inline,)
        file = by_name.get(files.content_ids.get(inline.source.removeprefix("cid:"), ""))
        if file is None:
            lost.append(Removed(why=Why.ATTACHMENT, text=inline.alt or _("image")))
            return ()
        shown.add(file.name)
        return (Picture(source=f"media:{file.name}", alt=inline.alt or file.alt),)

    blocks = rewrite(drafted.blocks, place)
    pages = {page for leaflet in files.leaflets for page in leaflet.pages}
    cut = {name for cid, name in files.content_ids.items() if cid in drafted.seen}
    left = [file for file in files.media if file.name not in shown | pages | cut]
    return (*blocks, *(_shown(file) for file in left)), tuple(lost)


def _shown(file: Media) -> Paragraph:
    if file.type.startswith("image/"):
        return Paragraph((Picture(source=f"media:{file.name}", alt=file.alt),))
    words = _("Écouter l’enregistrement") if file.type.startswith("audio/") else _("Télécharger le document (PDF)")
    return Paragraph((Link(href=f"media:{file.name}", children=(Text(words),)),))


def _leaflets(files: media.Remade, settings: Settings) -> tuple[tuple[Block, ...], tuple[Removed, ...]]:
    """Leaflets as pictures of their pages and their text, to be read aloud and searched; and what was masked."""
    blocks: list[Block] = []
    removed: list[Removed] = []
    by_name = {file.name: file for file in files.media}
    for leaflet in files.leaflets:
        blocks += [_shown(by_name[page]) for page in leaflet.pages]
        masked = mask(join(read_plain(leaflet.text), flowed=False), keep=(settings.wall.address,))
        blocks += masked.blocks
        removed += masked.removed
    return tuple(blocks), tuple(removed)


def _dates(text: str, contribution: Contribution, settings: Settings) -> tuple[str, ...]:
    """Dates typed in the text, proposed to whoever moderates: they make an event of it, or not."""
    if contribution.sent_at is None:
        return ()
    moments = announced(text, since=contribution.sent_at, timezone=ZoneInfo(settings.wall.timezone))
    return tuple(f"date: {moment:%Y-%m-%d %H:%M}" for moment in moments)


def _as_event(found: Draft, files: media.Remade) -> Draft:
    if not files.events:
        return found
    event = files.events[0]
    extra = {"Start": event.start.isoformat(), "Place": event.place}
    if event.end:
        extra["End"] = event.end.isoformat()
    return replace(found, kind=Kind.EVENT, title=found.title or event.summary, extra=extra)


def _as_relay(found: Draft, blocks: tuple[Block, ...], text: str, settings: Settings) -> Draft:
    call = recognise(blocks, text, timezone=ZoneInfo(settings.wall.timezone))
    if call is None:
        return found
    return replace(found, kind=Kind.RELAY, extra=call.front_matter)


def _proposed(
    found: Draft, blocks: tuple[Block, ...], text: str, contribution: Contribution, drafted: Drafted, settings: Settings
) -> tuple[Proposal, ...]:
    """What a campaign or a thread seems to tell; nothing of any other mail, but the address of a post that is all."""
    permalink = drafted.permalink or bare_permalink(blocks)
    source = (permalink_proposal(permalink),) if permalink else ()
    if found.kind is not Kind.RELAY and THREAD not in drafted.warnings:
        return source
    zone = ZoneInfo(settings.wall.timezone)
    sent_at = day_of(contribution.sent_at, drafted.forwarded.date if drafted.forwarded else "", zone=zone)
    return (*source, *propose(blocks, text, sent_at=sent_at, posted=drafted.posted, zone=zone))


def _as_update(found: Draft, drafted: Drafted, proposals: tuple[Proposal, ...]) -> Draft:
    """A thread that says how far a campaign is; which one, only a moderator says."""
    if found.kind is Kind.EVENT or THREAD not in drafted.warnings or not tells_progress(proposals):
        return found
    return replace(found, kind=Kind.UPDATE, extra={})
