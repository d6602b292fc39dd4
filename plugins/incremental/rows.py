"""What the index remembers of an article, as a build knows it once all of it was read."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ingest.relay.state import next_change
from plugins.agenda import entries
from plugins.incremental.posts import Post, Reaction, Waiting


def post(article: Any, *, stamp: str, now: datetime, zone: ZoneInfo) -> Post:
    """The row of a published article; `article.relay` knows its updates already."""
    listed = entries((article,), now=now)
    changed = getattr(article, "modified", article.date)
    return Post(
        path=article.relative_source_path,
        moment=article.date.timestamp(),
        slug=article.slug,
        url=article.url,
        month=f"{article.date:%Y/%m}",
        tags=[[tag.slug, str(tag)] for tag in article.tags],
        kind=article.kind,
        number=article.number,
        changed=changed.isoformat(timespec="seconds"),
        turns=_turns(article, now, zone),
        of=article.update.of.lower() if article.update is not None else "",
        agenda=f"{listed[0].event.start:%Y/%m}" if listed else "",
        alive=bool(article.relay.signable if article.relay is not None else listed and not listed[0].event.over),
        media=list(article.media),
        said=article.said,
        stamp=stamp,
        body=getattr(article, "body_key", ""),
    )


def reaction(metadata: dict[str, Any], path: str, stamp: str) -> Reaction:
    """The row of a published reaction."""
    return Reaction(
        path=path,
        moment=metadata["date"].timestamp(),
        slug=metadata["slug"],
        to=metadata["reply_to"],
        media=list(metadata["media"]),
        said=metadata["said"],
        stamp=stamp,
        body=metadata.get("body_key", ""),
    )


def waiting(path: str, *, date: datetime | None, now: datetime, said: str, stamp: str) -> Waiting:
    """The row of what is not shown at `now`."""
    ahead = date is not None and date > now
    return Waiting(path=path, turns=date.timestamp() if date and ahead else None, said=said, stamp=stamp)


def _turns(article: Any, now: datetime, zone: ZoneInfo) -> float | None:
    """A relay that is not over says each day when it was looked at: its poster, and its data."""
    if article.event is not None:
        return None if article.event.over else article.event.end.timestamp()
    if article.relay is None:
        return None
    moments = [next_change(article.relay.data, now, zone=zone)]
    if not article.relay.ended:
        moments.append(datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone))
    return min((it.timestamp() for it in moments if it is not None), default=None)
