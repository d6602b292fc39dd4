"""`deploy/`: what a volunteer copies onto a machine is accepted by the programs that it is for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.dovecot import free_port

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
PATH = f"/usr/sbin:/sbin:{os.environ['PATH']}"
_TEMPLATES = ROOT / "theme/templates"
POLICY = re.search(r'Content-Security-Policy" content="([^"]+)"', (_TEMPLATES / "base.html").read_text())[1]
BLOCK = re.compile(r"\{% block policy %\}(.*?)\{% endblock %\}")
SEARCH = BLOCK.search((_TEMPLATES / "search.html").read_text())[1]


def need(program: str) -> str:
    """Its path; the test is skipped where it is missing."""
    found = shutil.which(program, path=PATH)
    return found or pytest.skip(f"{program} is not installed")


def run(*command: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(each) for each in command], capture_output=True, text=True, check=False)


def test_systemd_accepts_the_units(tmp_path):
    """`systemd-analyze verify` has nothing to say but that the program is not installed here."""
    analyze = need("systemd-analyze")
    for unit in UNITS:
        text = unit.read_text().replace("/opt/lemurparle/.venv/bin/mur", "/bin/true")
        (tmp_path / unit.name).write_text(text)

    done = run(analyze, "verify", *sorted(tmp_path.iterdir()))

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_the_services_are_shut_in(unit):
    """`systemd-analyze security` gives 0 for shut and 10 for open."""
    analyze = need("systemd-analyze")

    done = run(analyze, "security", "--offline=true", "--threshold=15", unit)

    assert done.returncode == 0, done.stdout[-200:] + done.stderr


def test_the_night_begins_in_paris():
    """Five past midnight there, in winter and in summer."""
    analyze = need("systemd-analyze")
    when = re.search(r"OnCalendar=(.+)", (DEPLOY / "systemd" / "mur-publish.timer").read_text())[1]

    for day, utc in (("2027-01-10", "2027-01-10 23:05"), ("2027-07-10", "2027-07-10 22:05")):
        done = run(analyze, "calendar", f"--base-time={day} 12:00 UTC", when)
        assert utc in done.stdout, done.stdout + done.stderr


def test_commands_and_places_are_those_of_the_page():
    """What the units name, `docs/installer.md` makes."""
    page = (ROOT / "docs" / "installer.md").read_text()

    for text in (unit.read_text() for unit in UNITS if unit.suffix == ".service"):
        for command in re.findall(r"^ExecStart\w*=-?(\S+) (\w+)", text, re.MULTILINE):
            assert command[0] == "/opt/lemurparle/.venv/bin/mur"
            assert f"`mur {command[1]}" in (ROOT / "docs" / "commands.md").read_text()
    for name in ("/opt/lemurparle", "/srv/mur/mur.toml", "/srv/mur/output", *(unit.name for unit in UNITS)):
        assert name in page


@pytest.fixture
def site(tmp_path) -> Path:
    """A site of four files, behind a link as `mur publish` makes it."""
    build = tmp_path / ".output-builds" / "1"
    for name, text in {
        "index.html": "<!doctype html><title>Le mur</title>",
        "404.html": "<!doctype html><title>Introuvable</title>",
        "2022/06/index.html": "<!doctype html><title>Juin</title>",
        "medias/0123456789abcdef.pdf": "%PDF-1.7",
        "medias/0123456789abcdef.ics": "BEGIN:VCALENDAR",
        "theme/style.css": "body{}",
        "feeds/all.atom.xml": "<feed/>",
        ".secret": "canari",
    }.items():
        (build / name).parent.mkdir(parents=True, exist_ok=True)
        (build / name).write_text(text)
    (tmp_path / "output").symlink_to(".output-builds/1")
    return tmp_path / "output"


def nginx(site: Path, folder: Path, port: int) -> list[str]:
    text = (DEPLOY / "nginx.conf").read_text().replace("listen 80;", f"listen 127.0.0.1:{port};")
    text = text.replace("listen [::]:80;", "").replace("/srv/mur/output", str(site))
    (folder / "site.conf").write_text(text)
    user = "user root;" if os.geteuid() == 0 else ""
    places = "".join(
        f"{each}_temp_path {folder}/{each};" for each in ("proxy", "fastcgi", "uwsgi", "scgi", "client_body")
    )
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log stderr; events {{}} http {{ {places}"
        f" include /etc/nginx/mime.types; include {folder}/site.conf; }}"
    )
    return [need("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(site: Path, folder: Path, port: int) -> list[str]:
    text = (DEPLOY / "Caddyfile").read_text().replace("mur.example.org", f"http://127.0.0.1:{port}")
    file = folder / "Caddyfile"
    file.write_text("{\n\tadmin off\n}\n" + text.replace("/srv/mur/output", str(site)))
    return [need("caddy"), "run", "--adapter", "caddyfile", "--config", str(file)]


@contextmanager
def running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    with subprocess.Popen(
        command, env={"PATH": PATH, "HOME": str(folder)}, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            for _try in range(100):
                if process.poll() is not None:
                    pytest.fail(str(process.stderr and process.stderr.read()))
                try:
                    ask(port, "/")
                    break
                except OSError:
                    time.sleep(0.05)
            yield
        finally:
            process.terminate()


def ask(port: int, path: str, method: str = "GET"):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


@pytest.mark.parametrize("server", [nginx, caddy])
def test_a_web_server_shows_the_site_as_it_should(server, site, tmp_path):
    """Pages with the theme's own policy, asked after each time; files that never change kept; nothing hidden shown."""
    port = free_port()
    folder = tmp_path / "server"
    folder.mkdir()
    (site / "recherche.html").write_text("<!doctype html><title>Chercher</title>")
    with running(server(site, folder, port), folder, port):
        search = ask(port, "/recherche.html")[1]["Content-Security-Policy"]
        answers = {name: ask(port, f"/{name}") for name in ("", "2022/06/", "theme/style.css", "feeds/all.atom.xml")}
        pdf, calendar = ask(port, "/medias/0123456789abcdef.pdf"), ask(port, "/medias/0123456789abcdef.ics")
        lost = [ask(port, path) for path in ("/2022/absent.html", "/medias/absent.jpg", "/.secret", "/../var/mur.db")]
        posted = ask(port, "/", "POST")[0]
        other = site.parent / ".output-builds" / "2"
        shutil.copytree(site, other)
        (other / "index.html").write_text("<!doctype html><title>Demain</title>")
        (site.parent / "next").symlink_to(".output-builds/2")
        (site.parent / "next").rename(site)
        tomorrow = ask(port, "/")[2]

    policy = BLOCK.sub(r"\1", POLICY) + ";frame-ancestors 'none'"
    assert search == POLICY.partition("{%")[0] + SEARCH + ";frame-ancestors 'none'"
    assert [each[0] for each in answers.values()] == [200] * 4
    assert {each[1]["Content-Security-Policy"] for each in answers.values()} == {policy}
    assert {each[1]["X-Content-Type-Options"] for each in (*answers.values(), pdf, *lost[:2])} == {"nosniff"}
    assert {each[1]["Referrer-Policy"] for each in (*answers.values(), pdf, *lost[:2])} == {"no-referrer"}
    assert "camera=()" in answers[""][1]["Permissions-Policy"]
    assert answers[""][1]["Cache-Control"] == "no-cache"
    assert "immutable" in pdf[1]["Cache-Control"]
    assert answers["feeds/all.atom.xml"][1]["Content-Type"].startswith("application/atom+xml")
    assert calendar[1]["Content-Type"].startswith("text/calendar")
    assert {each[0] for each in lost} <= {404, 400}
    assert "Introuvable" in lost[0][2]
    assert [each[1]["Cache-Control"] for each in lost[:2]] == ["no-cache"] * 2
    assert not any("canari" in each[2] for each in lost)
    assert posted == 405
    assert "Demain" in tomorrow
