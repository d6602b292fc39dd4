"""A wall on which something waits: the example mails, taken in as they would come, and its pages on a port."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from waitress.wasyncore import close_all

from ingest.intake import Intake
from ingest.model import ContributionId
from ingest.moderation.web import serving
from ingest.moderation.web.application import create_app
from ingest.moderation.web.studio import Studio
from ingest.settings import Settings, load
from ingest.store import Store
from tests.moderation.web.visitors import Clock, Live
from tests.publication.walls import ROOT

MAILS = ROOT / "ingest" / "demo" / "messages"
TOML = """
[paths]
content = "content"
state = "var"
output = "output"

[wall]
name = "Le mur"
address = "mur@example.org"

[limits]
free_bytes = 0

[[moderators]]
name = "zoe"
address = "zoe@example.org"

[[moderators]]
name = "max"
address = "max@example.org"
role = "administrator"
"""


def wall(folder: Path, more: str = "") -> Settings:
    """The settings of a wall with a `mur.toml`, so that it can publish."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mur.toml").write_text(TOML + more, encoding="utf-8")
    return load(folder / "mur.toml")


def take(store: Store, settings: Settings, *names: str, first: datetime | None = None) -> dict[str, ContributionId]:
    """Example mails by the beginning of their names, half a day after one another; all of them for none named."""
    found = {}
    paths = sorted(path for path in MAILS.glob("*.eml") if not names or path.name.startswith(names))
    first = first or datetime.now(UTC) - timedelta(days=6)
    with Intake(store, settings) as intake:
        for number, path in enumerate(paths):
            at = first + timedelta(hours=13 * number)
            found[path.stem[:2]] = intake.take(path.read_bytes(), received_at=at, now=at, channel="import").id
    return found


@contextmanager
def served(settings: Settings, store: Store) -> Iterator[Live]:
    """The pages on a free port of 127.0.0.1, by the machine's clock."""
    clock = Clock(datetime.now(UTC))
    app = create_app(settings, store, clock=lambda: datetime.now(UTC))
    listening = serving.server(app, port=0)
    thread = threading.Thread(target=listening.run, daemon=True)
    thread.start()
    studio: Studio = app.extensions["mur-studio"]
    try:
        yield Live(f"http://127.0.0.1:{listening.effective_port}", store, settings.moderators, clock)
    finally:
        studio.close()
        listening.trigger.pull_trigger(lambda: close_all(listening._map))
        thread.join(10)
        listening.task_dispatcher.shutdown()
