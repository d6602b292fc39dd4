"""Corrections: another version of a draft, written beside the old ones, and named in one transaction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.body.blocks import Break, Inline, Paragraph, Text
from ingest.body.markdown import escape, write
from ingest.body.masks import MASKS
from ingest.errors import Refused
from ingest.model import ContributionId, Digest, Draft, Kind, Markdown, Removed, Why
from ingest.moderation import sentences
from ingest.moderation.persons import person
from ingest.publication import article
from ingest.states import Action, after
from ingest.store import Entry, Line, Row, Store, digest_of
from ingest.words import _

_GROWTH = 4
"""How much longer than a mail's text its Markdown may be: every sign of it may need a backslash or an entity."""
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Version:
    seen: Digest
    digest: Digest
    kind: Kind
    line: Line
    removed: int | None


def edit(
    store: Store,
    id_: ContributionId,
    document: str,
    *,
    seen: Digest,
    by: str,
    channel: str,
    at: datetime,
) -> Row:
    """Make `document` the current draft, provided that the current one is still `seen`.

    What was accepted stays what was accepted: the new text needs a decision of its own. Raises `Refused`: with the line
    for a document that is none, and saying who was faster where the draft changed in between; `Unavailable`.
    """
    if len(document) > _GROWTH * store.settings.limits.text_bytes:
        raise Refused(_("ce texte est trop long pour le mur"))
    draft = article.parse(document)
    return _write(store, id_, draft, seen=seen, line=Line(what="edit", by=by, channel=channel, note="", at=at))


def revise(
    store: Store, id_: ContributionId, draft: Draft, *, seen: Digest, line: Line, removed: int | None = None
) -> Row:
    """Make `draft` the current one as `edit` does, with a line of the journal of one's own.

    `removed` is how many pieces are removed now, where that changed. Raises as `edit`.
    """
    return _write(store, id_, draft, seen=seen, line=line, removed=removed)


def keep(store: Store, id_: ContributionId, piece: int, *, by: str, channel: str, at: datetime) -> Row:
    """Put the `piece`-th thing that was removed (the first is 1) back: behind its mask, or at the end of the draft.

    Raises `Refused` for a number that is none, for a piece that cannot be put back or stands there already, and where
    the draft changed in between; `Unavailable`.
    """
    row = store.find(id_)
    if row.digest is None:
        raise Refused(_("cette contribution n’a pas de brouillon"))
    draft = store.draft(id_, row.digest)
    pieces = store.removed(id_)
    if not 1 <= piece <= len(pieces):
        raise Refused(_("il n’y a pas de morceau {piece} : il y en a {count}").format(piece=piece, count=len(pieces)))
    waiting = _still_masked(pieces, store.journal(id_))
    body = _unmasked(draft.body, piece, waiting, pieces) or _with(draft.body, _restored(pieces[piece - 1]))
    line = Line(what="keep", by=by, channel=channel, note=str(piece), at=at)
    return _write(store, id_, replace(draft, body=body), seen=row.digest, line=line)


def _write(
    store: Store, id_: ContributionId, draft: Draft, *, seen: Digest, line: Line, removed: int | None = None
) -> Row:
    document = article.document(draft)
    line = replace(line, by=person(store.settings, line.by))
    digest = digest_of(document.encode("utf-8", "replace"))
    version = _Version(seen=seen, digest=digest, kind=draft.kind, line=line, removed=removed)
    zone = ZoneInfo(store.settings.wall.timezone)
    row = store.find(id_)
    _next(version, row, store.journal(id_), zone)
    if row.digest == version.digest:
        return row
    store.add_draft(id_, document)
    return store.change(id_, lambda row, past: _next(version, row, past, zone))


def _next(version: _Version, row: Row, past: Sequence[Entry], zone: ZoneInfo) -> tuple[Row, Line]:
    try:
        state = after(row.state, Action.EDIT)
    except Refused:
        raise Refused(sentences.impossible(Action.EDIT, row, past, zone)) from None
    if row.digest != version.seen:
        raise Refused(sentences.other_text(past, zone))
    removed = row.removed if version.removed is None else version.removed
    return replace(row, state=state, digest=version.digest, kind=version.kind, removed=removed), version.line


def _still_masked(pieces: Sequence[Removed], past: Sequence[Entry]) -> dict[int, Why]:
    """Number and kind of the pieces behind whose masks nobody has looked yet, in the order of the text."""
    kept = {entry.note for entry in past if entry.what == "keep"}
    numbered = enumerate(pieces, start=1)
    return {
        n: piece.why for n, piece in numbered if piece.why in MASKS and piece.restore is None and str(n) not in kept
    }


def _unmasked(body: Markdown, piece: int, waiting: dict[int, Why], pieces: Sequence[Removed]) -> Markdown | None:
    """The body with what stood behind one mask in its place; None where masks were moved or removed by hand."""
    if piece not in waiting:
        return None
    why = waiting[piece]
    masks = list(re.finditer(r"\\?\[" + re.escape(MASKS[why].strip("[]")) + r"\\?\]", body))
    same = [n for n, other in waiting.items() if other is why]
    if len(masks) != len(same):
        return None
    place = masks[same.index(piece)]
    return Markdown(body[: place.start()] + escape(pieces[piece - 1].text) + body[place.end() :])


def _with(body: Markdown, restored: str) -> Markdown:
    if restored.strip("\n") in body:
        raise Refused(_("ce morceau est déjà dans le brouillon"))
    return Markdown(f"{body.rstrip()}\n\n{restored.strip(chr(10))}\n".lstrip("\n"))


def _restored(piece: Removed) -> str:
    if piece.why is Why.METADATA:
        raise Refused(_("ce qu’un fichier disait de qui l’a fait est retiré pour de bon"))
    restored = piece.restore if piece.restore is not None else _literal(piece.text)
    if not restored.strip():
        raise Refused(_("ce morceau ne peut pas être remis : il n’a pas de texte"))
    return restored


def _literal(text: str) -> Markdown:
    """Text as paragraphs that show exactly its characters, line by line."""
    paragraphs = (part.strip("\n").splitlines() for part in _BLANK_LINE.split(text))
    return write(tuple(Paragraph(tuple(_lines(lines))) for lines in paragraphs if lines))


def _lines(lines: Sequence[str]) -> Iterator[Inline]:
    for number, line in enumerate(lines):
        if number:
            yield Break()
        yield Text(line)
