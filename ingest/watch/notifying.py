"""A word to systemd: that we are ready, that we live, what we do (sd_notify(3)); nothing where nobody asked."""

from __future__ import annotations

import os
import socket
from contextlib import suppress


def tell_systemd(line: str) -> None:
    """Send `READY=1`, `WATCHDOG=1`, `STATUS=…`, one a line. Never raises: it is a courtesy."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        channel.connect("\0" + address[1:] if address.startswith("@") else address)
        channel.sendall(line.encode())
