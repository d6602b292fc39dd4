"""A bad network between a client and a server: a TCP proxy that cuts, stalls, drips, resets and refuses, by a seed.

Each connection meets one fate, drawn from a seeded dice when it is opened; what a fate does, it does at a byte, so that
the same seed cuts at the same byte of the same conversation.
"""

from __future__ import annotations

import contextlib
import random
import selectors
import socket
import struct
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Self

SOUND, CUT, RESET, STALL, HALF, DRIP, REFUSE = "sound", "cut", "reset", "stall", "half open", "drip", "refuse"
FATES = (CUT, RESET, STALL, HALF, DRIP, REFUSE)
_BOTH = ("up", "down")
_PIECE = 1 << 16
_RESETS = struct.pack("ii", 1, 0)
"""SO_LINGER of no time: close(2) sends a RST (socket(7))."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes of one connection."""

    kind: str
    way: str = "down"
    """`up`: what the client says; `down`: what the server says."""
    at: int = 0
    """After so many bytes that way."""
    piece: int = 7
    """Bytes at once, of a drip."""


class Faulty:
    """The proxy, as a context manager; `port` is where to connect to on 127.0.0.1.

    `harm` is the share of connections that are not left alone. Bytes up to which a fate may wait are drawn below
    `reach`, small ones more often than large ones, so that log-in, search, fetch and move are all met.
    """

    def __init__(self, target: int, *, seed: int, harm: float = 0.5, reach: int = 20_000) -> None:
        self.target, self.harm, self.reach = target, harm, reach
        self._dice = random.Random(seed)
        self._over = threading.Event()
        self.fates: Counter[str] = Counter()
        """How many connections met which."""
        self.forced: list[Fate] = []
        """Fates for the next connections, instead of drawn ones."""

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()  # wakes accept(2)
        self._thread.join(5)
        self._listener.close()

    def _draw(self) -> Fate:
        if self.forced:
            return self.forced.pop(0)
        if self._dice.random() >= self.harm:
            return Fate(kind=SOUND)
        at = int(self.reach ** self._dice.random())
        piece = self._dice.randrange(1, 200)
        return Fate(kind=self._dice.choice(FATES), way=self._dice.choice(_BOTH), at=at, piece=piece)

    def _accept(self) -> None:
        while not self._over.is_set():
            client, _address = self._listener.accept()
            if self._over.is_set():
                client.close()
                return
            fate = self._draw()
            self.fates[fate.kind] += 1
            threading.Thread(target=self._serve, args=(client, fate), daemon=True).start()

    def _serve(self, client: socket.socket, fate: Fate) -> None:
        with client:
            if fate.kind == REFUSE:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESETS)
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target), 5)
            except OSError:
                return
            with server, contextlib.suppress(OSError):
                _Connection(client, server, fate, self._over).run()


class _Connection:
    """Bytes both ways, until the fate or the end."""

    def __init__(self, client: socket.socket, server: socket.socket, fate: Fate, over: threading.Event) -> None:
        self.client, self.server, self.fate, self.over = client, server, fate, over
        self.passed = dict.fromkeys(_BOTH, 0)

    def run(self) -> None:
        ends = {self.client: (self.server, "up"), self.server: (self.client, "down")}
        with selectors.DefaultSelector() as ready:
            for end in ends:
                ready.register(end, selectors.EVENT_READ)
            while not self.over.is_set():
                for key, _events in ready.select(0.5):
                    end = key.fileobj
                    other, way = ends[end]  # type: ignore[index]
                    data = end.recv(_PIECE)  # type: ignore[union-attr]
                    if not data or not self._pass(data, other, way):
                        return

    def _pass(self, data: bytes, other: socket.socket, way: str) -> bool:
        """Hand on some bytes; False where the connection ends here."""
        fate = self.fate
        if fate.kind == SOUND or way != fate.way:
            other.sendall(data)
            return True
        left = fate.at - self.passed[way]
        self.passed[way] += len(data)
        if len(data) <= left:
            other.sendall(data)
            return True
        other.sendall(data[: max(left, 0)])
        rest = data[max(left, 0) :]
        return self._meet(rest, other)

    def _meet(self, rest: bytes, other: socket.socket) -> bool:
        kind = self.fate.kind
        if kind == DRIP:
            for start in range(0, len(rest), self.fate.piece):
                other.sendall(rest[start : start + self.fate.piece])
                time.sleep(0.0005)
            return True
        if kind == RESET:
            for end in (self.client, self.server):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESETS)
            return False
        if kind == HALF:
            # The server hears nothing more and the client is told nothing: a cable pulled out in between
            self.server.close()
            self._silence()
        if kind == STALL:
            self._silence()
        return False

    def _silence(self) -> None:
        """Nothing more is said until the client gives up."""
        while not self.over.is_set():
            self.client.settimeout(0.5)
            try:
                if not self.client.recv(_PIECE):
                    return
            except TimeoutError:
                continue
