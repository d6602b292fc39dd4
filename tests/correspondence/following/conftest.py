"""A wall that can be followed, and mails as its server would hand them over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from ingest import moderation
from ingest.conversion import convert
from ingest.correspondence.following.door import Following
from ingest.correspondence.following.due import post_due
from ingest.correspondence.policy import open_store
from ingest.correspondence.rendering import Templates
from ingest.correspondence.writing import write
from ingest.model import Draft, Kind, Markdown
from ingest.publication import article
from ingest.settings import load
from ingest.states import Action
from ingest.store import Published
from tests.correspondence.conftest import TOML

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
"""A Tuesday; the weekly letter leaves on Friday at 17 h."""
FRIDAY = datetime(2026, 11, 6, 16, 30, tzinfo=UTC)
MORE = """[following]
[moderation]
url = "https://moderation.example.org"
"""


def mail(
    subject="suivre",
    text="",
    *,
    sender="odile@example.net",
    vouched=True,
    answers="",
    extra="",
    number=0,
    to="mur@example.org",
) -> bytes:
    """A mail with what our server writes above it."""
    domain = sender.rpartition("@")[2]
    said = f"Authentication-Results: mx.example.org; dmarc=pass header.from={domain}\r\n" if vouched else ""
    thread = f"In-Reply-To: {answers}\r\nReferences: {answers}\r\n" if answers else ""
    return (
        f"Return-Path: <{sender}>\r\n{said}From: Odile <{sender}>\r\nTo: {to}\r\nSubject: {subject}\r\n"
        f"Message-ID: <{number}.{abs(hash((subject, text, sender, answers)))}@{domain}>\r\n"
        f"Date: Tue, 3 Nov 2026 10:29:00 +0100\r\n{thread}{extra}"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


def _here(_seconds, function, /, *args, **kwargs):
    return function(*args, **kwargs)


class Wall:
    """A wall in a folder, which reads mails in this very process."""

    def __init__(self, folder) -> None:
        file = folder / "mur.toml"
        file.write_text(TOML.format(port=1, more=MORE), encoding="utf-8")
        self.settings = load(file)
        self.store = open_store(self.settings)
        self.following = Following(self.store, self.settings, _here)
        self.folder, self.numbers = folder, 0

    def receive(self, raw, at=NOW):
        if (known := self.store.known(raw)) is not None:
            self.following.resume(known, raw, now=at)
        followed = self.following.take(raw, received_at=at, now=at, channel="imap")
        if followed or known:
            return followed
        result = convert(raw, settings=self.settings, now=at)
        return self.store.hold(
            raw, result.outcome, contribution=result.contribution, received_at=at, now=at, channel="imap"
        )

    def send(self, now=NOW):
        """What is due, written and called sent: (letter, mail) for each."""
        sent, templates = [], Templates(self.settings)
        while (letter := self.store.take_letter(now=now, since=now, most=0, once_a_day={})) is not None:
            written = write(self.settings, self.store, templates, letter, now=now)
            if hasattr(written, "raw"):
                self.store.letter_sent(letter, now=now)
                sent.append((letter, message_from_bytes(written.raw, policy=policy.default)))
            else:
                self.store.letter_ended(letter, "dropped", written.why, now=now)
        return sent

    def due(self, now):
        post_due(self.settings, self.store, now=now)
        return [one for one in self.send(now) if one[0].audience == "follower"]

    def follow(self, subject="suivre", sender="odile@example.net", at=NOW):
        """Ask and say yes."""
        self.receive(mail(subject, sender=sender), at)
        letter, told = next(one for one in self.send(at) if one[0].kind == "follow-confirm")
        self.receive(mail(f"Re: {told['Subject']}", "oui", sender=sender, answers=str(told["Message-ID"])), at)
        self.send(at)
        return letter

    def publish(
        self,
        title="Un film",
        at=NOW + timedelta(hours=1),
        *,
        body="Jeudi au café, un film.",
        kind=Kind.ARTICLE,
        tags=(),
        extra=None,
    ):
        """A contribution, online."""
        self.numbers += 1
        raw = mail(title, f"{body} {self.numbers}", sender=f"claude{self.numbers}@example.net", number=self.numbers)
        taken = self.receive(raw, at)
        row = self.store.find(taken.id)
        draft = Draft(kind=kind, title=title, byline="", tags=tags, lang="fr", body=Markdown(body), extra=extra or {})
        moderation.edit(self.store, row.id, article.document(draft), seen=row.digest, by="Ana", channel="cli", at=at)
        row = self.store.find(taken.id)
        decision = moderation.Decision(
            action=Action.ACCEPT, id=row.id, by="Ana", digest=row.digest, channel="cli", at=at
        )
        row = moderation.decide(self.store, decision)
        self.store.published(
            [Published(id=row.id, digest=row.digest, path=f"billets/2026-11-03-{self.numbers}.md")], at
        )
        self.send(at)
        return self.store.find(taken.id)


@pytest.fixture
def wall(tmp_path) -> Iterator[Wall]:
    made = Wall(tmp_path)
    yield made
    made.store.close()


WEEK = timedelta(days=7)
