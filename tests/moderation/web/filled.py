"""Twelve weeks of a wall's life, for pages that tell of it."""

from __future__ import annotations

from datetime import timedelta

from ingest.moderation import Decision, decide, take
from ingest.states import Action
from ingest.store import Store
from tests.moderation.web.visitors import Clock
from tests.store import walls

TITLES = (
    "Le banc de la place a disparu",
    "Appel aux voisins du quai : la piste est coupée",
    "Une soupe pour tout le monde, dimanche à midi sous les platanes",
    "Perdu",
)
_COURSE = (Action.ACCEPT, Action.ACCEPT, Action.REJECT, Action.ACCEPT, Action.SPAM, Action.DISCARD)


def fill(store: Store, clock: Clock, *, weeks: int = 12) -> None:
    """A few contributions a week, most of them decided a day or three later; the last ones wait."""
    end = clock.moment
    for n in range(4 * weeks):
        came = end - timedelta(days=7 * weeks) + timedelta(days=1.75 * n, hours=n % 5)
        raw = f"Subject: {n}\r\n\r\n".encode()
        outcome = walls.converted(title=f"{TITLES[n % 4]} ({n})")
        told = walls.mail(raw)
        store.hold(raw, outcome, contribution=told, received_at=came, now=came, channel="imap")
        decided = came + timedelta(hours=5 + 17 * (n % 4))
        if decided > end or n % 11 == 10:
            continue
        action, by = _COURSE[n % 6], ("zoe", "max")[n % 2]
        note = "Cela a déjà paru hier.\nMerci tout de même !" if action is Action.REJECT else ""
        decision = Decision(action=action, id=told.id, by=by, digest=None, channel="web", at=decided, note=note)
        decide(store, decision)
    waiting = store.rows()[-1]
    take(store, waiting.id, by="zoe", channel="web", at=end)
