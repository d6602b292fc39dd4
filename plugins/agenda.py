"""The agenda: what has a date, from an event or from the last day of a relay, as pages, feeds and calendars.

An event that is over says so by itself, at the next build.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from ingest.relay.model import Precision, When
from ingest.words import _
from plugins.dates import date_fr, month_fr, time_fr
from plugins.making import Maker

PAGE = "agenda/"
CALENDAR = "agenda.ics"
_WHOLE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What the templates read as `article.event`; moments are in the wall's zone."""

    start: datetime
    end: datetime
    """Exclusive; of an event that tells none, two hours after its start, or the end of its day."""
    whole_day: bool
    place: str
    words: str
    """« vendredi 8 juillet 2022, de 20 h 30 à 22 h 30 »."""
    over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the agenda."""

    article: Any
    event: Event
    label: str
    """What happens then, where it is not what the title says: « dernier jour pour signer »."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The entries of one month."""

    first: date
    heading: str
    entries: tuple[Entry, ...]

    @property
    def url(self) -> str:
        """Of its page."""
        return f"{PAGE}{self.first:%Y/%m}/"

    @property
    def feed(self) -> str:
        """Of its feed."""
        return f"feeds/agenda/{self.first:%Y-%m}.atom.xml"


def event(head: Mapping[str, str], *, now: datetime, zone: ZoneInfo) -> Event | None:
    """The event that front matter describes (`Start`, `End`, `Place`) at `now`; None where it has no readable start."""
    start, whole_day = _moment(head.get("Start", ""), zone)
    if start is None:
        return None
    end, end_is_day = _moment(head.get("End", ""), zone)
    if end is not None and end_is_day:
        end += _WHOLE_DAY
    told = end is not None and end > start
    if not told or end is None:
        end = start + (_WHOLE_DAY if whole_day else timedelta(hours=2))
    return Event(
        start=start,
        end=end,
        whole_day=whole_day,
        place=head.get("Place", ""),
        words=_words(start, end if told else None, whole_day=whole_day),
        over=end <= now,
    )


def entries(articles: Iterable[Any], *, now: datetime) -> tuple[Entry, ...]:
    """Events, and relays that end on a day, the first before the others."""
    found = []
    for article in articles:
        if article.event is not None:
            found.append(Entry(article=article, event=article.event, label=""))
        elif article.relay is not None and article.relay.data.deadline is not None:
            day = _last_moment(article.relay.data.deadline, now)
            if day.over or not article.relay.ended:  # what was filed or given up before has no last moment any more
                label = _("dernier jour pour signer") if day.whole_day else _("dernier moment pour signer")
                found.append(Entry(article=article, event=day, label=label))
    return tuple(sorted(found, key=lambda entry: (entry.event.start, entry.article.slug)))


def _last_moment(when: When, now: datetime) -> Event:
    whole = when.precision is Precision.DAY
    words = date_fr(when.day) if whole else _day_and_hour(when.at)
    end = when.over if whole else when.at
    return Event(start=when.at, end=end, whole_day=whole, place="", words=words, over=when.over <= now)


def months(listed: Iterable[Entry]) -> tuple[Month, ...]:
    """`listed`, in its order, month by month."""
    grouped = groupby(listed, lambda entry: (entry.event.start.year, entry.event.start.month))
    return tuple(
        Month(first=date(year, month, 1), heading=month_fr(date(year, month, 1)), entries=tuple(together))
        for (year, month), together in grouped
    )


def calendar(listed: Iterable[Entry], *, name: str, root: str) -> bytes:
    """An iCalendar (RFC 5545) of `listed`; `root` is the site's address, or empty."""
    import icalendar  # only a site with an agenda waits for it

    whole = icalendar.Calendar()
    whole.add("prodid", "-//Le mur parle//agenda//FR")
    whole.add("version", "2.0")
    whole.add("x-wr-calname", name)
    for entry in listed:
        whole.add_component(_component(icalendar.Event(), entry, root))
    return bytes(whole.to_ical())


