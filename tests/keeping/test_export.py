"""All that is held on one address, and nothing on anybody else."""

from __future__ import annotations

import json
import stat
from dataclasses import replace

import pytest

from ingest.keeping.export import export
from ingest.keeping.tidy import tidy
from ingest.states import Action
from tests.publication.walls import NOW
from tests.store.walls import converted, decided, held, mail

ADDRESS = "ana.pons@example.org"


@pytest.fixture
def told(wall, tmp_path):
    """`export.json` for an address."""

    def export_json(address=ADDRESS, name="tout.json"):
        export(wall.settings, wall.store, address, tmp_path / name, now=NOW)
        return json.loads((tmp_path / name).read_text())

    return export_json


def test_a_contribution_is_told_whole(wall, told):
    """State, text, what was removed, what is known of it, what happened; who moderated is not said."""
    wall.settings = replace(wall.settings, wall=replace(wall.settings.wall, url="https://mur.example.org"))
    row = decided(wall.store, held(wall.store), Action.ACCEPT, by="Zoé du café")
    wall.publish()
    (one,) = told()["contributions"]

    assert (one["id"], one["number"], one["state"]) == (row.id, "mur-1", "published")
    assert one["address"] == "https://mur.example.org/2022/06/une-fete-au-cafe.html"
    assert one["draft"].startswith("Title: Une fête au café\n")
    assert [piece["text"] for piece in one["removed"]] == ["--\n*Ana*\nVoisine", "le plan"]
    assert one["facts"]["subject"] == "Une fête au café"
    assert [line["what"] for line in one["journal"]] == ["hold", "accept", "publish"]
    assert "Zoé" not in json.dumps(one, ensure_ascii=False)


def test_what_others_forwarded_is_mentioned(wall, told):
    """Their mail is not given: only what is noted of the message of this address."""
    held(wall.store, b"Subject: secret d'Ana\r\n\r\n")
    everything = told("LOU@example.net")
    (mention,) = everything["forwarded_by_others"]

    assert everything["contributions"] == []
    assert (mention["from_name"], mention["subject"]) == ("Lou", "Fête")
    assert "ana" not in json.dumps(everything).lower()


def test_what_was_purged_is_still_told(wall, told):
    """The sender is known by a keyed hash: the mail is gone, and the rest is given."""
    row = decided(wall.store, held(wall.store), Action.REJECT, note="hors sujet")
    tidy(wall.settings, wall.store, now=NOW.replace(year=2023))
    (one,) = told()["contributions"]

    assert (one["id"], one["draft"], one["facts"], one["documents"]) == (row.id, None, None, [])
    assert one["journal"][1]["note"] == "hors sujet"


def test_a_folder_holds_the_documents(wall, tmp_path):
    """For whoever has no zip program: the same files, for their owner alone; another's are not among them."""
    row = held(wall.store, b"Subject: une\r\n\r\n")
    other = mail(b"x", sender=None)
    wall.store.hold(b"x", converted(), contribution=other, received_at=NOW, now=NOW, channel="import")
    assert export(wall.settings, wall.store, ADDRESS, tmp_path / "tout", now=NOW) == 1

    files = {path.relative_to(tmp_path / "tout").as_posix(): path for path in (tmp_path / "tout").rglob("*.*")}
    assert files[f"{row.id}/message.eml"].read_bytes() == b"Subject: une\r\n\r\n"
    assert {name.partition("/")[0] for name in files} == {"export.json", row.id}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}
