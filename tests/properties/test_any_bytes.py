"""Any bytes end as a draft, a refusal or a quarantine."""

from __future__ import annotations

from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.properties.page import complaints, outcome

ROOT = Path(__file__).parent.parent
MAILS = [
    path.read_bytes()
    for folder in ("message/eml", "messages", "../ingest/demo/messages")
    for path in sorted((ROOT / folder).glob("*.eml"))
    if path.stat().st_size < 20_000
]
HEAD = b"From: marcel@example.org\nSubject: x\n"
PIECES = (
    *(b"\n", b"\r\n", b"\n\n", b"\0", b"\xe9", b"\xc3", b"=", b"=?utf-8?q?=C3=A9?=", b"--b\n", b"--b--\n", b"> "),
    *(b"- ", b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: text/html\n"),
    *(b"Content-Type: message/rfc822\n", b"Content-Type: text/calendar\n", b"Content-Transfer-Encoding: base64\n"),
    *(b"Content-ID: <a>\n", b"Titre : a\n", "Le 8 juin 2022, Marcel a écrit :\n".encode(), b"-- \n"),
    *(b"De : a\nObjet : b\n", b"marcel@example.org", b"06 12 34 56 78", b"<p>", b"<table><tr><td>", b"<blockquote>"),
    *(b"<img src=cid:a>", b"</", b"<!--", b"](", b"![", b"`", b"**", b"|---|\n"),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400) | st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join))
@example(b"")
@example(b"\n" * 400)
@example(b"\xff" * 400)
def test_any_bytes_are_a_draft_a_refusal_or_a_quarantine(raw: bytes) -> None:
    """With and without a header before them; and the page of a draft holds nothing that acts."""
    assert complaints(outcome(raw)) == []
    assert complaints(outcome(HEAD + raw)) == []


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(MAILS),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 30), st.sampled_from(PIECES)), max_size=5),
)
def test_a_mail_that_was_broken_on_its_way_is_one_of_them_too(raw: bytes, cuts: list[tuple[int, int, bytes]]) -> None:
    """Pieces lost, and others in their place."""
    for at, lost, put in cuts:
        raw = raw[:at] + put + raw[at + lost :]
    assert complaints(outcome(raw)) == []
