"""The lines on standard error: one a mail, and never who wrote or what."""

from __future__ import annotations

import json
import logging
import re
import socket
import subprocess

import pytest

from ingest.watch.logs import set_up
from ingest.watch.notifying import tell_systemd
from tests import calling
from tests.servers.fixtures import USER

CANARIES = (
    b"From: =?utf-8?q?Canari-Nom?= <canari-adresse@example.net>\r\nTo: canari-destination@example.org\r\n"
    b"Subject: canari-sujet\r\nMessage-ID: <canari-numero@example.net>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nLe canari-texte est ici.\r\n'
    b'--b\r\nContent-Type: application/pdf; name="canari-fichier.pdf"\r\n'
    b'Content-Disposition: attachment; filename="canari-fichier.pdf"\r\n\r\n%PDF-1.7 canari-contenu\r\n--b--\r\n'
)
BROKEN = (
    b"From: canari <canari-1@example.net>\r\nContent-Type: multipart/mixed; boundary=canari\r\n\r\n--canari",
    b"From canari-mbox@example.net\r\ncanari canari\r\n",
    b"Subject: =?canari-charset?Q?canari?=\r\nContent-Type: text/html; charset=canari\r\n\r\n<canari" + b"<" * 2000,
    b"Auto-Submitted: auto-replied\r\nFrom: canari-absente@example.net\r\n\r\ncanari\r\n",
)

KEYS = {"at", "level", "says", "event", "id", "outcome", "reason", "bytes", "seconds", "spam", "too_large", "filed"}


def poll_once(settings, **environ: str) -> subprocess.CompletedProcess[str]:
    return calling.mur("poll", "--once", folder=settings.file.parent, env=environ)


@pytest.mark.parametrize("style", ["words", "json"])
def test_nothing_of_a_mail_is_in_a_line(mail_server, wall, style):
    """Whether it can be read or not: a line for each, and no canary in the log, the health file or standard output."""
    for raw in (CANARIES, *BROKEN):
        mail_server.deliver(USER, raw)
    settings = wall(mail_server.imap_port, watch=f'log = "{style}"')

    done = poll_once(settings)

    lines = done.stderr.splitlines()
    tables = [json.loads(line) for line in lines if style == "json"]
    ids = [table["id"] for table in tables] or lines
    known = (settings.paths.state / "health.json").read_text()
    assert (done.returncode, done.stdout) == (0, "")
    assert len(ids) == len(BROKEN) + 1
    assert all(re.match(r"[0-9a-f]{16}", each) for each in ids)
    assert "canari" not in (done.stderr + known).lower()
    assert "@" not in done.stderr
    assert [] == [table for table in tables if KEYS - table.keys()]
    if tables:
        assert {"event": "mail", "outcome": "held", "bytes": len(CANARIES), "filed": True}.items() <= tables[0].items()


def test_what_a_server_quotes_is_masked(capsys):
    """A complaint of a mail server names whom it likes."""
    with _Logging("words"):
        logging.getLogger("ingest.mailbox").warning("NO <zoe.martin@example.net> unknown\r\nFROM: b@c.example")
        logging.getLogger("ingest.mailbox").info("not shown")
        logging.getLogger("ingest.watch.watcher").info("%s", "shown " + "x" * 5000)

    first, second = capsys.readouterr().err.splitlines()
    assert first == "WARNING NO <…@…> unknown FROM: …@…"
    assert second.startswith("shown x")
    assert len(second) == 1000


def test_an_exception_is_named_and_not_quoted(capsys):
    """Its words may be a mail's; `--debug` shows them."""
    for debug in (False, True):
        with _Logging("json", debug=debug):
            try:
                int("canari")
            except ValueError:
                logging.getLogger("ingest.x").exception("a bug")

    quiet, loud = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (quiet["says"], "trace" in quiet) == ("a bug (ValueError)", False)
    assert "canari" in loud["trace"]


def test_under_systemd_a_line_begins_with_its_level(capsys, monkeypatch):
    """sd-daemon(3)."""
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")
    with _Logging("words"):
        logging.getLogger("x").warning("un")
        logging.getLogger("ingest.watch").info("deux")
        logging.getLogger("x").error("trois")

    assert [line[:3] for line in capsys.readouterr().err.splitlines()] == ["<4>", "<6>", "<3>"]


def test_systemd_is_told_where_it_asked(tmp_path, monkeypatch):
    """sd_notify(3): one datagram; nothing at all without a socket, or where nobody listens."""
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        tell_systemd("READY=1")
        assert listening.recv(100) == b"READY=1"
    tell_systemd("WATCHDOG=1")
    monkeypatch.delenv("NOTIFY_SOCKET")
    tell_systemd("WATCHDOG=1")


class _Logging:
    """Set up logging as a command does, and put it back."""

    def __init__(self, style: str, *, debug: bool = False) -> None:
        self.style, self.debug = style, debug

    def __enter__(self) -> None:
        self.names = ("", "ingest.watch", "imapclient")
        self.levels = [logging.getLogger(name).level for name in self.names]
        self.handlers = logging.getLogger().handlers[:]
        set_up(self.style, debug=self.debug)

    def __exit__(self, *error: object) -> None:
        logging.getLogger().handlers = self.handlers
        for name, level in zip(self.names, self.levels, strict=True):
            logging.getLogger(name).setLevel(level)
