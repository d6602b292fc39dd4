"""The agenda: pages, feeds and calendars of what has a date."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import feedparser
import icalendar
import pytest

from plugins.agenda import event

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2022, 6, 21, 12, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "end", "words", "over"),
    [
        ("2022-06-21T19:00:00+02:00", "", "mardi 21 juin 2022, à 19\u00a0h", False),
        (
            "2022-06-21T09:30+02:00",
            "2022-06-21T11:00+02:00",
            "mardi 21 juin 2022, de 9\u00a0h\u00a030 à 11\u00a0h",
            True,
        ),
        ("2022-06-21T09:30+02:00", "", "mardi 21 juin 2022, à 9\u00a0h\u00a030", True),
        ("2022-06-21T10:30+02:00", "", "mardi 21 juin 2022, à 10\u00a0h\u00a030", False),
        ("2022-06-21", "", "mardi 21 juin 2022", False),
        ("2022-06-20", "", "lundi 20 juin 2022", True),
        ("2022-07-01", "2022-07-03", "du vendredi 1er juillet 2022 au dimanche 3 juillet 2022", False),
        ("2022-06-18", "2022-06-21", "du samedi 18 juin 2022 au mardi 21 juin 2022", False),
        ("2022-06-20T22:00+02:00", "2022-06-21T02:00+02:00", "lundi 20 juin 2022, de 22\u00a0h à 2\u00a0h", True),
        ("2022-06-21T17:00Z", "", "mardi 21 juin 2022, à 19\u00a0h", False),
        ("2022-06-21T19:00", "2022-06-20T19:00", "mardi 21 juin 2022, à 19\u00a0h", False),
        (
            "2022-06-21T19:00+02:00",
            "2022-06-23T10:00+02:00",
            "du mardi 21 juin 2022, à 19\u00a0h au jeudi 23 juin 2022, à 10\u00a0h",
            False,
        ),
    ],
)
def test_when_in_words(start, end, words, over):
    """Days and hours as people say them, in the wall's zone; what has ended is over, to the minute."""
    found = event({"Start": start, "End": end}, now=NOON, zone=PARIS)

    assert (words, over) == (found.words, found.over)


@pytest.mark.parametrize(
    "start",
    [
        *("", "demain", "2022-13-01", "0001-01-01T00:00", "9999-12-31T23:59+14:00"),
        *("9999-12-31", "0001-01-01"),  # whose next day, or whose hour elsewhere, cannot be computed
    ],
)
def test_what_is_no_moment_is_no_event(start):
    """A date that nobody can read costs the line that it stands on, not the site."""
    assert event({"Start": start}, now=NOON, zone=PARIS) is None


def test_the_page_tells_what_comes_before_what_is_over(site):
    """What comes stands first, the nearest before the others; what is over, the latest first, under its own heading."""
    html = site.html("agenda")

    before, after = html.split('id="passe"')
    assert "Bal des voisines" in before
    assert "dernier moment pour signer" in before
    assert "Échange de graines" in after


def test_what_is_over_says_so_on_its_own_page(site):
    """And offers no calendar entry any more."""
    over = site.file("/2022/05/graines.html").read_text(encoding="utf-8")
    coming = site.html("event")

    assert "C’est passé" in over
    assert "Mettre dans mon agenda" not in over
    assert "C’est passé" not in coming
    assert 'href="/2022/05/bal.ics"' in coming


def test_the_calendar_is_read_by_calendar_programs(site):
    """Every entry, with hours in UTC, whole days as days, and an id of its own."""
    whole = icalendar.Calendar.from_ical((site.output / "agenda.ics").read_bytes())
    found = {str(it["SUMMARY"]): it for it in whole.walk("VEVENT")}

    assert len({str(it["UID"]) for it in found.values()}) == len(found)
    ball, seeds = found["Bal des voisines"], found["Échange de graines"]
    assert datetime(2022, 6, 21, 19, tzinfo=PARIS) == ball.decoded("DTSTART")
    assert "Place du marché" == ball["LOCATION"]
    assert (date(2022, 5, 14), date(2022, 5, 15)) == (seeds.decoded("DTSTART"), seeds.decoded("DTEND"))
    assert not [it for it in found.values() if "DTEND" in it and it.decoded("DTEND") <= it.decoded("DTSTART")]
    assert str(ball["URL"]).endswith("/2022/05/bal.html")


def test_each_event_has_a_file_and_each_month_a_feed(site):
    """One event for one calendar; one month for one reader."""
    one = icalendar.Calendar.from_ical((site.output / "2022/05/bal.ics").read_bytes())
    feed = feedparser.parse((site.output / "feeds/agenda/2022-06.atom.xml").read_text(encoding="utf-8"))

    assert ["Bal des voisines"] == [str(it["SUMMARY"]) for it in one.walk("VEVENT")]
    assert "Bal des voisines" in [entry.title for entry in feed.entries]
    assert not feed.bozo
