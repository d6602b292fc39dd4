"""The letter that says that the wall is not well: to whoever administers it, once for an alarm and day."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ingest.correspondence.audience import MODERATOR, administrators, sends
from ingest.correspondence.letter import Case, Filled, Unsent
from ingest.settings import Settings
from ingest.store import Letter, Store
from ingest.watch import health, keeping

KIND = "alarm"
_A_DAY = timedelta(days=1)


def raise_alarms(settings: Settings, store: Store, *, now: datetime) -> int:
    """Put a letter into the outbox for each alarm there is now and each administrator, unless they got it in the last
    24 hours. Gives back how many. Raises `Unavailable`.
    """
    if not sends(settings):
        return 0
    found = health.troubles(keeping.read(settings.paths.state), settings, now=now)
    letters = [
        Letter(kind=KIND, audience=MODERATOR, who=store.who(one.address), about={"alarm": trouble.word})
        for trouble in found
        for one in administrators(settings)
    ]
    return store.post(letters, now=now, unless_since=now - _A_DAY) if letters else 0


def fill(case: Case) -> Filled | Unsent:
    """What is wrong, as it is now; nothing is sent once that is over."""
    told = keeping.read(case.settings.paths.state)
    found = {trouble.word: trouble.says for trouble in health.troubles(told, case.settings, now=case.now)}
    word = case.letter.about.get("alarm", "")
    if word not in found:
        return Unsent(why="over")
    zone = ZoneInfo(case.settings.wall.timezone)
    last = f"{told.polled_at.astimezone(zone):%d/%m/%Y, %H:%M}" if told.polled_at else ""
    return Filled(values={"alarm": word, "says": found[word], "last_poll": last})
