"""Both formats, and what is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.blogger.feed import read
from ingest.blogger.model import What
from ingest.errors import Refused
from tests.blogger.made import blog, old, present

ENTRY = "<entry><id>a</id><blogger:type>{what}</blogger:type>{more}<title>T</title></entry>"


def feed(inside: str) -> bytes:
    """A Takeout's feed."""
    head = "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:blogger='http://schemas.google.com/blogger/2018'>"
    return f"{head}{inside}</feed>".encode()


def test_both_formats_say_the_same():
    """Entry for entry, but for the bin, which the older one does not know."""
    made = [it for it in blog(60) if it.status == "LIVE"]

    new, older = read(present(made).encode()), read(old(made).encode())

    assert new.entries == older.entries
    assert (new.unknown, older.unknown) == (0, 2)
    assert new.title == "Le café"
    assert len(new.entries) == len(made)


def test_what_an_entry_holds():
    """Kind, address, date in UTC, labels, who wrote it by name alone, the post that a comment answers."""
    made = blog(5)

    post, comment = read(present([made[0], made[5]]).encode()).entries

    assert (post.what, post.path, post.labels) == (What.POST, made[0].path, ("entraide", "jeudi"))
    assert post.published == datetime(2018, 1, 3, 17, 30, tzinfo=UTC)
    assert (comment.what, comment.parent, comment.path) == (What.COMMENT, post.id, "")
    assert (post.author, post.status) == ("Marcelle", "live")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("<blogger:status>LIVE</blogger:status><blogger:trashed/>", "live"),
        ("<blogger:status>LIVE</blogger:status><blogger:trashed>2024-01-01T00:00Z</blogger:trashed>", "soft_trashed"),
        ("<blogger:status>DRAFT</blogger:status>", "draft"),
        ("<blogger:status>SOFT_TRASHED</blogger:status>", "soft_trashed"),
        ("<blogger:status>SCHEDULED</blogger:status>", "scheduled"),
        ("", "live"),
    ],
)  # fmt: skip
def test_what_is_online_is_told_by_the_export(more: str, status: str):
    """An empty `trashed` says that it was not."""
    assert status == read(feed(ENTRY.format(what="POST", more=more))).entries[0].status


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("<blogger:filename>/2022/06/x.html</blogger:filename>", "/2022/06/x.html"),
        ("<blogger:filename>x.html</blogger:filename>", ""),
        ("<link rel='alternate' href='http://a.invalid/2022/06/%C3%A9t%C3%A9.html?m=1#x'/>", "/2022/06/été.html"),
        ("<link rel='alternate' href='http://[::1/2022/06/x.html'/>", ""),
        ("", ""),
    ],
)
def test_where_an_entry_stood(path: str, found: str):
    """By its file name, else by its link."""
    assert found == read(feed(ENTRY.format(what="POST", more=path))).entries[0].path


@pytest.mark.parametrize("date", ["", "hier", "9999-99-99T00:00:00Z", "0001-01-01T00:00:00+23:59", "2022-13-01"])
def test_a_date_that_is_none(date: str):
    """Is none."""
    entry = read(feed(ENTRY.format(what="POST", more=f"<published>{date}</published>"))).entries[0]

    assert entry.published is None


LAUGHS = "<!DOCTYPE feed [<!ENTITY a 'ha'>{}]>".format(
    "".join(f"<!ENTITY {chr(97 + n)} '{f'&{chr(96 + n)};' * 10}'>" for n in range(1, 12))
)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\0" * 100, b"not xml", b"<feed", b"<html><body>x</body></html>", b"PK\x03\x04rest",
        b"<rss version='2.0'><channel/></rss>", feed("<entry>")[:-20], feed("&undefined;"),
        b"<!DOCTYPE feed SYSTEM 'http://mauvais.invalid/x.dtd'>" + feed(""),
        b"<!DOCTYPE feed [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + feed("<title>&x;</title>"),
        LAUGHS.encode() + feed("<title>&l;</title>"),
        feed("<a>" * 5000), feed(f"<title>{'x' * 11_000_000}</title>"), "<feed/>".encode("utf-16"),
    ],
    ids=range(15),
)  # fmt: skip
def test_what_is_no_export_is_refused_in_a_line(data: bytes):
    """No other error, no file read, no entity expanded."""
    with pytest.raises(Refused) as told:
        read(data)

    assert "\n" not in str(told.value)
    assert "root:" not in str(told.value)


def test_any_end_of_a_file_is_an_error_or_fewer_entries():
    """A download that was cut off."""
    whole = present([replace(it, html="<p>x</p>") for it in blog(3)]).encode()

    for at in range(0, len(whole), 37):
        try:
            assert len(read(whole[:at]).entries) <= 3
        except Refused:
            continue


def test_an_export_that_lost_a_namespace_is_read():
    """Its drafts stay drafts."""
    made = [replace(it, status="DRAFT" if n == 0 else "LIVE") for n, it in enumerate(blog(3))]
    text = old(made).replace(" xmlns:app='http://purl.org/atom/app#'", "")

    assert [it.status for it in read(text.encode()).entries][:2] == ["draft", "live"]
