"""`/health` and `/metrics` on 127.0.0.1, in a thread of the poller: whoever watches asks, nobody is told."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

from ingest import durable
from ingest.errors import Unavailable
from ingest.settings import Settings
from ingest.watch import health, keeping
from ingest.watch.metrics import TYPE, metrics
from ingest.words import _

_log = logging.getLogger(__name__)

_HOST = "127.0.0.1"
_SECONDS = 5
"""For one question, since they are answered one after the other."""


@contextmanager
def serving(settings: Settings) -> Iterator[int]:
    """Answer while the context is open, at `[watch] port`, which is yielded; 0 and nothing where none is set.

    Raises `Unavailable` where the port is taken.
    """
    if not settings.watch.port:
        yield 0
        return
    with _server(settings, settings.watch.port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="watch", daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def _server(settings: Settings, port: int) -> HTTPServer:
    class Handler(_Handler):
        wall = settings

    try:
        return _Server((_HOST, port), Handler)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Unavailable(_("[watch] port {port} : {reason}").format(port=port, reason=reason)) from None


class _Server(HTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        """Whoever asked went away before the answer. The standard library would print a traceback."""
        _log.debug("an answer was not read", exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    wall: Settings
    timeout = _SECONDS
    server_version = "mur"
    sys_version = ""

    def do_GET(self) -> None:
        """`/health`: 200 where all is well, 503 otherwise, and JSON. `/metrics`: Prometheus' text."""
        now = datetime.now(UTC)
        known = keeping.read(self.wall.paths.state)
        wrong = health.alarms(known, self.wall, now=now)
        if self.path == "/health":
            table = {"ok": not wrong, "alarms": wrong, **json.loads(health.dump(known))}
            self._answer(503 if wrong else 200, "application/json", json.dumps(table, ensure_ascii=False) + "\n")
        elif self.path == "/metrics":
            self._answer(200, TYPE, metrics(known, free_bytes=_free(self.wall), alarms=len(wrong)))
        else:
            self._answer(404, "text/plain; charset=utf-8", "/health, /metrics\n")

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        """Who asks, and how often, is nobody's news."""

    def _answer(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _free(settings: Settings) -> int:
    try:
        return durable.free_bytes(settings.paths.state)
    except OSError:
        return 0
