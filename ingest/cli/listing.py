"""What `mur queue --json` answers: apart from what needs all that reads and renders mails, so that it comes at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ingest.moderation.queue import Item


def moment(at: datetime | None) -> str | None:
    """ISO 8601 with offset, or None."""
    return at.isoformat(timespec="seconds") if at else None


def queued(waiting: Item) -> dict[str, Any]:
    """One object of `mur queue --json`."""
    return {
        "id": waiting.id,
        "kind": waiting.kind.value if waiting.kind else None,
        "state": waiting.state.value,
        "title": waiting.title,
        "byline": waiting.byline,
        "tags": list(waiting.tags),
        "sent_at": moment(waiting.sent_at),
        "received_at": moment(waiting.received_at),
        "reasons": list(waiting.reasons),
        "warnings": list(waiting.warnings),
        "removed": waiting.removed,
        "attachments": waiting.attachments,
        "digest": waiting.digest,
        "claimed_by": waiting.claimed_by,
        "agreed_by": waiting.agreed_by,
        "number": waiting.public or None,
        "like": list(waiting.like),
        "apart": waiting.apart,
    }
