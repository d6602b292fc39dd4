"""The entries of an old blog, one after the other, into the store and accepted under their old dates.

Each is converted in a child with limits, like a mail. A second import changes nothing: an entry is known by its bytes,
and its id tells whether it was taken with another text.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ingest.assembly import assemble
from ingest.blogger.converting import Beside, Understood, as_message, pictures_of, understand, with_pictures
from ingest.blogger.holding import Holding
from ingest.blogger.model import Entry, Feed, Moved, Options, Report, Skipped, What
from ingest.blogger.pages import Pages
from ingest.blogger.sources import Export
from ingest.conversion import Run, remade
from ingest.errors import BadMessage, Refused
from ingest.model import Converted, Refusal
from ingest.publication.addresses import PAGE
from ingest.settings import Settings
from ingest.states import State
from ingest.store import Row, Store
from ingest.worker import Overrun

_POST_SECONDS = 600
_MOST_PICTURES = 200
Follow = Callable[[Sequence[Entry]], Iterable[Entry]]
"""Hands entries on one by one, and tells somebody how far it is."""
_NOT_LIVE = {"draft": "draft", "scheduled": "scheduled", "soft_trashed": "trashed", "trashed": "trashed"}


def in_order(feed: Feed) -> tuple[Entry, ...]:
    """Pages, then posts and comments by date, each comment after its post: so are numbers allotted."""
    long_ago = datetime(1970, 1, 1, tzinfo=UTC)
    dates = {entry.id: entry.published or long_ago for entry in feed.entries}

    def key(entry: Entry) -> tuple[bool, datetime, bool, str]:
        own = dates[entry.id]
        when = max(own, dates.get(entry.parent, own)) if entry.what is What.COMMENT else own
        return entry.what is not What.PAGE, when, entry.what is What.COMMENT, entry.id

    return tuple(sorted(feed.entries, key=key))


class Importing:
    """One import."""

    def __init__(self, store: Store, settings: Settings, run: Run, export: Export, options: Options) -> None:
        limits = replace(settings.limits, pictures=max(settings.limits.pictures, _MOST_PICTURES))
        self._store, self._settings, self._run = store, replace(settings, limits=limits), run
        self._export, self._options = export, options
        self._pages = Pages(settings, now=options.now)
        self._numbers: dict[str, str] = {}
        """The public numbers of posts, by their ids on Blogger."""
        self._addresses: dict[str, str] = {}
        self._fetched: dict[str, bytes] = {}
        self._paths: frozenset[str] = frozenset()
        self._earlier = {row.message_id_key: row for row in store.rows() if row.message_id_key}
        self.report = Report()
        self._holding = Holding(store, settings, options, self.report, self._pages.addresses)

    def take(self, entries: Sequence[Entry], follow: Follow) -> Iterator[Entry]:
        """Take each entry, as `follow` hands them on; gives it back once it is done. Raises `Unavailable`."""
        live = (it for it in entries if it.status == "live" and it.what is not What.COMMENT)
        self._paths = frozenset(it.path for it in live if it.path)
        for entry in follow(entries):
            why = self._take(entry)
            if why:
                self.report.skipped.append(Skipped(what=entry.what, path=self._told(entry), why=why))
            yield entry

    def _told(self, entry: Entry) -> str:
        return entry.path or self._addresses.get(entry.parent, "") or entry.title[:80]

    def _take(self, entry: Entry) -> str:
        """A word of `REASONS`; empty where the entry was taken."""
        self._addresses[entry.id] = entry.path
        why = self._unwanted(entry)
        if why:
            return why
        raw = as_message(entry)
        row = self._store.known(raw)
        if row is not None:
            again = self._again(entry, row)
            if again is not None:
                return again
        elif self._earlier and self._store.keyed("message-id", entry.id) in self._earlier:
            self._numbers[entry.id] = self._earlier[self._store.keyed("message-id", entry.id)].public
            return "changed"
        try:
            found = self._converted(entry, raw)
        except (BadMessage, Overrun):
            return "unreadable"
        if isinstance(found, str):
            return found
        return self._page(entry, found) if entry.what is What.PAGE else self._hold(entry, raw, *found)

    def _unwanted(self, entry: Entry) -> str:
        if entry.status != "live":
            return _NOT_LIVE.get(entry.status, "not-live")
        if entry.published is None:
            return "no-date"
        if entry.published > self._options.now:
            return "scheduled"
        if entry.what is What.COMMENT and entry.parent not in self._numbers:
            return "on-a-page" if self._addresses.get(entry.parent, "").startswith("/p/") else "no-post"
        return ""

    def _again(self, entry: Entry, row: Row) -> str | None:
        """What an earlier import made of it; None where that one was cut off before it was accepted."""
        if row.state is State.ERASED:
            return "erased"
        if row.state is State.HELD and row.accepted_at is None:
            return None
        self._numbers[entry.id] = row.public
        self._holding.known(entry, row)
        return ""

    def _converted(self, entry: Entry, raw: bytes) -> tuple[Converted, Understood] | str:
        limits, settings, started = self._settings.limits, self._settings, time.monotonic()
        shown = self._run(limits.part_seconds, pictures_of, entry, limits.text_bytes)
        having = {addresses: name for addresses in shown if (name := self._picture(addresses))}
        byline = self._options.byline(entry.author) if entry.author else ""
        beside = Beside(having=having, byline=byline, paths=self._paths)
        read = self._run(limits.part_seconds, understand, entry, raw, beside, settings)
        contribution = with_pictures(read, self._bytes)
        files = remade(contribution, settings, self._run, until=started + _POST_SECONDS)
        outcome = self._run(limits.part_seconds, assemble, contribution, read.drafted, files, settings, ())
        self._fetched.clear()
        if isinstance(outcome, Refusal):
            return outcome.reason if outcome.reason == "empty" else "refused"
        self._tell(entry, outcome, read)
        return outcome, read

    def _picture(self, addresses: tuple[str, ...]) -> str:
        """The name of a picture in the export, or the address that it was fetched from."""
        name = self._export.albums.find(addresses)
        if name or self._options.fetch is None:
            return name
        for address in addresses:
            data = self._options.fetch(address)
            if data is not None:
                self._fetched[address] = data
                return address
        return ""

    def _bytes(self, name: str) -> bytes | None:
        return self._fetched.get(name) or self._export.picture(name)

    def _tell(self, entry: Entry, outcome: Converted, read: Understood) -> None:
        told, page = self.report, self._told(entry)
        told.pictures += sum(it.type.startswith("image/") for it in outcome.media)
        for piece in outcome.removed:
            told.removed[piece.why.value] = told.removed.get(piece.why.value, 0) + 1
        if read.post.missing:
            told.missing.setdefault(page, []).extend(read.post.missing)
        if read.post.embeds:
            told.embeds.setdefault(page, []).extend(read.post.embeds)

    def _page(self, entry: Entry, found: tuple[Converted, Understood]) -> str:
        slug = self._pages.write(entry, found[0], dry_run=self._options.dry_run)
        if slug is None:
            return "page-exists"
        new = f"/{PAGE.format(slug=slug.slug)}"
        if slug.new:
            self.report.pages += 1
            self.report.files += slug.files
        else:
            self.report.known += 1
        if entry.path and entry.path != new:
            self.report.moved.append(Moved(old=entry.path, new=new))
        return ""

    def _hold(self, entry: Entry, raw: bytes, outcome: Converted, read: Understood) -> str:
        answered = self._numbers[entry.parent] if entry.what is What.COMMENT else ""
        try:
            number = self._holding.hold(entry, raw, outcome, read.contribution, answered=answered)
        except Refused:
            return "refused"
        self._numbers[entry.id] = number
        return ""
