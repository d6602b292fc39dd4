"""Pictures fetched from Blogger's own hosts, where somebody asked for it: the one thing that leaves this machine.

An export is untrusted: an address in it may name anything. Only Blogger's picture hosts are asked, by HTTPS, at public
addresses, without following a redirect, a bounded number of bytes in a bounded time.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from ingest.blogger.pictures import in_full
from ingest.blogger.sources import MAX_PICTURE
from ingest.body.html.posts import is_blogger_s
from ingest.fetching.public import is_public

SECONDS = 20
"""Of silence; three times as long for one picture as a whole."""
_GIVE_UP = 10
"""After that many failures in a row nothing more is asked: there is no network."""
_PIECE = 1 << 16

Resolve = Callable[[str], Sequence[str]]


def addresses_of(host: str) -> Sequence[str]:
    """The IP addresses of a host. Raises `OSError`."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)]


@dataclass(slots=True, kw_only=True)
class Fetcher:
    """Fetches a picture; None for one that is not to be had, or may not be asked for."""

    resolve: Resolve = addresses_of
    public: Callable[[str], bool] = is_public
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    port: int = 443
    failures: int = 0

    def __call__(self, address: str) -> bytes | None:
        """The bytes at `address`, as large as they were sent where that can be had."""
        if not is_blogger_s(address) or self.failures >= _GIVE_UP:
            return None
        for wanted in dict.fromkeys((in_full(address), address)):
            try:
                data = self._got(wanted)
            except (OSError, HTTPException, ValueError):
                self.failures += 1
                continue
            self.failures = 0
            if data is not None:
                return data
        return None

    def _got(self, address: str) -> bytes | None:
        url = urlsplit(address)
        if url.scheme != "https" or url.port not in {None, 443} or url.username is not None:
            return None
        host = url.hostname or ""
        found = self.resolve(host)
        if not found or not all(map(self.public, found)):
            return None
        connection = _Pinned(host, found[0], port=self.port, context=self.context)
        try:
            connection.request("GET", f"{url.path}?{url.query}" if url.query else url.path)
            return _picture(connection)
        finally:
            connection.close()


class _Pinned(HTTPSConnection):
    """A connection to the very address that was looked at, so that no second answer of a name server counts."""

    def __init__(self, host: str, address: str, *, port: int, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=SECONDS, context=context)
        self._address, self._ours = address, context

    def connect(self) -> None:
        """To the address, with a certificate for the name."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        try:
            self.sock = self._ours.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def _picture(connection: _Pinned) -> bytes | None:
    until = time.monotonic() + 3 * SECONDS
    response = connection.getresponse()
    if response.status != 200 or not response.headers.get_content_type().startswith("image/"):
        return None
    data = bytearray()
    while piece := response.read1(_PIECE):
        data += piece
        if len(data) > MAX_PICTURE or time.monotonic() > until:
            return None
    return bytes(data)
