"""Posts as a server's public API gives them, and the chain that one account wrote below itself. Pure.

`GET /api/v1/statuses/:id` and `…/context` (docs.joinmastodon.org/methods/statuses, Mastodon 4.x; Pleroma and Akkoma
answer the same): of a public post anybody may ask, and gets 40 ancestors and 60 descendants. All of it is untrusted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingest.errors import Refused
from ingest.model import UntrustedHtml
from ingest.relay.addresses import host as host_of
from ingest.relay.addresses import web
from ingest.words import _

MOST = 60
"""Posts of one thread."""
_HTML, _LINE, _PICTURES = 40_000, 1_500, 16
_PLACE = re.compile(
    r"https?://(?P<host>[a-z0-9.-]{4,100})/(?:@[\w.-]{1,60}(?:@[\w.-]{1,100})?/(?P<id>\d{6,20})"
    r"|(?:users/[\w.-]{1,60}/statuses/|web/statuses/)(?P<id2>\d{6,20})"
    r"|@[\w.-]{1,60}/statuses/(?P<id3>[0-9A-Z]{20,32})|notice/(?P<id4>[A-Za-z0-9-]{6,64}))/?(?:[?#].{0,300})?",
    re.IGNORECASE,
)
_VISIBLE = ("public", "unlisted", "local")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a post is asked for."""

    host: str
    id: str

    @property
    def status(self) -> str:
        """The path of the post."""
        return f"/api/v1/statuses/{self.id}"

    @property
    def context(self) -> str:
        """The path of what stands before and after it."""
        return f"{self.status}/context"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post; every text is untrusted."""

    id: str
    account: str
    parent: str
    """The post that it answers, or empty."""
    at: datetime
    edited: bool
    html: UntrustedHtml
    warning: str
    """Its content warning, one line, or empty."""
    pictures: tuple[str, ...]
    """What its author says of each; empty for one without a description."""
    options: tuple[str, ...]
    """Of its poll."""
    url: str
    """Its own address if it lies on the server that was asked, else empty."""


def place(permalink: str) -> Place | None:
    """Where to ask for a post by the address that people pass on; None for an address of another shape."""
    match = _PLACE.fullmatch(permalink) if len(permalink) <= 600 else None
    if match is None:
        return None
    found = next(filter(None, (match[name] for name in ("id", "id2", "id3", "id4"))))
    return Place(host=match["host"].lower().rstrip("."), id=found)


def chain(status: object, context: object, *, host: str) -> tuple[Post, ...]:
    """The post with what the same account wrote before it and after it in one unbroken chain; the oldest first.

    Answers of others are left out, and so is what the account wrote below these. Raises `Refused` for what is no public
    post of anybody, and for one that only passes on somebody else's.
    """
    asked = _post(status, host)
    if asked is None or (isinstance(status, Mapping) and status.get("visibility", "public") not in _VISIBLE):
        raise Refused(_("{host} : la réponse est illisible").format(host=host))
    if isinstance(status, Mapping) and status.get("reblog"):
        raise Refused(_("ce message ne fait que partager celui de quelqu’un d’autre"))
    told = context if isinstance(context, Mapping) else {}
    before = {one.id: one for one in _posts(told.get("ancestors"), host) if one.account == asked.account}
    first = [asked]
    while first[0].parent in before and len(first) < MOST:
        first.insert(0, before.pop(first[0].parent))
    known = {one.id for one in first}
    after = []
    for one in sorted(_posts(told.get("descendants"), host), key=_order):
        if one.account == asked.account and one.parent in known and one.id not in known:
            known.add(one.id)
            after.append(one)
    return (*first, *after)[:MOST]


def _order(post: Post) -> tuple[datetime, int, str]:
    """Identifiers grow, and get longer as they do."""
    return post.at, len(post.id), post.id


def _posts(listed: object, host: str) -> Iterator[Post]:
    for told in listed[: 2 * MOST] if isinstance(listed, list) else ():
        if (post := _post(told, host)) is not None:
            yield post


def _post(told: object, host: str) -> Post | None:
    """A post, or None for what is none: what a server sends is of any shape."""
    if not isinstance(told, Mapping):
        return None
    account = told.get("account")
    id_, by = _text(told.get("id"), 64), _text(account.get("id"), 64) if isinstance(account, Mapping) else ""
    html, at = told.get("content"), _moment(told.get("created_at"))
    if not (id_ and by and at and isinstance(html, str)):
        return None
    if len(html) > _HTML:
        raise Refused(_("{host} : la réponse est démesurée").format(host=host))
    url = _text(told.get("url"), 600)
    return Post(
        id=id_,
        account=by,
        parent=_text(told.get("in_reply_to_id"), 64),
        at=at,
        edited=bool(told.get("edited_at")),
        html=UntrustedHtml(html),
        warning=_text(told.get("spoiler_text"), _LINE),
        pictures=tuple(_each(told.get("media_attachments"), "description")),
        options=tuple(filter(None, _each(_in(told.get("poll"), "options"), "title"))),
        url=url if web(url) and host_of(url) == host.removeprefix("www.") else "",
    )


def _each(listed: object, key: str) -> Iterable[str]:
    for told in listed[:_PICTURES] if isinstance(listed, list) else ():
        if isinstance(told, Mapping):
            yield _text(told.get(key), _LINE)


def _in(told: object, key: str) -> Any:
    return told.get(key) if isinstance(told, Mapping) else None


def _text(value: object, most: int) -> str:
    """One line."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**30 else ""
    return " ".join(value[: 2 * most].split())[:most] if isinstance(value, str) else ""


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None and 2000 < moment.year < 2200 else None
