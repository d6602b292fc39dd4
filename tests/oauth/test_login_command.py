"""`mur login`, called as people call it, up to a real Dovecot that lets it in."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.servers import dovecot as private_dovecot
from tests.servers import fixtures
from tests.servers.authorization import CANARY, SECRET

ROOT = Path(__file__).parent.parent.parent

certificates = fixtures.certificates


class Wall:
    """A scratch wall whose provider is on this machine."""

    def __init__(self, folder: Path, authority, **more) -> None:
        self.folder = folder
        keys = {**authority.keys, "oauth_token_file": "clefs/jeton", **more}
        lines = [f"{key} = {value if isinstance(value, int) else repr(value)}" for key, value in keys.items()]
        (folder / "mur.toml").write_text("[mailbox]\n" + "\n".join(lines) + "\n")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """`mur` with its pipes."""
        command = [sys.executable, "-c", "from ingest.cli import main; main()", *arguments]
        known = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=self.folder, env=known | {"MUR_ESSAI_SECRET": SECRET}, **pipes)

    def mur(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code and what was written, to its end."""
        with self.start(*arguments) as process:
            said, complained = process.communicate(timeout=60)
        assert CANARY not in said + complained
        assert "Traceback" not in complained
        return process.returncode, said, complained


@pytest.mark.dovecot
def test_from_the_login_to_an_open_mailbox(authority, certificates, tmp_path):
    """By the device flow: the code is shown, the token kept for its owner, the mailbox opens."""
    fixtures.require_dovecot()
    folder = fixtures.short_folder()
    how = {"mechanisms": "plain xoauth2", "introspection": f"{authority.url}/introspect?"}
    try:
        with private_dovecot.running(folder, fixtures.PASSWORD, certificates, **how) as server:
            reach = {"host": "localhost", "port": server.imaps, "cafile": str(certificates.authority)}
            wall = Wall(tmp_path, authority, **reach)
            code, said, complained = wall.mur("login")
            assert (code, complained) == (0, "")
            assert "WDJB-MJHT" in said
            assert f"La boîte aux lettres de {authority.user} s’ouvre." in said
            assert (tmp_path / "clefs" / "jeton").stat().st_mode & 0o777 == 0o600
    finally:
        shutil.rmtree(folder)


def test_the_loopback_flow_in_a_terminal(authority, tmp_path):
    """Without a device flow, as with Google: it says so, shows an address, and waits for the browser."""
    wall = Wall(tmp_path, authority, oauth_device_url="")
    with wall.start("--debug", "login", "--device") as process:
        said = ""
        while not (shown := re.search(r"http://\S+/authorize\?\S+", said)):
            line = process.stdout.readline()
            assert line, process.stderr.read()
            said += line
        assert "c’est le cas de Google" in said
        with urllib.request.urlopen(shown[0], timeout=10) as page:
            assert page.status == 200
        rest, complained = process.communicate(timeout=30)
    assert process.returncode == 0, complained
    assert "L’accès est enregistré" in rest
    assert CANARY not in said + rest + complained


def test_a_no_leaves_no_file(authority, tmp_path):
    """One line, exit 1."""
    wall = Wall(tmp_path, authority)
    authority.refuses = "access_denied"
    code, _, complained = wall.mur("login")
    assert code == 1
    assert complained == "mur: l’accès n’a pas été accordé ; « mur login » recommence\n"
    assert not (tmp_path / "clefs" / "jeton").exists()
