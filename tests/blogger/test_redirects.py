"""What leads on from addresses that only Blogger had: real servers asked, and pages for hosts that know no rules."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import html5lib
import pytest

from ingest.blogger.model import Moved
from ingest.blogger.redirects import MARK, caddy, moves, nginx, pages

LABELS = {
    "vie privée": "vie-privee",
    "a/b": "a-b",
    "fête & repas": "fete-repas",
    'x" ; } $uri': "x",
    "🙂": "",
    "..": "p",
}
MOVES = moves(["2022-06"], LABELS, [Moved(old="/2022/06/Ete.Fete.html", new="/2022/06/ete-fete.html")])
ASKED = {
    "/2022_06_01_archive.html": "/2022/06/",
    "/2019_03_24_archive.html": "/2019/03/",
    "/search/label/vie%20priv%C3%A9e": "/mot/vie-privee/",
    "/search/label/f%C3%AAte%20&%20repas": "/mot/fete-repas/",
    "/search/label/inconnu": "/mot/",
    "/feeds/posts/default": "/feeds/all.atom.xml",
    "/feeds/posts/default?alt=rss": "/feeds/all.rss.xml",
    "/feeds/posts/default/-/canal": "/mot/",
    "/feeds/comments/default": "/feeds/reactions.atom.xml",
    "/feeds/4711/comments/default": "/feeds/reactions.atom.xml",
    "/atom.xml": "/feeds/all.atom.xml",
    "/search?q=soupe": "/recherche.html?q=soupe",
    "/2022/06/Ete.Fete.html": "/2022/06/ete-fete.html",
    "/2022/06/x.html?m=1": "/2022/06/x.html",
}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def nginx_command(folder: Path, port: int) -> list[str]:
    (folder / "rules.conf").write_text(nginx(MOVES), encoding="utf-8")
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log stderr; events {{ }}\n"
        f"http {{ access_log off; include {folder}/rules.conf; absolute_redirect off;\n"
        + "".join(
            f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + f"server {{ listen 127.0.0.1:{port}; root {folder};\n"
        "if ($arg_m = 1) { return 301 $uri; }\nif ($mur_blogger) { return 301 $mur_blogger; } } }\n",
        encoding="utf-8",
    )
    return [str(shutil.which("nginx")), "-c", str(folder / "nginx.conf"), "-p", str(folder)]


def caddy_command(folder: Path, port: int) -> list[str]:
    (folder / "rules.caddy").write_text(caddy(MOVES), encoding="utf-8")
    (folder / "Caddyfile").write_text(
        f"{{\n admin off\n auto_https off\n}}\nhttp://127.0.0.1:{port} {{\n import rules.caddy\n file_server\n}}\n"
    )
    return [str(shutil.which("caddy")), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


@contextmanager
def serving(command: list[str], folder: Path, port: int) -> Iterator[Callable[[str], tuple[int, str]]]:
    """A server of this test alone; it answers what it says to a path: status and Location."""
    server = subprocess.Popen(
        command, cwd=folder, stderr=subprocess.PIPE, env={"HOME": str(folder), "PATH": "/usr/bin"}
    )

    def ask(path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, answer.headers.get("Location", "")

    try:
        until = time.monotonic() + 30
        while server.poll() is None and time.monotonic() < until:
            try:
                ask("/")
                break
            except OSError:
                time.sleep(0.05)
        assert server.poll() is None, server.stderr.read().decode() if server.stderr else ""
        yield ask
    finally:
        server.terminate()
        server.wait(20)
        if server.stderr:
            server.stderr.close()


@pytest.mark.parametrize("make", [nginx_command, caddy_command], ids=["nginx", "caddy"])
def test_a_server_leads_every_old_address_on(make: Callable[[Path, int], list[str]], tmp_path: Path):
    """For good (301), and nothing else than what is old."""
    name = make.__name__.partition("_")[0]
    if not shutil.which(name):
        pytest.skip(f"{name} is not installed")
    port = free_port()
    command = make(tmp_path, port)

    with serving(command, tmp_path, port) as ask:
        answers = {path: ask(path) for path in ASKED}
        other = ask("/2022/06/x.html")

    assert {path: (301, where) for path, where in ASKED.items()} == answers
    assert other[0] == 404


def test_a_page_for_hosts_that_know_no_rules():
    """Each is well formed, leads by a relative address, names the real one, and is marked as ours."""
    found = pages(MOVES, site="https://mur.example.org")

    assert set(found) == {
        "2022_06_01_archive.html", "2022/06/Ete.Fete.html", "search/label/vie privée/index.html",
        "search/label/a/b/index.html", "search/label/fête & repas/index.html",
    }  # fmt: skip
    assert 'content="0;url=../../../mot/vie-privee/"' in found["search/label/vie privée/index.html"]
    assert 'href="https://mur.example.org/mot/vie-privee/"' in found["search/label/vie privée/index.html"]
    for html in found.values():
        tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
        assert tree.get("lang") == "fr"
        assert (len(tree.findall(".//h1")), len(tree.findall(".//main")), len(tree.findall(".//script"))) == (1, 1, 0)
        assert MARK in html


def test_hostile_labels_are_no_rules():
    """What would end a line or a string of a server's language is left to the general rule."""
    names = ('a"; return 200 "b', "a\n} server {", "a;b", "a{b}", "$uri", "a`b", "\\", "~^/", "#x", "a'b")
    hostile = dict.fromkeys(names, "x")
    made = moves([], hostile, [])

    assert nginx(made).count("/search/label/") == 1
    assert caddy(made).count("/search/label/") == 1
    assert all("<" not in it and ".." not in it for it in pages(made, site=""))
