"""A wall that tells the fediverse what it publishes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest import moderation
from ingest.correspondence.policy import open_store
from ingest.fediverse.posting import Round, post_due
from ingest.model import Draft, Kind, Markdown
from ingest.publication.project import project
from ingest.settings import load
from ingest.states import Action
from ingest.store import Row, Store
from tests.fediverse.server import TOKEN, Mastodon, serving
from tests.store.walls import PICTURE_NAME, converted, mail

NOW = datetime(2022, 9, 12, 9, 30, tzinfo=UTC)
TOML = """[paths]
[wall]
name = "Le mur d’essai"
url = "https://mur.example.org"
[limits]
free_bytes = 0
[fediverse]
server = "{server}"
token_file = "token"
{more}
"""
SHOWN = f"![La terrasse, le soir](media:{PICTURE_NAME})"


class Wall:
    """In a folder; `now` stands until it is moved."""

    def __init__(self, folder: Path, server: str, more: str = "") -> None:
        self.folder, self.server, self.file = folder, server, folder / "mur.toml"
        self.now, self.numbers, self.told = NOW, 0, []
        token = folder / "token"
        token.write_text(TOKEN + "\n")
        token.chmod(0o600)
        self.configure(more)
        self.store: Store = open_store(self.settings)

    def configure(self, more: str = "") -> None:
        self.file.write_text(TOML.format(server=self.server, more=more), encoding="utf-8")
        self.settings = load(self.file)

    def post(self) -> Round:
        """What is due."""
        done = Round()

        def tell(row: Row | None, how: str, word: str) -> None:
            self.told.append((row.public if row else "", how, word))

        post_due(self.settings, self.store, now=lambda: self.now, tell=tell, into=done)
        return done

    def accept(self, title: str = "Un film au café", **told: Any) -> Row:
        """A contribution that stands accepted."""
        self.numbers += 1
        raw = f"Subject: {title} {self.numbers}\r\n\r\n".encode()
        facts = {"kind": Kind.ARTICLE, "body": "Jeudi à vingt heures.\n", "tags": (), "extra": {}, "lang": "fr", **told}
        facts["body"] = Markdown(facts["body"])
        draft = Draft(title=title, byline="", **facts)
        taken = self.store.hold(
            raw, converted(draft=draft), contribution=mail(raw), received_at=self.now, now=self.now, channel="imap"
        )
        return self.decide(self.store.find(taken.id), Action.ACCEPT)

    def decide(self, row: Row, action: Action) -> Row:
        row = self.store.find(row.id)
        told = {"by": "Ana", "channel": "cli", "at": self.now, "digest": row.digest}
        return moderation.decide(self.store, moderation.Decision(action=action, id=row.id, **told))

    def correct(self, row: Row, old: str, new: str) -> Row:
        row = self.store.find(row.id)
        text = self.store.document(row.id).replace(old, new)
        moderation.edit(self.store, row.id, text, seen=row.digest, by="Ana", channel="cli", at=self.now)
        return self.decide(row, Action.ACCEPT)

    def publish(self) -> None:
        """As `mur publish`, without a site."""
        done = project(self.settings, self.store, now=self.now)
        self.store.published(done.articles, self.now)

    def online(self, title: str = "Un film au café", **told: Any) -> Row:
        row = self.accept(title, **told)
        self.publish()
        return self.store.find(row.id)


@pytest.fixture(scope="module")
def server() -> Iterator[Mastodon]:
    """One for a module."""
    with serving() as running:
        yield running


@pytest.fixture
def mastodon(server: Mastodon) -> Mastodon:
    """It, as on its first day."""
    server.clear()
    return server


@pytest.fixture
def wall(tmp_path: Path, mastodon: Mastodon) -> Iterator[Wall]:
    """Whatever it publishes is told there."""
    made = Wall(tmp_path, mastodon.url)
    yield made
    made.store.close()
