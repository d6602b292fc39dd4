"""A preview is the page that is published later, to the byte: same planner, reader, gate, typography and theme.

But for the links to its neighbours, which depend on what goes online with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ingest.errors import Refused
from ingest.intake import Intake
from ingest.model import Kind, Markdown
from ingest.moderation import edit
from ingest.publication import article
from ingest.publication.framing import framed
from ingest.publication.preview import Previewer
from ingest.states import WAITING, Action
from tests.plugins.dom import acting
from tests.publication.walls import NOW, ROOT, TestWall, picture

MAILS = sorted((ROOT / "ingest" / "demo" / "messages").glob("*.eml"))
STRINGS = [json.loads(line) for line in (Path(__file__).parent / "hostile.jsonl").read_text("utf-8").splitlines()]
LATER = NOW + timedelta(days=3)
_NEIGHBOURS = re.compile(r'^<nav class="(?:related|pages)".*?^(?:</ul>)?</nav>\n', re.DOTALL | re.MULTILINE)


def wall_at(folder: Path, url: str) -> TestWall:
    """A wall whose menu is whole, with tags, relays and an agenda, at an address or at none."""
    wall = TestWall(folder / "mur", theme="", url=url)
    toml = (wall.folder / "mur.toml").read_text(encoding="utf-8")
    named = '[wall]\nname = "Le mur"\naddress = "mur@example.org"\n'
    (wall.folder / "mur.toml").write_text(toml.replace("[wall]\n", named), encoding="utf-8")
    wall.store.close()
    again = _Reopened(wall.folder)
    again.accept("Une fête au café", "Venez samedi.", tags=("fête",))
    again.accept("Un bal", "Venez aussi.", kind=Kind.EVENT, extra={"Start": "2022-07-01T20:00:00+02:00"})
    again.accept("Un appel", "À signer.", kind=Kind.RELAY, extra={"Deadline": "2022-07-02", "Target": "la mairie"})
    again.publish()
    return again


class _Reopened(TestWall):
    """The same folder with the `mur.toml` that lies there."""

    def __init__(self, folder: Path) -> None:
        from ingest.settings import load
        from ingest.store import Store

        self.folder, self.settings = folder, load(folder / "mur.toml")
        self.store = Store.open(self.settings)
        self.content, self.output = self.settings.paths.content, self.settings.paths.output


def published(wall: TestWall, page: str) -> str:
    """A page that is online, without the links to its neighbours."""
    return _NEIGHBOURS.sub("", wall.page(page))


@pytest.fixture(scope="module")
def previewer(quiet: TestWall) -> Iterator[Previewer]:
    with Previewer(quiet.settings, quiet.store) as made:
        yield made


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestWall]:
    """A wall for questions that change nothing."""
    wall = wall_at(tmp_path_factory.mktemp("quiet"), "")
    yield wall
    wall.store.close()


_LONG = [pytest.param(url, marks=pytest.mark.long) for url in ("", "https://mur.example.org")]


@pytest.mark.parametrize("url", ["https://example.org/mur", *_LONG])
def test_the_example_mails_are_published_as_they_were_previewed(tmp_path: Path, url: str) -> None:
    """Each before anybody accepted it, with its number, date, pictures and their copies; and again once corrected."""
    wall = wall_at(tmp_path, url)
    with Intake(wall.store, wall.settings) as intake:
        for mail in MAILS:
            intake.take(mail.read_bytes(), received_at=NOW, now=NOW, channel="import")
    seen = {}
    with Previewer(wall.settings, wall.store) as previewer:
        for row in wall.store.rows(WAITING):
            if row.digest:
                seen[row.id] = previewer.preview(row, wall.store.draft(row.id), now=NOW)
                wall.decide(row.id, Action.ACCEPT)
        wall.publish()
        assert len(seen) > 8
        assert [made.page for made in seen.values() if made.html != published(wall, made.page)] == []

        first = wall.store.find(next(iter(seen)))
        new = replace(wall.store.draft(first.id), title="Autrement", body=Markdown("Bien *autre chose*.\n"))
        again = previewer.preview(first, new, now=LATER)
        edit(wall.store, first.id, article.document(new), seen=first.digest, by="zoe", channel="web", at=LATER)
        wall.decide(first.id, Action.ACCEPT, at=LATER)
        wall.publish(LATER)
    assert "Modifié le" in again.html
    assert published(wall, again.page) == again.html
    wall.store.close()


def test_news_of_a_relay_and_the_relay_are_previewed_together(tmp_path: Path) -> None:
    """As they will stand: the news says how its relay is, the relay has the news that is online."""
    wall = wall_at(tmp_path, "https://mur.example.org")
    relay = next(row for row in wall.store.rows() if row.kind is Kind.RELAY)
    with Previewer(wall.settings, wall.store) as previewer:
        extra = {"Update_of": relay.public, "Count": "120", "Count_date": "2022-06-08"}
        wall.accept("Cent vingt", "Déjà.", kind=Kind.UPDATE, extra=extra)
        news = next(row for row in wall.store.rows() if row.kind is Kind.UPDATE)
        made = previewer.preview(news, wall.store.draft(news.id), now=NOW)
        wall.publish()
        again = previewer.preview(relay, wall.store.draft(relay.id), now=NOW)

    assert "Des nouvelles de" in made.html
    assert published(wall, made.page) == made.html
    assert "Cent vingt" in again.html
    assert published(wall, again.page) == again.html
    wall.store.close()


def test_a_text_that_cannot_be_a_page_is_refused_with_a_reason(quiet: TestWall, previewer: Previewer) -> None:
    """And the next one is made as if nothing had been."""
    row = quiet.store.find("mur-1")
    draft = quiet.store.draft(row.id)
    with pytest.raises(Refused, match=r"too-(tangled|deep|long)"):
        previewer.preview(row, replace(draft, body=Markdown("[" * 60_000)), now=NOW)

    assert "Venez samedi." in previewer.preview(row, draft, now=NOW).html


def test_nothing_stays_of_what_was_previewed(quiet: TestWall, previewer: Previewer) -> None:
    """Neither in the state folder nor under content/."""
    row = quiet.store.find("mur-1")
    before = quiet.sources()
    previewer.preview(row, replace(quiet.store.draft(row.id), body=Markdown("CANARI-NON-ENREGISTRE\n")), now=NOW)

    held = [
        path for path in quiet.folder.rglob("*") if path.is_file() and b"CANARI-NON-ENREGISTRE" in path.read_bytes()
    ]
    assert held == []
    assert quiet.sources() == before


def test_hostile_strings_do_nothing_in_a_preview(quiet: TestWall, previewer: Previewer) -> None:
    """Nor in the frame, whose addresses are others."""
    row = quiet.store.find("mur-1")
    draft = quiet.store.draft(row.id)
    harmless = set(acting(previewer.preview(row, draft, now=NOW).html))
    found = {}
    for line in STRINGS:
        text, field = line["text"], line["field"]
        told = {"body": Markdown(text)} if field == "body" else {field: (text,) if field == "tags" else text}
        try:
            made = previewer.preview(row, replace(draft, **told), now=NOW)
        except Refused:
            continue
        shown = framed(made.html, page=made.page, siteurl="", media="/apercu/x/medias/", theme="/apercu-theme/")
        if more := (set(acting(shown)) | set(acting(made.html))) - harmless:
            found[text] = more
    assert found == {}


@pytest.mark.parametrize(("siteurl", "root"), [("", "../.."), ("https://mur.example.org", "https://mur.example.org")])
def test_a_frame_has_its_pictures_and_its_theme_from_elsewhere(siteurl: str, root: str) -> None:
    """Addresses in tags of ours change; the same words in a text do not."""
    medium = picture().name
    copy = medium.replace(".", "-400.")
    html = (
        f'<link rel="stylesheet" href="{root if not siteurl else ""}/theme/style.css">'
        f'<p>"{root}/medias/{medium}"</p><img src="{root}/medias/{medium}" '
        f'srcset="{root}/medias/{copy} 400w, {root}/medias/{medium} 900w" alt="a"><a href="https://example.net/medias/x">b</a>'
    )

    shown = framed(html, page="2022/06/x.html", siteurl=siteurl, media="/a/t/medias/", theme="/apercu-theme/")

    assert shown == (
        '<link rel="stylesheet" href="/apercu-theme/style.css">'
        f'<p>"{root}/medias/{medium}"</p><img src="/a/t/medias/{medium}" '
        f'srcset="/a/t/medias/{copy} 400w, /a/t/medias/{medium} 900w" alt="a"><a href="https://example.net/medias/x">b</a>'
    )
