"""A wall that writes letters, and the server that takes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.correspondence.policy import open_store
from ingest.intake import Intake
from ingest.settings import Settings, load
from ingest.store import Letter, Store, Taken
from tests.correspondence.smtp import Sink
from tests.servers.fixtures import certificates

__all__ = ["certificates"]

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
MAIL = (
    b"Return-Path: <claude@example.net>\r\n"
    b"Authentication-Results: mx.example.org; spf=pass; dmarc=pass header.from=example.net\r\n"
    b"From: Claude <claude@example.net>\r\nTo: mur@example.org\r\nSubject: CANARI-SUJET un film\r\n"
    b"Message-ID: <un-film@example.net>\r\nDate: Tue, 3 Nov 2026 10:29:00 +0100\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
)
TOML = """[paths]
[wall]
name = "Le mur d’essai"
address = "mur@example.org"
[limits]
free_bytes = 0
[floods]
sender_daily = 0
[mailbox]
authserv_id = "mx.example.org"
host = "127.0.0.1"
security = "none"
user = "mur@example.org"
[outgoing]
host = "127.0.0.1"
security = "none"
timeout_seconds = 10
port = {port}
{more}
[[moderators]]
name = "Ana"
address = "ana@example.org"
role = "administrator"
[[moderators]]
name = "Bo"
address = "bo@example.org"
"""


class Office:
    """A wall in a folder."""

    def __init__(self, folder: Path, port: int = 1, more: str = "") -> None:
        self.folder, self.file = folder, folder / "mur.toml"
        self.configure(port, more)
        self.store: Store = open_store(self.settings)

    def configure(self, port: int, more: str = "") -> Settings:
        self.file.write_text(TOML.format(port=port, more=more), encoding="utf-8")
        self.settings = load(self.file)
        return self.settings

    def receive(self, raw: bytes = MAIL, *, too_large: bool = True, at: datetime = NOW, channel: str = "imap") -> Taken:
        with Intake(self.store, self.settings) as intake:
            return intake.take(raw, received_at=at, now=at, channel=channel, too_large=too_large)

    def post(self, number: int = 1, *, now: datetime = NOW, to: str = "ana@example.org") -> None:
        """Letters that need nothing but a moderator: of a kind that is written whenever the mailbox is silent."""
        who = self.store.who(to)
        self.store.post(
            [
                Letter(kind="alarm", audience="moderator", who=who, about={"alarm": "silence", "n": str(n)})
                for n in range(number)
            ],
            now=now,
        )


@pytest.fixture
def office(tmp_path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as server:
        yield server
