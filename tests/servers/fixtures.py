"""Fixtures of servers: a `conftest.py` imports those that its tests name."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from ingest import settings as mur
from ingest.demo.server import MailServer
from tests.servers import dovecot as private_dovecot
from tests.servers.certificates import Certificates, issue
from tests.servers.dovecot import Dovecot
from tests.servers.scripted import Scripted

USER, PASSWORD = "mur@example.org", "secret"


@pytest.fixture(scope="session")
def certificates(tmp_path_factory) -> Certificates:
    """A certificate authority of our own and what it signed."""
    return issue(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """The embedded server, with one account."""
    with MailServer({USER: PASSWORD}, authserv_id="mx.example.org", trusted={"example.net"}) as server:
        yield server


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    """The server that misbehaves on demand."""
    with Scripted() as server:
        yield server


@pytest.fixture(scope="session")
def dovecot_server(certificates) -> Iterator[Dovecot]:
    """A real Dovecot for the whole run; each test takes an account of its own by its name."""
    require_dovecot()
    folder = short_folder()
    try:
        with private_dovecot.running(folder, PASSWORD, certificates) as server:
            yield server
    finally:
        shutil.rmtree(folder)


def require_dovecot() -> None:
    """Skip where there is no Dovecot, except in CI, where nothing may be skipped."""
    if private_dovecot.BINARY is None and os.environ.get("CI") != "true":
        pytest.skip("dovecot is not installed (apt install dovecot-imapd)")


def short_folder() -> Path:
    """A folder whose name leaves room for Dovecot's sockets, which may have 107 characters (unix(7))."""
    return Path(tempfile.mkdtemp(prefix="mur-dovecot-"))


def dovecot_settings(server: Dovecot, certificates: Certificates, user: str, **more) -> mur.Mailbox:
    """How to reach it over TLS."""
    known = {"host": "localhost", "port": server.imaps, "cafile": str(certificates.authority), "user": user}
    return mur.Mailbox(**{"timeout_seconds": 10, **known, **more})


def plain_settings(port: int, **more) -> mur.Mailbox:
    """How to reach a server of this machine without TLS."""
    known = {"host": "127.0.0.1", "port": port, "security": "none", "user": USER}
    return mur.Mailbox(**{"timeout_seconds": 10, **known, **more})


def append(server: Dovecot, user: str, raw: bytes, folder: str = "INBOX") -> None:
    """Put a mail into a Dovecot account, over IMAP."""
    with client(server, user) as connection:
        if folder != "INBOX" and not connection.folder_exists(folder):
            connection.create_folder(folder)
        connection.append(folder, raw)


def contents(server: Dovecot, user: str, folder: str) -> list[bytes]:
    """What lies in a folder of a Dovecot account."""
    with client(server, user) as connection:
        connection.select_folder(folder, readonly=True)
        found = connection.fetch(connection.search("ALL"), ["BODY.PEEK[]"])
        return [answer[b"BODY[]"] for _, answer in sorted(found.items())]


def client(server: Dovecot, user: str) -> IMAPClient:
    """A second client, as a telephone would be."""
    connection = IMAPClient("127.0.0.1", server.imap, ssl=False, timeout=10)
    connection.login(user, PASSWORD)
    return connection
