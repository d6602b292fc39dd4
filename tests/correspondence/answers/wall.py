"""A wall with two moderators, a contribution that waits, and the notice that says so."""

from __future__ import annotations

import email
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path

from ingest.correspondence.letter import Unsent
from ingest.correspondence.policy import open_store
from ingest.correspondence.rendering import Templates
from ingest.correspondence.writing import write
from ingest.intake import Intake
from ingest.settings import load
from ingest.store import Row, Store, Taken
from ingest.store.outbox import OPEN, Posted

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
CLAUDINE, BO = "claudine@example.net", "bo@example.net"
TOML = """[paths]
[wall]
name = "Le mur"
address = "mur@example.org"
[limits]
free_bytes = 0
[mailbox]
authserv_id = "{authserv_id}"
[outgoing]
host = "127.0.0.1"
port = {port}
security = "none"
[moderation]
url = "https://moderation.example.org"
by_mail = {by_mail}
{more}
[[moderators]]
name = "Claudine Martin"
address = "claudine@example.net"
notices = "{notices}"
[[moderators]]
name = "Bo"
address = "bo@example.net"
notices = "none"
"""
BODY = """Hier soir, sur la place du marché, nous étions une trentaine à parler des loyers.

Personne ne savait que la mairie avait déjà vendu les trois immeubles de la rue Haute. Il faut en parler autour de nous.

Écrivez à canari-adresse@example.com ou appelez le 06 12 34 56 78.
"""


@dataclass(slots=True)
class Wall:
    """Open until `close`."""

    folder: Path
    store: Store
    intake: Intake

    def close(self) -> None:
        """End its child process, and let go of its database."""
        self.intake.__exit__(None, None, None)
        self.store.close()

    def take(self, raw: bytes, *, at: datetime = LATER, channel: str = "imap") -> Taken:
        """Take a mail in, as the poller does."""
        return self.intake.take(raw, received_at=at, now=at, channel=channel)

    def contribution(self, body: str = BODY, subject: str = "Une soirée sur la place") -> Row:
        """A contribution that waits."""
        taken = self.take(contribution(body, subject), at=NOW)
        return self.store.find(taken.id)

    def letters(self, kind: str = "", to: str = CLAUDINE) -> tuple[Posted, ...]:
        """What waits in the outbox for somebody, the oldest first."""
        found = [one for one in self.store.letters_to(to) if one.state in OPEN and kind in {"", one.kind}]
        return tuple(found)

    def told(self, row: Row, to: str = CLAUDINE) -> list[Posted]:
        """The letters about one contribution, but for its first notice."""
        return [one for one in self.letters(to=to) if one.contribution == row.id][1:]

    def written(self, letter: Posted, *, at: datetime = NOW) -> EmailMessage | Unsent:
        """The mail that a letter is, parsed."""
        mail = write(self.store.settings, self.store, Templates(self.store.settings), letter, now=at)
        return mail if isinstance(mail, Unsent) else parsed(mail.raw)

    def notice(self, to: str = CLAUDINE) -> EmailMessage:
        """The newest notice to somebody."""
        mail = self.written(self.letters("notice", to)[-1])
        assert not isinstance(mail, Unsent)
        return mail

    def state(self, row: Row) -> str:
        """Where a contribution stands now."""
        return self.store.find(row.id).state.value

    def decisions(self, row: Row) -> list[tuple[str, str, str, str]]:
        """What was done to it, by whom, by which channel, with which words."""
        journal = self.store.journal(row.id)
        return [(one.what, one.by, one.channel, one.note) for one in journal if one.what != "hold"]


def opened(folder: Path, **settings: object) -> Wall:
    """A wall in a folder."""
    known = {"authserv_id": "mx.example.org", "port": 1, "by_mail": "true", "more": "", "notices": "each"}
    file = folder / "mur.toml"
    file.write_text(TOML.format(**known | settings), encoding="utf-8")
    store = open_store(load(file))
    return Wall(folder=folder, store=store, intake=Intake(store, store.settings).__enter__())


def contribution(body: str = BODY, subject: str = "Une soirée sur la place") -> bytes:
    """A mail for the wall, with much in its header that no letter may repeat."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["Return-Path"] = "<canari-route@example.com>"
    mail["Received"] = "from canari-poste.example.com ([192.0.2.77]) by mx.example.org; Sun, 22 Nov 2026 09:29:00 +0000"
    mail["X-Originating-IP"] = "[192.0.2.99]"
    mail["From"] = "Canari Nom <canari-auteur@example.com>"
    mail["To"] = "mur@example.org"
    mail["Subject"] = subject
    mail["Message-ID"] = "<canari-id@example.com>"
    mail["Date"] = "Sun, 22 Nov 2026 10:29:00 +0100"
    mail.set_content(f"{body}\n-- \nCanari Signature\n14 rue des Canaris, 75000 Paris\n")
    return mail.as_bytes()


def parsed(raw: bytes) -> EmailMessage:
    """A mail, read by the standard library."""
    mail = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(mail: EmailMessage) -> str:
    """Its plain text."""
    part = mail.get_body(("plain",))
    assert part is not None
    return part.get_content()


def html_of(mail: EmailMessage) -> str:
    """Its HTML."""
    part = mail.get_body(("html",))
    assert part is not None
    return part.get_content()


def code_of(mail: EmailMessage) -> str:
    """The code in its subject."""
    found = re.search(r"#([a-z2-7]{32})", str(mail["Subject"]))
    assert found is not None
    return found[1]
