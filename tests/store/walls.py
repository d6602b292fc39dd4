"""What these tests start from: a wall in an empty folder, and mails that were already converted."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ingest.model import (
    Address,
    Authenticity,
    Contribution,
    ContributionId,
    Converted,
    Digest,
    Draft,
    Forwarded,
    Kind,
    Markdown,
    Media,
    Quarantine,
    Removed,
    Why,
)
from ingest.moderation import Decision, decide
from ingest.settings import Limits, Paths, Settings, Wall
from ingest.states import Action, State
from ingest.store import Line, Published, Row, Store

NOW = datetime(2022, 6, 8, 7, 30, tzinfo=UTC)
PICTURE = b"not really a picture"
PICTURE_NAME = hashlib.sha256(PICTURE).hexdigest()[:16] + ".jpg"


def wall(folder: Path) -> Settings:
    """A wall whose three folders lie in `folder`."""
    return Settings(
        paths=Paths(content=folder / "content", state=folder / "var", output=folder / "output"),
        wall=Wall(timezone="Europe/Paris"),
        limits=Limits(free_bytes=0),
    )


def mail(raw: bytes, **told: object) -> Contribution:
    """What reading `raw` might have given."""
    sha256 = hashlib.sha256(raw).hexdigest()
    facts: dict[str, object] = {
        "message_id": "",
        "in_reply_to": "",
        "references": (),
        "sender": Address(name="Ana Pons", address="Ana.Pons@example.org"),
        "recipients": (),
        "subject": "Une fête au café",
        "sent_at": datetime.fromisoformat("2022-06-07T21:14:00+02:00"),
        "plain": "Bonsoir,\n",
        "flowed": False,
        "html": None,
        "attachments": (),
        "authenticity": Authenticity.PASS,
        "fields": {},
    }
    return Contribution(id=ContributionId(sha256[:16]), sha256=Digest(sha256), size=len(raw), **{**facts, **told})


def converted(title: str = "Une fête au café", body: str = "Venez samedi.\n", **told: object) -> Converted:
    """What converting a mail might have given: a draft with a picture, and two pieces removed."""
    facts: dict[str, object] = {
        "draft": Draft(
            kind=Kind.ARTICLE, title=title, byline="", tags=("café",), lang="fr", body=Markdown(body), extra={}
        ),
        "media": (
            Media(name=PICTURE_NAME, original_name="IMG 1.JPG", type="image/jpeg", data=PICTURE, alt="La terrasse"),
        ),
        "removed": (
            Removed(why=Why.SIGNATURE, text="--\n*Ana*\nVoisine"),
            Removed(why=Why.LINK, text="le plan", restore=Markdown("[le plan](https://example.org/plan)")),
        ),
        "forwarded": Forwarded(from_name="Lou", from_address="lou@example.net", subject="Fête", date="lundi"),
        "reasons": ("moderated",),
        "warnings": ("long-title",),
        "text": body,
    }
    return Converted(**{**facts, **told})


def held(store: Store, raw: bytes = b"Subject: une\r\n\r\n", outcome: Converted | None = None) -> Row:
    """A mail that was taken in."""
    taken = store.hold(raw, outcome or converted(), contribution=mail(raw), received_at=NOW, now=NOW, channel="import")
    return store.find(taken.id)


def decided(store: Store, row: Row, action: Action, *, by: str = "zoe", **told: object) -> Row:
    """A decision of Zoe's, on the draft that is current."""
    facts: dict[str, object] = {"digest": None, "channel": "cli", "at": NOW, **told}
    return decide(store, Decision(action=action, id=row.id, by=by, **facts))


def online(store: Store, row: Row) -> Row:
    """What was accepted, once a site with it was swapped in."""
    row = store.find(row.id)
    store.published([Published(id=row.id, digest=row.accepted_digest, path="2022/fete.md")], NOW)
    return store.find(row.id)


def everything(store: Store) -> tuple[object, ...]:
    """All that the database says, to see that nothing changed."""
    return store.rows(), store.journal()


def in_state(store: Store, state: State) -> Row:
    """A contribution that came to this state on the way that leads there."""
    if state is State.QUARANTINED:
        taken = store.hold(
            b"?", Quarantine(reason="too-deep"), contribution=None, received_at=NOW, now=NOW, channel="import"
        )
        return store.find(taken.id)
    row = held(store)
    way = {
        State.HELD: (),
        State.DEFERRED: (Action.DEFER,),
        State.ACCEPTED: (Action.ACCEPT,),
        State.PUBLISHED: (Action.ACCEPT,),
        State.REJECTED: (Action.REJECT,),
        State.DISCARDED: (Action.DISCARD,),
        State.SPAM: (Action.SPAM,),
        State.WITHDRAWN: (Action.WITHDRAW,),
        State.ERASED: (),
    }
    for action in way[state]:
        row = decided(store, row, action)
    if state is State.PUBLISHED:
        return online(store, row)
    if state is State.ERASED:
        return _erased(store, row)
    return row


def _erased(store: Store, row: Row) -> Row:
    line = Line(what="erase", by="zoe", channel="cli", note="", at=NOW)
    return store.change(row.id, lambda row, _past: (replace(row, state=State.ERASED), line))