class Agenda(Maker):
    """Writes all of it, where there is anything to write and the theme has a page for it."""

    def generate_context(self) -> None:
        """`agenda_url` for the menu; empty without entries."""
        dated = [it for it in self.work.posts.ordered if it.agenda]
        self._shown = bool(dated) and self.has_template("agenda")
        self.context["agenda_url"] = PAGE if self._shown else ""

    def generate_output(self, writer: Any) -> None:
        """Pages, feeds and calendars."""
        if not self._shown or not writer.wants(f"{PAGE}index.html"):
            return
        listed = entries(self.articles(lambda it: bool(it.agenda)), now=self.settings["BUILD_NOW"])
        root = self.settings["SITEURL"] if self.settings["SITEURL"].startswith("http") else ""
        coming = [entry for entry in listed if not entry.event.over]
        past = [entry for entry in reversed(listed) if entry.event.over]
        self._page(writer, PAGE, coming=months(coming), past=months(past), month=None)
        for month in months(listed):
            if not writer.wants(f"{month.url}index.html"):
                continue
            ahead = tuple(entry for entry in month.entries if not entry.event.over)
            behind = tuple(entry for entry in month.entries if entry.event.over)
            self._page(writer, month.url, coming=months(ahead), past=months(behind), month=month)
            articles = [entry.article for entry in month.entries]
            writer.write_feed(articles, self.context, month.feed, feed_title=_("agenda, {m}").format(m=month.heading))
        name = self.settings["SITENAME"]
        writer.put(CALENDAR, calendar(listed, name=name, root=root))
        for entry in listed:
            path = f"{entry.article.url.removesuffix('.html')}.ics"
            if writer.wants(path):
                writer.put(path, calendar([entry], name=name, root=root))

    def _page(self, writer: Any, url: str, **variables: object) -> None:
        template = self.get_template("agenda")
        relative = self.settings["RELATIVE_URLS"]
        writer.write_file(f"{url}index.html", template, self.context, relative_urls=relative, url=url, **variables)


def _component(made: Any, entry: Entry, root: str) -> Any:
    article, when = entry.article, entry.event
    host = root.partition("://")[2].partition("/")[0] or "mur.invalid"
    made.add("uid", f"{article.number or article.slug}@{host}")
    made.add("dtstamp", article.date.astimezone(UTC))
    made.add("summary", f"{article.title} – {entry.label}" if entry.label else str(article.title))
    if when.whole_day:
        made.add("dtstart", when.start.date())
        made.add("dtend", when.end.date())
    else:
        made.add("dtstart", when.start.astimezone(UTC))
        if when.end > when.start:  # RFC 5545, 3.8.2.2
            made.add("dtend", when.end.astimezone(UTC))
    if when.place:
        made.add("location", when.place)
    made.add("description", unescape(article.summary))
    if root:
        made.add("url", f"{root}/{article.url}")
    return made


def _moment(value: str, zone: ZoneInfo) -> tuple[datetime | None, bool]:
    """A moment in `zone`, and whether only its day was told; None for what is neither."""
    whole = "T" not in value and " " not in value.strip()
    try:
        moment = datetime.combine(date.fromisoformat(value), time(), zone) if whole else datetime.fromisoformat(value)
    except ValueError:
        return None, False
    if not 1900 < moment.year < 9000:
        return None, False
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone), whole


def _words(start: datetime, end: datetime | None, *, whole_day: bool) -> str:
    if whole_day:
        last = end - _WHOLE_DAY if end else start
        if last.date() <= start.date():
            return date_fr(start)
        return _("du {start} au {end}").format(start=date_fr(start), end=date_fr(last))
    if end is None:
        return _day_and_hour(start)
    if end.date() == start.date() or end - start < timedelta(hours=12):
        return _("{day}, de {start} à {end}").format(day=date_fr(start), start=time_fr(start), end=time_fr(end))
    return _("du {start} au {end}").format(start=_day_and_hour(start), end=_day_and_hour(end))


def _day_and_hour(moment: datetime) -> str:
    return _("{day}, à {hour}").format(day=date_fr(moment), hour=time_fr(moment))
