"""A private Dovecot whose accounts are filled in an instant: mails lie on the disk once, accounts are links to them."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.bench import peers
from tests.bench.bench import Bench, make_of
from tests.servers import dovecot
from tests.servers.certificates import issue

PASSWORD = "secret"
_MAKE = make_of("french.py", "mails.py", "markup.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mails:
    """Mails as Dovecot keeps them: a folder of files with LF, the sizes that it asks for in their names."""

    folder: Path
    count: int
    bytes: int


@dataclass(slots=True)
class Server:
    """Dovecot on 127.0.0.1, and how many accounts were opened."""

    port: int
    folder: Path
    opened: int = 0

    def account(self, mails: Mails) -> str:
        """A new account whose inbox holds these mails, unread."""
        self.opened += 1
        user = f"mur{self.opened}@example.org"
        box = self.folder / "mail" / user / "Maildir"
        for name in ("cur", "new", "tmp"):
            (box / name).mkdir(parents=True)
        for path in mails.folder.iterdir():
            os.link(path, box / "cur" / f"{path.name}:2,")
        _give(self.folder / "mail" / user)
        return user

    def close(self, user: str) -> None:
        """Take an account away again."""
        shutil.rmtree(self.folder / "mail" / user, ignore_errors=True)


@contextmanager
def serving() -> Iterator[Server]:
    """It runs, beside the generated mails, since a link stays on its disk. Raises `Missing` where there is none."""
    peers.dovecot_server()
    folder = Path(tempfile.mkdtemp(prefix="mur-bench-"))  # a short name: Dovecot's sockets may have 107 characters
    try:
        (folder / "certificates").mkdir()
        with dovecot.running(folder / "d", PASSWORD, issue(folder / "certificates")) as server:
            folder.chmod(0o711)
            yield Server(port=server.imap, folder=folder / "d")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def written(bench: Bench, name: str, count: int, made: Iterable[bytes]) -> Mails:
    """Mails as files, written once and kept for the next run."""
    folder = bench.kept(f"mails-{name}-{count}-{_MAKE}")
    if not folder.exists():
        partial = folder.with_name(folder.name + ".new")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        with bench.steps(f"{count:,} mails ({name})", count) as tick:
            for number, raw in enumerate(made):
                lines = raw.replace(b"\r\n", b"\n")
                path = partial / f"{1_600_000_000 + number * 60}.M{number}P1.mx,S={len(lines)},W={len(raw)}"
                path.write_bytes(lines)
                os.utime(path, (1_600_000_000 + number * 60,) * 2)
                tick()
        partial.rename(folder)
    found = list(folder.iterdir())
    return Mails(folder=folder, count=len(found), bytes=sum(path.stat().st_size for path in found))


def _give(home: Path) -> None:
    """An account's files are its server's: links share their owner, so the mails themselves are given too."""
    if os.getuid() != 0:
        return
    with suppress(KeyError):
        owner = pwd.getpwnam("dovecot")
        for path in (home, *home.rglob("*")):
            os.chown(path, owner.pw_uid, owner.pw_gid)
