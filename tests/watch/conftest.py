"""The servers, and a wall that reads one."""

from __future__ import annotations

import pytest

from ingest.settings import Settings, load
from tests.servers.dovecot import free_port
from tests.servers.fixtures import PASSWORD, USER, mail_server, scripted

__all__ = ["mail_server", "scripted", "wall"]


@pytest.fixture
def wall(tmp_path):
    """Settings of a wall whose mailbox is at a port; `watch` is more of `[watch]`."""

    def at(port: int, watch: str = "") -> Settings:
        secret = tmp_path / "secret"
        secret.write_text(PASSWORD)
        secret.chmod(0o600)
        file = tmp_path / "mur.toml"
        file.write_text(
            f'[limits]\nfree_bytes = 0\n[mailbox]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
            f'user = "{USER}"\npassword_file = "secret"\ntimeout_seconds = 10\n[watch]\nport = {free_port()}\n{watch}\n'
        )
        return load(file)

    return at
