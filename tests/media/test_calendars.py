"""An invitation becomes an event: when, where, what, and nobody's name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from ingest.media import CalendarEvent, Remade, remake
from ingest.settings import Limits
from tests.media import making
from tests.media.making import attachment

PARIS = ZoneInfo("Europe/Paris")


def done(data: bytes) -> Remade:
    return remake((attachment("invitation", data),), limits=Limits())


def event(*lines: str) -> CalendarEvent:
    (found,) = done(making.ics(*lines)).events
    return found


def test_an_event_has_its_time_place_and_words() -> None:
    """Commas and line breaks are unescaped, as RFC 5545 says."""
    found = event(
        "SUMMARY:Fête du village\\, midi",
        "LOCATION:Place de l’Église",
        "DESCRIPTION:Venez\\nnombreux",
        "DTSTART;TZID=Europe/Paris:20240611T140000",
        "DTEND;TZID=Europe/Paris:20240611T180000",
    )
    assert found == CalendarEvent(
        summary="Fête du village, midi",
        start=datetime(2024, 6, 11, 14, tzinfo=PARIS),
        end=datetime(2024, 6, 11, 18, tzinfo=PARIS),
        place="Place de l’Église",
        timezone="Europe/Paris",
        description="Venez\nnombreux",
    )


@pytest.mark.parametrize("zone", ["Romance Standard Time", "/example.org/2024/Europe/Paris"])
def test_zones_by_other_names_are_found(zone: str) -> None:
    """Outlook has names of its own, other programs a prefix; the zone's own rules win over what the file says of it."""
    found = event(f"DTSTART;TZID={zone}:20240611T140000", "DURATION:PT2H")
    assert (found.start, found.end) == (
        datetime(2024, 6, 11, 14, tzinfo=PARIS),
        datetime(2024, 6, 11, 16, tzinfo=PARIS),
    )
    assert found.timezone == "Europe/Paris"


def test_a_whole_day_is_a_date() -> None:
    """Without hour and zone; the end is the day after the last."""
    found = event("DTSTART;VALUE=DATE:20240611", "DTEND;VALUE=DATE:20240613")
    assert (found.start, found.end, found.timezone) == (date(2024, 6, 11), date(2024, 6, 13), "")


def test_universal_and_floating_times() -> None:
    """A time without a zone is pointed out."""
    assert event("DTSTART:20240611T120000Z").start == datetime(2024, 6, 11, 12, tzinfo=UTC)
    result = done(making.ics("DTSTART:20240611T120000"))
    assert result.events[0].start.tzinfo is None
    assert "sans fuseau horaire" in result.warnings[0]


def test_a_zone_that_the_calendar_defines_serves_this_calendar_only() -> None:
    """The next mail's calendar does not inherit it."""
    zone = "BEGIN:VTIMEZONE\r\nTZID:Ici\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0300\r\nTZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"  # noqa: E501
    plain = making.ics("DTSTART;TZID=Ici:20240611T120000")
    whole = plain.replace(b"BEGIN:VEVENT", zone.encode() + b"BEGIN:VEVENT")
    assert done(whole).events[0].start == datetime(2024, 6, 11, 9, tzinfo=UTC)
    assert done(plain).events[0].start.tzinfo is None


def test_nobody_named_in_it_comes_along() -> None:
    """Organiser, guests and contact are private, and it is said that they were there."""
    result = done(
        making.ics(
            "DTSTART:20240611T120000Z",
            "SUMMARY:Réunion",
            f"ORGANIZER;CN={making.CANARY}:mailto:o@example.org",
            f"ATTENDEE;CN={making.CANARY}:mailto:a@example.org",
            f"UID:{making.CANARY}",
        )
    )
    assert making.CANARY not in repr(result)
    assert "example.org" not in repr(result)
    assert [line.text for line in result.removed] == ["invitation\u00a0: l’organisateur et les invités"]


def test_what_repeats_or_is_cancelled_is_pointed_out() -> None:
    """Only the first date is taken."""
    warnings = done(making.ics("DTSTART:20240611T120000Z", "RRULE:FREQ=WEEKLY", "STATUS:CANCELLED")).warnings
    assert ["se répète" in warnings[0], "annulé" in warnings[1]] == [True, True]


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("SUMMARY:sans date",),
        ("DTSTART:demain",),
        ("DTSTART",),
        ("BEGIN:VEVENT",) * 500,
        ("DTSTART;TZID=" + "A" * 5000 + ":x",),
    ],
)
def test_a_calendar_without_a_date_is_left_out_by_name(lines: tuple[str, ...]) -> None:
    """Broken, empty, nested."""
    result = done(making.ics(*lines))
    assert result.events == ()
    assert result.removed[0].text.startswith("invitation (agenda, ")


def test_an_end_that_makes_no_sense_is_dropped() -> None:
    """Before the start, or of another kind of time."""
    for end in ("DTEND:20240610T120000Z", "DTEND;VALUE=DATE:20240612", "DTEND:20240612T120000", "DTEND:bientôt"):
        assert event("DTSTART:20240611T120000Z", end).end is None


def test_many_events_and_long_texts_are_bounded() -> None:
    """Twenty events, three hundred characters of title."""
    one = b"BEGIN:VEVENT\r\nDTSTART:202401%02dT120000Z\r\nSUMMARY:" + b"x" * 900 + b"\r\nEND:VEVENT\r\n"
    body = b"".join(one % (number % 28 + 1) for number in range(100))
    result = done(b"BEGIN:VCALENDAR\r\n" + body + b"END:VCALENDAR\r\n")
    assert len(result.events) == 20
    assert {len(found.summary) for found in result.events} == {300}
