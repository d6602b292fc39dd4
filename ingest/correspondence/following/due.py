"""What the clock brings to followers and about campaigns; called by whoever sends letters, every few minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

from ingest.correspondence.following import campaigns, news
from ingest.settings import Settings
from ingest.store import Store
from ingest.store.outbox import FAILED

_LOOKED_BACK = timedelta(days=2)


def post_due(settings: Settings, store: Store, *, now: datetime) -> int:
    """Forget who did not say yes and whose server says that nobody is there, then post what is due.

    Gives back how many letters. Doing it again does nothing more. Raises `Unavailable`.
    """
    store.forget_unconfirmed(now=now)
    for id_, said, at in store.followed_letters(FAILED, since=now - _LOOKED_BACK):
        if said.startswith("5"):
            store.came_back(id_, now=at)
    return news.post_news(settings, store, now=now) + campaigns.due(settings, store, now=now)
