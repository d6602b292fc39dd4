"""One GET by HTTPS: a name resolved once, every address of it looked at, the connection made to that very address.

So a name server that answers otherwise the second time changes nothing. No redirect is followed, no cookie kept, no
proxy of the environment asked, no compressed body taken. One deadline holds for all of it, and one bound for all bytes
that come, header included.
"""

from __future__ import annotations

import io
import json
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from typing import Any

from ingest.errors import Refused, Unavailable
from ingest.fetching.public import is_public
from ingest.words import _

SECONDS = 15.0
"""For one request, from the first packet to the last byte."""
MAX_BYTES = 2_000_000
"""Sixty posts with all that a server tells of their authors are some 300 KB."""
_MOST_ADDRESSES = 3
_PIECE = 1 << 16
_AGENT = "lemurparle"
"""What we say of ourselves; which wall asks is nobody's business."""

Resolve = Callable[[str], Sequence[str]]


def addresses_of(host: str) -> Sequence[str]:
    """The IP addresses of a host. Raises `OSError`."""
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far one may reach. What is here is right for every wall; tests have a server on this machine."""

    resolve: Resolve = addresses_of
    allowed: Callable[[str], bool] = is_public
    port: int = 443
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    seconds: float = SECONDS
    max_bytes: int = MAX_BYTES

    def server(self, host: str) -> Server:
        """The server called `host`, resolved now and once.

        Raises `Refused` where any of its addresses is not open to all, `Unavailable` where it has none.
        """
        try:
            found = tuple(self.resolve(host))
        except (OSError, UnicodeError):
            found = ()
        if not found:
            raise Unavailable(_("{host} : ce nom de serveur est inconnu").format(host=host))
        if not all(map(self.allowed, found)):
            raise Refused(_("{host} : cette adresse n’est pas ouverte à tous, rien n’y est lu").format(host=host))
        return Server(host=host, addresses=found[:_MOST_ADDRESSES], reach=self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A host and the addresses that were looked at: it is asked at these and no others."""

    host: str
    addresses: tuple[str, ...]
    reach: Reach = field(repr=False)

    def json(self, path: str) -> Any:
        """The JSON document at `path`.

        Raises `Refused` where the server says no or answers something else, `Unavailable` where it does not answer, or
        not in time.
        """
        until = time.monotonic() + self.reach.seconds
        try:
            data = self._got(path, until)
        except _TooMuch:
            raise Refused(_("{host} : la réponse est démesurée").format(host=self.host)) from None
        except ssl.SSLCertVerificationError:
            raise Refused(_("{host} : son certificat n’est pas valable").format(host=self.host)) from None
        except (OSError, HTTPException, ValueError):
            raise Unavailable(_("{host} ne répond pas, ou pas à temps").format(host=self.host)) from None
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            raise Refused(_("{host} : la réponse est illisible").format(host=self.host)) from None

    def _got(self, path: str, until: float) -> bytes:
        connection = _Pinned(self, until)
        try:
            headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": _AGENT}
            connection.request("GET", path, headers=headers)
            return self._body(connection.getresponse())
        finally:
            connection.end()

    def _body(self, response: HTTPResponse) -> bytes:
        if response.status != 200:
            raise _said(self.host, response.status)
        if response.headers.get_content_type() != "application/json" or response.headers.get("Content-Encoding"):
            raise Refused(_("{host} : ce n’est pas la réponse d’un tel serveur").format(host=self.host))
        data = bytearray()
        while piece := response.read(_PIECE):
            data += piece
        if response.length:  # what http.client still waits for: it says nothing where pieces are asked for
            raise IncompleteRead(bytes(data), response.length)
        return bytes(data)


_REFUSALS = {
    401: "{host} ne montre ce message qu’à qui s’y est identifié",
    403: "{host} ne montre ce message qu’à qui s’y est identifié",
    404: "{host} : ce message n’existe pas, n’existe plus, ou n’est pas public",
    410: "{host} : ce message n’existe pas, n’existe plus, ou n’est pas public",
}
_ELSEWHERE = "{host} renvoie à une autre adresse, qui n’est pas suivie"
_LATER = "{host} demande d’attendre un peu"
_OTHERWISE = "{host} a répondu {code}"


def _said(host: str, code: int) -> Refused | Unavailable:
    """What a status code other than 200 means (RFC 9110 section 15)."""
    if code == 429 or code >= 500:
        return Unavailable(_(_LATER).format(host=host))
    if 300 <= code < 400:
        return Refused(_(_ELSEWHERE).format(host=host))
    return Refused(_(_REFUSALS.get(code, _OTHERWISE)).format(host=host, code=code))


class _TooMuch(Exception):
    """More bytes than an answer may have."""


class _Pinned(HTTPSConnection):
    """A connection to an address that was looked at, with a certificate for the name."""

    def __init__(self, server: Server, until: float) -> None:
        self._ours = server.reach.context()
        super().__init__(server.host, server.reach.port, context=self._ours)
        self._server, self._until = server, until
        self._watched: _Watched | None = None

    def connect(self) -> None:
        """To the first address that takes it. The handshake as a whole keeps the deadline (`Modules/_ssl.c`)."""
        last: OSError = TimeoutError()
        for address in self._server.addresses:
            try:
                plain = socket.create_connection((address, self.port), _left(self._until))
            except OSError as error:
                last = error
                continue
            try:
                plain.settimeout(_left(self._until))
                secured = self._ours.wrap_socket(plain, server_hostname=self.host)
            except BaseException:
                plain.close()
                raise
            self.sock = self._watched = _Watched(secured, self._until, self._server.reach.max_bytes)
            return
        raise last

    def end(self) -> None:
        """Close it."""
        self.close()
        if self._watched is not None:
            self._watched.end()


class _Watched:
    """What http.client needs of a socket. Each read has what is left of the time, and of the bytes."""

    def __init__(self, secured: ssl.SSLSocket, until: float, most: int) -> None:
        self._secured, self._until, self._most = secured, until, most

    def sendall(self, data: bytes) -> None:
        """All of it, or `OSError`."""
        self._secured.settimeout(_left(self._until))
        self._secured.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """To read from; `mode` is `rb`."""
        del mode
        return io.BufferedReader(_Incoming(self._secured, self._until, self._most))

    def close(self) -> None:
        """Nothing yet: http.client lets go of it before the answer is read. `end` does."""

    def end(self) -> None:
        """Give it back."""
        self._secured.close()


class _Incoming(io.RawIOBase):
    """Reads of one answer, counted."""

    def __init__(self, secured: ssl.SSLSocket, until: float, most: int) -> None:
        self._secured, self._until, self._most = secured, until, most

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Some bytes; 0 at the end. Raises `TimeoutError`, and `_TooMuch` beyond the bound."""
        self._secured.settimeout(_left(self._until))
        count = self._secured.recv_into(buffer)
        self._most -= count
        if self._most < 0:
            raise _TooMuch
        return count


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
