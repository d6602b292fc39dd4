"""The campaigns that a contribution may be news of: those accepted here, and those that somebody wrote by hand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from ingest.errors import BadMessage, Refused, Unavailable
from ingest.model import Digest, Draft, Kind
from ingest.publication.handwritten import handwritten
from ingest.relay.belonging import Known
from ingest.relay.front import read_relay, read_update
from ingest.states import PROJECTED
from ingest.store import Row, Store

RELAYS, UPDATES = 200, 500
"""The newest so many are looked at."""
_LINK = re.compile(r"\]\(<?(https?://[^\s)>]{1,2000})")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def known(store: Store, *, but: Row | None = None) -> tuple[Known, ...]:
    """The campaigns that stand accepted, or were written by hand under `content/`, each with its updates, texts and
    links; without the contribution `but`. Costs a look at every one of them. Raises `Unavailable`.
    """
    zone = ZoneInfo(store.settings.wall.timezone)
    by_hand = handwritten(store)
    updates: defaultdict[str, list[Draft]] = defaultdict(list)
    told = (draft for _row, draft in _accepted(store, Kind.UPDATE, UPDATES, but))
    for draft in (*told, *(one.draft for one in by_hand if one.draft.kind is Kind.UPDATE)):
        updates[draft.extra.get("Update_of", "").lower()].append(draft)
    relays = [(row.public, _slug(row), draft) for row, draft in _accepted(store, Kind.RELAY, RELAYS, but)]
    relays += [(one.name, "", one.draft) for one in by_hand if one.draft.kind is Kind.RELAY]
    return tuple(
        _known(key, draft, [*updates[key], *(updates[other] if other else ())], zone) for key, other, draft in relays
    )


def _known(key: str, draft: Draft, updates: Sequence[Draft], zone: ZoneInfo) -> Known:
    texts = tuple(plain(one.body) for one in (draft, *updates))
    return Known(
        key=key,
        title=draft.title,
        relay=read_relay(draft.extra, zone=zone)[0],
        updates=tuple(read_update(one.extra, zone=zone)[0] for one in updates),
        texts=texts,
        links=tuple(dict.fromkeys(_LINK.findall(" ".join(texts)))),
    )


def plain(body: str) -> str:
    """A Markdown body without its backslashes: enough to find words and addresses in."""
    return _ESCAPED.sub(r"\1", body)


def _accepted(store: Store, kind: Kind, most: int, but: Row | None) -> Iterable[tuple[Row, Draft]]:
    count = store.count(PROJECTED, kind=kind)
    for row in store.rows(PROJECTED, kind=kind, limit=most, offset=max(count - most, 0)):
        if row.accepted_digest is None or (but is not None and row.id == but.id):
            continue
        try:
            yield row, store.draft(row.id, Digest(row.accepted_digest))
        except (Refused, BadMessage, Unavailable):
            continue


def _slug(row: Row) -> str:
    return row.path.rpartition("/")[2].removesuffix(".md")[11:] if row.path else ""
