"""The servers, and a wall in good health."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.settings import load
from ingest.watch import health, keeping
from tests.publication.walls import TestWall
from tests.servers.fixtures import PASSWORD, USER, mail_server, scripted

__all__ = ["mail_server", "published", "scripted", "well"]

STAMPED = (
    b"Authentication-Results: mx.example.org; dmarc=pass header.from=example.net\r\nFrom: a@example.net\r\n\r\nUn.\r\n"
)


class Well(TestWall):
    """A wall whose every check is good: a mailbox, an article online, a poller that has just looked."""

    __test__ = False

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port, self.file = folder, port, folder / "mur.toml"
        secret = folder / "secret"
        secret.write_text(PASSWORD)
        secret.chmod(0o600)
        self.write()
        self.content, self.output = self.settings.paths.content, self.settings.paths.output
        waiting = {"held": 0}
        keeping.change(
            self.settings.paths.state,
            lambda it: health.polled(it, now=datetime.now(UTC), unfiled=0, waiting=waiting),
        )

    def write(self, *, output: str = "output", top: str = "", limits: str = "free_bytes = 0", **mailbox: str) -> None:
        """`mur.toml` again; a value of `[mailbox]` is TOML as it stands."""
        known = {
            "host": '"127.0.0.1"',
            "port": str(self.port),
            "security": '"none"',
            "user": f'"{USER}"',
            "password_file": '"secret"',
            "spam_folders": '["Junk"]',
            "authserv_id": '"mx.example.org"',
            **mailbox,
        }
        lines = "\n".join(f"{key} = {value}" for key, value in known.items())
        self.file.write_text(
            f'{top}[paths]\noutput = "{output}"\n[wall]\naddress = "mur@example.org"\nurl = "https://mur.example.org"\n'
            f'[limits]\n{limits}\n[publish]\ntheme = "simple"\n[mailbox]\n{lines}\n',
            encoding="utf-8",
        )
        self.settings = load(self.file)


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Path:
    """A wall with one article online, to be copied: it costs a build."""
    wall = TestWall(tmp_path_factory.mktemp("published") / "mur")
    wall.accept()
    wall.publish(datetime.now(UTC))
    wall.store.close()
    return wall.folder


@pytest.fixture
def well(tmp_path, mail_server, published):
    """In good health."""
    mail_server.deliver(USER, STAMPED)
    mail_server.deliver(USER, STAMPED, "Junk")
    shutil.copytree(published, tmp_path / "mur", symlinks=True)
    return Well(tmp_path / "mur", mail_server.imap_port)
