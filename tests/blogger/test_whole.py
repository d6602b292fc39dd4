"""An old blog of three hundred posts, brought in and built: addresses, hostile markup, comments, nothing private."""

from __future__ import annotations

import re
from collections import Counter

import feedparser
import pytest

from ingest.publication.article import split
from ingest.states import State
from ingest.store import Store
from tests.blogger.conftest import Brought
from tests.blogger.made import CANARY, HOST, LABELS, PROFILE, old
from tests.plugins.dom import acting, faults

pytestmark = pytest.mark.timeout(600)


def test_every_old_address_answers_at_the_same_path(brought: Brought):
    """Posts and pages that were online, archives of months in both forms, and labels."""
    live = [it for it in brought.made if it.status == "LIVE"]
    old_paths = [it.path for it in live if it.path]
    months = {it.path[1:8] for it in live if it.what == "POST"}
    archives = [f"/{month}/" for month in months] + [f"/{month.replace('/', '_')}_01_archive.html" for month in months]
    labels = [f"/search/label/{label}" for label in (*LABELS, "jeudi")]

    assert [path for path in (*old_paths, *archives, *labels) if not brought.wall.answers(path)] == []
    assert len(old_paths) == 304


def test_what_could_not_be_kept_leads_on(brought: Brought):
    """An address with capitals and a full stop has a page that leads to the post."""
    html = brought.wall.page("/2019/05/Ete.Fete.html")

    assert brought.report["moved"] == [{"old": "/2019/05/Ete.Fete.html", "new": "/2019/05/ete-fete.html"}]
    assert '<meta http-equiv="refresh" content="0;url=../../2019/05/ete-fete.html">' in html
    assert '<link rel="canonical" href="https://mur.example.org/2019/05/ete-fete.html">' in html
    assert brought.wall.answers("/2019/05/ete-fete.html")


def test_what_was_not_online_is_left_out(brought: Brought):
    """Drafts, the bin, and what answers them; each is told."""
    assert [(it["path"], it["why"]) for it in brought.report["skipped"]] == [
        ("/2019/05/brouillon.html", "draft"),
        ("/2019/05/jete.html", "trashed"),
        ("/2019/05/brouillon.html", "no-post"),
    ]
    everything = b"".join(brought.wall.state().values())
    assert b"brouillon-secret" not in everything
    assert b"corbeille-secrete" not in everything


def test_nothing_private_is_published_or_kept_in_content(brought: Brought):
    """Neither an author's address nor their profile on Blogger, nor what a photo tells beside its pixels."""
    folders = (brought.wall.settings.paths.content, brought.wall.settings.paths.output.resolve())

    found = [
        (path.name, canary)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
        for canary in (CANARY, PROFILE[-20:], "Marcelle", "Voisine")
        if canary.encode() in path.read_bytes()
    ]

    assert found == []


def test_not_even_the_private_state_knows_who_wrote_on_blogger(brought: Brought):
    """Neither names nor profiles nor addresses of authors are kept."""
    state = brought.wall.settings.paths.state
    told = (b"Marcelle", b"Voisine", PROFILE[-20:].encode(), f"x@{CANARY}".encode())

    found = [(path.name, it) for path in state.rglob("*") if path.is_file() for it in told if it in path.read_bytes()]

    assert found == []


def test_hostile_markup_is_inert(brought: Brought):
    """In the tree that a browser makes of each page there is no more than in that of a harmless one."""
    harmless = Counter(acting(brought.wall.page("/2018/01/compte-rendu_01.html")))
    with_reactions = Counter(acting(brought.wall.page("/2018/01/la-table-dhotes-du-jeudi-0.html")))
    found = {}
    for post in brought.made:
        if post.what != "POST" or post.status != "LIVE" or "Ete.Fete" in post.path:
            continue
        html = brought.wall.page(post.path)
        more = Counter(acting(html)) - (harmless | with_reactions)
        more.pop("<link>", None)  # neighbours
        if more:
            found[post.path] = more
        assert "{static}/../../" not in html
        for body in re.findall(r'<div class="text e-content"[^>]*>\n(.*?)\n</div>', html, re.DOTALL):
            assert [it for it in faults(body) if not it.startswith(("img@srcset=/medias/", "img@sizes="))] == []
    assert found == {}


def test_titles_and_labels_write_no_front_matter(brought: Brought):
    """A title that looks like keys is one line, and every file has the keys of its kind and no others."""
    known = {"Title", "Kind", "Tags", "Lang", "Modified", "Reply_to", "Date", "Slug", "Status", "Number"}
    for name, data in brought.wall.state().items():
        if name.startswith(("billets/", "reactions/")):
            head, _body = split(data.decode())
            assert set(head) <= known
            assert head["Status"][1] == "published"
            assert "Save_as" not in head


