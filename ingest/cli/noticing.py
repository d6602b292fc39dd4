"""What a moderator may want to know before deciding, for `mur show`: the checklist, and what the same sender sent."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from ingest.cli.listing import moment
from ingest.errors import Refused, Unavailable
from ingest.moderation import agreement, earlier, second_voice, sentences, vocabulary
from ingest.moderation.checklist import Concern, look
from ingest.moderation.queue import Item
from ingest.store import ALL, Row, Store
from ingest.words import _


def noticed(store: Store, row: Row) -> dict[str, Any]:
    """The keys that `mur show --json` has beside those of the queue."""
    return {
        "second_voice": list(_voices(store, row)),
        "checklist": [
            {name: getattr(one, name) for name in ("word", "sentence", "where", "start", "end", "quote")}
            for one in checked(store, row)
        ],
        "same_sender": [
            {
                "id": one.id,
                "state": one.state.value,
                "title": one.title,
                "number": one.public or None,
                "received_at": moment(one.received_at),
            }
            for one in earlier(store, row)
        ],
    }


def checked(store: Store, row: Row) -> tuple[Concern, ...]:
    """The checklist of the current draft; empty where there is none to read."""
    if row.digest is None or row.purged == ALL:
        return ()
    draft = store.draft(row.id, row.digest)
    pictures = sum(1 for piece in store.facts(row.id).attachments if piece.type.startswith("image/"))
    return look(draft, pictures=pictures, keep=tuple(filter(None, (store.settings.wall.address,))))


def lines(store: Store, row: Row) -> list[str]:
    """The same for eyes; empty where there is nothing to say."""
    zone = ZoneInfo(store.settings.wall.timezone)
    agreed = agreement(store.journal(row.id), row.digest)
    said = [sentences.second_voice(_voices(store, row)), sentences.agreed(agreed, zone) if agreed else ""]
    told = [line for line in said if line]
    asked: dict[str, list[str]] = {}
    for one in checked(store, row):
        asked.setdefault(one.sentence, []).append(f"« {one.quote} »" if one.quote else "")
    if asked:
        told += ["", _("À regarder, si cela vous aide à décider :")]
        told += [f"  – {sentence} {', '.join(quotes)}".rstrip() for sentence, quotes in asked.items()]
    others = earlier(store, row)
    if others:
        told += ["", _("De la même personne :"), *(_other(one, zone) for one in others)]
    return told


def _other(one: Item, zone: ZoneInfo) -> str:
    name = one.public or one.id[:8]
    return (
        f"  {one.received_at.astimezone(zone):%d/%m/%Y}  {vocabulary.stands(one.state)}  {name}  {one.title}".rstrip()
    )


def _voices(store: Store, row: Row) -> tuple[str, ...]:
    try:
        return second_voice(store, row) if row.purged != ALL else ()
    except (Refused, Unavailable):
        return ()  # its draft cannot be read: the queue says so
