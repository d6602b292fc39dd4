"""A Dovecot 2.3 of our own on 127.0.0.1, everything it writes in one folder. Runs as root and as anybody else."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template

from tests.servers.certificates import Certificates

BINARY = shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:" + os.environ.get("PATH", ""))

_CONFIGURATION = Template((Path(__file__).parent / "dovecot.conf").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dovecot:
    """Ports of a running server: `imap` offers STARTTLS, `imaps` speaks TLS from the first byte."""

    imap: int
    imaps: int
    folder: Path
    pid: int


@contextmanager
def running(
    folder: Path,
    password: str,
    certificates: Certificates,
    *,
    separator: str = "/",
    prefix: str = "",
    capabilities: str = "",
    mechanisms: str = "plain login",
    introspection: str = "",
) -> Iterator[Dovecot]:
    """Start it, wait until it answers, and stop it.

    Any name is an account, which begins empty, and opens with `password`. `capabilities`, where given, is all that the
    server admits to. At `introspection` it asks whether a token is good; it refuses one without the usual delay.
    """
    imap, imaps = free_port(), free_port()
    account = _account()
    for name in ("run", "state", "mail"):
        (folder / name).mkdir(parents=True)
    if os.getuid() == 0:
        _open_to(pwd.getpwnam("dovecot"), folder)
    configuration = folder / "dovecot.conf"
    configuration.write_text(
        _CONFIGURATION.substitute(
            account,
            base=folder,
            password=password,
            chain=certificates.chain,
            key=certificates.key,
            imap=imap,
            imaps=imaps,
            separator=separator,
            prefix=prefix,
            capabilities=f"imap_capability = {capabilities}" if capabilities else "",
            mechanisms=mechanisms,
            oauth=_oauth(folder, introspection) if introspection else "",
        )
    )
    process = subprocess.Popen([str(BINARY), "-F", "-c", str(configuration)], stderr=subprocess.PIPE)
    try:
        _wait_for(process, imap, folder / "dovecot.log")
        yield Dovecot(imap=imap, imaps=imaps, folder=folder, pid=process.pid)
    finally:
        process.terminate()
        process.communicate(timeout=10)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listened on a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _oauth(folder: Path, introspection: str) -> str:
    """The token goes to `introspection` in an Authorization field."""
    asks = folder / "oauth2.conf"
    asks.write_text(
        f"introspection_mode = auth\nintrospection_url = {introspection}\n"
        "username_attribute = user\nactive_attribute = active\nactive_value = true\n"
    )
    database = f"  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {asks}\n"
    return f"auth_failure_delay = 0\npassdb {{\n{database}}}\n"


def _account() -> dict[str, object]:
    """Which accounts run it: Dovecot's own for root, who may not own mail; else the one who asks."""
    me = pwd.getpwuid(os.getuid())
    if me.pw_uid == 0:
        it = pwd.getpwnam("dovecot")
        return {
            "login_user": "dovenull",
            "internal_user": it.pw_name,
            "group": grp.getgrgid(it.pw_gid).gr_name,
            "uid": it.pw_uid,
            "gid": it.pw_gid,
        }
    group = grp.getgrgid(me.pw_gid).gr_name
    return {
        "login_user": me.pw_name,
        "internal_user": me.pw_name,
        "group": group,
        "uid": me.pw_uid,
        "gid": me.pw_gid,
    }


def _open_to(account: pwd.struct_passwd, folder: Path) -> None:
    """Let Dovecot's own account into the folder, which root made for itself."""
    os.chown(folder / "mail", account.pw_uid, account.pw_gid)
    folder.chmod(0o711)


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    said = log.read_text(errors="replace") if log.exists() else ""
    raise RuntimeError(f"dovecot does not answer: {said}")
