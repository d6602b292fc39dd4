"""A server that speaks HTTPS on 127.0.0.1: it answers as a social network does, or as nobody should."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from ingest.fetching.reach import Reach
from tests.servers.certificates import Certificates

HOST = "social.example.net"


class Strange:
    """What it answers, by path, and what it was asked."""

    def __init__(self) -> None:
        self.documents: dict[str, object] = {}
        self.behaviours: dict[str, Callable[[Any], None]] = {
            "/elsewhere": _elsewhere,
            "/html": lambda handler: _whole(handler, "text/html", b"<p>{}</p>"),
            "/zipped": lambda handler: _whole(handler, "application/json", b"{}", ("Content-Encoding", "gzip")),
            "/huge": _huge,
            "/long-header": _long_header,
            "/torn": lambda handler: _whole(handler, "application/json", b'{"a": 1', ("Content-Length", "99")),
            "/nonsense": lambda handler: _whole(handler, "application/json", b"\xff{"),
            "/deep": lambda handler: _whole(handler, "application/json", b"[" * 200_000),
            "/slow-body": self._slow_body,
            "/slow-header": self._slow_header,
            "/silent": lambda _handler: self.over.wait(60),
            **{f"/code-{code}": _code(code) for code in (401, 403, 404, 410, 418, 429, 500, 503)},
        }
        self.asked: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.over = Event()

    def answer(self, handler: Any) -> None:
        """One request."""
        self.asked.append((handler.headers["Host"].partition(":")[0], handler.path))
        self.headers.append(dict(handler.headers))
        if handler.path in self.behaviours:
            self.behaviours[handler.path](handler)
        elif handler.path in self.documents:
            _whole(handler, "application/json; charset=utf-8", json.dumps(self.documents[handler.path]).encode())
        else:
            _code(404)(handler)

    def _slow_body(self, handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        self._drip(handler)

    def _slow_header(self, handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self._drip(handler)

    def _drip(self, handler: Any) -> None:
        """A letter now and then, for as long as anybody listens."""
        while not self.over.wait(0.02):
            handler.wfile.write(b"a")
            handler.wfile.flush()


def _whole(handler: Any, kind: str, data: bytes, *fields: tuple[str, str]) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    for name, value in fields:
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(data)


def _code(code: int) -> Callable[[Any], None]:
    def answer(handler: Any) -> None:
        handler.send_response(code)
        handler.send_header("Content-Type", "application/json")
        handler.end_headers()
        handler.wfile.write(b'{"error": "CANARY of theirs"}')

    return answer


def _elsewhere(handler: Any) -> None:
    handler.send_response(302)
    handler.send_header("Location", "https://127.0.0.1/api/v1/statuses/1")
    handler.end_headers()


def _huge(handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for _number in range(400):
        handler.wfile.write(b" " * 65_536)


def _long_header(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(90):
        handler.wfile.write(b"X-%d: " % number + b"a" * 60_000 + b"\r\n")
    handler.wfile.write(b"\r\n{}")


@contextmanager
def serving(certificates: Certificates, address: str = "127.0.0.1", port: int = 0) -> Iterator[tuple[Strange, int]]:
    """It, and its port."""
    strange = Strange()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                strange.answer(self)
            except OSError:
                self.close_connection = True  # who asked hung up, which is what is tested

        def log_message(self, *_args: object) -> None:
            """Silence."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_args: object) -> None:
            """A client that hangs up during the handshake is no news."""

    server = Server((address, port), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.chain, certificates.key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield strange, int(server.server_address[1])
    finally:
        strange.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def reach(certificates: Certificates, port: int, **told: Any) -> Reach:
    """One that takes this machine for the open Internet: the certificate names it by its address only."""

    def context() -> ssl.SSLContext:
        made = ssl.create_default_context(cafile=str(certificates.authority))
        made.check_hostname = False
        return made

    known: dict[str, Any] = {"resolve": lambda _host: ["127.0.0.1"], "allowed": lambda _address: True}
    return Reach(**{**known, "port": port, "context": context, "seconds": 20.0, **told})
