"""Whether a contribution names a post whose thread could be read from its server. Asks nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.errors import BadMessage, Refused, Unavailable
from ingest.model import Draft, Proposal
from ingest.relay.statuses import place
from ingest.states import Action, after
from ingest.store import ALL, Row, Store

_LINKED = re.compile(r"(?:\]\(<?|<)(https?://[^\s)>]{1,600})")


def permalink(store: Store, row: Row) -> str:
    """The address of a post that a contribution holds and that could be read; empty for none, and where reading is off.

    What was proposed as its source comes before what stands in the text. Asks nobody.
    """
    if not store.settings.relay.fetch or row.digest is None or row.purged == ALL or not _open(row):
        return ""
    try:
        draft, proposals = store.draft(row.id, row.digest), store.facts(row.id).proposals
    except (Refused, BadMessage, Unavailable):
        return ""
    return next((found for found in _named(draft, proposals) if place(found)), "")


def _named(draft: Draft, proposals: Sequence[Proposal]) -> Iterator[str]:
    yield from (one.value for one in proposals if one.key == "Source")
    yield draft.extra.get("Source", "")
    yield from _LINKED.findall(draft.body)


def _open(row: Row) -> bool:
    try:
        after(row.state, Action.EDIT)
    except Refused:
        return False
    return True
