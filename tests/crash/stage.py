"""Walls to be killed on: real mails in a real Dovecot, and one folder for each wall, copied from a prepared one.

Everything lies in memory where it can: what a killed process leaves is the same there, and an fsync costs nothing.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.crash.tracing import Tracer
from tests.crash.warm import Run, Warm
from tests.servers import dovecot
from tests.servers.certificates import issue
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import PASSWORD

NOW = "2022-06-08T09:30:00+02:00"
ADDRESS = "ana.pons@example.org"
_SETTLES = 40
FILED = ".Mur.Recu"
"""`Mur/Recu` as Maildir++ names it."""
CANARY = "zinnia-quadrille"
"""Stands in the text of the picture mail, and nowhere once it is erased."""

_TOML = """[paths]
content = "content"
[wall]
name = "Le mur d’essai"
[limits]
free_bytes = 0
[mailbox]
host = "127.0.0.1"
port = {port}
security = "none"
user = "{user}"
poll_seconds = 5
timeout_seconds = {timeout}
[publish]
theme = "simple"
[floods]
sender_daily = 0
daily = 0
queue = 0
[[moderators]]
name = "zoe"
address = "zoe@example.org"
"""


def picture(number: int = 0) -> bytes:
    """A small photograph, another one for each number."""
    data = BytesIO()
    Image.new("RGB", (320, 240), (40 + number % 200, 90, number // 200 % 200)).save(data, "JPEG", quality=80)
    return data.getvalue()


def letter(subject: str, text: str, *, with_picture: int | None = None, **fields: str) -> bytes:
    """A mail as somebody writes one; with CRLF, as IMAP gives it."""
    mail = EmailMessage()
    told = {"From": ADDRESS, "To": "mur@example.org", "Date": "Tue, 07 Jun 2022 21:14:00 +0200", **fields}
    for name, value in {**told, "Subject": subject}.items():
        mail[name.replace("_", "-")] = value
    digest = hashlib.sha256(f"{subject}{text}".encode()).hexdigest()[:20]
    mail["Message-ID"] = f"<{digest}@example.org>"
    mail.set_content(text)
    if with_picture is not None:
        mail.add_attachment(picture(with_picture), "image", "jpeg", filename="photo.jpg")
        mail.set_boundary(f"piece-{digest}")
    return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def nested(depth: int = 40, mark: str = "") -> bytes:
    """A mail that nobody can read: parts in parts in parts, deeper than a mail may be."""
    head = f"From: {ADDRESS}\r\nSubject: poup{mark}es russes\r\nMIME-Version: 1.0\r\n"
    opened = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(depth))
    return f"{head}{opened}Content-Type: text/plain\r\n\r\n{mark}\r\n".encode()


WITH_PICTURE = letter("Une fête au café", f"Venez samedi, il y aura du {CANARY}.\n\nAna\n", with_picture=0)
PLAIN = letter("Un banc sous le tilleul", "La mairie a remis le banc.\n\nAna\n")
THIRD = letter("La fontaine coule", "Depuis ce matin, la fontaine coule de nouveau.\n\nAna\n")
UNREADABLE = nested()
AUTOMATIC = letter("Absence", "Je suis absente.\n", Auto_Submitted="auto-replied")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrashWall:
    """A wall, and an account of its own in the mail server."""

    folder: Path
    user: str
    mail: Path
    """The account's Maildir."""

    @property
    def env(self) -> Mapping[str, str]:
        """What a command needs to know."""
        return {
            "MUR_CONFIG": str(self.folder / "mur.toml"),
            "MUR_NOW": NOW,
            "MUR_MAILBOX_PASSWORD": PASSWORD,
            "MUR_MODERATOR": "zoe",
        }

    def mailbox(self) -> tuple[Counter[str], Counter[str]]:
        """The SHA-256 of every mail that waits, and of every mail that was filed away.

        Dovecot finishes a command whose client died, and a MOVE is a link and then a removal: a mail that is seen in
        both places is looked at again for a while.
        """
        for _try in range(_SETTLES):
            waiting, filed = self._lying(self.mail), self._lying(self.mail / FILED)
            if not waiting & filed:
                break
            time.sleep(0.05)
        return waiting, filed

    def waiting(self) -> int:
        """How many mails nobody took yet."""
        parts = [self.mail / part for part in ("new", "cur")]
        return sum(1 for part in parts if part.is_dir() for _mail in part.iterdir())

    def _lying(self, folder: Path) -> Counter[str]:
        found: Counter[str] = Counter()
        for part in ("new", "cur"):
            for path in (folder / part).iterdir() if (folder / part).is_dir() else ():
                with suppress(FileNotFoundError):  # its flags changed, and with them its name
                    found[hashlib.sha256(_crlf(path.read_bytes())).hexdigest()] += 1
        return found


