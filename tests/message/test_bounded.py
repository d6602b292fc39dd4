"""Any bytes end as a contribution or as `BadMessage`, in time that grows as the bytes do."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import BadMessage
from ingest.message import read, reasons, refusal
from ingest.model import Contribution
from ingest.settings import Limits
from tests import growth

HEAD = b"From: a@example.org\nSubject: x\nDate: Wed, 08 Jun 2022 09:12:44 +0200\n"
MAILS = [path.read_bytes() for path in sorted((Path(__file__).parent / "eml").glob("*.eml"))]
PIECES = [
    b"\n",
    b"\r\n",
    b"\n\n",
    b"--b\n",
    b"--b--",
    b"Content-Type: ",
    b"multipart/mixed; boundary=b\n",
    b"message/rfc822\n",
]
PIECES += [
    b"text/html\n",
    b"charset=",
    b"utf-16",
    b"=?utf-8?q?",
    b"?=",
    b"From: ",
    b"<",
    b">",
    b'"',
    b"(",
    b"\xe9",
    b"\0",
    b"=",
    b"*0*=",
]
PIECES += [
    b"Content-Transfer-Encoding: base64\n",
    b"application/ms-tnef\n",
    b"\x78\x9f\x3e\x22",
    b"Subject: ",
    b"Date: ",
    b"QQ==",
    b"> ",
]


def outcome(raw: bytes) -> Contribution | str:
    try:
        mail = read(raw, limits=Limits(), authserv_id="mx.example.net")
    except BadMessage as error:
        return error.reason
    refusal(mail, own=("mur@example.net",))
    assert reasons(mail)
    for text in (mail.subject, mail.plain or "", mail.html or "", *(file.name for file in mail.attachments)):
        text.encode("utf-8")
        assert not set(text) & {"\0", "\r", "\x1b", "\u202e"}
    assert "\n" not in mail.subject
    return mail


@given(st.binary(max_size=600) | st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join))
@settings(max_examples=400, deadline=None)
def test_any_bytes_are_read_or_refused_by_name(raw: bytes) -> None:
    """With and without a header in front of them."""
    outcome(raw)
    assert isinstance(outcome(HEAD + raw), Contribution | str)


@given(st.sampled_from(MAILS), st.lists(st.tuples(st.integers(0, 3000), st.sampled_from(PIECES)), max_size=6))
@settings(max_examples=300, deadline=None)
def test_any_mail_with_pieces_thrown_in_is_read_or_refused_by_name(raw: bytes, pieces: list[tuple[int, bytes]]) -> None:
    """Real shapes, broken in random places."""
    for position, piece in pieces:
        raw = raw[:position] + piece + raw[position:]
    outcome(raw)


def nested(count: int) -> bytes:
    return (
        HEAD
        + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(count))
        + b"\nx"
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b"\r\n\r\n \n", "empty"),
        (b"\xff\xd8\xff\xe0 une image", "no-header"),
        (b"X: " + b"a" * 300_000 + b"\n\nx", "header-too-large"),
        (b"X: a\n" * 3_000 + b"\nx", "too-many-fields"),
        (HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 20_000, "too-many-parts"),
        (nested(30), "too-deep"),
        (nested(5_000), "too-deep"),
    ],
)
def test_what_is_beyond_the_limits_is_refused_before_any_parser(raw: bytes, reason: str) -> None:
    """Each with its own word, for the quarantine."""
    assert outcome(raw) == reason


def test_attached_messages_are_opened_three_deep_and_kept_beyond() -> None:
    """Five thousand mails attached to one another: the fourth stays a file."""
    raw = (HEAD + b"Content-Type: message/rfc822\n\n") * 1_000 + HEAD + b"\nau fond\n"
    mail = outcome(raw)
    depth = 0
    while isinstance(mail, Contribution) and mail.attached is not None:
        mail, depth = mail.attached, depth + 1
    assert depth == 3
    assert isinstance(mail, Contribution)
    assert [file.declared_type for file in mail.attachments] == ["message/rfc822"]


def field(name: bytes, value: bytes) -> Callable[[int], bytes]:
    return lambda n: name + b": " + value * (n // len(value)) + b"\n" + HEAD + b"\nx"


def body(fields: bytes, piece: bytes) -> Callable[[int], bytes]:
    return lambda n: HEAD + fields + b"\n\n" + piece * (n // len(piece))


MIXED = b"Content-Type: multipart/mixed; boundary=b"
BOMBS: dict[str, tuple[Callable[[int], bytes], int]] = {
    "subject of encoded words": (field(b"Subject", b"=?utf-8?q?=C3=A9?= "), 100_000),
    "subject of beginnings": (field(b"Subject", b"=?utf-8?q?"), 100_000),
    "from of encoded words": (field(b"From", b"=?utf-8?q?=C3=A9?= "), 100_000),
    "from of brackets": (field(b"From", b"("), 100_000),
    "from of quotes": (field(b"From", b'"'), 100_000),
    "recipients": (field(b"To", b"a@example.org, "), 100_000),
    "date of spaces": (field(b"Date", b"1 "), 100_000),
    "references": (field(b"References", b"<a"), 100_000),
    "type parameters": (field(b"Content-Type", b"; a=b"), 100_000),
    "type brackets": (field(b"Content-Type", b"("), 100_000),
    "almost boundaries": (body(MIXED, b"--b "), 500_000),
    "boundary and spaces": (lambda n: HEAD + MIXED + b"\n\n--b" + b" " * n, 500_000),
    "carriage returns": (body(b"X: y", b"\r"), 500_000),
    "combining marks": (body(b"Content-Type: text/plain; charset=utf-8", "\u0316\u0301".encode()), 500_000),
    "base64 streams": (body(b"Content-Transfer-Encoding: base64", b"QQ==\n"), 500_000),
    "quoted-printable": (body(b"Content-Transfer-Encoding: quoted-printable", b"= "), 500_000),
    "flowed": (body(b"Content-Type: text/plain; format=flowed", b"a \n"), 500_000),
    "signed blocks": (body(b"X: y", b"-----BEGIN PGP SIGNED MESSAGE-----\n"), 500_000),
    "enriched": (body(b"Content-Type: text/enriched", b"<a"), 500_000),
    "markup": (body(b"Content-Type: text/html", b"<meta cid:a "), 500_000),
    "stray bytes": (body(b"Content-Type: text/plain; charset=utf-8", b"\xe9\xc3\xa9"), 500_000),
    "tnef": (
        lambda n: (
            HEAD
            + b"Content-Type: application/ms-tnef\n\n"
            + b"\x78\x9f\x3e\x22\x01\x00"
            + (b"\x02\x02\x90\x06\x00" + bytes(6)) * (n // 11)
        ),
        500_000,
    ),
    "tnef counts": (
        lambda n: (
            HEAD
            + b"Content-Type: application/ms-tnef\n\n"
            + b"\x78\x9f\x3e\x22\x01\x00\x01\x03\x90\x06\x00"
            + n.to_bytes(4, "little")
            + (b"\xff\xff\xff\xff\x02\x10\x00\x10\xff\xff\xff\xff" * (n // 12))
        ),
        500_000,
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_the_cost_grows_with_the_bytes_and_no_faster(name: str) -> None:
    """Eight times the bytes cost about eight times as much; quadratic work would cost sixty-four times."""
    make, size = BOMBS[name]
    turns = itertools.count()  # the mail before is remembered

    assert growth.is_linear(lambda part: outcome(make(part) + b" " * next(turns)), 2 * size // growth.TIMES)
