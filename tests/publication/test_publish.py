"""A publication as a whole, with real builds: what goes online, what stays, and what a visitor sees meanwhile."""

from __future__ import annotations

import http.server
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from ingest.errors import BuildFailed, Unavailable
from ingest.model import Kind
from ingest.publication.lock import publication_lock
from ingest.publication.swap import builds
from ingest.states import Action, State
from tests.publication.walls import NOW, TestWall, head, picture


def test_from_accepted_to_online_and_away_again(wall: TestWall) -> None:
    """Accepted, corrected, withdrawn: the address stays, the page follows, nothing is left of it."""
    medium = picture()
    row = wall.accept("Une fête", f"![La terrasse](media:{medium.name})", media=(medium,))
    done = wall.publish()
    assert (done.articles, done.new, done.warnings) == (1, (row.id,), ())
    assert wall.store.find(row.id).state is State.PUBLISHED
    page = wall.page("2022/06/une-fete.html")
    assert f'src="../../medias/{medium.name}"' in page
    assert 'width="10"' in page
    assert (wall.output / "medias" / medium.name).read_bytes() == medium.data
    assert f'src="/medias/{medium.name}"'.replace('"', "&quot;") in wall.page("feeds/all.atom.xml").replace(
        '"', "&quot;"
    )

    wall.correct(row, "Annulée.", at=NOW.replace(day=9))
    assert wall.publish(NOW.replace(day=9)).new == (row.id,)
    assert "<p>Annulée.</p>" in wall.page("2022/06/une-fete.html")
    assert not (wall.output / "medias" / medium.name).exists()

    wall.decide(row.id, Action.WITHDRAW)
    assert wall.publish(NOW.replace(day=10)).articles == 0
    assert not [name for name in wall.files() if "une-fete" in name]


def test_where_nothing_would_be_left_the_old_site_stays(wall: TestWall) -> None:
    """And what is at fault is named; once it is mended, publishing goes on."""
    row = wall.accept("Une fête", "un")
    wall.publish()
    before = {name: wall.page(name) for name in wall.files()}
    path = wall.content / "billets/2022-06-08-une-fete.md"
    whole = path.read_text()
    path.write_text("Titre sans rien")
    with pytest.raises(BuildFailed, match=r"billets/2022-06-08-une-fete\.md : ligne 1"):
        wall.publish()
    assert {name: wall.page(name) for name in wall.files()} == before
    assert wall.store.find(row.id).state is State.PUBLISHED
    assert len(list(builds(wall.output).iterdir())) == 1
    path.write_text(whole)
    assert wall.publish().articles == 1


def test_a_broken_theme_leaves_the_old_site(tmp_path: Path) -> None:
    """What is at fault is said in one line."""
    theme = tmp_path / "mur/theme/templates"
    theme.mkdir(parents=True)
    (theme / "article.html").write_text("{{ article.absent.absent }}")
    wall = TestWall(tmp_path / "mur", theme="theme")
    wall.accept()
    with pytest.raises(BuildFailed) as failed:
        wall.publish()
    assert "absent" in str(failed.value)
    assert "\n" not in str(failed.value)
    assert not wall.output.exists()
    wall.store.close()


def test_a_page_that_pelican_did_not_write_is_noticed(tmp_path: Path) -> None:
    """The check knows nothing of Pelican: a theme that writes nothing is found out."""
    theme = tmp_path / "mur/theme/templates"
    theme.mkdir(parents=True)
    (theme / "article.html").write_text("")
    wall = TestWall(tmp_path / "mur", theme="theme")
    wall.accept("Une fête")
    with pytest.raises(BuildFailed, match=r"2022-06-08-une-fete\.md.*2022/06/une-fete\.html"):
        wall.publish()
    wall.store.close()


