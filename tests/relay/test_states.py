"""The state of a campaign, what a page says of it, and when that changes: by the clock, across every edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.relay.model import SIGNABLE, Override, Precision, Relay, RelayState, Update, When
from ingest.relay.sentences import left_words, sentences, until_words, when_words
from ingest.relay.state import current, next_change, standing, words

PARIS = ZoneInfo("Europe/Paris")
ANNOUNCED, OPEN, LAST, CLOSED, FILED, DECISION, ABANDONED = RelayState


def at(moment):
    """A moment in Paris."""
    return datetime.fromisoformat(moment).replace(tzinfo=PARIS)


def day(text, zone=PARIS):
    """A day of a zone."""
    return When.of_day(date.fromisoformat(text), zone)


def minute(text, zone=PARIS):
    """A minute of a zone."""
    return When.of_minute(datetime.fromisoformat(text).replace(tzinfo=zone), zone)


WHOLE = Relay(
    opens=day("2022-05-24"),
    deadline=day("2022-09-24"),
    filed=day("2022-09-26"),
    decided=day("2023-04-03"),
    outcome="La plainte est jugée recevable",
)


DECIDED = "décision du 3 avril 2023\u202f: La plainte est jugée recevable"
UNTIL = "jusqu’au samedi 24 septembre 2022 à minuit (heure de Paris)"


@pytest.mark.parametrize(
    ("now", "state", "said"),
    [
        ("2022-05-23T23:59", ANNOUNCED, ["signatures à partir du mardi 24 mai 2022", UNTIL]),
        ("2022-05-24T00:00", OPEN, [UNTIL, "il reste 123 jours"]),
        ("2022-09-16T23:59", OPEN, [UNTIL, "il reste 8 jours"]),
        ("2022-09-17T00:00", LAST, [UNTIL, "il reste 7 jours"]),
        ("2022-09-20T18:00", LAST, [UNTIL, "il reste 4 jours"]),
        ("2022-09-23T23:59", LAST, [UNTIL, "il reste 1 jour"]),
        ("2022-09-24T00:00", LAST, [UNTIL, "c’est le dernier jour"]),
        ("2022-09-24T23:59", LAST, [UNTIL, "c’est le dernier jour"]),
        ("2022-09-25T00:00", CLOSED, ["signatures closes depuis le samedi 24 septembre 2022"]),
        ("2022-09-26T00:00", FILED, ["déposée le lundi 26 septembre 2022"]),
        ("2023-04-03T00:00", DECISION, ["déposée le lundi 26 septembre 2022", DECIDED]),
    ],
)  # fmt: skip
def test_a_campaign_from_its_launch_to_its_decision(now, state, said):
    """State and sentences at each edge, a minute before and on it."""
    assert state is standing(WHOLE, at(now), zone=PARIS)
    assert said == list(sentences(WHOLE, at(now), zone=PARIS))


@pytest.mark.parametrize(
    ("now", "state"),
    [
        ("2022-09-24T18:29:59", LAST),
        ("2022-09-24T18:30:59", LAST),
        ("2022-09-24T18:31:00", CLOSED),
        ("2022-09-17T18:29:00", OPEN),
        ("2022-09-17T18:30:00", LAST),
    ],
)
def test_a_deadline_to_the_minute_ends_with_that_minute(now, state):
    """Half past six passes, and then it is over."""
    relay = Relay(deadline=minute("2022-09-24T18:30"))

    assert state is standing(relay, at(now), zone=PARIS)
    if state is LAST:
        assert until_words(relay, at(now), zone=PARIS).startswith(
            "jusqu’au samedi 24 septembre 2022 à 18\u00a0h\u00a030"
        )


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Montreal", "Pacific/Auckland", "Pacific/Noumea", "UTC"])
def test_a_day_ends_in_its_own_zone(zone):
    """At the last second one may sign, a second later not: whatever zone the reader asks from."""
    zone = ZoneInfo(zone)
    relay = Relay(deadline=day("2022-09-24", zone))
    last = datetime(2022, 9, 24, 23, 59, 59, tzinfo=zone).astimezone(UTC)

    assert LAST is standing(relay, last, zone=PARIS)
    assert CLOSED is standing(relay, last + timedelta(seconds=1), zone=PARIS)


@pytest.mark.parametrize("change", ["2022-03-27", "2022-10-30"])
def test_the_change_of_clocks_moves_no_deadline(change):
    """A day of 23 or of 25 hours ends at midnight, and its seven days before are seven days of the calendar."""
    relay = Relay(deadline=day(change))
    midnight = datetime.fromisoformat(f"{change}T00:00:00").replace(tzinfo=PARIS)
    ends = datetime.combine(midnight.date() + timedelta(days=1), midnight.time(), PARIS)

    assert ends == relay.deadline.over
    assert LAST is standing(relay, ends.astimezone(UTC) - timedelta(seconds=1), zone=PARIS)
    assert CLOSED is standing(relay, ends.astimezone(UTC), zone=PARIS)
    assert LAST is standing(relay, midnight - timedelta(days=7), zone=PARIS)
    assert OPEN is standing(relay, (midnight - timedelta(days=7)).astimezone(UTC) - timedelta(minutes=1), zone=PARIS)


def test_the_hour_that_comes_twice_is_told_apart():
    """Half past two on the last Sunday of October: the first one is a deadline that the second is past."""
    relay = Relay(deadline=minute("2022-10-30T02:30"))
    first = datetime(2022, 10, 30, 2, 10, tzinfo=PARIS)

    assert LAST is standing(relay, first, zone=PARIS)
    assert CLOSED is standing(relay, first.replace(fold=1), zone=PARIS)


def test_without_a_deadline_it_stays_open_without_a_countdown():
    """Until somebody says that it was handed in."""
    relay = Relay()
    later = replace(relay, filed=minute("2024-02-01T11:00"))

    assert OPEN is standing(relay, at("2030-01-01T00:00"), zone=PARIS)
    assert () == sentences(relay, at("2030-01-01T00:00"), zone=PARIS)
    assert next_change(relay, at("2030-01-01T00:00"), zone=PARIS) is None
    assert FILED is standing(later, at("2024-02-01T11:00"), zone=PARIS)
    assert at("2024-02-01T11:00") == next_change(later, at("2023-01-01T00:00"), zone=PARIS)


def test_a_deadline_before_its_launch_never_opens():
    """Wrong dates do not put a button on a page."""
    relay = Relay(opens=day("2022-10-01"), deadline=day("2022-09-01"))
    states = {standing(relay, at("2022-08-20T00:00") + timedelta(days=n), zone=PARIS) for n in range(60)}

    assert {ANNOUNCED, CLOSED} == states


def test_handing_in_on_the_last_day_leaves_that_day_to_sign():
    """A filing known to the day does not cut short a deadline of the same day; one known to the minute does."""
    relay = Relay(deadline=day("2022-09-24"), filed=day("2022-09-24"))
    sharp = replace(relay, filed=minute("2022-09-24T15:00"))

    assert LAST is standing(relay, at("2022-09-24T20:00"), zone=PARIS)
    assert FILED is standing(relay, at("2022-09-25T00:00"), zone=PARIS)
    assert LAST is standing(sharp, at("2022-09-24T14:59"), zone=PARIS)
    assert FILED is standing(sharp, at("2022-09-24T15:00"), zone=PARIS)


@pytest.mark.parametrize("state", [ANNOUNCED, CLOSED, FILED, DECISION, ABANDONED])
def test_a_moderator_may_end_a_campaign_but_not_open_it(state):
    """An override holds from its day on, and always where it has none; its opposite is to correct the dates."""
    relay = replace(WHOLE, override=Override(state=state, since=date(2022, 7, 1)))

    assert OPEN is standing(relay, at("2022-06-30T23:59"), zone=PARIS)
    assert state is standing(relay, at("2022-07-01T00:00"), zone=PARIS)
    assert state is standing(relay, at("2025-01-01T00:00"), zone=PARIS)
    for forced in SIGNABLE:
        ended = replace(WHOLE, override=Override(state=forced))
        assert DECISION is standing(ended, at("2025-01-01T00:00"), zone=PARIS)


def test_an_update_moves_the_deadline_and_the_page_follows():
    """The newest word counts, by the day its source said it, whatever the order of the files."""
    longer = Update(of="mur-1", posted=day("2022-09-22"), deadline=day("2022-10-01"))
    shorter = Update(of="mur-1", posted=day("2022-08-01"), deadline=day("2022-08-31"))
    filed = Update(of="mur-1", posted=day("2022-10-04"), filed=day("2022-10-03"), outcome="")
    relay = current(replace(WHOLE, filed=None, decided=None), (filed, longer, shorter))

    assert day("2022-10-01") == relay.deadline
    assert LAST is standing(relay, at("2022-09-28T00:00"), zone=PARIS)
    assert FILED is standing(relay, at("2022-10-04T00:00"), zone=PARIS)
    assert WHOLE.outcome == relay.outcome


def test_the_next_change_is_each_midnight_and_then_the_end():
    """So that a build at each makes a page that is never wrong for longer than a minute."""
    moments = [at("2022-09-23T12:00")]
    while (change := next_change(WHOLE, moments[-1], zone=PARIS)) is not None:
        moments.append(change)

    assert [at(f"2022-09-{text}T00:00") for text in ("24", "25", "26")] == moments[1:4]
    assert [at("2023-04-03T00:00")] == moments[4:]


MOMENTS = st.integers(0, 80_000_000).map(lambda minutes: datetime(1996, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
WHEN = MOMENTS.map(lambda moment: When.of_minute(moment, PARIS))
MAYBE = st.none() | WHEN | WHEN.map(lambda when: When.of_day(when.day, PARIS))
OVERRIDE = st.builds(Override, state=st.sampled_from(list(RelayState)), since=st.none() | MOMENTS.map(datetime.date))
RELAYS = st.builds(
    Relay, opens=MAYBE, deadline=MAYBE, filing=MAYBE, filed=MAYBE, decided=MAYBE, override=st.none() | OVERRIDE
)


@settings(deadline=None)
@given(RELAYS, MOMENTS, st.integers(1, 40))
def test_nothing_is_said_of_signing_after_the_end(relay, now, days):
    """Whatever the dates are: once over, no countdown and no « jusqu’au », ever again."""
    later = now + timedelta(days=days)
    if relay.deadline and now >= relay.deadline.over:
        assert standing(relay, later, zone=PARIS) not in SIGNABLE
        assert "" == left_words(relay, later, zone=PARIS)
        assert not [words for words in sentences(relay, later, zone=PARIS) if "jusqu’au" in words or "reste" in words]


@settings(deadline=None)
@given(RELAYS, MOMENTS)
def test_between_two_changes_nothing_changes(relay, now):
    """Half way to the next change, and a second before it: the same state and the same sentences."""
    change = next_change(relay, now, zone=PARIS)
    told = standing(relay, now, zone=PARIS), sentences(relay, now, zone=PARIS)
    until = change.astimezone(UTC) - timedelta(seconds=1) if change else now + timedelta(days=900)
    for moment in (now + (until - now) / 2, until) if until > now else ():
        assert told == (standing(relay, moment, zone=PARIS), sentences(relay, moment, zone=PARIS))


def test_every_state_has_a_word_and_every_moment_its_words():
    """As a visitor reads them."""
    assert ["Annoncée", "Ouverte", "Derniers jours", "Close", "Déposée", "Décision", "Abandonnée"] == [
        words(state) for state in RelayState
    ]
    assert "samedi 1er octobre 2022 à 18\u00a0h" == when_words(minute("2022-10-01T18:00"))
    assert all(later > earlier for earlier, later in pairwise([minute("2022-10-01T18:00").at, day("2022-10-02").at]))
    assert Precision.DAY is day("2022-10-01").precision
