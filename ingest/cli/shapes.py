"""The JSON that `mur` answers, to the letter of `docs/commands.md`. Pure but for rendering."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ingest.cli.listing import moment
from ingest.conversion import Result
from ingest.model import Converted, Forwarded, Media, Removed
from plugins.rendering import render


def converted(path: str, result: Result) -> dict[str, Any]:
    """One line of `mur convert --jsonl`."""
    outcome = result.outcome
    sent_at = result.contribution.sent_at if result.contribution else None
    if not isinstance(outcome, Converted):
        word = "refused" if type(outcome).__name__ == "Refusal" else "quarantined"
        return {**_NOTHING, "path": path, "outcome": word, "reason": outcome.reason, "sent_at": moment(sent_at)}
    draft = outcome.draft
    return {
        "path": path,
        "outcome": "draft",
        "reason": None,
        "kind": draft.kind.value,
        "title": draft.title,
        "byline": draft.byline,
        "tags": list(draft.tags),
        "lang": draft.lang,
        "sent_at": moment(sent_at),
        "body": draft.body,
        "text": outcome.text,
        "html": render(draft.body, lang=draft.lang),
        "forwarded": forwarded(outcome.forwarded),
        "removed": removed(outcome.removed),
        "attachments": attachments(outcome.media),
        "warnings": list(outcome.warnings),
    }


_NOTHING: dict[str, Any] = {
    **dict.fromkeys(("path", "outcome", "reason", "kind", "title", "byline")),
    "tags": [],
    **dict.fromkeys(("lang", "sent_at", "body", "text", "html", "forwarded")),
    "removed": [],
    "attachments": [],
    "warnings": [],
}


def forwarded(message: Forwarded | None) -> dict[str, str] | None:
    """Who wrote the message forwarded."""
    if message is None:
        return None
    names = ("from_name", "from_address", "subject", "date")
    return {name: getattr(message, name) for name in names}


def removed(pieces: Iterable[Removed]) -> list[dict[str, Any]]:
    """What the draft does not hold; `piece` is the number that `mur keep` takes."""
    return [{"why": piece.why.value, "text": piece.text, "piece": n} for n, piece in enumerate(pieces, start=1)]


def attachments(files: Iterable[Media]) -> list[dict[str, Any]]:
    """The files that would be published."""
    return [
        {
            "name": file.name,
            "original_name": file.original_name,
            "type": file.type,
            "bytes": len(file.data),
            "alt": file.alt,
        }
        for file in files
    ]
