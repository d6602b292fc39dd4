"""Where it is played: a wall in a folder of its own, and the command `mur` run on it as a person would."""

from __future__ import annotations

import json
import os
import queue
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import IO, cast

from ingest.errors import MurError
from ingest.settings import Settings, Wall, load

ROOT = Path(__file__).parents[2]
AUTHSERV_ID = "mx.example.org"
TRUSTED = ("example.org", "example.net", "example.com")
"""The domains that the example mails are honestly from."""
_ADDRESS = "mur@example.org"
MODERATOR, MODERATOR_ADDRESS = "démo", "moderation@example.org"
_COMMAND = (sys.executable, "-c", "from ingest.cli import main; main()")
_PATIENCE = 120.0


class Stage:
    """A wall like the one that ships, with a mailbox on this machine; everything of it lies in `folder`."""

    def __init__(self, folder: Path) -> None:
        shipped = ROOT / "mur.toml"
        self._wall = load(shipped).wall if shipped.exists() else Wall()
        self.folder = folder
        self.file = folder / "mur.toml"
        self.address = self._wall.address or _ADDRESS
        self.password = secrets.token_urlsafe(12)
        self.settings = Settings()
        self.web_port = 0

    def furnish(self, imap_port: int, smtp_port: int) -> None:
        """Write its `mur.toml` and the password beside it."""
        self.web_port = _free_port()
        secret = self.folder / "mailbox.password"
        secret.touch(mode=0o600)
        secret.write_text(self.password + "\n", encoding="utf-8")
        mailbox = {
            "host": "127.0.0.1",
            "port": imap_port,
            "security": "none",
            "user": self.address,
            "password_file": secret.name,
            "authserv_id": AUTHSERV_ID,
        }
        wall = {each.name: getattr(self._wall, each.name) for each in fields(Wall)}
        sections = {"paths": {"content": "content", "state": "var", "output": "output"}, "wall": wall}
        sections |= {
            "mailbox": mailbox,
            "outgoing": {"host": "127.0.0.1", "port": smtp_port, "security": "none", "daily": 0},
            "moderation": {"port": self.web_port},
        }
        who = _toml({"moderators": {"name": MODERATOR, "address": MODERATOR_ADDRESS, "role": "administrator"}})
        written = _toml(sections) + who.replace("[moderators]", "[[moderators]]")
        self.file.write_text(written, encoding="utf-8")
        self.settings = load(self.file)

    def mur(self, *arguments: str) -> str:
        """Run `mur` on this wall, and return what it says. Raises `MurError` with its complaint where it fails."""
        done = subprocess.run(
            [*_COMMAND, *arguments], env=self._environment, capture_output=True, encoding="utf-8", check=False
        )
        if done.returncode:
            raise MurError(f"mur {' '.join(arguments)} : {done.stderr.strip() or done.returncode}")
        return done.stdout.strip()

    @contextmanager
    def serving(self) -> Iterator[str]:
        """`mur serve` at work; gives the address of the moderators' pages."""
        with self._at_work("serve") as process:
            lines = cast("IO[str]", process.stdout)
            address = next((line.split()[-1] for line in lines if "http://" in line), "")
            threading.Thread(target=lines.read, name="mur serve", daemon=True).start()
            if not address:
                raise MurError("mur serve s’est arrêté")
            yield address

    @contextmanager
    def polling(self) -> Iterator[Poller]:
        """`mur poll` at work; it is told to stop, and waited for, at the end."""
        with self._at_work("poll") as process:
            yield Poller(cast("IO[str]", process.stdout))

    @contextmanager
    def _at_work(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        process = subprocess.Popen(
            [*_COMMAND, *arguments],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @property
    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "MUR_CONFIG": str(self.file),
            "MUR_MODERATOR": MODERATOR,
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(ROOT),
        }


class Poller:
    """What a running `mur poll` says, line by line."""

    def __init__(self, output: IO[str]) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, args=(output,), name="mur poll", daemon=True)
        self._reader.start()

    def line(self, patience: float = _PATIENCE) -> str:
        """The next line. Raises `MurError` where none comes, or the poller has ended."""
        try:
            line = self._lines.get(timeout=patience)
        except queue.Empty:
            raise MurError(f"mur poll ne dit rien depuis {patience:.0f} s") from None
        if line is None:
            raise MurError("mur poll s’est arrêté")
        return line

    def _read(self, output: IO[str]) -> None:
        with output:
            for line in output:
                self._lines.put(line.strip())
        self._lines.put(None)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _toml(sections: Mapping[str, Mapping[str, object]]) -> str:
    # A JSON string is a TOML basic string, and so are numbers and booleans.
    lines: list[str] = []
    for name, values in sections.items():
        lines += [
            f"[{name}]",
            *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()),
            "",
        ]
    return "\n".join(lines)