def test_a_real_folder_in_the_way_is_kept_beside(wall: TestWall) -> None:
    """`pelican content` made one, say: the site takes its place, and it is not thrown away."""
    wall.output.mkdir()
    (wall.output / "index.html").write_text("ancien")
    wall.accept()
    done = wall.publish()
    assert wall.output.is_symlink()
    assert len(done.warnings) == 1
    assert (builds(wall.output) / "avant-1/index.html").read_text() == "ancien"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_visitor_never_sees_half_a_site(wall: TestWall) -> None:
    """One who reads without pause during publications gets a whole page each time, the old one or the new one."""
    wall.accept("Une fête", "version 0")
    wall.publish()
    seen, stop = [], threading.Event()

    def visit(address: str) -> None:
        while not stop.is_set():
            with urllib.request.urlopen(f"{address}/2022/06/une-fete.html", timeout=10) as answer:
                seen.append(answer.read().decode())

    with served(wall.output) as address:
        visitor = threading.Thread(target=visit, args=(address,))
        visitor.start()
        row = wall.store.rows()[0]
        try:
            for version in (1, 2):
                wall.correct(row, f"version {version}")
                wall.publish()
        finally:
            stop.set()
            visitor.join()
    assert len(seen) > 20
    assert all("</html>" in page and "<p>version " in page for page in seen)
    versions = [page.partition("<p>version ")[2][0] for page in seen]
    assert versions == sorted(versions)


def test_old_builds_go_but_the_newest(wall: TestWall) -> None:
    """`keep_builds` of them stay, and the one that is shown always does."""
    wall.accept()
    for _ in range(4):
        wall.publish()
    assert sorted(path.name for path in builds(wall.output).iterdir()) == ["3", "4"]
    assert wall.output.resolve().name == "4"


def test_the_command_afterwards_gets_the_site_and_its_failure_is_said(tmp_path: Path) -> None:
    """What it could not do, publishing again does: nothing counts as online before."""
    command = '["sh", "-c", "test -f drapeau && cp $MUR_OUTPUT/index.html copie.html"]'
    wall = TestWall(tmp_path / "mur", after=command)
    row = wall.accept("Une fête")
    with pytest.raises(Unavailable, match="after"):
        wall.publish()
    assert wall.store.find(row.id).state is State.ACCEPTED
    (wall.folder / "drapeau").touch()
    assert wall.publish().new == (row.id,)
    assert "Une fête" in (wall.folder / "copie.html").read_text()
    wall.store.close()


def test_one_publication_at_a_time(wall: TestWall) -> None:
    """The second one says that it waits."""
    said: list[str] = []
    with publication_lock(wall.settings.paths.state, report=said.append):
        with pytest.raises(Unavailable), publication_lock(wall.settings.paths.state, report=said.append, wait=0.2):
            pytest.fail("two at once")
        assert len(said) == 1
    with publication_lock(wall.settings.paths.state, report=said.append):
        assert len(said) == 1


def test_a_relay_says_what_is_true_on_the_day_of_the_build(tmp_path: Path) -> None:
    """A sign link until the deadline, none a minute later, on the page and on the home page."""
    wall = TestWall(tmp_path / "mur", theme="")
    told = {
        "Organiser": "L’Écluse",
        "Sign_url": "https://plainte.example.org/signer",
        "Deadline": "2022-06-20T23:59+02:00",
    }
    wall.accept("La plainte", "Rejoignez-la.", kind=Kind.RELAY, extra=told)
    wall.publish(NOW.replace(day=20, hour=23, minute=59))
    assert 'href="https://plainte.example.org/signer"' in wall.page("2022/06/la-plainte.html")
    assert "Derniers jours" in wall.page("2022/06/la-plainte.html")
    assert "jusqu’au lundi 20 juin 2022" in wall.page("index.html")
    wall.publish(NOW.replace(day=21, hour=0, minute=0))
    for name in wall.files():
        if name.endswith((".html", ".xml")):
            assert "plainte.example.org/signer" not in wall.page(name), name
    assert "Close" in wall.page("2022/06/la-plainte.html")
    wall.store.close()


def test_pages_are_published_beside_articles(wall: TestWall) -> None:
    """`content/pages/` is the owner's own."""
    wall.accept()
    wall.write("pages/a-propos.md", head(Title="À propos", Date="") + "Nous.")
    assert wall.publish().articles == 1
    assert "<p>Nous.</p>" in wall.page("p/a-propos.html")
