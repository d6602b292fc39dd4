"""Requests: what somebody asks for that only a moderator may do, held with what is asked in words.

A correction of what was accepted is held as the whole text that it would become, and says so in `Update_of`: accepting
it puts it in the place of the old one (`moderation.requested`). Any other request is done by hand, and set aside.
"""

from __future__ import annotations

from dataclasses import replace

from ingest.body import keys
from ingest.correspondence.answers.asking import Ask, Asked
from ingest.correspondence.contributing import revising
from ingest.errors import BadMessage, Refused
from ingest.model import Contribution, Converted, Kind, Markdown
from ingest.states import PROJECTED, State
from ingest.store import Row, Store
from ingest.words import _

LOST_THREAD, NOT_THE_AUTHOR, PROPOSED = "lost-thread", "not-the-author", "correction-proposed"
_LOOKED_AT = 200
_SHORTEST_TITLE = 6


def request(
    store: Store, row: Row | None, asked: Asked, converted: Converted, warnings: tuple[str, ...] = ()
) -> Converted:
    """A mail as a request about `row`, if anybody knows which; its text is what it says."""
    public = row.public if row is not None else ""
    draft = replace(
        converted.draft,
        kind=Kind.COMMAND,
        title=_("Demande\u202f: {what}").format(what=_words(asked)) + _about(store, row),
        byline="",
        tags=(),
        body=Markdown(keys.without(converted.draft.body)),
        not_before=None,
        extra={"Reply_to": public} if public else {},
    )
    return replace(converted, draft=draft, warnings=(*converted.warnings, *warnings), proposals=())


def proposed(store: Store, row: Row, asked: Asked, mail: Contribution, converted: Converted) -> Converted | None:
    """The text that its author wants in the place of one that was accepted; None where it is no such thing."""
    if row.state not in PROJECTED or row.digest is None or not row.public or asked.ask not in {Ask.CHANGE, Ask.TEXT}:
        return None
    if asked.ask is Ask.TEXT and mail.attachments:
        return None
    try:
        current = store.draft(row.id, row.digest)
        wanted = revising.change(store, row, asked, mail)(current)
    except (Refused, BadMessage):
        return None
    draft = replace(wanted, kind=Kind.COMMAND, not_before=None, extra={"Update_of": row.public})
    return replace(
        converted,
        draft=draft,
        text=converted.text,
        warnings=(*converted.warnings, f"{PROPOSED}: {row.public}"),
        proposals=(),
    )


def titled(store: Store, mail: Contribution, subject: str) -> Row | None:
    """The one text from this sender's address whose title stands in a subject."""
    told = _same(keys.without(subject))
    if mail.sender is None or len(told) < _SHORTEST_TITLE:
        return None
    found = []
    for row in store.from_sender(mail.sender.address)[-_LOOKED_AT:]:
        if row.digest is None or row.state is State.ERASED or row.kind is Kind.COMMAND:
            continue
        try:
            title = _same(store.draft(row.id, row.digest).title)
        except (Refused, BadMessage):
            continue
        if len(title) >= _SHORTEST_TITLE and title in told:
            found.append(row)
    return found[0] if len(found) == 1 else None


def _words(asked: Asked) -> str:
    if asked.ask is Ask.CHANGE and asked.anonymous:
        return _("ôter la signature")
    if asked.ask is Ask.CHANGE and asked.byline:
        return _("signer «\u202f{name}\u202f»").format(name=asked.byline[:80])
    said = {
        Ask.WITHDRAW: _("retirer"),
        Ask.CHANGE: _("changer le titre ou une image"),
        Ask.UNDO: _("annuler"),
        Ask.AGREE: _("accord avec un texte qui a changé depuis"),
    }
    return said.get(asked.ask, _("à lire"))


def _about(store: Store, row: Row | None) -> str:
    if row is None:
        return ""
    title = ""
    if row.digest is not None:
        try:
            title = " ".join(store.draft(row.id, row.digest).title.split())[:80]
        except (Refused, BadMessage):
            title = ""
    named = _("«\u202f{title}\u202f»").format(title=title) if title else ""
    public = f"({row.public})" if row.public else ""
    return " – " + " ".join(filter(None, (named, public))) if named or public else ""


def _same(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
