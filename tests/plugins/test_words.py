"""French dates and numbers, the state of a relay by the clock, sizes of pictures."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.relay.front import read_relay
from ingest.relay.state import RelayState, standing
from plugins.dates import date_fr, datetime_iso, day_fr, moment_fr, month_fr, number_fr, zone_fr
from plugins.lists import newest_first
from plugins.relays.shown import Shown, shown
from plugins.sizes import size_of

PARIS = ZoneInfo("Europe/Paris")


def test_french_dates() -> None:
    """The first of a month alone is ordinal."""
    assert date_fr(date(2022, 6, 8)) == "mercredi 8 juin 2022"
    assert [day_fr(date(2022, 8, day)) for day in (1, 11, 21, 31)] == [
        "1er août 2022",
        "11 août 2022",
        "21 août 2022",
        "31 août 2022",
    ]
    assert date_fr(date(2022, 10, 1)) == "samedi 1er octobre 2022"
    assert month_fr(date(2022, 2, 1)) == "février 2022"
    assert moment_fr(datetime(2022, 9, 24, 23, 59, tzinfo=PARIS)) == "samedi 24 septembre 2022, 23\u00a0h\u00a059"
    assert moment_fr(datetime(2022, 9, 24, 20, 0, tzinfo=PARIS)) == "samedi 24 septembre 2022, 20\u00a0h"
    assert datetime_iso(datetime(2022, 9, 24, 20, 0, tzinfo=PARIS)) == "2022-09-24T20:00+02:00"
    assert number_fr(13380) == "13\u202f380"
    assert zone_fr(PARIS) == "heure de Paris"


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        ("2022-05-24T08:00+02:00", RelayState.OPEN),
        ("2022-09-17T23:58+02:00", RelayState.OPEN),
        ("2022-09-17T23:59+02:00", RelayState.LAST_DAYS),
        ("2022-09-24T23:59+02:00", RelayState.LAST_DAYS),
        ("2022-09-24T22:00+00:00", RelayState.CLOSED),
        ("2022-09-25T00:00+02:00", RelayState.CLOSED),
        ("2022-09-27T12:00+02:00", RelayState.FILED),
    ],
)
def test_the_state_follows_the_clock(now: str, wanted: RelayState) -> None:
    """Across the deadline, in any zone."""
    campaign, _problems = read_relay({"Deadline": "2022-09-24T23:59", "Filed": "2022-09-26T10:00+02:00"}, zone=PARIS)
    assert standing(campaign, datetime.fromisoformat(now), zone=PARIS) is wanted


def relay(head: dict[str, str], *, now: datetime) -> Shown:
    """As the reader makes it."""
    campaign, _problems = read_relay(head, zone=PARIS)
    return shown(campaign, now=now, zone=PARIS)


def test_a_relay_after_its_end_has_nowhere_to_sign() -> None:
    """So that no template can show a button."""
    head = {"Sign_url": "https://www.plainte.example/x", "Deadline": "2022-09-24T23:59+02:00", "Count": "13380"}
    head |= {"Count_date": "2022-09-20"}
    before = relay(head, now=datetime(2022, 9, 20, tzinfo=PARIS))
    after = relay(head, now=datetime(2022, 9, 25, tzinfo=PARIS))
    assert (before.sign_host, before.state_words) == ("plainte.example", "Derniers jours")
    assert before.deadline_words.startswith("jusqu’au samedi 24 septembre 2022")
    assert (before.count.words, before.count.day_words) == ("13\u202f380 signatures", "20 septembre 2022")
    assert (after.sign_url, after.sign_host, after.signable) == ("", "", False)
    assert after.deadline_words.startswith("signatures closes depuis")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "//evil.example",
        "https://a.example@evil.example/",
        'https://a.example/"x',
        "https://",
        "x y",
    ],
)
def test_an_address_that_is_no_plain_one_is_left_out(address: str) -> None:
    """People are told to go there."""
    found = relay({"Sign_url": address, "Source": address}, now=datetime(2022, 9, 20, tzinfo=PARIS))
    assert (found.sign_url, found.data.source) == ("", "")


@given(st.dictionaries(st.sampled_from(["Deadline", "Filed", "Count", "Count_date", "Sign_url"]), st.text(max_size=30)))
def test_whatever_stands_in_the_front_matter(head: dict[str, str]) -> None:
    """A moderator may write anything there: it never stops a build."""
    assert relay(head, now=datetime(2022, 9, 20, tzinfo=PARIS)).state in set(RelayState)


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x0a\0\0\0\x14", (10, 20)),
        (b"GIF89a\x0a\x00\x14\x00", (10, 20)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x14\x00\x0a", (10, 20)),
        (b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x09\0\0\x13\0\0", (10, 20)),
        (b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x0a\x00\x14\x00", (10, 20)),
        (b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x09\xc0\x04\x00", (10, 20)),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"\xff\xd8\xff\xe0\xff\xff", None),
        (b"", None),
    ],
)
def test_sizes_from_the_first_bytes(data: bytes, wanted: tuple[int, int] | None) -> None:
    """Of the kinds that the wall publishes; nothing of a file that is cut."""
    assert size_of(data) == wanted


@given(st.binary(max_size=64), st.sampled_from([b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF0000WEBPVP8", b"\xff\xd8", b""]))
def test_any_bytes_have_a_size_or_none(tail: bytes, start: bytes) -> None:
    """Never an exception."""
    found = size_of(start + tail)
    assert found is None or min(found) > 0


def test_posts_of_one_second_always_stand_in_one_order() -> None:
    """The order of files in a folder is nobody's: a rebuild must not swap two posts."""
    when = datetime(2022, 6, 8, 9, 30, tzinfo=PARIS)
    earlier = SimpleNamespace(date=when - timedelta(seconds=1), slug="z")
    one, two = SimpleNamespace(date=when, slug="a"), SimpleNamespace(date=when, slug="b")

    assert [one, two, earlier] == sorted([earlier, two, one], key=newest_first)
