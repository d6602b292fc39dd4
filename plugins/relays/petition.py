"""A relay as data, by the names of OSDI's petition (opensupporter.github.io/osdi-docs/petitions.html, 1.2.0).

OSDI has no state, no deadline, no source and no history; these stand under `lemurparle`, as docs/relay.md tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import unescape
from typing import Any

from ingest.relay.counts import history
from ingest.relay.files import files_of
from ingest.relay.model import Count, Relay, Update, When
from plugins.relays.shown import Shown, moment_iso

Value = object


def petition(article: Any, *, root: str, origin: str, now: datetime) -> dict[str, Value]:
    """The document of one relay; `root` is the site's address, `origin` its name. Nothing empty stands in it."""
    relay: Shown = article.relay
    counts = history(article.relay.data, [it.update for it in article.updates])
    page, key = f"{root}/{article.url}", article.relay_key
    return _told(
        {
            "origin_system": origin,
            "identifiers": [f"lemurparle:{article.number}"] if article.number else [],
            "title": str(article.title),
            "name": key,
            "summary": unescape(article.summary),
            "description": str(article.get_content(root)),
            "browser_url": page,
            "created_date": article.date.isoformat(),
            "modified_date": _modified(article).isoformat(),
            "language": article.lang,
            "total_signatures": counts[-1].number if counts else None,
            "target": [{"name": name} for name in (relay.data.target, *relay.data.against) if name],
            "creator": _told({"name": relay.data.organiser, "browser_url": relay.data.organiser_url}),
            "lemurparle": _ours(article, counts, root=root, now=now),
        }
    )


def _ours(article: Any, counts: tuple[Count, ...], *, root: str, now: datetime) -> Mapping[str, Value]:
    relay: Shown = article.relay
    data: Relay = relay.data
    return _told(
        {
            "state": relay.state.value,
            "state_words": relay.state_words,
            "as_of": "" if relay.ended else now.date().isoformat(),  # what is over stays as it was told
            "sign_url": relay.sign_url,
            "deadline_words": relay.deadline_words,
            "opens": _moment(data.opens),
            "deadline": _moment(data.deadline),
            "filing": _moment(data.filing),
            "filed": _moment(data.filed),
            "decision": _moment(data.decided),
            "outcome": relay.outcome_words and data.outcome,
            "outcome_url": relay.outcome_words and data.outcome_url,
            "before": data.target,
            "against": list(data.against),
            "attacks": list(data.attacks),
            "who_may_join": data.who_may_join,
            "conditions": list(data.conditions),
            "conditions_by": data.conditions_by,
            "data_asked": data.data_asked,
            "goal": data.goal,
            "counts": [_count(count) for count in counts],
            "updates": [_update(it, it.update, root) for it in article.updates],
            "source": _told(
                {
                    "url": data.source,
                    "read": data.source_read.isoformat() if data.source_read else "",
                    "licence": data.source_licence,
                    "archive": data.source_archive,
                }
            ),
            "feed_url": f"{root}/{files_of(article.relay_key).feed}",
            "poster_url": f"{root}/{files_of(article.relay_key).poster}",
        }
    )


def _modified(article: Any) -> datetime:
    moments: Iterable[datetime] = (getattr(it, "modified", it.date) for it in (article, *article.updates))
    return max(moments)


def _moment(when: When | None) -> Mapping[str, Value]:
    if when is None:
        return {}
    return {"at": moment_iso(when), "precision": when.precision.value, "zone": when.zone.key}


def _count(count: Count) -> Mapping[str, Value]:
    return _told(
        {
            "number": count.number,
            "qualifier": count.qualifier.value,
            "unit": count.unit,
            "date": count.on.isoformat() if count.on else "",
            "source": count.source,
        }
    )


def _update(article: Any, update: Update, root: str) -> Mapping[str, Value]:
    return _told(
        {
            "title": str(article.title),
            "browser_url": f"{root}/{article.url}",
            "created_date": article.date.isoformat(),
            "posted": _moment(update.posted),
            "source": update.source,
        }
    )


def _told(document: dict[str, Value]) -> dict[str, Value]:
    return {key: value for key, value in document.items() if value not in (None, "", [], {})}
