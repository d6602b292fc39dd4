"""`make demo`, as a person runs it: it stays until Ctrl-C, and leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.demo.script import PARTS, examples
from ingest.demo.site import get, has_title

ROOT = Path(__file__).parents[2]


def test_every_part_is_for_a_mail_that_exists():
    """A renamed example does not silently lose what is done with it."""
    assert set(PARTS) <= {example.name for example in examples()}


def test_a_bounce_has_no_sender():
    """RFC 5321 section 4.5.5; the others are sent by their authors."""
    senders = {example.name: example.sender for example in examples()}
    assert senders["13-rebond.eml"] == ""
    assert senders["04-thunderbird-texte.eml"] == "lucie@example.net"


@pytest.mark.parametrize(
    ("page", "title", "found"),
    [
        ("<title>L’été\N{NARROW NO-BREAK SPACE}! – Le mur</title>", "L'été !", True),
        ("<title>A &amp; B</title>", "A & B", True),
        ("<title>Le mur</title>A &amp; B", "A & B", False),
        ("", "x", False),
    ],
)
def test_a_title_is_found_whatever_typography_made_of_it(page, title, found):
    """Spaces and apostrophes are French on the page."""
    assert has_title(page, title) is found


@pytest.mark.timeout(240)
def test_it_stays_until_ctrl_c_and_leaves_nothing(tmp_path):
    """Pages are served; then neither process, nor port, nor file is left."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ingest.demo"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl-C" in line:
            break
    told = "".join(said)
    assert "Ctrl-C" in told, told
    ports = [int(port) for port in re.findall(r"(?:port |127\.0\.0\.1:)(\d+)", told)]
    assert get(re.search(r"une page +(\S+)", told)[1])[0] == 200
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 0
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), 1)
    assert list(tmp_path.iterdir()) == []
