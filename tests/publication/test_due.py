"""When the clock alone makes a site untrue, and what is done about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ingest.publication.due import MARGIN, next_turn, turned
from ingest.settings import Paths, Settings, Wall
from ingest.watch import health, keeping

RELAY = (
    "Title: Une plainte\nKind: relay\nNumber: mur-7\nSlug: plainte\nStatus: published\nDate: 2022-05-24T10:00+02:00\n"
)
UPDATE = "Title: On prolonge\nKind: update\nStatus: published\nDate: 2022-09-01T10:00+02:00\nUpdate_of: mur-7\n"


def at(moment: str) -> datetime:
    """In Paris."""
    return datetime.fromisoformat(f"{moment}+02:00")


def wall(folder: Path, published: str = "", **files: str) -> Settings:
    """A wall with these files, published then."""
    settings = Settings(
        paths=Paths(content=folder / "content", state=folder / "var", output=folder / "output"),
        wall=Wall(timezone="Europe/Paris"),
    )
    for name, text in files.items():
        place = folder / "content" / ("relais" if "relay" in text else "billets") / f"{name}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"{text}\nTexte.\n", encoding="utf-8")
    if published:
        keeping.change(folder / "var", lambda it: health.published(it, now=at(published), articles=1))
    return settings


@pytest.mark.parametrize(
    ("published", "deadline", "change"),
    [
        ("2022-06-01T12:00", "2022-09-24T18:30+02:00", "2022-06-02T00:00"),  # the words about what is left
        ("2022-09-24T12:00", "2022-09-24T18:30+02:00", "2022-09-24T18:31"),
        ("2022-09-24T12:00", "2022-09-24", "2022-09-25T00:00"),
        ("2022-09-25T12:00", "2022-09-24", None),
    ],
)
def test_a_campaign_ends_by_the_clock(tmp_path, published, deadline, change):
    """At the minute after its last one, or at midnight."""
    settings = wall(tmp_path, published, r=f"{RELAY}Deadline: {deadline}\n")

    assert (at(change) if change else None) == next_turn(settings)
    if change:
        assert not turned(settings, at(change) - timedelta(seconds=1))
        assert turned(settings, at(change))


def test_what_an_update_says_counts(tmp_path):
    """The deadline was moved: the old one changes nothing any more but the words."""
    settings = wall(
        tmp_path,
        "2022-09-24T18:00",
        r=f"{RELAY}Deadline: 2022-09-24T18:30+02:00\n",
        u=f"{UPDATE}Deadline: 2022-09-30\n",
    )
    assert at("2022-09-25T00:00") == next_turn(settings)


def test_a_post_that_was_dated_ahead_is_due(tmp_path):
    """And one from before is not."""
    settings = wall(tmp_path, "2022-08-31T10:00", u=UPDATE)

    assert at("2022-09-01T10:00") == next_turn(settings)
    assert not turned(wall(tmp_path / "later", "2022-09-02T10:00", u=UPDATE), at("2023-01-01T00:00"))


def test_a_change_while_a_site_is_built_is_not_lost(tmp_path):
    """A publication is noted at its end: what changed in its last minute is done once more."""
    settings = wall(tmp_path, "2022-09-24T18:31", r=f"{RELAY}Deadline: 2022-09-24T18:30+02:00\n")

    assert turned(settings, at("2022-09-24T18:35"))
    keeping.change(
        settings.paths.state,
        lambda it: health.published(it, now=at("2022-09-24T18:31") + MARGIN, articles=1),
    )
    assert not turned(settings, at("2022-09-24T18:40"))


def test_a_wall_that_was_never_published_is_left_to_whoever_begins_it(tmp_path):
    """And a file that nobody can read is the build's to tell."""
    assert next_turn(wall(tmp_path, r=RELAY)) is None
    assert next_turn(wall(tmp_path / "b", "2022-06-01T12:00", r=RELAY, x="pas une clé\n")) is None
