"""How long something has waited, in three bands: what a moderator should look at first. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class Band(StrEnum):
    """The three of them."""

    FRESH = "fresh"
    SOON = "soon"
    LATE = "late"


LIMITS = {Band.FRESH: timedelta(days=2), Band.SOON: timedelta(days=5)}
"""Up to which age each lasts; the last has no end."""
WORDS = {Band.FRESH: "récent", Band.SOON: "bientôt en retard", Band.LATE: "en retard"}
"""To be said through `ingest.words._`."""


def band(since: datetime, now: datetime) -> Band:
    """The band of what waits since then."""
    return next((name for name, limit in LIMITS.items() if now - since < limit), Band.LATE)
