"""The six traps of Pelican 4.12, each set in `content/` as a hand or a mistake of ours could set it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.publication.build import BadArticles, build
from ingest.publication.swap import new_build
from tests.publication.walls import NOW, ROOT, TestWall, head

SEPARATORS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]
TITLES = ["", "!!!", "   ", "日本", "index"]
BAD = {
    "sans-statut": head(Status=""),
    "statut": head(Status="hidden"),
    "hier": head(Date="hier"),
    "sans-date": head(Date=""),
    "sans-fin": "rien",
    "langue": head(Lang="français"),
    "adresse": head(Slug="../index"),
    "index": head(Slug="index"),
    "genre": head(Kind="autre"),
    "profond": head() + "> " * 5000 + "x",
    **{
        f"cle-{number}": f"{key}: x\n" + head()
        for number, key in enumerate(["Save_as", "Url", "Template", "Summary", "Category", "Is_valid", "Get_content"])
    },
    "cle-secrete": "_content: <script>\n" + head(),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestWall]:
    """Every trap that must not stop anything, in one site."""
    wall = TestWall(tmp_path_factory.mktemp("traps") / "mur")
    (wall.folder / ".env").write_text("IMAP_PASSWORD=canari")
    wall.write("notes.txt", "canari")
    links = [
        f"[x]({{{what}}}{path})" for what in ("static", "attach", "filename") for path in ("/notes.txt", "../../.env")
    ]
    wall.accept("Liens", "\n\n".join([*links, "[x](|attach|/notes.txt)", "![x]({attach}/notes.txt)"]))
    wall.write("billets/brouillon.md", head(Status="draft", Tags="secrète") + "canari")
    wall.write("billets/demain.md", head(Date="2022-06-09T00:00:00+02:00", Tags="secrète") + "canari")
    wall.write("billets/brut.md", head() + "<script>alert(1)</script> <b>gras</b>")
    wall.accept("Info", "un")
    wall.accept("Info", "deux")
    for number in range(41):
        wall.write(f"billets/n{number}.md", head(Tags="t1") + "x")
    wall.write("billets/treize.md", head(Tags="t13") + "x")
    wall.write("extra/robots.txt", "User-agent: *\n")
    for separator in SEPARATORS:
        wall.accept(
            f"Coucou{separator}Status: draft{separator}Save_as: index.html{separator}{separator}<script>", "corps"
        )
    for title in TITLES:
        wall.accept(title, "sans mot")
    wall.write("billets/x.rst", "Titre\n=====\n\n:date: 2022-06-01\n:status: published\n\n.. include:: /etc/passwd\n")
    wall.write("billets/x.html", "<html><head><title>x</title></head><body><script>1</script></body></html>")
    wall.publish()
    yield wall
    wall.store.close()


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What one build says of every file that it may not publish."""
    wall = TestWall(tmp_path_factory.mktemp("bad") / "mur")
    wall.accept()
    wall.project()
    for name, text in BAD.items():
        wall.write(f"billets/{name}.md", text)
    wall.write("billets/meme.md", head())
    wall.write("relais/meme.md", head())
    with pytest.raises(BadArticles) as found:
        build(wall.settings, new_build(wall.output), now=NOW)
    yield dict(found.value.problems)
    wall.store.close()


def test_t1_an_intrasite_link_publishes_no_file(site: TestWall) -> None:
    """`{attach}../../.env` in an approved post would copy the file to the site."""
    assert not [name for name in site.files() if "notes" in name or "env" in name]
    assert "IMAP_PASSWORD" not in "".join(site.page(name) for name in site.files())


def test_t2_a_draft_and_a_future_date_leave_no_trace(site: TestWall) -> None:
    """Pelican writes drafts to a guessable address, and publishes a future date at once."""
    words = ("drafts", "brouillon", "demain", "secrete")
    assert not [name for name in site.files() if any(word in name for word in words)]
    assert "canari" not in "".join(site.page(name) for name in site.files())


def test_t2_a_file_without_status_stops_the_build(refused: dict[str, str]) -> None:
    """Pelican would publish it."""
    assert "Status: published" in refused["billets/sans-statut.md"]


def test_t3_raw_html_is_text(site: TestWall) -> None:
    """In the page, and in the feed, which escapes it once more."""
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;gras" in site.page("2022/06/brut.html")
    assert "&amp;lt;script&amp;gt;alert" in site.page("feeds/all.atom.xml")
    for name in site.files():
        assert "<script>alert" not in site.page(name)


def test_t4_a_duplicate_title_is_two_pages(site: TestWall) -> None:
    """Pelican would write one over the other, or die half-way."""
    assert "<p>un</p>" in site.page("2022/06/info.html")
    assert "<p>deux</p>" in site.page("2022/06/info-2.html")


