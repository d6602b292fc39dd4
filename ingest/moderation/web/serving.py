"""The pages on 127.0.0.1, by waitress; a web server with TLS stands before it (`deploy/`)."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

from flask import Flask
from waitress.server import create_server  # type: ignore[import-untyped]

from ingest.errors import Unavailable
from ingest.moderation.web.application import FORM_BYTES
from ingest.words import _

HOST = "127.0.0.1"
"""Never another: whoever listens to the world needs TLS, which is the web server's work."""
THREADS = 6
_SECONDS = 60
"""A connection that says nothing for so long is closed."""
_HEADER_BYTES = 32_768
_CONNECTIONS = 200


class Server(Protocol):
    """What is used of waitress."""

    effective_port: int

    def run(self) -> None:
        """Answer until SystemExit, or until it is closed."""

    def close(self) -> None:
        """Stop listening."""


def server(app: Flask, *, port: int) -> Server:
    """A server that listens; 0 takes any free port. Raises `Unavailable` where the port is taken.

    A body beyond the limit of the pages is still taken, up to a point, so that our own page can say so. That a request
    waited for a moment is told to nobody: waitress (3.0) warns of each.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    try:
        made: Server = create_server(
            app,
            host=HOST,
            port=port,
            threads=THREADS,
            ident=None,  # no Server field
            channel_timeout=_SECONDS,
            connection_limit=_CONNECTIONS,
            max_request_header_size=_HEADER_BYTES,
            max_request_body_size=4 * FORM_BYTES,
            clear_untrusted_proxy_headers=True,
        )
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Unavailable(_("[moderation] port {port} : {reason}").format(port=port, reason=reason)) from None
    return made


def serve(listening: Server) -> None:
    """Answer until SIGTERM or SIGINT; what is being answered is finished, for five seconds at most."""
    with _stopped_by_signals():
        listening.run()
        listening.close()


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
