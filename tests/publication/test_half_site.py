"""Publications cut off at any moment and queued behind each other: what a visitor reads is always whole."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from ingest.publication.lock import publication_lock, queued
from tests.publication.walls import ROOT, TestWall

KILLS = int(os.environ.get("MUR_KILLS", "5"))
"""How many publications; about a second each on an idle machine."""
PAGES = ("", "2022/06/une-fete.html", "feeds/all.atom.xml", "archives.html")
_VERSION = re.compile(r"version (\d+)")


def mur(wall: TestWall, *words: str) -> subprocess.Popen[str]:
    command = (sys.executable, "-c", "from ingest.cli import main; main()", "--config", str(wall.settings.file), *words)
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


@contextmanager
def listening(wall: TestWall) -> Iterator[str]:
    """`make serve`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (sys.executable, "-m", "pelican", "-l", str(wall.content), "-o", str(wall.output), "-p", str(port))
    env = os.environ | {"MUR_CONFIG": str(wall.settings.file)}
    server = subprocess.Popen(
        (*command, "-b", "127.0.0.1", "-s", str(ROOT / "pelicanconf.py")),
        env=env,
        cwd=wall.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


class Visitor(threading.Thread):
    """Reads without pause, and keeps what was not a whole page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.over = address, threading.Event()
        self.read, self.torn, self.versions = 0, list[str](), list[int]()

    def run(self) -> None:
        while not self.over.is_set():
            for page in PAGES:
                self._visit(page)

    def _visit(self, page: str) -> None:
        try:
            with urllib.request.urlopen(f"{self.address}/{page}", timeout=20) as answer:
                text = answer.read().decode()
        except OSError as error:
            self.torn.append(f"{page}: {error}")
            return
        self.read += 1
        if not text.rstrip().endswith(("</html>", "</feed>")):
            self.torn.append(f"{page}: {text[-80:]}")
        if page == PAGES[1]:
            self.versions += [int(number) for number in _VERSION.findall(text)[:1]] or [-1]


def test_a_visitor_of_make_serve_sees_no_half_site_while_publications_are_killed(wall: TestWall) -> None:
    """At random moments, with everything that they started; the next one that is left alone puts all online."""
    dice = random.Random(7)
    row = wall.accept("Une fête", "version 0")
    began = time.monotonic()
    wall.publish()
    lasts = 2 * (time.monotonic() - began)
    killed = 0
    with listening(wall) as address:
        visitor = Visitor(address)
        visitor.start()
        try:
            for number in range(1, KILLS + 1):
                wall.correct(row, f"version {number}")
                publishing = mur(wall, "publish")
                try:
                    publishing.communicate(timeout=dice.uniform(0.2, lasts))
                except subprocess.TimeoutExpired:
                    killed += 1
                    os.killpg(publishing.pid, signal.SIGKILL)
                    publishing.communicate()
            wall.publish()
            time.sleep(0.2)
        finally:
            visitor.over.set()
            visitor.join()
    assert visitor.torn == []
    assert visitor.versions == sorted(visitor.versions)
    assert visitor.versions[0] == 0
    assert f"version {KILLS}" in wall.page("2022/06/une-fete.html")
    assert visitor.read > KILLS
    assert killed > 0
    print(f"{KILLS} publications, {killed} killed, {visitor.read} pages read")


def test_decisions_in_a_row_lead_to_one_build(wall: TestWall) -> None:
    """Who comes while one waits for its turn goes at once; the one that waits takes what was decided meanwhile."""
    rows = [wall.accept("Une fête")]
    state = wall.settings.paths.state
    with publication_lock(state, report=print):
        first = mur(wall, "publish", "--wait", "0")
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with queued(state) as mine:
                if mine is None:
                    break
            time.sleep(0.05)
        rows.append(wall.accept("Une autre"))
        second = mur(wall, "publish", "--wait", "0")
        said, _error = second.communicate(timeout=60)
        assert (second.returncode, first.poll()) == (0, None)
        assert "prendra aussi" in said
    assert first.communicate(timeout=60)[0] == "2 articles en ligne\n"
    assert {row.published_digest for row in wall.store.rows()} == {row.accepted_digest for row in rows}
    with queued(state) as mine:
        assert mine is not None


def test_once_it_looks_another_one_may_queue(wall: TestWall) -> None:
    """What is decided from then on is the next one's."""
    state = wall.settings.paths.state
    with queued(state) as first:
        with queued(state) as second:
            assert second is None
        assert first is not None
        first()
        with queued(state) as third:
            assert third is not None


def test_the_command_says_who_is_set_aside_and_that_the_others_are_online(wall: TestWall) -> None:
    """Exit code 1, a line each, and both in words; the queue shows it."""
    wall.accept("Une fête")
    wall.accept("Un puits", "> " * 5000 + "x")
    done = mur(wall, "publish")
    said, error = done.communicate(timeout=60)
    assert (done.returncode, said) == (1, "1 article en ligne\n")
    lines = error.splitlines()
    assert lines[0].startswith("mur: mur-2 (billets/2022-06-08-un-puits.md) : écarté")
    assert lines[1] == "mur: le reste du site est en ligne"
    listed = mur(wall, "queue", "--json")
    assert '"set-aside: ' in listed.communicate(timeout=60)[0]
