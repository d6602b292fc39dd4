"""Who is believed: RFC 8601 section 5, as a matrix."""

from __future__ import annotations

import itertools

import pytest

from ingest.message import read
from ingest.model import Authenticity
from ingest.settings import Limits

OURS = "mx.example.net"
GOOD = (
    f"{OURS}; dkim=pass header.i=@example.org; spf=pass smtp.mailfrom=example.org; "
    "dmarc=pass (p=NONE) header.from=example.org"
)
PASS, FAIL, UNKNOWN = Authenticity.PASS, Authenticity.FAIL, Authenticity.UNKNOWN


def judged(*results: str, sender: str = "Odile <odile@example.org>", ours: str = OURS, extra: str = "") -> Authenticity:
    fields = "".join(f"Authentication-Results: {result}\r\n" for result in results)
    raw = f"{fields}From: {sender}\r\n{extra}Subject: x\r\n\r\nx\r\n".encode()
    return read(raw, limits=Limits(), authserv_id=ours).authenticity


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (GOOD, PASS),
        (GOOD.replace(OURS, OURS.upper()), PASS),
        (GOOD.replace(OURS, f"{OURS} 1"), PASS),
        (GOOD.replace("header.from=example.org", "header.from=EXAMPLE.ORG"), PASS),
        (GOOD.replace("dmarc=pass", "dmarc=fail"), FAIL),
        (GOOD.replace("header.from=example.org", "header.from=example.com"), FAIL),
        (GOOD.replace("header.from=example.org", ""), FAIL),
        (GOOD + "; dmarc=fail header.from=example.org", FAIL),
        (GOOD + ";", PASS),
        (
            f"{OURS}; spf=pass smtp.mailfrom=example.org;dmarc=pass action=none header.from=example.org;x=y reason=1",
            PASS,
        ),
        (f"{OURS}; dmarc=pass policy.published-domain-policy=none (p=none,d=none) header.from=example.org", PASS),
        (GOOD.replace("dmarc=pass", "dmarc=success"), UNKNOWN),
        (GOOD.replace("dmarc=pass", "dmarc=none"), UNKNOWN),
        (f"{OURS}; spf=pass smtp.mailfrom=example.org", UNKNOWN),
        (f"{OURS}; none", UNKNOWN),
        (f"{OURS}; spf=fail (x; dmarc=pass header.from=example.org) smtp.mailfrom=example.org", UNKNOWN),
        (f'{OURS}; spf=pass smtp.mailfrom="a; dmarc=pass header.from=example.org"@example.com', UNKNOWN),
        (GOOD.replace(OURS, f"{OURS}.example.com"), UNKNOWN),
        (GOOD.replace(OURS, f"x{OURS}"), UNKNOWN),
        (GOOD.replace(OURS, f"({OURS}) mx.example.com"), UNKNOWN),
        ("dmarc=pass header.from=example.org", UNKNOWN),
        ("", UNKNOWN),
        (OURS + "; dmarc=pass (" + "(" * 3000, UNKNOWN),
        (OURS + "; dmarc=pass reason=" + '"' * 9000, UNKNOWN),
    ],
)
def test_only_an_aligned_pass_of_our_own_server_is_believed(result: str, expected: Authenticity) -> None:
    """Look-alike names, comments and quoted strings that hold the right words are not it."""
    assert judged(result) is expected


def test_every_condition_is_needed() -> None:
    """Of the 2^5 combinations of what can be wrong, only the one with nothing wrong passes."""
    for set_id, topmost, right_id, passed, one_from in itertools.product((True, False), repeat=5):
        result = GOOD if right_id else GOOD.replace(OURS, "mx.example.com")
        result = result if passed else result.replace("dmarc=pass", "dmarc=permerror")
        results = (result,) if topmost else ("mx.example.com; none", result)
        extra = "" if one_from else "From: intrus@example.com\r\n"
        verdict = judged(*results, ours=OURS if set_id else "", extra=extra)
        assert (verdict is PASS) is all((set_id, topmost, right_id, passed, one_from))


def test_a_forged_field_below_ours_changes_nothing() -> None:
    """The topmost field decides, for better and for worse."""
    assert judged(GOOD.replace("dmarc=pass", "dmarc=fail"), GOOD) is FAIL
    assert judged(GOOD, GOOD.replace("dmarc=pass", "dmarc=fail")) is PASS


@pytest.mark.parametrize(
    "sender",
    [
        "a@example.org, b@example.com",
        '"odile@example.org" <intrus@example.com>',
        "odile@example.org <intrus@example.com>",
        "intrus@example.com (odile@example.org)",
        "=?utf-8?Q?odile=40example.org?= <intrus@example.com>",
        "<odile@example.org> <intrus@example.com>",
        "personne",
    ],
)
def test_a_name_that_looks_like_an_address_is_not_the_sender(sender: str) -> None:
    """What our server said of example.org says nothing of whoever else is in From."""
    assert judged(GOOD, sender=sender) is not PASS


def test_an_attached_mail_is_never_vouched_for() -> None:
    """The fields of a forwarded mail were written by whoever forwards it."""
    inner = f"Authentication-Results: {GOOD}\r\nFrom: odile@example.org\r\nSubject: y\r\n\r\ny\r\n"
    raw = f"From: autre@example.com\r\nContent-Type: message/rfc822\r\n\r\n{inner}".encode()
    mail = read(raw, limits=Limits(), authserv_id=OURS)
    assert mail.attached is not None
    assert mail.attached.authenticity is UNKNOWN
    assert mail.authenticity is UNKNOWN
