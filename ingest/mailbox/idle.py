"""Waiting for news: IDLE (RFC 2177) where the server has it, NOOP where it has not.

Both are hints. A server may send `EXISTS` in the same packet as `+ idling`, where imapclient's poll of the socket does
not see it: whoever waits searches again after every wake and every time-out.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError

_PULSE = 0.5
"""Seconds between two looks at the stop event."""
_FIRST_TURN = 2.0
"""The first IDLE is short: what came with `+ idling` surfaces when it ends."""
_TURN = 240.0
"""IDLE is renewed well before the 29 minutes of RFC 2177: home routers forget a quiet connection after five."""
_NOOP = 60.0


def idle(client: IMAPClient, seconds: float, stop: threading.Event) -> bool:
    """Whether the server announced a mail within `seconds`. Returns soon after `stop` is set.

    A dead connection raises IMAPClientAbortError or OSError.
    """
    deadline = time.monotonic() + seconds
    turn = _FIRST_TURN
    while (left := deadline - time.monotonic()) > 0 and not stop.is_set():
        if _turn(client, min(turn, left), stop):
            return True
        turn = _TURN
    return False


def _turn(client: IMAPClient, seconds: float, stop: threading.Event) -> bool:
    client.idle()
    news = _listen(client, seconds, stop)
    _, late = client.idle_done()  # imapclient raises abort here where the connection is dead
    return news or _is_news(late)


def _listen(client: IMAPClient, seconds: float, stop: threading.Event) -> bool:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and not stop.is_set():
        asked = min(left, _PULSE)
        began = time.monotonic()
        answers = client.idle_check(timeout=asked)
        if _is_news(answers):
            return True
        if not answers and time.monotonic() - began < asked - 0.05:
            # Nothing, too early: at the end of a connection imapclient answers so for ever (its issue 565), and TLS
            # may wake for bytes that are no line. `idle_done` tells the two apart.
            return False
    return False


def noop(client: IMAPClient, seconds: float, stop: threading.Event) -> bool:
    """The same for a server without IDLE: asked now and then."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0 and not stop.is_set():
        stop.wait(min(left, _NOOP))
        if not stop.is_set() and _is_news(client.noop()[1]):
            return True
    return False


def _is_news(answers: Iterable[Any]) -> bool:
    for answer in answers:
        if b"BYE" in answer[:1]:
            raise IMAPClientAbortError("the server said BYE")
        if b"EXISTS" in answer[1:2] or b"RECENT" in answer[1:2]:
            return True
    return False
