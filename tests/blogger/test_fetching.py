"""Pictures asked of Blogger's hosts, here a real HTTPS server on this machine under a certificate of our own."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import pytest

from ingest.blogger import fetching
from ingest.blogger.fetching import Fetcher
from ingest.fetching.public import is_public
from tests.servers.certificates import Certificates, issue

HOST = "https://1.bp.blogspot.com"


class Pictures(BaseHTTPRequestHandler):
    """Answers by what is asked for, and notes it."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(f"{self.headers['Host'].partition(':')[0]}{self.path}")
        status, kind, data = {
            "/s0/a.jpg": (200, "image/jpeg", b"large"),
            "/s320/b.jpg": (200, "image/jpeg", b"small"),
            "/page.jpg": (200, "text/html", b"<html>"),
            "/long.jpg": (200, "image/jpeg", b"x" * 5000),
            "/there.jpg": (302, "image/jpeg", b""),
        }.get(self.path, (404, "text/plain", b""))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status == 302:
            self.send_header("Location", "https://127.0.0.1/secret")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_args: object) -> None:
        """Silence."""


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """For localhost only."""
    return issue(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def port(certificates: Certificates) -> Iterator[int]:
    """Of the server, while it runs."""
    Pictures.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.chain, certificates.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def fetcher(port: int, certificates: Certificates, *, name_matters: bool = False, public: bool = True) -> Fetcher:
    """One that takes this machine for Blogger's, unless its own judgement is what is tested."""
    context = ssl.create_default_context(cafile=str(certificates.authority))
    context.check_hostname = name_matters
    judge = (lambda _address: True) if public else is_public
    return Fetcher(resolve=lambda _host: ["127.0.0.1"], public=judge, context=context, port=port)


@pytest.mark.parametrize(
    ("address", "data"),
    [
        (f"{HOST}/s320/a.jpg", b"large"),
        (f"{HOST}/s320/b.jpg", b"small"),
        (f"{HOST}/page.jpg", None),
        (f"{HOST}/there.jpg", None),
        (f"{HOST}/none.jpg", None),
    ],
)
def test_a_picture_is_had_in_full_or_as_it_was_shown(
    port: int, certificates: Certificates, address: str, data: bytes | None
):
    """A page, a redirect or nothing is none."""
    assert data == fetcher(port, certificates)(address)
    assert all(asked.startswith("1.bp.blogspot.com/") for asked in Pictures.asked)
    assert len(Pictures.asked) in {1, 2}


@pytest.mark.parametrize(
    "address",
    [
        "https://mauvais.invalid/s320/a.jpg", "https://1.bp.blogspot.com.mauvais.invalid/s320/a.jpg",
        "http://1.bp.blogspot.com/s320/a.jpg", "https://1.bp.blogspot.com:8443/s320/a.jpg",
        "https://zoe@1.bp.blogspot.com/s320/a.jpg", "https://1.bp.blogspot.com@127.0.0.1/s320/a.jpg",
        "https://127.0.0.1/s320/a.jpg", "file:///etc/passwd", "https://[::1/a.jpg", "", "https://1.bp.blogspot.com:x/a.jpg",
        "https://1.bp.blogspot.com/a.jpg\r\nX-Y: z", "https://1.bp.blogspot.com/s320/a b.jpg",
    ],
)  # fmt: skip
def test_nobody_else_is_asked(port: int, certificates: Certificates, address: str):
    """Whatever stands in an export."""
    assert fetcher(port, certificates)(address) is None
    assert Pictures.asked == []


def test_a_private_address_is_not_asked(port: int, certificates: Certificates):
    """A name of Blogger's that leads into this network."""
    assert fetcher(port, certificates, public=False)(f"{HOST}/s320/a.jpg") is None
    assert Pictures.asked == []
    assert [is_public(it) for it in ("10.0.0.1", "::1", "169.254.169.254", "fe80::1", "x", "142.250.74.33")] == [
        *[False] * 5, True
    ]  # fmt: skip


def test_a_certificate_of_somebody_else_is_refused(port: int, certificates: Certificates):
    """Nothing is asked for."""
    assert fetcher(port, certificates, name_matters=True)(f"{HOST}/s320/a.jpg") is None
    assert Pictures.asked == []


def test_what_is_too_large_is_left(port: int, certificates: Certificates, monkeypatch: pytest.MonkeyPatch):
    """By what comes, not by what is said to come."""
    monkeypatch.setattr(fetching, "MAX_PICTURE", 4000)

    assert fetcher(port, certificates)(f"{HOST}/long.jpg") is None


def test_without_a_network_it_gives_up(certificates: Certificates):
    """After a few failures in a row nothing more is tried."""
    tried = []

    def resolve(host: str) -> list[str]:
        tried.append(host)
        raise OSError("no network")

    fetch = Fetcher(resolve=resolve)
    assert [fetch(f"{HOST}/s320/{n}.jpg") for n in range(50)] == [None] * 50
    assert len(tried) == 10
