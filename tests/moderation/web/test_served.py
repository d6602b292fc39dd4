"""`mur serve` and `mur login-link` as they are run, and the web servers that stand before them."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.moderation.web.application import FORM_BYTES
from tests.servers.dovecot import free_port

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
MUR = [sys.executable, "-c", "from ingest.cli import main; main()"]
PATH = f"/usr/sbin:/sbin:{os.environ['PATH']}"
LETTERS = '[wall]\naddress = "mur@example.org"\n[outgoing]\nhost = "127.0.0.1"\nsecurity = "none"\n'


def mur_toml(folder: Path, port: int, *, url: str = "") -> Path:
    """A wall with one moderator, whose pages are at `port`."""
    file = folder / "mur.toml"
    letters = LETTERS if url else ""
    file.write_text(
        f'{letters}[moderation]\nport = {port}\nurl = "{url}"\n'
        '[[moderators]]\nname = "Zoé"\naddress = "zoe@example.org"\n',
        encoding="utf-8",
    )
    return file


def mur(file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    command = [*MUR, "--config", str(file), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@contextmanager
def served(file: Path):
    """The process of `mur serve`, once it said where it is."""
    process = subprocess.Popen(
        [*MUR, "--config", str(file), "serve"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process, process.stdout.readline()
    finally:
        process.terminate()
        process.communicate(timeout=30)


def ask(port: int, path: str, *, method: str = "GET", host: str = "", body: bytes = b"", **fields: str):
    """Status, header fields and text of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Host": host} if host else {}
    connection.request(method, path, body=body or None, headers={**headers, **fields})
    answer = connection.getresponse()
    told = answer.status, answer.headers, answer.read().decode("utf-8", "replace")
    connection.close()
    return told


def test_it_says_where_it_is_and_ends_when_told(tmp_path):
    """On 127.0.0.1 alone, without the name of a server; SIGTERM ends it with 0 and not a word."""
    port = free_port()
    with served(mur_toml(tmp_path, port)) as (process, said):
        status, fields, text = ask(port, "/connexion")
        # Everything but loopback: 0.0.0.0 would answer at the machine's other names, too
        listening = Path("/proc/net/tcp").read_text().split("\n")
        bound = {line.split()[1] for line in listening[1:] if line and line.split()[3] == "0A"}
        helps = process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        err = process.communicate(timeout=30)[1]

    assert f"http://127.0.0.1:{port}/" in said
    assert (status, fields["Server"]) == (200, None)
    assert "mur login-link" in text
    assert {address for address in bound if address.endswith(f":{port:04X}")} == {f"0100007F:{port:04X}"}
    assert (process.returncode, err) == (0, "")
    assert "mur login-link NOM" in helps


def test_a_port_that_is_taken_is_said(tmp_path):
    """One line, and 75: it may be free the next time."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = mur(mur_toml(tmp_path, port), "serve")

    assert done.returncode == 75
    assert done.stderr.startswith(f"mur: [moderation] port {port}")
    assert done.stderr.count("\n") == 1


def test_a_link_from_the_terminal_opens_the_pages(tmp_path):
    """Printed alone on standard output; by name or address, however it is written; served by another process."""
    port = free_port()
    file = mur_toml(tmp_path, port)
    with served(file):
        done = mur(file, "login-link", "ZOÉ")
        link = done.stdout.strip()
        status, fields, text = ask(port, link.removeprefix(f"http://127.0.0.1:{port}"))
        key = re.search(r'csrf_token" value="([^"]+)"', text)[1]
        opened = ask(
            port,
            link.removeprefix(f"http://127.0.0.1:{port}"),
            method="POST",
            body=f"csrf_token={key}".encode(),
            **{
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": fields["Set-Cookie"].partition(";")[0],
                "Sec-Fetch-Site": "same-origin",
            },
        )

    assert (done.returncode, done.stdout.count("\n"), status) == (0, 1, 200)
    assert "quinze minutes" in done.stderr
    assert (opened[0], opened[1]["Location"]) == (303, "/")


def test_a_link_is_for_who_moderates(tmp_path):
    """Whoever is not named in `mur.toml` gets none, and is told who is."""
    done = mur(mur_toml(tmp_path, 8020), "login-link", "lou")

    assert (done.returncode, done.stdout) == (1, "")
    assert "Zoé" in done.stderr


def test_what_is_far_too_long_does_not_get_in(tmp_path):
    """Beyond what our own page answers to, the server itself says no."""
    port = free_port()
    with served(mur_toml(tmp_path, port)):
        status, _fields, _text = ask(
            port, "/connexion", method="POST", **{"Content-Length": str(5 * FORM_BYTES), "Connection": "close"}
        )

    assert status == 413


def nginx(folder: Path, port: int, pages: int) -> list[str]:
    """The example, at another port."""
    text = (DEPLOY / "nginx-moderation.conf").read_text().replace("listen 80;", f"listen 127.0.0.1:{port};")
    text = text.replace("listen [::]:80;", "").replace("127.0.0.1:8020", f"127.0.0.1:{pages}")
    (folder / "site.conf").write_text(text)
    user = "user root;" if os.geteuid() == 0 else ""
    kept = "".join(f"{one}_temp_path {folder}/{one};" for one in ("proxy", "fastcgi", "uwsgi", "scgi", "client_body"))
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log stderr; events {{}}"
        f" http {{ {kept} include {folder}/site.conf; }}"
    )
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, port: int, pages: int) -> list[str]:
    """The example, at another port and without TLS."""
    text = (DEPLOY / "Caddyfile-moderation").read_text().replace("127.0.0.1:8020", f"127.0.0.1:{pages}")
    text = text.replace("moderation.example.org {", f"http://:{port} {{")
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + text)
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


@pytest.mark.parametrize("server", [nginx, caddy], ids=["nginx", "caddy"])
def test_a_web_server_may_stand_before_it(tmp_path, server):
    """The name comes through, fields stay as they are, cookies are bound to the host, another name is refused."""
    if not shutil.which(server.__name__, path=PATH):
        pytest.skip(f"{server.__name__} is not installed")
    port, pages = free_port(), free_port()
    with (
        served(mur_toml(tmp_path, pages, url="https://moderation.example.org")),
        subprocess.Popen(
            server(tmp_path, port, pages), env={"PATH": PATH, "HOME": str(tmp_path)}, stderr=subprocess.PIPE
        ) as front,
    ):
        try:
            _until_open(port, front)
            status, fields, text = ask(port, "/connexion", host="moderation.example.org")
            other = ask(port, "/connexion", host="evil.example")
            manifest = ask(port, "/application.webmanifest", host="moderation.example.org")
        finally:
            front.terminate()

    assert (status, other[0]) == (200, 421)
    assert fields.get_all("Content-Security-Policy")[0].startswith("default-src 'none'")
    assert len(fields.get_all("Content-Security-Policy")) == len(fields.get_all("Cache-Control")) == 1
    assert fields["Set-Cookie"].startswith("__Host-mur-form=")
    assert "Modérer le mur" in text
    assert json.loads(manifest[2])["start_url"] == "/"


def _until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    for _try in range(200):
        if process.poll() is not None:
            pytest.fail(process.stderr.read().decode())
        with socket.socket() as probe:
            probe.settimeout(0.05)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
            probe.close()
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
