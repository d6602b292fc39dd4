"""A thread read from its server because a moderator said so: its text into the draft, what it tells as proposals.

    the address in the contribution -> its server: two answers -> a child: blocks, proposals -> another version

Off unless `[relay] fetch` says otherwise: whose server it is learns that somebody here asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from ingest.errors import BadMessage, Refused
from ingest.fetching.reach import Reach
from ingest.model import ContributionId, Digest, Draft, Proposal
from ingest.moderation.edit import revise
from ingest.moderation.permalinks import permalink
from ingest.moderation.persons import person
from ingest.publication.article import document
from ingest.relay.fetched import FETCHED, Answer, Fetched, Into, read_thread
from ingest.relay.statuses import place
from ingest.settings import Settings
from ingest.store import Line, Row, Store
from ingest.words import _, ngettext
from ingest.worker import Overrun
from plugins.guards import Unrenderable, check

T = TypeVar("T")
_CUT = "link-cut: "
WHAT = "fetch"
"""The word of the journal; its note is the address of the first post."""


class Run(Protocol):
    """How what was fetched is read: `ingest.worker.Worker.run`."""

    def __call__(self, seconds: float, function: Callable[..., T], /, *args: Any) -> T:
        """Run one step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What reads a thread: a child for what came, and how far one may reach for it."""

    run: Run
    reach: Reach = field(default_factory=Reach)


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What reading a thread brought."""

    row: Row
    posts: int
    new: int
    """Of these posts, those that the draft did not hold yet."""


def came_words(came: Came) -> str:
    """What it brought, in a sentence."""
    posts = ngettext("{n} message lu", "{n} messages lus", came.posts).format(n=came.posts)
    if not came.new:
        return _("{posts} : le brouillon les avait déjà.").format(posts=posts)
    added = ngettext("{n} pris dans le brouillon", "{n} pris dans le brouillon", came.new).format(n=came.new)
    return _("{posts}, {added}. Rien n’est tenu pour un fait : relisez.").format(posts=posts, added=added)


def fetch_thread(
    store: Store,
    id_: ContributionId,
    *,
    seen: Digest,
    by: str,
    channel: str,
    at: datetime,
    reader: Reader,
) -> Came:
    """Read the thread that a contribution names, and take it into the draft, provided that this is still `seen`.

    Raises `Refused` where reading is off, where it names none, where the server may not be asked or answers no thread,
    and where the draft changed in between; `Unavailable` where the server does not answer.
    """
    row = store.find(id_)
    if not store.settings.relay.fetch:
        raise Refused(_("ce mur ne lit aucun fil de lui-même : « [relay] fetch » l’allume"))
    wanted = permalink(store, row)
    where = place(wanted)
    if where is None:
        raise Refused(_("cette contribution ne donne l’adresse d’aucun message à lire"))
    draft = store.draft(id_, seen)
    server = reader.reach.server(where.host)
    status, context = server.json(where.status), server.json(where.context)
    answer = Answer(asked=wanted, host=where.host, status=status, context=context)
    read = _read(store.settings, answer, _into(store, row, draft, at), reader.run)
    return _taken(store, row, read, seen=seen, line=Line(what=WHAT, by=by, channel=channel, note=read.permalink, at=at))


def _into(store: Store, row: Row, draft: Draft, at: datetime) -> Into:
    wall = store.settings.wall
    return Into(
        draft=draft,
        cut=tuple(word.removeprefix(_CUT) for word in row.warnings if word.startswith(_CUT)),
        zone=ZoneInfo(wall.timezone),
        now=at,
        keep=(wall.address,) if wall.address else (),
    )


def _read(settings: Settings, answer: Answer, into: Into, run: Run) -> Fetched:
    try:
        return run(settings.limits.part_seconds, in_child, answer, into)
    except (BadMessage, Overrun):
        raise Refused(_("{host} : la réponse est illisible").format(host=answer.host)) from None


def in_child(answer: Answer, into: Into) -> Fetched:
    """`read_thread`, and whether the draft could still be a page. Raises `BadMessage` where it could not."""
    read = read_thread(answer, into)
    try:
        check(read.draft.body)
    except Unrenderable as error:
        raise BadMessage(str(error)) from None
    return read


def _taken(store: Store, row: Row, read: Fetched, *, seen: Digest, line: Line) -> Came:
    """Findings first: if the rest is interrupted they say nothing that a second reading would not say again."""
    if len(document(read.draft)) > 4 * store.settings.limits.text_bytes:
        raise Refused(_("ce texte est trop long pour le mur"))
    there, facts = store.removed(row.id), store.facts(row.id)
    removed = (*there, *(piece for piece in dict.fromkeys(read.removed) if piece not in there))
    if store.find(row.id).digest != seen:
        raise Refused(_("le brouillon a changé entre-temps : relisez-le, puis recommencez"))
    store.set_found(row.id, proposals=_together(read.proposals, facts.proposals), removed=removed)
    row = _noted(store, revise(store, row.id, read.draft, seen=seen, line=line, removed=len(removed)), seen, line)
    return Came(row=row, posts=read.posts, new=read.new)


def _noted(store: Store, row: Row, seen: Digest, line: Line) -> Row:
    """That a server was asked stands in the journal, even where the draft held all of it already."""
    if row.digest != seen:
        return row
    signed = replace(line, by=person(store.settings, line.by))
    return store.change(row.id, lambda now, _past: (now, signed))


def _together(new: Sequence[Proposal], old: Sequence[Proposal]) -> tuple[Proposal, ...]:
    """What the server said before what the mail says; an earlier reading is replaced."""
    said = {(one.key, one.value) for one in new}
    kept = (one for one in old if not any(note.startswith(FETCHED) for note in one.notes))
    return (*new, *(one for one in kept if (one.key, one.value) not in said))
