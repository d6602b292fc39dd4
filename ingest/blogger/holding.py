"""A converted entry goes into the store and is accepted there, under the date and the address that it had."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from ingest.blogger.model import Entry, Moved, Options, Report, What
from ingest.blogger.places import Place, post_place
from ingest.errors import Refused
from ingest.model import Contribution, ContributionId, Converted, Draft, Kind
from ingest.moderation import Decision
from ingest.moderation.decide import judge
from ingest.settings import Settings
from ingest.states import Action
from ingest.store import Entry as Past
from ingest.store import Line, Row, Store

CHANNEL = "blogger"
_LATER = timedelta(days=1)
"""Touched later than that after it came out, a post says so."""


class Holding:
    """What of one import goes into the store."""

    def __init__(self, store: Store, settings: Settings, options: Options, report: Report, pages: set[str]) -> None:
        self._store, self._options, self._report = store, options, report
        self._zone = ZoneInfo(settings.wall.timezone)
        self._taken = pages | {_url(row.path) for row in store.rows() if row.path}
        self._left = 0
        """Numbers that a dry run would have allotted."""

    def known(self, entry: Entry, row: Row) -> None:
        """Note what an earlier import made of an entry."""
        self._report.known += 1
        if entry.what is What.POST:
            self._note(entry, self._place(entry, row.path or ""))
            self._report.labels.update(self._store.draft(row.id).tags if not row.purged else ())

    def hold(self, entry: Entry, raw: bytes, outcome: Converted, mail: Contribution, *, answered: str) -> str:
        """Keep and accept an entry; its public number. Raises `Refused` where it cannot be accepted, `Unavailable`.

        `answered` is the number of the post that a comment is under.
        """
        draft = self._draft(entry, outcome.draft, answered)
        outcome = replace(outcome, draft=draft, proposals=())
        place, now = self._place(entry, ""), self._options.now
        if self._options.dry_run:
            number = f"mur-{self._store.next_number() + self._left}"
            self._left += 1
        else:
            taken = self._store.hold(raw, outcome, contribution=mail, received_at=now, now=now, channel=CHANNEL)
            number = self._accept(taken.id, place, entry).public
        if entry.what is What.COMMENT:
            self._report.reactions += 1
        else:
            self._report.posts += 1
            self._report.labels.update(draft.tags)
            self._note(entry, place)
        return number

    def _draft(self, entry: Entry, draft: Draft, answered: str) -> Draft:
        """Never a relay or an event by itself: what the old blog told of its posts, and no more."""
        if entry.what is What.COMMENT:
            return replace(draft, kind=Kind.REACTION, title="", tags=(), extra={"Reply_to": answered})
        later = entry.updated and entry.published and entry.updated - entry.published > _LATER
        told = entry.updated.astimezone(self._zone).isoformat(timespec="seconds") if later and entry.updated else ""
        return replace(draft, kind=Kind.ARTICLE, extra={"Modified": told} if told else {})

    def _place(self, entry: Entry, path: str) -> Place:
        """Where it is to stand; where it stands already at `path`."""
        if path:
            self._taken.discard(_url(path))  # its own place is free for it
        published = entry.published or self._options.now
        place = post_place(entry.path, published, entry.title, zone=self._zone, taken=self._taken)
        if path and place.source != path:
            url = _url(path)
            return replace(place, slug=url.rpartition("/")[2].removesuffix(".html"), url=url)
        return place

    def _note(self, entry: Entry, place: Place) -> None:
        self._taken.add(place.url)
        self._report.months.add(f"{place.date:%Y-%m}")
        if entry.path and entry.path != f"/{place.url}":
            self._report.moved.append(Moved(old=entry.path, new=f"/{place.url}"))

    def _accept(self, id_: ContributionId, place: Place, entry: Entry) -> Row:
        """Accepted by whoever imports; the journal says when that was really done.

        What was published before needs no second person.
        """
        options = self._options
        decision = Decision(
            action=Action.ACCEPT, id=id_, by=options.by, digest=None, channel=CHANNEL, at=place.date.astimezone(UTC)
        )

        def judged(row: Row, past: tuple[Past, ...]) -> tuple[Row, Line]:
            if row.accepted_at is not None:
                raise Refused(row.state.value)  # somebody was faster
            accepted, line = judge(decision, row, past, self._zone)
            path = place.source if entry.what is What.POST else row.path
            return replace(accepted, path=path), replace(line, at=options.now)

        return self._store.change(id_, judged)


def _url(path: str) -> str:
    """The page of a file under `content/` whose name begins with its date."""
    name = path.rpartition("/")[2].removesuffix(".md")
    return f"{name[:4]}/{name[5:7]}/{name[11:]}.html"
