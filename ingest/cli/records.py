"""What `mur queue` and `mur show` answer of what is stored, in JSON and in words."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from ingest.body import text as plain_text
from ingest.body.html import read_html
from ingest.cli import campaigning, noticing, shapes
from ingest.cli.listing import moment, queued
from ingest.model import Removed, SafeHtml, UntrustedHtml
from ingest.moderation import happenings, vocabulary
from ingest.moderation.queue import item
from ingest.states import State
from ingest.store import ALL, SAME, Entry, Row, Store
from ingest.words import _
from plugins.rendering import render


def whole(store: Store, row: Row) -> dict[str, Any]:
    """`mur show --json`: all of `convert` and `queue`, and the journal."""
    listed = item(store, row)
    kept = row.purged != ALL
    draft = store.draft(row.id) if row.digest and kept else None
    html = render(draft.body, lang=draft.lang) if draft else None
    facts = store.facts(row.id) if kept else None
    return {
        **queued(listed),
        **noticing.noticed(store, row),
        **campaigning.described(store, row),
        "outcome": _outcome(row),
        "reason": row.reason or None,
        "lang": draft.lang if draft else None,
        "body": draft.body if draft else None,
        "text": _text(html) if html is not None else None,
        "html": html,
        "forwarded": shapes.forwarded(facts.forwarded) if facts else None,
        "removed": shapes.removed(store.removed(row.id)),
        "attachments": [
            {name: getattr(piece, name) for name in ("name", "original_name", "type", "bytes", "alt")}
            for piece in (facts.attachments if facts else ())
        ],
        "journal": [
            {
                "at": moment(entry.at),
                "what": entry.what,
                "by": entry.by,
                "channel": entry.channel,
                "note": entry.note,
            }
            for entry in store.journal(row.id)
        ],
    }


def _outcome(row: Row) -> str:
    if row.digest:
        return "draft"
    return {State.DISCARDED: "refused", State.ERASED: "erased"}.get(row.state, "quarantined")


def page_body(store: Store, row: Row) -> SafeHtml:
    """The body of the current draft as the page would hold it."""
    draft = store.draft(row.id)
    return render(draft.body, lang=draft.lang)


def told(store: Store, row: Row) -> str:
    """The same for eyes: the draft, what was removed with its numbers, what happened."""
    zone = ZoneInfo(store.settings.wall.timezone)
    lines = [f"{row.id}  {vocabulary.stands(row.state)}  {row.public}".rstrip()]
    if row.reason:
        lines.append(_("raison : {reason}").format(reason=vocabulary.told(row.reason)))
    if look := vocabulary.all_told((*row.reasons, *row.warnings)):
        lines.append(_("à voir : {words}").format(words=", ".join(look)))
    lines += _alike(store, row, zone)
    if row.purged == ALL:
        lines.append(_("ses documents ne sont plus gardés"))
    elif row.digest:
        lines += ["", store.document(row.id).rstrip()]
    pieces = store.removed(row.id)
    if pieces:
        lines += ["", _("Retiré (« mur keep {id} N » le remet) :").format(id=row.id[:8]), *_pieces(pieces)]
    lines += campaigning.lines(store, row)
    lines += noticing.lines(store, row)
    lines += ["", _("Journal :")]
    lines += [_happened(entry, zone) for entry in store.journal(row.id)]
    return "\n".join(lines)


def _alike(store: Store, row: Row, zone: ZoneInfo) -> list[str]:
    """What its text came before or after in, each with what became of it."""
    shown = []
    for one in store.alike(row.id):
        other = store.find(one.id)
        much = _("même texte") if one.share == SAME else _("{n} % en commun").format(n=one.share)
        words = _("déjà reçue") if other.received_at <= row.received_at else _("reçue depuis")
        when = f"{other.received_at.astimezone(zone):%d/%m/%Y}"
        known = f"{other.id[:8]} {other.public}".rstrip()
        shown.append(f"{words} le {when}, {vocabulary.stands(other.state)} : {known} ({much})")
    return shown


def _happened(entry: Entry, zone: ZoneInfo) -> str:
    at = entry.at.astimezone(zone)
    note = happenings.note(entry)
    what = happenings.what(entry)
    return f"  {at:%d/%m/%Y %H:%M}  {what}  {entry.by} ({entry.channel})  {note}".rstrip()


def _pieces(pieces: tuple[Removed, ...]) -> list[str]:
    shown = []
    for number, piece in enumerate(pieces, start=1):
        first, *rest = piece.text.splitlines() or [""]
        shown += [f"  {number}. [{vocabulary.why(piece.why)}] {first}", *(f"     {line}" for line in rest)]
    return shown


def _text(html: SafeHtml) -> str:
    """Plain text of a body that we rendered ourselves."""
    return plain_text.write(read_html(UntrustedHtml(html), text_bytes=10 * len(html) + 1000).blocks)