def test_t4_two_files_for_one_address_stop_the_build_by_name(refused: dict[str, str]) -> None:
    """Made by hand, they can only be told of."""
    told = {path: message for path, message in refused.items() if path.endswith("/meme.md")}
    assert len(told) == 1
    assert "2022/06/meme.html est déjà la page de" in "".join(told.values())


def test_t4_a_tag_t1_of_many_pages_and_a_tag_t13(site: TestWall) -> None:
    """By Pelican's default the third page of `t1` and the first of `t13` have one address."""
    pages = {"mot/t1/index.html", "mot/t1/page/1/index.html", "mot/t1/page/2/index.html", "mot/t13/index.html"}
    assert pages <= site.files()


def test_t6_static_files_beside_a_draft_do_not_stop_the_build(site: TestWall) -> None:
    """`skip` as a default status does, in 4.12."""
    assert site.page("robots.txt") == "User-agent: *\n"


def test_a_front_matter_injection_stays_a_title(site: TestWall) -> None:
    """A Subject may hold any line separator once it is decoded."""
    pages = [name for name in site.files() if name.startswith("2022/06/coucou")]
    assert len(pages) == len(SEPARATORS)
    assert all("<p>corps</p>" in site.page(name) for name in pages)


def test_an_empty_title_has_an_address_of_its_own(site: TestWall) -> None:
    """An empty slug is the file `.html`, `index` the page of the month."""
    pages = [name for name in site.files() if name.startswith("2022/06/") and "<p>sans mot</p>" in site.page(name)]
    assert len(set(pages) - {"2022/06/index.html"}) == len(TITLES)


def test_files_that_pelican_could_read_stay_where_they_are(site: TestWall) -> None:
    """`.rst` may include any file, `.html` is anything."""
    assert not [name for name in site.files() if name.rpartition("/")[2].startswith(("x.", "titre"))]
    assert "root:" not in "".join(site.page(name) for name in site.files())


@pytest.mark.parametrize("name", BAD)
def test_what_may_not_be_published_is_named(refused: dict[str, str], name: str) -> None:
    """Pelican would leave some out with exit code 0, publish others elsewhere, and die of others without a name."""
    assert refused[f"billets/{name}.md"]


def built(wall: TestWall, output: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Pelican by itself, as anybody would run it."""
    env = {**os.environ, "MUR_CONFIG": str(wall.settings.file), "MUR_NOW": NOW.isoformat(), **environ}
    command = (
        sys.executable,
        "-m",
        "pelican",
        str(wall.content),
        "-s",
        str(ROOT / "pelicanconf.py"),
        "-o",
        str(output),
    )
    return subprocess.run(command, env=env, capture_output=True, text=True, cwd=wall.folder, check=False)


def test_t5_the_machine_changes_no_byte_and_dates_are_french(wall: TestWall, tmp_path: Path) -> None:
    """By a system locale that is not there, Pelican processes no article and exits with 0."""
    wall.write("billets/un.md", head(Date="2022-06-01T10:00:00+02:00", Tags="été, Œuvre") + "Ça *marche*.")
    sites = []
    for name, env in (("c", {"LC_ALL": "C"}), ("none", {"LC_ALL": "", "LANG": ""}), ("odd", {"LC_ALL": "xx_YY.UTF-8"})):
        root = tmp_path / name
        done = built(wall, root, **env)
        assert done.returncode == 0, done.stderr
        sites.append({p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()})
    assert sites[0] == sites[1] == sites[2]
    assert "mercredi 1er juin 2022" in sites[0]["2022/06/un.html"].decode()


def test_pelican_alone_says_what_is_wrong(wall: TestWall, tmp_path: Path) -> None:
    """The quickstart way, without `--fatal`: a bad file still stops the build, and every bad file is named."""
    wall.write("billets/a.md", "rien")
    wall.write("pages/b.md", head(Status="peut-être"))
    done = built(wall, tmp_path / "out")
    assert done.returncode == 1
    assert "mur: billets/a.md: " in done.stderr
    assert "mur: pages/b.md: " in done.stderr
    assert not (tmp_path / "out/index.html").exists()


def test_without_a_mur_toml_the_site_lies_beside_its_content(tmp_path: Path) -> None:
    """`pelican content -s …/pelicanconf.py` in any folder, as with any other configuration."""
    (tmp_path / "content/billets").mkdir(parents=True)
    (tmp_path / "content/billets/un.md").write_text(head() + "Bonjour.", encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if name != "MUR_CONFIG"}
    command = (sys.executable, "-m", "pelican", "content", "-s", str(ROOT / "pelicanconf.py"))
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "output/2022/06/un.html").is_file()
