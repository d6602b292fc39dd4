"""Reactions: which post a mail answers, and the draft that it becomes.

Three keys, the first of which a reader's program keeps: `address+mur-142@…` where the provider delivers that, the
subject's `[mur-142]`, the thread of our letter that a post is online. Where any two disagree, nobody knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.body import keys
from ingest.body.markdown import escape
from ingest.correspondence.audience import own_addresses
from ingest.correspondence.contributing.authority import PUBLISHED
from ingest.errors import BadMessage, Refused
from ingest.model import Contribution, Converted, Kind, Markdown, Removed, Why
from ingest.settings import Settings
from ingest.states import PROJECTED
from ingest.store import Row, Store
from ingest.store.outbox import Posted
from ingest.words import _

WHICH, NOT_ONLINE = "which-post", "not-online"
THREADS = frozenset({PUBLISHED})
"""Kinds of letters that speak of one post that is online."""
_RECIPIENTS = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    number: int
    title: str


def numbers(mail: Contribution, settings: Settings) -> tuple[int, ...]:
    """The posts that recipients and subject name, each once: nothing of it is looked up."""
    plus: tuple[int, ...] = ()
    if settings.wall.plus:
        values = [value for name in _RECIPIENTS for value in mail.fields.get(name, ())]
        plus = keys.tagged(values, own_addresses(settings))
    return tuple(dict.fromkeys((*plus, *keys.named(mail.subject))))


def reaction(store: Store, mail: Contribution, converted: Converted, letters: Sequence[Posted]) -> Converted | None:
    """The mail as a reaction; as what it was, with a warning, where its post is not to be told; None without a key."""
    rows = [store.known(one.contribution) for one in letters if one.kind in THREADS and one.contribution]
    threads = [row.number for row in rows if row is not None and row.number is not None]
    named = dict.fromkeys((*numbers(mail, store.settings), *threads))
    if not named:
        return None
    posts = {number: _post(store, number) for number in named}
    found = {post.number: post for post in posts.values() if post is not None}
    if len(found) > 1 or (found and None in posts.values()):
        return _warned(converted, f"{WHICH}: {', '.join(f'mur-{number}' for number in named)}")
    if not found:
        return _warned(converted, f"{NOT_ONLINE}: {', '.join(f'mur-{number}' for number in named)}")
    return _shaped(converted, next(iter(found.values())))


def _post(store: Store, number: int) -> _Post | None:
    """The post that is online under a number; of a reaction, the post that it stands under."""
    row = _online(store, number)
    try:
        draft = store.draft(row.id, row.published_digest) if row else None
        if draft is not None and draft.kind is Kind.REACTION:
            row = _online(store, int(draft.extra.get("Reply_to", "").removeprefix("mur-") or 0))
            draft = store.draft(row.id, row.published_digest) if row else None
    except (Refused, BadMessage, ValueError):
        return None
    if row is None or draft is None or row.number is None or draft.kind is Kind.REACTION:
        return None
    return _Post(number=row.number, title=" ".join(draft.title.split()))


def _online(store: Store, number: int) -> Row | None:
    try:
        row = store.find(f"mur-{number}")
    except Refused:
        return None
    return row if row.state in PROJECTED and row.published_digest is not None else None


def _shaped(converted: Converted, post: _Post) -> Converted:
    old = converted.draft
    title = post.title if len(post.title) <= _LONGEST_TITLE else post.title[: _LONGEST_TITLE - 1].rstrip() + "…"
    draft = replace(
        old,
        kind=Kind.REACTION,
        title=_("Réaction à «\u202f{title}\u202f»").format(title=title or f"mur-{post.number}"),
        body=Markdown(keys.without(old.body)),
        extra={"Reply_to": f"mur-{post.number}"},
    )
    told = keys.without(old.title).strip()
    aside = (
        (Removed(why=Why.COMMAND, text=told, restore=Markdown(escape(told))),) if _is_own(told, post, old.body) else ()
    )
    return replace(
        converted, draft=draft, text=keys.without(converted.text), removed=(*converted.removed, *aside), proposals=()
    )


def _is_own(title: str, post: _Post, body: str) -> bool:
    """Whether a subject says more than whose answer it is, or than the text does."""
    bare = " ".join(title.casefold().split()).rstrip(" …")
    return (
        bool(bare)
        and bare not in post.title.casefold()
        and post.title.casefold() not in bare
        and bare not in body.casefold()
    )


def _warned(converted: Converted, warning: str) -> Converted:
    draft = replace(
        converted.draft,
        title=keys.without(converted.draft.title).strip(),
        body=Markdown(keys.without(converted.draft.body)),
    )
    return replace(converted, draft=draft, warnings=(*converted.warnings, warning))
