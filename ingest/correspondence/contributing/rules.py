"""Which letters the author's own lines of the journal bring. Pure; a lock is held while they run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.correspondence.audience import MODERATOR, SENDER
from ingest.correspondence.contributing.authority import CHANGED, WITHDRAWN
from ingest.moderation.entitled import CHANNEL
from ingest.moderation.weighing import NOTICE
from ingest.states import Action, State
from ingest.store import BY_AUTHOR, Letter, Line, Row

if TYPE_CHECKING:
    from ingest.correspondence.policy import Office

_NOTE = re.compile(r"asked: ([a-z-]+) ([0-9a-f]{16})")
_SILENT = "waiting"


def done(_office: Office, line: Line, _before: Row | None, after: Row) -> Iterator[Letter]:
    """Tells whoever asked that it is done. `answer` names the mail that asked: what is told goes to its sender."""
    note = _NOTE.fullmatch(line.note)
    if line.by != BY_AUTHOR or line.channel != CHANNEL or note is None or note[1] == _SILENT:
        return
    yield Letter(
        kind=WITHDRAWN if line.what == Action.WITHDRAW.value else CHANGED,
        audience=SENDER,
        who=after.sender_key or "",
        contribution=after.id,
        digest=after.digest,
        about={"answer": note[2], "what": note[1]},
    )


def noticed(office: Office, line: Line, _before: Row | None, after: Row) -> Iterator[Letter]:
    """Tells moderators that what waits is another text, or that its author agrees."""
    if line.by != BY_AUTHOR or line.what not in {Action.EDIT.value, Action.RESUBMIT.value, Action.UNDO.value}:
        return
    if after.state is State.HELD and after.digest is not None:
        for one in office.settings.moderators:
            yield Letter(
                kind=NOTICE, audience=MODERATOR, who=office.who(one.address), contribution=after.id, digest=after.digest
            )
