"""The site that was published: served on this machine, and looked at over HTTP."""

from __future__ import annotations

import functools
import html
import re
import threading
import unicodedata
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_SECONDS = 20


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's word
        """Nothing: people are reading the terminal."""


@contextmanager
def serving(output: Path) -> Iterator[str]:
    """Serve a folder on a free port of 127.0.0.1; gives the address, with its final slash."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(output)))
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="site", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(_SECONDS)


def get(url: str) -> tuple[int, str]:
    """Status and text of a page."""
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer:  # noqa: S310 - our own address
            return answer.status, answer.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, ""


def has_title(page: str, title: str) -> bool:
    """Whether the page's `<title>` holds `title`, whatever French typography made of its spaces and apostrophes."""
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    return found is not None and _plain(title) in _plain(html.unescape(found[1]))


def has_words(text: str, words: str) -> bool:
    """The same for `words` anywhere in a text, however its lines are broken."""
    return _plain(words) in _plain(text)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text.replace("’", "'")).replace("«", '"').replace("»", '"').split())
