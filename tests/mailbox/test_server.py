"""The embedded mail server: what it takes in, and what it writes on top."""

from __future__ import annotations

import gc
import smtplib
import socket
import threading
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from ingest.demo.server import MailServer
from ingest.demo.stamp import Envelope, stamp
from ingest.mailbox import Mailbox
from tests.servers.fixtures import PASSWORD, USER, plain_settings

BODY = "\r\n.un point\r\nÀ bientôt   \r\n\r\n".encode()


def send(server: MailServer, raw: bytes, sender: str, *recipients: str) -> None:
    with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=10) as connection:
        connection.sendmail(sender, recipients or (USER,), raw, mail_options=["SMTPUTF8", "BODY=8BITMIME"])


def received(server: MailServer) -> list[bytes]:
    with Mailbox(plain_settings(server.imap_port), base=None, password=PASSWORD) as mailbox:
        return [each.raw for each in mailbox.new("INBOX")]


def stamped(raw: bytes, sender: str = "a@example.net", **more) -> bytes:
    known = {"authserv_id": "mx.example.org", "trusted": {"example.net"}, "at": datetime(2022, 6, 8, tzinfo=UTC)}
    envelope = Envelope(sender=sender, recipient=USER, helo="client", peer="192.0.2.1")
    return stamp(raw, envelope, **{**known, **more})


def results(raw: bytes) -> list[str]:
    return message_from_bytes(raw, policy=policy.compat32).get_all("Authentication-Results", [])


def test_a_mail_is_delivered_byte_for_byte_behind_what_the_server_says(mail_server):
    """The mail as it was sent is the end of the mail as it lies there, and is known by its id."""
    raw = b"From: Lucie <lucie@example.net>\r\nSubject: x\r\n" + BODY
    send(mail_server, raw, "lucie@example.net")
    (one,) = received(mail_server)
    assert one.endswith(raw)
    assert one.startswith(b"Return-Path: <lucie@example.net>\r\n")
    assert results(one) == [
        "mx.example.org; spf=pass smtp.mailfrom=example.net; dmarc=pass header.from=example.net",
    ]
    assert [passed.raw for passed in mail_server.delivered] == [one]


def test_mail_for_others_goes_nowhere_and_is_kept(mail_server):
    """As it was to be sent, without a stamp."""
    raw = b"From: mur@example.org\r\n" + BODY
    send(mail_server, raw, USER, "lucie@example.net", "marcel@example.org")
    assert [(each.recipient, each.raw) for each in mail_server.outgoing] == [
        ("lucie@example.net", raw),
        ("marcel@example.org", raw),
    ]
    assert received(mail_server) == []


@pytest.mark.parametrize(
    ("field", "sender", "word"),
    [
        ("Lucie <lucie@example.net>", "lucie@example.net", "pass"),
        ("Lucie <lucie@EXAMPLE.net>", "bounce@example.net", "pass"),
        ("Lucie <lucie@example.net>", "x@example.com", "fail"),
        ("Lucie <lucie@example.net>", "", "fail"),
        ("R <r@example.com>", "r@example.com", "none"),
        ('"lucie@example.net" <r@example.com>', "r@example.com", "none"),
        ("", "lucie@example.net", "none"),
    ],
)
def test_what_is_said_of_the_sender(field, sender, word):
    """`pass` where a trusted domain wrote and sent it, `fail` where another sent it in its name, else `none`."""
    (said,) = results(stamped(f"From: {field}\r\n\r\nx".encode(), sender))
    assert f"dmarc={word}" in said


def test_two_authors_are_no_author():
    """Which of the two a reader is shown is not known."""
    (said,) = results(stamped(b"From: a@example.net\r\nFrom: b@example.com\r\n\r\nx"))
    assert "dmarc=none" in said


@pytest.mark.parametrize(
    "forged",
    [
        b"Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\r\n",
        b"AUTHENTICATION-RESULTS : MX.example.org 1; dmarc=pass\r\n",
        b"Authentication-Results:\r\n (salut)\r\n\tmx.example.org;\r\n dmarc=pass\r\n",
        b"Authentication-Results:\r\n",
    ],
)
def test_a_forged_field_with_our_name_is_removed(forged):
    """RFC 8601 section 5; the fields around it stay."""
    raw = b"From: x@example.com\r\n" + forged + b"Subject: y\r\n\r\nz"
    done = stamped(raw, "x@example.com")
    assert len(results(done)) == 1
    assert done.endswith(b"From: x@example.com\r\nSubject: y\r\n\r\nz")


def test_what_other_servers_said_stays():
    """It is not ours, and says nothing in our name."""
    raw = b"Authentication-Results: mx.example.com; dmarc=pass\r\n\r\nz"
    assert stamped(raw).endswith(raw)


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"pas d'en-tete", b"Subject: a\n\nb\n", b"\xff\xfe\r\n\r\n", b"From: \xe9"]
)
def test_whatever_comes_is_stamped(raw):
    """The end of it is what came."""
    assert stamped(raw).endswith(raw)


def test_the_garbage_collector_closes_no_connection(mail_server):
    """A client in IDLE is kept only by the event loop, and must be."""
    with Mailbox(plain_settings(mail_server.imap_port), base=None, password=PASSWORD) as mailbox:
        assert list(mailbox.new("INBOX")) == []
        stop = threading.Event()
        timer = threading.Timer(3.0, lambda: (gc.collect(), stop.set()))
        timer.start()
        mailbox.wait(30, stop)
        timer.join()
        assert list(mailbox.new("INBOX")) == []


def test_nothing_is_left_of_it(certificates):
    """Neither thread nor port, though a client is still connected; STARTTLS works meanwhile."""
    before = set(threading.enumerate())
    with MailServer({USER: PASSWORD}, chain=certificates.chain, key=certificates.key) as server:
        lingering = socket.create_connection(("127.0.0.1", server.imap_port))
        settings = plain_settings(
            server.imap_port, host="localhost", security="starttls", cafile=str(certificates.authority)
        )
        server.deliver(USER, b"Subject: a\r\n\r\nb")
        with Mailbox(settings, base=None, password=PASSWORD) as mailbox:
            assert len(list(mailbox.new("INBOX"))) == 1
    lingering.close()
    assert set(threading.enumerate()) == before
    for port in (server.imap_port, server.smtp_port):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), 1)
