"""A thread that was read from its server, as it would stand in a draft: what a pasted one becomes, with whole links.

Its text goes through the converter of mails, people's addresses are masked, and what it seems to tell is proposed with
`fetched: HOST`: nothing is taken as fact. Called in a child with limits (`ingest.worker`). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from ingest.body import markdown
from ingest.body import text as plain_text
from ingest.body.blocks import Block, Emphasis, Link, Paragraph, Text
from ingest.body.html import read_html
from ingest.body.language import language
from ingest.body.masks import mask
from ingest.body.titles import from_blocks
from ingest.model import Confidence, Draft, Kind, Markdown, Proposal, Removed, Why
from ingest.relay.cut import evidence_of, mended
from ingest.relay.proposals import LISTS, permalink_proposal, propose, tells_progress
from ingest.relay.recognise import recognise
from ingest.relay.statuses import Post, chain
from ingest.words import _

FETCHED = "fetched"
"""The note on a proposal that a server's answer gave; behind its colon, the server."""
_TEXT_BYTES = 20_000
_MOST = 3
_URL = re.compile(r"https?://[^\s<>()\[\]]+")
_LINKS = re.compile(r"\]\(<?https?://[^)\s]*>?\)|<?https?://[^\s<>()\[\]]+>?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said, as untrusted JSON."""

    asked: str
    """The address that was passed on."""
    host: str
    status: Any
    context: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Into:
    """What it is read for."""

    draft: Draft
    cut: tuple[str, ...]
    """Beginnings of links that the draft holds cut (`link-cut` among its warnings)."""
    zone: ZoneInfo
    now: datetime
    keep: tuple[str, ...] = ()
    """Addresses that are not masked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What was read."""

    draft: Draft
    """The draft that it was read for, with what of the thread it did not hold yet."""
    posts: int
    new: int
    """How many of these posts it did not hold."""
    proposals: tuple[Proposal, ...]
    removed: tuple[Removed, ...]
    permalink: str
    """Of the first post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    post: Post
    blocks: tuple[Block, ...]
    removed: tuple[Removed, ...]

    @property
    def text(self) -> str:
        return plain_text.write(self.blocks)


def read_thread(answer: Answer, into: Into) -> Fetched:
    """The thread around the post that was asked for, taken into a draft.

    Raises `Refused` where the answers hold no post, `BadMessage` for markup beyond all bounds.
    """
    draft, zone = into.draft, into.zone
    found = chain(answer.status, answer.context, host=answer.host)
    posts = tuple(_one(post, into.keep) for post in found)
    permalink = posts[0].post.url or answer.asked
    body = _mended(draft.body, into.cut, posts)
    new = [one for one in posts if not _stands(one, body)]
    blocks = tuple(block for one in new for block in one.blocks)
    proposals = tuple(
        replace(one, notes=(*one.notes, f"{FETCHED}: {answer.host}")) for one in _proposed(posts, permalink, into)
    )
    body = Markdown("\n\n".join(filter(None, (body.strip("\n"), markdown.write(blocks)))) + "\n")
    return Fetched(
        draft=_with_kind(replace(draft, body=body, title=draft.title or from_blocks(blocks)), posts, proposals, zone),
        posts=len(posts),
        new=len(new),
        proposals=proposals,
        removed=tuple(piece for one in new for piece in one.removed),
        permalink=permalink,
    )


def _one(post: Post, keep: tuple[str, ...]) -> _Read:
    read = read_html(post.html, text_bytes=_TEXT_BYTES)
    warned = _("Avertissement de qui l’a écrit : {words}").format(words=post.warning)
    first = (Paragraph((Emphasis((Text(warned),)),)),) if post.warning else ()
    masked = mask((*first, *read.blocks), keep=keep)
    return _Read(post=post, blocks=masked.blocks, removed=(*read.removed, *masked.removed, *_beside(post)))


def _beside(post: Post) -> Iterator[Removed]:
    """What a visitor of its page would have seen and that was not asked for."""
    for description in post.pictures:
        yield Removed(why=Why.REMOTE_IMAGE, text=description or _("image sans description"))
    if post.options:
        words = _("sondage : {options}").format(options=", ".join(post.options))
        yield Removed(why=Why.ATTACHMENT, text=words)


def _mended(body: Markdown, cut: Sequence[str], posts: Sequence[_Read]) -> Markdown:
    """The body with its cut links whole, as far as exactly one link of the thread begins so."""
    evidence = [address for one in posts for address in evidence_of(one.blocks)]
    for beginning in cut:
        if whole := mended(beginning, evidence):
            marked = Text(_("{address}… (lien coupé dans le message reçu)").format(address=beginning))
            linked = markdown.write((Paragraph((Link(whole, (Text(whole),)),)),))
            body = Markdown(body.replace(markdown.write((Paragraph((marked,)),)), linked))
    return body


def _stands(one: _Read, body: str) -> bool:
    """Whether a draft holds a post already: its words without spaces and signs, and its links."""
    return _letters(one.text) in _letters(body) and all(url in body for url in _URL.findall(one.text))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, _LINKS.sub(" ", text))).casefold()


def _proposed(posts: Sequence[_Read], permalink: str, into: Into) -> Iterator[Proposal]:
    """Each day's posts by their own day, the newest first: "dans 4 jours" counts from when it was written."""
    zone = into.zone
    days = [(day, tuple(group)) for day, group in groupby(posts, key=lambda one: _day(one.post, zone))]
    yield permalink_proposal(permalink)
    for key, day in (("Posted", days[-1][0]), ("Source_read", into.now.astimezone(zone).date())):
        yield Proposal(key=key, value=day.isoformat(), where=permalink, start=0, end=0, confidence=Confidence.CERTAIN)
    found: dict[str, list[str]] = {}
    for _day_of, group in reversed(days):
        blocks = tuple(block for one in group for block in one.blocks)
        text = plain_text.write(blocks)
        for one in propose(blocks, text, sent_at=None, posted=group[-1].post.at, zone=zone):
            values = found.setdefault(one.key, [])
            if one.value not in values and (one.key in LISTS or len(values) < _MOST) and one.key != "Source":
                values.append(one.value)
                yield one


def _day(post: Post, zone: ZoneInfo) -> date:
    return post.at.astimezone(zone).date()


def _with_kind(draft: Draft, posts: Sequence[_Read], proposals: Sequence[Proposal], zone: ZoneInfo) -> Draft:
    """As a pasted thread: news of a campaign, or a call to sign; whatever the draft is already, it stays."""
    if draft.kind is not Kind.ARTICLE:
        return draft
    if tells_progress(proposals):
        return replace(draft, kind=Kind.UPDATE, extra={})
    blocks = tuple(block for one in posts for block in one.blocks)
    text = plain_text.write(blocks)
    call = recognise(blocks, text, timezone=zone)
    lang = language(text, default=draft.lang)
    return replace(draft, kind=Kind.RELAY, extra=call.front_matter, lang=lang) if call else replace(draft, lang=lang)
