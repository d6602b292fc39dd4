"""Which leaf is text and which is a file: the example of RFC 8621 section 4.1.4, whole."""

from __future__ import annotations

from ingest.message import read
from ingest.message.parts import sort
from ingest.message.tree import Part, parse
from ingest.settings import Limits


def leaf(kind: str, letter: str, fields: str = "") -> str:
    return f"Content-Type: {kind}; charset=utf-8\r\n{fields}\r\n{letter}\r\n"


def multipart(kind: str, boundary: str, *parts: str) -> str:
    inside = "".join(f"--{boundary}\r\n{part}" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n{inside}--{boundary}--\r\n'


INLINE, ATTACHED = "Content-Disposition: inline\r\n", "Content-Disposition: attachment\r\n"
EXAMPLE = "From: odile@example.org\r\n" + multipart(
    "mixed",
    "1",
    leaf("text/plain", "A", INLINE),
    multipart(
        "mixed",
        "2",
        multipart(
            "alternative",
            "3",
            multipart(
                "mixed",
                "4",
                leaf("text/plain", "B", INLINE),
                leaf("image/jpeg", "C", INLINE),
                leaf("text/plain", "D", INLINE),
            ),
            multipart("related", "5", leaf("text/html", "E"), leaf("image/jpeg", "F")),
        ),
        leaf("image/jpeg", "G", ATTACHED),
        leaf("application/x-excel", "H"),
        "Content-Type: message/rfc822\r\n\r\nFrom: autre@example.org\r\nSubject: J\r\n\r\nJ\r\n",
    ),
    leaf("text/plain", "K", INLINE),
)


def letters(parts: tuple[Part, ...]) -> str:
    return "".join(part.data.decode().strip() for part in parts)


def test_the_example_of_jmap_is_sorted_as_its_rfc_sorts_it() -> None:
    """textBody A B C D K, htmlBody A E K; nine leaves in all, each in some place."""
    found = sort(parse(EXAMPLE.encode(), Limits()).root)
    assert letters(found.plain) == "ABCDK"
    assert letters(found.markup) == "AEK"
    others = [(part, within) for part, within in found.others if part.type != "message/rfc822"]
    assert letters(tuple(part for part, _ in others)) == "CFGH"


def test_both_renderings_are_whole_and_an_attached_mail_stays_apart() -> None:
    """What stands around an alternative is in its plain text and in its HTML; the other mail is in neither."""
    mail = read(EXAMPLE.encode(), limits=Limits())
    assert (mail.plain or "").split() == ["A", "B", "D", "K"]
    assert [letter for letter in "AEK" if letter in (mail.html or "")] == ["A", "E", "K"]
    assert mail.attached is not None
    assert mail.attached.plain == "J"
    assert "J" not in (mail.plain or "") + (mail.html or "")


def test_a_message_in_a_message_in_a_multipart_does_not_leak() -> None:
    """Neither its text nor its files are ours, however it is attached."""
    inner = "From: b@example.org\r\n" + multipart("mixed", "I", leaf("text/plain", "secret"), leaf("image/png", "x"))
    for fields in ("", ATTACHED, INLINE):
        outer = f"Content-Type: message/rfc822\r\n{fields}\r\n{inner}"
        raw = "From: a@example.org\r\n" + multipart("mixed", "O", leaf("text/plain", "public"), outer)
        mail = read(raw.encode(), limits=Limits())
        assert mail.plain == "public"
        assert mail.attachments == ()
        assert mail.attached is not None
        assert mail.attached.plain == "secret"
        assert len(mail.attached.attachments) == 1
