"""What age takes away: `[keeping]` says when. The rule is pure; run again, tidying finishes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest.keeping.lock import keeping_lock
from ingest.settings import Keeping, Settings
from ingest.states import State
from ingest.store import ALL, BY_ITSELF, RAW, Row, Store

_RULES: dict[State, tuple[tuple[str, Callable[[Keeping], int]], ...]] = {
    State.ACCEPTED: ((RAW, lambda keeping: keeping.raw_days),),
    State.PUBLISHED: ((RAW, lambda keeping: keeping.raw_days),),
    State.REJECTED: ((ALL, lambda keeping: keeping.refused_days), (RAW, lambda keeping: keeping.raw_days)),
    State.WITHDRAWN: ((ALL, lambda keeping: keeping.refused_days), (RAW, lambda keeping: keeping.raw_days)),
    State.DISCARDED: ((ALL, lambda keeping: keeping.discarded_days), (RAW, lambda keeping: keeping.raw_days)),
    State.SPAM: ((ALL, lambda keeping: keeping.discarded_days), (RAW, lambda keeping: keeping.raw_days)),
    State.QUARANTINED: ((ALL, lambda keeping: keeping.quarantined_days),),
}
"""What goes after how many days, the most first. What waits for somebody is kept."""
_LAST = {state: rules[0][0] for state, rules in _RULES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidied:
    """How many contributions lost what this time."""

    mails: int
    folders: int


def due(row: Row, settled: datetime | None, keeping: Keeping, now: datetime) -> str | None:
    """What of a contribution is too old: `RAW`, `ALL` or nothing. Pure.

    `settled` is when it was last decided on; None where the journal does not tell, and then nothing is. What was
    too much at once was not read by anybody yet.
    """
    if settled is None or row.apart or row.astray:
        return None
    age = now - settled
    for what, days in _RULES.get(row.state, ()):
        if days(keeping) and age >= timedelta(days=days(keeping)):
            return what
    return None


def strays(row: Row, settled: datetime | None, keeping: Keeping, now: datetime) -> bool:
    """Whether a mail that was meant for somebody else was here long enough. Pure."""
    old = settled is not None and now - settled >= timedelta(days=keeping.astray_days)
    return row.astray and keeping.astray_days > 0 and old


def tidy(
    settings: Settings, store: Store, *, now: datetime, report: Callable[[str], None] = lambda _line: None
) -> Tidied:
    """Purge what is due, each with a line in the journal. Raises `Unavailable`."""
    gone = {RAW: 0, ALL: 0}
    with keeping_lock(settings.paths.state, report=report):
        store.finish_purges()
        for some in store.kept(_LAST):
            settled = store.last_decided([row.id for row in some])
            for row in some:
                what = _taken(settings, store, row, settled.get(row.id), now)
                if what:
                    gone[what] += 1
        if gone[ALL]:
            store.tidy_search()
        if settings.outgoing.kept_days:
            store.sweep_letters(before=now - timedelta(days=settings.outgoing.kept_days))
    return Tidied(mails=gone[RAW], folders=gone[ALL])


def _taken(settings: Settings, store: Store, row: Row, settled: datetime | None, now: datetime) -> str | None:
    """What age takes of a contribution now, and takes away; None for nothing."""
    if strays(row, settled, settings.keeping, now):
        # Erased, not only emptied: its copy in the mailbox goes too (`keeping.erase.finish`)
        store.bury(row.id, by=BY_ITSELF, channel="tidy", at=now)
        return ALL
    what = due(row, settled, settings.keeping, now)
    return what if what not in {None, row.purged} and store.purge(row, str(what), at=now) else None
