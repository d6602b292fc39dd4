"""What is decided goes online by itself, while the poller stays."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from ingest.intake import Intake
from ingest.moderation import Decision, decide
from ingest.publication.prompt import Publisher
from ingest.settings import load
from ingest.states import Action, State
from ingest.store import Store

MAIL = (
    b"From: Zo <zo@example.org>\r\nSubject: Un banc neuf\r\nDate: Wed, 08 Jun 2022 10:00:00 +0200\r\n"
    b"Message-ID: <banc@example.org>\r\n\r\nIl est devant la mairie.\r\n"
)


def until(holds, seconds: float = 60) -> bool:
    """Whether something came to hold in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False


def pages(output: Path) -> set[str]:
    """Slugs of the articles online."""
    return {path.stem for path in output.glob("20*/*/*.html")} - {"index"}


def test_an_acceptance_goes_online_and_a_withdrawal_takes_it_down(tmp_path):
    """Without anybody asking; and nothing is built again while nothing is decided."""
    (tmp_path / "mur.toml").write_text('[paths]\ncontent = "content"\nstate = "var"\noutput = "output"\n')
    settings = load(tmp_path / "mur.toml")
    now = datetime.now(UTC)

    def taken(action: Action, id_: str) -> None:
        decide(store, Decision(action=action, id=id_, by="zo", digest=None, channel="cli", at=datetime.now(UTC)))

    with Store.open(settings) as store, Intake(store, settings) as intake, Publisher(settings, store, on=True):
        held = intake.take(MAIL, received_at=now, now=now, channel="import")
        assert not store.unpublished(now)

        taken(Action.ACCEPT, held.id)
        assert store.unpublished(datetime.now(UTC))
        assert until(lambda: store.find(held.id).state is State.PUBLISHED)
        assert {"un-banc-neuf"} == pages(settings.paths.output)
        built = settings.paths.output.resolve()
        assert not store.unpublished(datetime.now(UTC))

        taken(Action.WITHDRAW, held.id)
        assert until(lambda: settings.paths.output.resolve() != built)
        assert until(lambda: not store.unpublished(datetime.now(UTC)))
        assert set() == pages(settings.paths.output)
