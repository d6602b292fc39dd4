"""Which lines of the journal bring a status. Pure; a lock is held while they run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ingest.settings import Settings
from ingest.states import Action
from ingest.store.letters import FEDIVERSE, Letter
from ingest.store.rows import Line, Row

KIND = "status"
FRESH = "fresh"
_FRESH = timedelta(days=7)


def active(settings: Settings) -> bool:
    """Whether this wall says anything there: there is a server, and pages of ours to link to."""
    return bool(settings.fediverse.server and settings.wall.url)


def published(settings: Settings, line: Line, _before: Row | None, after: Row) -> Iterator[Letter]:
    """What went online, or did so with another text.

    `about` says whether it is new: what an old blog brings, or a correction of a post from before this was turned on,
    makes no status of its own.
    """
    if not active(settings) or line.what != Action.PUBLISH.value or after.kind not in settings.fediverse.kinds:
        return
    since = max(filter(None, (after.accepted_at, after.not_before)), default=None)
    about = {FRESH: "yes"} if since is not None and line.at - since < _FRESH else {}
    yield Letter(kind=KIND, audience=FEDIVERSE, contribution=after.id, digest=after.digest, about=about)
