"""A thread of a social network, pasted or forwarded: the posts without the page around them. Pure, linear.

Its links are marked where they were cut, and what the page itself tells is kept aside: whose post it is and when it was
written. Nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from ingest.body import dates
from ingest.body import text as plain_text
from ingest.body.blocks import Block, Blocks, Link
from ingest.body.lines import read, sift
from ingest.body.tree import inlines
from ingest.model import Removed, Why
from ingest.relay.cut import CutLink, cut_in, mark
from ingest.relay.furniture import is_furniture, tells_a_page

_PERMALINK = re.compile(
    r"https?://[a-z0-9.-]{4,100}/(?:@[\w.-]{1,60}(?:@[\w.-]{1,100})?/(?P<id>\d{6,20})\b(?![/\w])"
    r"|(?:users/[\w.-]{1,60}/statuses/|web/statuses/)(?P<id2>\d{6,20})\b|@[\w.-]{1,60}/statuses/[0-9A-Z]{20,32}"
    r"|(?:notice|notes|objects)/[\w-]{6,64})",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"(?:\d{1,2}(?:er)? [a-zéû]{3,9}\.?(?: \d{4})?|[a-z]{3,9}\.? \d{1,2},? \d{4}|\d{4}-\d\d-\d\d"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{4})(?=\b|[ ,·])",
    re.IGNORECASE,
)
THREAD = "thread"
"""The warning that says of a draft that it is one."""
_MASTODON = datetime(2016, 9, 1, tzinfo=UTC)
"""Before the first of its identifiers with a time in it."""
_NAME = re.compile(r"[^.!?:;,\n@]{2,50}")
_MOST_TOLD = 20
_FEW = 200
"""Letters beside an address that an app adds of itself, or "à lire !"."""
_ENOUGH = 2
"""So many cut links tell such a page even without a line of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The posts of a thread, and what was around them."""

    blocks: tuple[Block, ...]
    is_thread: bool = False
    removed: tuple[Removed, ...] = ()
    """Each line of the page that is no post, as it stood."""
    cut: tuple[CutLink, ...] = ()
    permalink: str = ""
    """Of its first post that the mail gives, or empty."""
    posted: datetime | None = None
    """When it was written, if the page says so; its hour is of no use."""

    @property
    def shown(self) -> tuple[str, ...]:
        """What stood there of links that are whole again."""
        return tuple(link.shown for link in self.cut)

    @property
    def warnings(self) -> tuple[str, ...]:
        """`thread`, and `link-cut: ADDRESS` for each link that the mail does not give whole."""
        cut = dict.fromkeys(f"link-cut: {link.shown}" for link in self.cut if not link.whole)
        return (THREAD, *islice(cut, _MOST_TOLD)) if self.is_thread else ()


def read_page(blocks: Blocks, *, now: datetime, timezone: ZoneInfo) -> Page:
    """The thread that a text is; ordinary text comes back untouched. `now` is aware: a post is not of tomorrow.

    Told by its page's lines (`ingest.relay.furniture`) or by two cut links.
    """
    lines = read(blocks)
    cut = cut_in("\n".join(line.plain for line in lines))
    furniture = [line.depth < 2 and is_furniture(line.plain) for line in lines]
    for number, below in enumerate(lines[1:]):  # whose post it is stands above the name of the account
        if furniture[number + 1] and below.plain.startswith("@") and _NAME.fullmatch(lines[number].plain):
            furniture[number] = True
    shown = tells_a_page([line.plain for line in lines])
    if not shown and len(cut) < _ENOUGH:
        return Page(blocks=tuple(blocks))
    around = [line.text for line, is_one in zip(lines, furniture, strict=True) if is_one]
    left = sift(blocks, [not is_one for is_one in furniture]) if around else tuple(blocks)
    marked = mark(left, page=True)
    permalink = permalink_in(blocks)
    return Page(
        blocks=marked.blocks,
        is_thread=True,
        removed=tuple(Removed(why=Why.FOOTER, text=line) for line in around),
        cut=marked.cut,
        permalink=permalink,
        posted=_posted(around, now=now, timezone=timezone) or written(permalink, now=now),
    )


def permalink_in(blocks: Blocks) -> str:
    """The first address of a post that a tree holds, in a link or typed; empty for none."""
    for inline in inlines(blocks):
        if isinstance(inline, Link) and _PERMALINK.fullmatch(inline.href):
            return inline.href
    typed = _PERMALINK.search(plain_text.write(blocks))
    return typed[0] if typed else ""


def bare_permalink(blocks: Blocks) -> str:
    """The address of a post that is nearly all that a text says, as an app's "Partager" sends it; else empty."""
    permalink = permalink_in(blocks)
    rest = plain_text.write(blocks).replace(permalink, "") if permalink else ""
    return permalink if sum(map(str.isalnum, rest)) <= _FEW else ""


def written(permalink: str, *, now: datetime) -> datetime | None:
    """When a post was written, by the number in its address: 48 bits of milliseconds, then 16 others.

    Mastodon's `lib/mastodon/snowflake.rb`. None for another kind of address, or a time that cannot be.
    """
    match = _PERMALINK.fullmatch(permalink)
    number = (match["id"] or match["id2"]) if match else None
    if not number:
        return None
    seconds = (int(number) >> 16) / 1000
    earliest, latest = _MASTODON.timestamp(), (now + timedelta(days=1)).timestamp()
    return datetime.fromtimestamp(seconds, UTC) if earliest <= seconds <= latest else None


def _posted(lines: Sequence[str], *, now: datetime, timezone: ZoneInfo) -> datetime | None:
    """The one day that its lines name; none where they name several, as those of a longer time do."""
    days: dict[datetime, None] = {}
    for line in lines:
        match = _DATED.search(line)
        moment = dates.read(match[0].replace("sept.", "sept"), now=now, timezone=timezone) if match else None
        if moment and moment > now and not re.search(r"\d{4}", match[0] if match else ""):
            moment = _a_year_before(moment)
        if moment and _MASTODON <= moment <= now:
            days[moment] = None
    return next(iter(days)) if len(days) == 1 else None


def _a_year_before(moment: datetime) -> datetime:
    return moment.replace(year=moment.year - 1, day=min(moment.day, 28) if moment.month == 2 else moment.day)
