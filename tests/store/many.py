"""Many contributions at once, written as the store writes them but without waiting for the disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

from ingest.model import ContributionId, Digest, Kind
from ingest.states import State
from ingest.store import Line, Row, Store, rows
from ingest.store.facts import digest_of
from tests.store.walls import NOW


def fill(
    store: Store, count: int, document: Callable[[int], str], *, start: int = 0, kind: Kind = Kind.ARTICLE
) -> None:
    """Hold `count` drafts, a minute apart, of twenty senders; the text of the n-th is `document(n)`."""
    with store._database.writing() as connection:
        for n in range(start, start + count):
            data = document(n).encode()
            row = _row(n, digest_of(data), kind)
            drafts = store._folders.root / row.id / "drafts"
            drafts.mkdir(parents=True)
            (drafts / f"{row.digest}.md").write_bytes(data)
            rows.insert(connection, row)
            line = Line(what="hold", by="mur", channel="import", note="", at=row.received_at)
            rows.note(connection, line, before=None, after=row)


def _row(n: int, digest: Digest, kind: Kind) -> Row:
    sha256 = hashlib.sha256(b"%d" % n).hexdigest()
    return Row(
        id=ContributionId(sha256[:16]),
        sha256=Digest(sha256),
        state=State.HELD,
        kind=kind,
        reason="",
        reasons=("moderated",),
        warnings=(),
        digest=digest,
        accepted_digest=None,
        published_digest=None,
        number=None,
        accepted_at=None,
        not_before=None,
        received_at=NOW + timedelta(minutes=n),
        sent_at=None,
        size=1000,
        sender_key=hashlib.sha256(b"sender %d" % (n % 20)).hexdigest(),
        message_id_key=None,
        claimed_by=None,
        claimed_at=None,
        attempts=1,
        removed=0,
        attachments=0,
        path=None,
        purged="",
    )