def test_comments_stand_under_their_post_the_oldest_first(brought: Brought):
    """With an anchor of their own, in the post's page and in a feed."""
    html = brought.wall.page("/2018/01/compte-rendu_04.html")
    feed = feedparser.parse(brought.wall.page("/feeds/reactions.atom.xml"))

    assert html.count('class="h-cite p-comment"') == 2
    assert '<h2 id="reactions">2&nbsp;réactions</h2>' in html
    dates = re.findall(r'dt-published" datetime="([^"]+)"', html[html.index('id="reactions"') :])
    assert dates == sorted(dates)
    assert "Bravo pour le message 4." in html
    assert not feed.bozo
    assert len(feed.entries) == 20
    assert re.fullmatch(r"https://mur\.example\.org/20\d\d/\d\d/[a-z0-9_-]+\.html#mur-\d+", feed.entries[0].link)
    assert not brought.wall.answers("/2018/01/mur-2.html")


def test_numbers_follow_the_dates(brought: Brought):
    """The oldest post is number one; a comment comes after its post."""
    with Store.open(brought.wall.settings, readonly=True) as store:
        rows = sorted(store.rows(), key=lambda row: row.number or 0)

    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert [row.accepted_at for row in rows if row.path and row.path.startswith("billets/")] == sorted(
        row.accepted_at for row in rows if row.path and row.path.startswith("billets/")
    )
    assert {row.state for row in rows} == {State.PUBLISHED}


def test_a_post_keeps_its_date_and_says_when_it_was_touched_later(brought: Brought):
    """Of every ninth; the journal says when the import was made."""
    html = brought.wall.page("/2018/01/la-table-dhotes-du-jeudi-0.html")

    assert 'datetime="2018-01-03T18:30+01:00"' in html
    assert "Modifié le" in html
    assert "Modifié le" not in brought.wall.page("/2018/01/compte-rendu_01.html")
    with Store.open(brought.wall.settings, readonly=True) as store:
        entries = store.journal(store.find("mur-1").id)
    assert [(entry.what, entry.at.year) for entry in entries] == [("hold", 2026), ("accept", 2026), ("publish", 2026)]


def test_a_post_stays_in_the_month_of_its_address(brought: Brought):
    """The blog's clock was another one: half past six in the morning here was the evening before there."""
    assert "minuit-ailleurs" in " ".join(brought.wall.state())
    assert 'datetime="2019-07-31T23:59+02:00"' in brought.wall.page("/2019/07/minuit-ailleurs.html")


def test_pictures_come_out_of_the_albums_and_are_made_again(brought: Brought):
    """Where they stood, with what they show; nothing is asked of another host."""
    html = brought.wall.page("/2018/01/la-table-dhotes-du-jeudi-3.html")

    assert brought.report["pictures"] == 30
    assert brought.report["missing"] == {}
    assert re.search(r'<img alt="La halle"[^>]* src="/medias/[0-9a-f]{16}\.jpg"', html)
    assert "bp.blogspot.com" not in html


def test_a_link_to_the_old_blog_leads_to_the_wall(brought: Brought):
    """As far as it names a post that was brought in."""
    html = brought.wall.page("/2018/01/compte-rendu_01.html")

    assert 'href="https://mur.example.org/2018/01/la-table-dhotes-du-jeudi-0.html"' in html
    assert HOST not in html


def test_players_become_links(brought: Brought):
    """To the page where one watches, and the report says where."""
    told = [it for them in brought.report["embeds"].values() for it in them]

    assert "https://www.youtube.com/watch?v=abcDEF12345" in told
    assert "<iframe" not in "".join(brought.wall.page(path) for path in brought.report["embeds"])


@pytest.mark.parametrize("form", ["takeout", "old"])
def test_a_second_import_changes_nothing(brought: Brought, form: str):
    """Not even out of the other format: an entry is known by what it says."""
    before = brought.wall.state()
    export = brought.export
    if form == "old":
        export = export.with_name("blog-03-01-2026.xml")
        export.write_text(old(brought.made), encoding="utf-8")

    told = brought.wall.bring(export)

    assert (told["posts"], told["pages"], told["reactions"], told["files"]) == (0, 0, 0, [])
    assert told["known"] == brought.report["posts"] + brought.report["pages"] + brought.report["reactions"]
    assert brought.wall.state() == before
    with Store.open(brought.wall.settings, readonly=True) as store:
        assert store.count() == brought.report["posts"] + brought.report["reactions"]
