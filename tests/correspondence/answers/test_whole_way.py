"""From a mail to the wall to "c'est fait": every step by a real server, the answer made of the bytes that came."""

from __future__ import annotations

import smtplib
import threading
from datetime import UTC, datetime

import pytest

from ingest.correspondence.policy import open_store
from ingest.correspondence.sending import send_due
from ingest.demo.server import MailServer
from ingest.intake import Intake
from ingest.poll import poll
from ingest.settings import load
from tests.correspondence.answers.test_clients import answer
from tests.correspondence.answers.wall import CLAUDINE, contribution, parsed, text_of

WALL, PASSWORD = "mur@example.org", "secret"
TOML = """[paths]
[wall]
name = "Le mur"
address = "mur@example.org"
[limits]
free_bytes = 0
[mailbox]
host = "127.0.0.1"
port = {imap}
security = "none"
user = "mur@example.org"
authserv_id = "mx.example.org"
[outgoing]
host = "127.0.0.1"
port = {smtp}
security = "none"
user = ""
[[moderators]]
name = "Claudine Martin"
address = "claudine@example.net"
"""


@pytest.fixture
def server():
    """Mail in and out, as a provider does it: what is for example.net leaves, and is kept."""
    with MailServer({WALL: PASSWORD}, authserv_id="mx.example.org", trusted={"example.net"}) as running:
        yield running


def sent(server: MailServer, sender: str, raw: bytes) -> None:
    """Somebody sends a mail to the wall. What our server writes, nobody else may bring."""
    kept = [line for line in raw.split(b"\r\n") if not line.startswith((b"Authentication-Results:", b"Return-Path:"))]
    with smtplib.SMTP("127.0.0.1", server.smtp_port) as client:
        client.sendmail(sender, [WALL], b"\r\n".join(kept))


@pytest.mark.parametrize(
    ("name", "state"),
    [("apple-iphone-non", "rejected"), ("outlook-bureau-oui", "accepted"), ("gmail-web-oui-mais", "held")],
)
def test_a_notice_is_answered_by_mail(tmp_path, monkeypatch, server, name, state):
    """Polled, noticed, answered, polled, decided, confirmed."""
    monkeypatch.setenv("MUR_MAILBOX_PASSWORD", PASSWORD)
    (tmp_path / "mur.toml").write_text(TOML.format(imap=server.imap_port, smtp=server.smtp_port), encoding="utf-8")
    settings = load(tmp_path / "mur.toml")

    def round_() -> bytes:
        with open_store(settings) as store, Intake(store, settings) as intake:
            poll(settings, store, intake, once=True, stop=threading.Event())
            send_due(settings, store, now=lambda: datetime.now(UTC))
        return server.outgoing[-1].raw

    sent(server, "canari-auteur@example.com", contribution())
    notice = parsed(round_())
    sent(server, CLAUDINE, answer(name, notice))
    told = parsed(round_())

    with open_store(settings) as store:
        row = store.rows()[0]
        assert state == row.state.value
    assert [CLAUDINE, CLAUDINE] == [mail.recipient for mail in server.outgoing]
    assert ("rien n’a été décidé" in " ".join(text_of(told).split())) == (state == "held")