class Stage:
    """A mail server, a warm `mur`, and a place for walls."""

    timeout = 20
    """`[mailbox] timeout_seconds` of the walls to come."""

    def __init__(self, folder: Path, server: Dovecot, warm: Warm) -> None:
        self.folder, self.server, self.warm, self.tracer = folder, server, warm, Tracer(warm)
        self.port = server.imap
        """Of the walls to come: another way to the server may be put here."""
        self._count = 0

    def wall(self, start: Path | None = None, *, inbox: Sequence[bytes] = (), filed: Sequence[bytes] = ()) -> CrashWall:
        """A wall in a folder of its own: an empty one, or a copy of `start`; with these mails in its mailbox."""
        self._count += 1
        user = f"{self.folder.name.lower()}-{self._count}@example.org"
        folder = self.folder / str(self._count)
        if start is not None:
            shutil.copytree(start, folder, symlinks=True)
        folder.mkdir(exist_ok=True)
        (folder / "mur.toml").write_text(
            _TOML.format(port=self.port, user=user, timeout=self.timeout), encoding="utf-8"
        )
        wall = CrashWall(folder=folder, user=user, mail=self.server.folder / "mail" / user / "Maildir")
        self.deliver(wall, inbox)
        self.deliver(wall, filed, FILED)
        return wall

    def deliver(self, wall: CrashWall, mails: Sequence[bytes], folder: str = "") -> None:
        """Put mails into a mailbox, as a delivery agent does: written beside, then renamed."""
        if not mails:
            return
        box = wall.mail / folder
        for part in ("tmp", "new", "cur"):
            (box / part).mkdir(parents=True, exist_ok=True)
        for raw in mails:
            name = f"{hashlib.sha256(raw).hexdigest()[:24]}.essai"
            (box / "tmp" / name).write_bytes(raw)
            _own(box / "tmp" / name)
            (box / "tmp" / name).rename(box / "new" / name)
        for path in (wall.mail.parent, wall.mail, box, *(box / part for part in ("tmp", "new", "cur"))):
            _own(path)

    def reach(self, wall: CrashWall, port: int) -> None:
        """Let a wall find its mailbox at another port from now on."""
        path = wall.folder / "mur.toml"
        text = path.read_text(encoding="utf-8")
        beside = path.with_suffix(".new")
        beside.write_text(re.sub(r"(?m)^port = \d+$", f"port = {port}", text, count=1), encoding="utf-8")
        beside.rename(path)

    def mur(self, wall: CrashWall, *words: str, broken: str = "", now: str = NOW, seconds: float = 120) -> Run:
        """Run a command to its end, which it reaches in so many seconds."""
        return self.warm.run(words, env={**wall.env, "MUR_NOW": now}, broken=broken, seconds=seconds)

    def strike(self, wall: CrashWall) -> None:
        """Remove a wall and its account."""
        shutil.rmtree(wall.folder, ignore_errors=True)
        shutil.rmtree(wall.mail.parent, ignore_errors=True)


@contextmanager
def server() -> Iterator[Dovecot]:
    """A Dovecot in memory."""
    folder = quick_folder("mur-dovecot-")
    try:
        with dovecot.running(folder, PASSWORD, issue(folder / "certificates")) as running:
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def staged(running: Dovecot, name: str) -> Iterator[Stage]:
    """A stage beside a server that runs."""
    folder = quick_folder(f"mur-{name}-")
    try:
        with Warm(folder / "warm") as warm:
            yield Stage(folder, running, warm)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def quick_folder(prefix: str) -> Path:
    """A folder in memory where there is such a place."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix=prefix, dir=memory if os.access(memory, os.W_OK) else None))


def _own(path: Path) -> None:
    if os.getuid() == 0:
        account = pwd.getpwnam("dovecot")
        os.chown(path, account.pw_uid, account.pw_gid)


def _crlf(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
