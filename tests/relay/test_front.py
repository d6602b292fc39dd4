"""A relay as front matter: read, written, and what is told of a value that makes no sense."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.publication.article import EXTRA_KEYS, one_line
from ingest.relay.counts import history
from ingest.relay.front import read_relay, read_update, write_update
from ingest.relay.model import (
    Count,
    Override,
    Precision,
    Problem,
    Qualifier,
    Relay,
    RelayState,
    Update,
    When,
)
from ingest.relay.sentences import conditions_words, count_words

PARIS = ZoneInfo("Europe/Paris")
BRUSSELS = ZoneInfo("Europe/Brussels")

HEAD = {
    "Organiser": "Les Yeux ouverts",
    "Organiser_url": "https://yeux-ouverts.example.net/",
    "Sign_url": "https://yeux-ouverts.example.net/signer",
    "Sign_aliases": "https://plainte.example.net/; https://yeux-ouverts.example.org/x?a=1;b",
    "Opens": "2022-05-24",
    "Deadline": "2022-09-24",
    "Filing": "2022-09-26T10:00+02:00",
    "Filed": "2022-09-26T10:20+02:00",
    "Decision": "2023-04-03",
    "Outcome": "Recevable",
    "Outcome_url": "https://yeux-ouverts.example.net/suite",
    "Count": "plus de 13 380 mandataires",
    "Count_date": "2022-09-20",
    "Goal": "15 000",
    "Target": "la CNIL",
    "Against": "le ministère; la société",
    "Attacks": "le fichage; les caméras",
    "Who_may_join": "toute personne qui vit en France",
    "Conditions": "gratuit; sans risque",
    "Conditions_by": "Les Yeux ouverts",
    "Data_asked": "nom et code postal",
    "Relay_state": "abandoned",
    "Relay_state_date": "2023-05-01",
    "Source": "https://yeux-ouverts.example.net/plainte",
    "Source_read": "2022-06-08",
    "Source_licence": "CC BY-SA 4.0",
    "Source_archive": "https://archive.example.org/1",
}


def test_every_key_is_read():
    """Each into its own field, and the closed set of keys knows it."""
    relay, problems = read_relay(HEAD, zone=PARIS)

    assert () == problems
    assert set(HEAD) <= EXTRA_KEYS
    assert ("https://plainte.example.net/", "https://yeux-ouverts.example.org/x?a=1;b") == relay.sign_aliases
    assert (When.of_day(date(2022, 9, 24), PARIS), Precision.MINUTE) == (relay.deadline, relay.filed.precision)
    assert Count(number=13380, qualifier=Qualifier.AT_LEAST, unit="mandataires", on=date(2022, 9, 20)) == relay.count
    assert (15000, ("le ministère", "la société")) == (relay.goal, relay.against)
    assert Override(state=RelayState.ABANDONED, since=date(2023, 5, 1)) == relay.override


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("Deadline", "le 24 septembre"),
        ("Deadline", "2022-02-30"),
        ("Deadline", "0001-01-01"),
        ("Deadline", "9999-12-31T23:59+02:00"),
        ("Filed", "2022-09-26T25:00"),
        ("Deadline_zone", "../../etc/passwd"),
        ("Deadline_zone", "Europe"),
        ("Sign_url", "javascript:alert(1)"),
        ("Sign_aliases", "https://a.example.org/; ftp://b.example.org/"),
        ("Source", "https://a@b.example.org/"),
        ("Count", "beaucoup"),
        ("Count_date", "hier"),
        ("Goal", "-3"),
        ("Relay_state", "open"),
        ("Relay_state", "closd"),
        ("Source_read", "2022-06-08T10:00"),
    ],
)
def test_a_value_that_makes_no_sense_is_told_by_its_key(key, value):
    """It alone is left out; all the rest is read."""
    relay, problems = read_relay({"Count": "12", **HEAD, key: value}, zone=PARIS)

    assert [(key, value)] == [(problem.key, problem.value) for problem in problems]
    assert problems[0].message
    assert "Les Yeux ouverts" == relay.organiser


def test_dates_in_an_order_that_cannot_be_are_told():
    """And kept: which one is wrong, a person knows."""
    relay, problems = read_relay(HEAD | {"Deadline": "2022-05-01", "Decision": "2022-06-01"}, zone=PARIS)

    assert ["Deadline", "Decision"] == [problem.key for problem in problems]
    assert When.of_day(date(2022, 5, 1), PARIS) == relay.deadline


def test_a_campaign_may_have_a_zone_of_its_own():
    """A deadline of Brussels read on a wall of Paris."""
    relay, problems = read_relay({"Deadline": "2022-09-24", "Deadline_zone": "Europe/Brussels"}, zone=PARIS)

    assert ((), BRUSSELS) == (problems, relay.deadline.zone)


def test_an_update_names_its_relay():
    """By public number or slug; one that names none is told."""
    head = {"Update_of": "mur-142", "Posted": "2022-09-20", "Count": "13380", "Count_qualifier": "at-least"}
    update, problems = read_update(head | {"Count_date": "2022-09-20", "Unit": "mandataires"}, zone=PARIS)
    _none, told = read_update({"Count": "3"}, zone=PARIS)

    assert () == problems
    assert "mur-142" == update.of
    assert "plus de 13\u202f380 mandataires au 20 septembre 2022" == count_words(update.count)
    assert "Update_of" == told[0].key
    assert isinstance(told[0], Problem)


def test_counts_are_a_history():
    """The oldest first, from the relay and from its updates, none replaced by another."""
    relay = Relay(count=Count(number=900, on=date(2022, 6, 1)))
    later = Update(of="mur-1", count=Count(number=13380, qualifier=Qualifier.AT_LEAST, on=date(2022, 9, 20)))
    last = Update(of="mur-1", count=Count(number=15248, on=date(2022, 9, 24)))

    assert [900, 13380, 15248] == [count.number for count in history(relay, (last, later, last))]


def test_conditions_are_never_said_in_the_walls_own_name():
    """They stand with who says so."""
    relay, _problems = read_relay(HEAD, zone=PARIS)

    assert "gratuit, sans risque, selon Les Yeux ouverts" == conditions_words(relay)


LEISURELY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PIECES = st.sampled_from(
    ("a", "Les Yeux", " ", "; ", ";", ":", "é", "’", "\u202f", "« ", "#", "12", ", ", "…", "Date: x", "\u0301")
)
TEXT = st.lists(PIECES, max_size=5).map(lambda parts: one_line("".join(parts)))
ITEM = (
    st.lists(PIECES, min_size=1, max_size=5).map(lambda parts: one_line("".join(parts).replace(";", ","))).filter(bool)
)
WEB = st.sampled_from(
    (
        "https://a.example.org/",
        "http://www.b.example.net/x;y?z=1&w",
        "https://c.example.com:8080/p/#f",
        "https://d.example.org/é",
    )
)
ADDRESS = st.just("") | WEB
ITEMS = st.lists(ITEM, max_size=4, unique=True).map(tuple)
DAYS = st.dates(date(1990, 1, 2), date(2199, 12, 30))
ZONES = st.sampled_from([PARIS, ZoneInfo("Pacific/Auckland"), ZoneInfo("America/Montreal"), ZoneInfo("UTC")])
COUNTS = st.builds(
    Count,
    number=st.integers(0, 999_999_999),
    qualifier=st.sampled_from(Qualifier),
    unit=TEXT,
    on=st.none() | DAYS,
    source=ADDRESS,
)


@st.composite
def moments(draw, zone):
    """A day or a minute of a zone, or none."""
    day = draw(st.none() | DAYS)
    if day is None or draw(st.booleans()):
        return None if day is None else When.of_day(day, zone)
    seconds = draw(st.integers(0, 86_399))
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds)
    return When.of_minute(at, zone)


@LEISURELY
@given(st.data(), ZONES)
def test_an_update_is_its_front_matter(data, zone):
    """The same for what became known later."""
    when = moments(zone)
    update = data.draw(
        st.builds(Update, of=ITEM, posted=when, count=st.none() | COUNTS, deadline=when, filed=when, attacks=ITEMS)
    )

    assert update == read_update(write_update(update), zone=PARIS)[0]


@LEISURELY
@given(st.dictionaries(st.sampled_from(sorted(EXTRA_KEYS)), st.text(max_size=40)))
def test_whatever_stands_there_is_read(head):
    """A moderator may write anything: never an exception, and what was read is written and read again the same."""
    relay, problems = read_relay(head, zone=PARIS)
    update, _told = read_update(head, zone=PARIS)

    assert {problem.key for problem in problems} <= set(head) | {"Deadline", "Filed", "Decision"}
    assert relay.sign_url in {"", head.get("Sign_url", "").strip()}
    assert update == read_update(write_update(update), zone=PARIS)[0]
