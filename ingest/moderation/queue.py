"""What waits: a row, and of its draft only what a list shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.errors import BadMessage, Refused, Unavailable
from ingest.model import ContributionId, Digest, Kind
from ingest.states import WAITING, State
from ingest.store import ALL, Alike, Entry, Row, Store, Which

UNREADABLE_DRAFT = "unreadable-draft"
"""The warning on a contribution whose draft is no longer on the disk as it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the queue, in the words of `mur queue --json`."""

    id: ContributionId
    kind: Kind | None
    state: State
    title: str
    """Of the draft; the subject of a mail that has none."""
    byline: str
    tags: tuple[str, ...]
    sent_at: datetime | None
    received_at: datetime
    reasons: tuple[str, ...]
    """Why it is held; of a refused or quarantined mail, the word that says why."""
    warnings: tuple[str, ...]
    removed: int
    attachments: int
    digest: Digest | None
    claimed_by: str | None
    public: str
    """`mur-142`, or empty before the first acceptance."""
    agreed_by: str | None = None
    """Who said yes to this text, while a second person is waited for."""
    like: tuple[ContributionId, ...] = ()
    """What its text came before in, or nearly; the most alike first."""
    apart: bool = False
    """Whether it was too much at once, and was not read yet."""


def queue(
    store: Store,
    states: Iterable[State] = WAITING,
    *,
    kind: Kind | None = None,
    limit: int | None = None,
    offset: int = 0,
    apart: bool | None = None,
    which: Which | None = None,
) -> tuple[Item, ...]:
    """What is in these states, the longest here first; `apart`: only what was too much at once, or what was not.

    Raises `Unavailable`.
    """
    found = store.rows(states, kind=kind, limit=limit, offset=offset, apart=apart, which=which)
    return _items(store, found)


def set_aside(store: Store) -> tuple[Item, ...]:
    """What was accepted and could not be published: it waits for a correction. Raises `Unavailable`."""
    return _items(store, [row for row in store.rows((State.ACCEPTED,)) if row.set_aside])


def earlier(store: Store, row: Row, limit: int = 20) -> tuple[Item, ...]:
    """What else the same sender sent, the newest first. Raises `Unavailable`."""
    return _items(store, store.of_sender(row, limit=limit))


def item(store: Store, row: Row) -> Item:
    """The line of one contribution; a draft that cannot be read costs its title, never the list."""
    return _items(store, (row,))[0]


def _items(store: Store, rows: Sequence[Row]) -> tuple[Item, ...]:
    """The lines of several; who agreed, and what is alike, is asked once for all of them."""
    agreed = store.agreements([row.id for row in rows]) if store.settings.moderation.two_persons else {}
    alike = store.alike_of([row.id for row in rows if row.digest])
    return tuple(_item(store, row, agreed.get(row.id), alike.get(row.id, ())) for row in rows)


def _item(store: Store, row: Row, agreed: Entry | None, alike: tuple[Alike, ...]) -> Item:
    warnings, title, byline = row.warnings, "", ""
    tags: tuple[str, ...] = ()
    try:
        if row.digest is None:
            title = store.facts(row.id).subject
        else:
            draft = store.draft(row.id, row.digest)
            title, byline, tags = draft.title, draft.byline, draft.tags
    except (Refused, BadMessage, Unavailable):
        warnings = (*warnings, UNREADABLE_DRAFT) if row.purged != ALL else warnings
    return Item(
        id=row.id,
        kind=row.kind,
        state=row.state,
        title=title,
        byline=byline,
        tags=tags,
        sent_at=row.sent_at,
        received_at=row.received_at,
        reasons=row.reasons or ((row.reason,) if row.reason else ()),
        warnings=warnings,
        removed=row.removed,
        attachments=row.attachments,
        digest=row.digest,
        claimed_by=row.claimed_by,
        public=row.public,
        agreed_by=agreed.by if agreed else None,
        like=tuple(one.id for one in alike),
        apart=row.apart,
    )
