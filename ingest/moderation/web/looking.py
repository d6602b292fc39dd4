"""Everything that a page shows of one contribution, looked up. Changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from ingest import moderation
from ingest.errors import BadMessage, Refused, Unavailable
from ingest.model import COPIES, Draft
from ingest.moderation import sentences, views, vocabulary
from ingest.moderation.checklist import Concern, look
from ingest.moderation.original import Original
from ingest.moderation.pictures import shown
from ingest.moderation.queue import Item, item
from ingest.moderation.web import visit
from ingest.moderation.web.studio import studio
from ingest.publication.addresses import REACTION_FOLDER
from ingest.states import PROJECTED, WAITING, Action, State, after, undone
from ingest.store import ALL, Entry, Row
from ingest.store.paging import Place
from ingest.words import _

_NEIGHBOURS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Another contribution that says nearly the same."""

    item: Item
    share: int
    """In per cent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """One contribution, as its page shows it."""

    row: Row
    card: views.Card
    draft: Draft | None
    files: tuple[views.File, ...]
    cuts: tuple[views.Cut, ...]
    concerns: tuple[Concern, ...]
    original: Original | str
    earlier: tuple[Item, ...]
    earlier_states: tuple[tuple[str, int], ...]
    alike: tuple[Alike, ...]
    happened: tuple[views.Happened, ...]
    second: str
    """Why two people are needed; empty where one is enough."""
    agreed: Entry | None
    actions: frozenset[str]
    """What may be done to it now, in the words of `Action`."""
    url: str
    """Where it is online; empty where it is not."""

    @property
    def can_decide(self) -> bool:
        """Whether the bar has a button."""
        return bool(self.actions & {"accept", "edit", "reject", "withdraw"})

    @property
    def can_more(self) -> bool:
        """Whether there is a decision that the bar has not."""
        return bool(self.actions & {"accept", "defer", "discard", "replay", "spam", "undo", "withdraw"})


def draft_of(row: Row) -> Draft | None:
    """The current draft; None where there is none, or none that can be read."""
    if row.digest is None:
        return None
    try:
        return visit.store().draft(row.id, row.digest)
    except (Refused, BadMessage, Unavailable):
        return None


def card_of(row: Row) -> views.Card:
    """A line of the queue."""
    card = views.card(item(visit.store(), row), draft_of(row), visit.now())
    return replace(card, picture=_small(row, card.picture)) if card.picture else card


def _small(row: Row, name: str) -> str:
    """The narrowest copy of a picture that is there; empty where there is none at all."""
    for wanted in (name.replace(".", f"-{min(COPIES)}.", 1), name):
        try:
            return visit.store().media(row.id, wanted).name
        except Refused:
            continue
    return ""


def whole(row: Row) -> Whole:
    """All of it."""
    store = visit.store()
    draft, past, kept = draft_of(row), store.journal(row.id), row.purged != ALL
    earlier = moderation.earlier(store, row, limit=_NEIGHBOURS)
    states = Counter(one.state for one in earlier)
    return Whole(
        row=row,
        card=views.card(item(store, row), draft, visit.now()),
        draft=draft,
        files=_files(row, draft) if kept else (),
        cuts=views.cuts(store.removed(row.id), past) if kept else (),
        concerns=look(draft, pictures=len(shown(draft.body))) if draft else (),
        original=studio().original(row.id) if kept else _("ses documents ne sont plus gardés"),
        earlier=earlier,
        earlier_states=tuple((vocabulary.stands(state), count) for state, count in states.most_common()),
        alike=tuple(_alike(row)),
        happened=views.happened(past),
        second=_second(row),
        agreed=moderation.agreement(past, row.digest),
        actions=possible(row, past),
        url=online(row),
    )


def possible(row: Row, past: Iterable[Entry]) -> frozenset[str]:
    """What may be done to a contribution as it stands."""
    found = set()
    for action in Action:
        try:
            after(row.state, action)
        except Refused:
            continue
        found.add(action.value)
    past = tuple(past)
    if moderation.agreement(past, row.digest):
        found.add(Action.UNDO.value)
    steps = [(Action(it.what), it.before) for it in past if it.what in set(Action) and it.before]
    try:
        undone(row.state, steps)
        found.add(Action.UNDO.value)
    except Refused:
        pass
    if row.state in PROJECTED and row.accepted_digest == row.digest and not row.set_aside:
        found.discard(Action.ACCEPT.value)
    return frozenset(found)


def online(row: Row) -> str:
    """The address of its page; empty where it is not online, or the wall has no address."""
    site = visit.settings().wall.url
    if row.state is not State.PUBLISHED or not row.path or not site or row.accepted_at is None:
        return ""
    if row.path.startswith(f"{REACTION_FOLDER}/"):
        return ""  # it stands under the post that it answers
    slug = row.path.rpartition("/")[2].removesuffix(".md")[11:]
    return f"{site}/{row.accepted_at.astimezone(visit.zone()):%Y/%m}/{slug}.html"


def following(row: Row) -> Row | None:
    """What to look at next: the one that came after it and that nobody else took, else the first of all."""
    name = visit.moderator().name
    place = Place(received_at=row.received_at, id=row.id)
    for start in (place, None):
        for found in visit.store().page(WAITING, after=start, limit=_NEIGHBOURS):
            if found.id != row.id and found.claimed_by in {None, name}:
                return found
    return None


def _files(row: Row, draft: Draft | None) -> tuple[views.File, ...]:
    try:
        return views.files(visit.store().facts(row.id).attachments, draft)
    except (Refused, BadMessage):
        return ()


def _second(row: Row) -> str:
    words = moderation.second_voice(visit.store(), row)
    return sentences.second_voice(words) if words else ""


def _alike(row: Row) -> Iterable[Alike]:
    for found in visit.store().alike(row.id)[:_NEIGHBOURS]:
        other = visit.store().known(found.id)
        if other is not None:
            yield Alike(item=item(visit.store(), other), share=found.share)
