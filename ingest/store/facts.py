"""`contribution.json` and `removed.json`: what converting a mail brought to light, as values and as text. Pure.

Everything that the row of a contribution starts from stands here, so that a folder whose row was never written can be
finished from itself alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from ingest.errors import BadMessage
from ingest.model import (
    Confidence,
    Contribution,
    ContributionId,
    Converted,
    Digest,
    Forwarded,
    Kind,
    Markdown,
    Media,
    Outcome,
    Proposal,
    Quarantine,
    Refusal,
    Removed,
    Why,
)
from ingest.publication import article
from ingest.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What is known of one file of `media/`, beside its bytes."""

    name: str
    original_name: str
    type: str
    bytes: int
    alt: str
    """As the mail had it; what is published stands in the draft."""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a mail was and how it was taken. Private; the sender only as a keyed hash."""

    id: ContributionId
    sha256: Digest
    size: int
    state: State
    """The one it started in."""
    kind: Kind | None
    reason: str
    """A word, where there is no draft."""
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    subject: str
    sent_at: datetime | None
    received_at: datetime
    taken_at: datetime
    channel: str
    lang: str
    digest: Digest | None
    """Of the first draft."""
    removed: int
    forwarded: Forwarded | None
    attachments: tuple[Piece, ...]
    authenticity: str
    sender_key: str | None
    message_id_key: str | None
    proposals: tuple[Proposal, ...] = ()
    """What the text seems to tell of a campaign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """How a mail came: what the bytes themselves do not say."""

    id: ContributionId
    raw: bytes
    contribution: Contribution | None
    received_at: datetime
    now: datetime
    channel: str
    sha256: Digest | None = None
    """Of `raw`, for who knows it already."""


def digest_of(data: bytes) -> Digest:
    """SHA-256 in hex."""
    return Digest(hashlib.sha256(data).hexdigest())


def sender_of(address: str) -> str:
    """An address as it is hashed: what two spellings of it have in common."""
    return address.strip().lower()


def draft_bytes(outcome: Outcome) -> bytes | None:
    """The first version of the draft, or None where there is none."""
    if isinstance(outcome, Converted):
        return encoded(article.document(outcome.draft))
    return None


def encoded(document: str) -> bytes:
    """A document's bytes; what UTF-8 cannot hold becomes "?"."""
    return document.encode("utf-8", "replace")


def facts_of(arrival: Arrival, outcome: Outcome, keyed: Callable[[str, str], str]) -> Facts:
    """Everything but the draft itself. `keyed(purpose, text)` is the wall's keyed hash."""
    mail = arrival.contribution
    held = outcome if isinstance(outcome, Converted) else None
    draft = draft_bytes(outcome)
    sender = sender_of(mail.sender.address) if mail and mail.sender else ""
    return Facts(
        id=arrival.id,
        sha256=arrival.sha256 or digest_of(arrival.raw),
        size=len(arrival.raw),
        state=first_state(outcome),
        kind=held.draft.kind if held else None,
        reason="" if isinstance(outcome, Converted) else outcome.reason,
        reasons=held.reasons if held else (),
        warnings=held.warnings if held else mail.warnings if mail else (),
        subject=mail.subject if mail else "",
        sent_at=mail.sent_at if mail else None,
        received_at=arrival.received_at,
        taken_at=arrival.now,
        channel=arrival.channel,
        lang=held.draft.lang if held else "",
        digest=digest_of(draft) if draft is not None else None,
        removed=len(held.removed) if held else 0,
        forwarded=held.forwarded if held else None,
        attachments=tuple(_piece(media) for media in held.media) if held else (),
        authenticity=mail.authenticity.value if mail else "",
        sender_key=keyed("sender", sender) if sender else None,
        message_id_key=keyed("message-id", mail.message_id) if mail and mail.message_id else None,
        proposals=held.proposals if held else (),
    )


def first_state(outcome: Outcome) -> State:
    """Where a mail with this outcome starts."""
    if isinstance(outcome, Converted):
        return State.HELD
    return State.DISCARDED if isinstance(outcome, Refusal) else State.QUARANTINED


def unreadable(id_: ContributionId, raw: bytes, arrived: datetime) -> Facts:
    """The facts of a folder that tells nothing but its mail: it is quarantined, so that somebody looks."""
    arrival = Arrival(id=id_, raw=raw, contribution=None, received_at=arrived, now=arrived, channel="recovery")
    return facts_of(arrival, Quarantine(reason="damaged-folder"), lambda _purpose, _text: "")


def dump(facts: Facts) -> bytes:
    """`contribution.json`."""
    return _json(asdict(facts))


def load(data: bytes) -> Facts:
    """Read `contribution.json`. Raises `BadMessage` where it is damaged."""
    try:
        told = json.loads(data)
        told = {"proposals": ()} | told  # folders of an older version have none
        told = {key: told[key] for key in (field.name for field in fields(Facts))}
        forwarded = told["forwarded"]
        return Facts(
            **told
            | {
                "state": State(told["state"]),
                "kind": Kind(told["kind"]) if told["kind"] else None,
                "reasons": tuple(told["reasons"]),
                "warnings": tuple(told["warnings"]),
                "sent_at": datetime.fromisoformat(told["sent_at"]) if told["sent_at"] else None,
                "received_at": datetime.fromisoformat(told["received_at"]),
                "taken_at": datetime.fromisoformat(told["taken_at"]),
                "forwarded": Forwarded(**forwarded) if forwarded else None,
                "attachments": tuple(Piece(**piece) for piece in told["attachments"]),
                "proposals": tuple(map(_proposal, told["proposals"])),
            }
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadMessage("damaged-folder", f"contribution.json: {error}") from None


def dump_removed(removed: Sequence[Removed]) -> bytes:
    """`removed.json`."""
    return _json([asdict(piece) for piece in removed])


def load_removed(data: bytes) -> tuple[Removed, ...]:
    """Read `removed.json`. Raises `BadMessage` where it is damaged."""
    try:
        return tuple(
            Removed(
                why=Why(piece["why"]),
                text=piece["text"],
                restore=None if piece["restore"] is None else Markdown(piece["restore"]),
            )
            for piece in json.loads(data)
        )
    except (ValueError, TypeError, KeyError) as error:
        raise BadMessage("damaged-folder", f"removed.json: {error}") from None


def _proposal(told: dict[str, Any]) -> Proposal:
    known = {"confidence": Confidence(told["confidence"]), "notes": tuple(told["notes"])}
    return Proposal(**told | known)


def _piece(media: Media) -> Piece:
    return Piece(
        name=media.name,
        original_name=media.original_name,
        type=media.type,
        bytes=len(media.data),
        alt=media.alt,
        width=media.width,
        height=media.height,
    )


def _json(value: object) -> bytes:
    # ASCII: a mail's lone surrogates and line separators stay escapes
    return json.dumps(value, ensure_ascii=True, indent=1, default=_plain).encode("ascii") + b"\n"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
