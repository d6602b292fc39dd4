"""One question to an authorisation server: a form is sent (POST), a small JSON object comes back.

Https only, but for this machine itself; certificates are checked; no redirect is followed, since a form with a secret
in it goes where the settings say or nowhere; time and size are bounded.
"""

from __future__ import annotations

import ipaddress
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import IO

from ingest.errors import Misconfigured, Unavailable
from ingest.words import _

_SECONDS = 30.0
_MOST_BYTES = 65_536
_LONGEST = 300
_AGENT = "lemurparle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server said: `error` is the word of RFC 6749 section 5.2, empty where it granted something."""

    error: str
    said: str
    """Its explanation: one line, without anything that we sent."""
    fields: Mapping[str, str] = field(repr=False)
    """The texts and numbers at the top of the object."""

    def text(self, *names: str) -> str:
        """The first of these fields that is there, or empty."""
        return next((self.fields[name] for name in names if self.fields.get(name)), "")

    def number(self, name: str, default: int, *, most: int) -> int:
        """A whole number between 1 and `most`; some servers write it as text (Microsoft's v1 did)."""
        text = self.fields.get(name, "")
        return min(max(int(text), 1), most) if text.isascii() and text.isdigit() and len(text) < 10 else default


def checked(key: str, url: str) -> str:
    """The address, where it may be sent secrets. Raises `Misconfigured` where it is neither https nor this machine."""
    try:
        parts = urllib.parse.urlsplit(url)
        good = bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts)))
    except ValueError:
        good = False
    if not good or not url.isascii() or any(sign <= " " for sign in url):
        raise Misconfigured(f"[mailbox] {key}: {url or 'empty'}: expected an address that begins with https://")
    return url


def ask(url: str, form: Mapping[str, str]) -> Answer:
    """Send a form. A refusal is an answer; raises `Unavailable` where there is none that can be read."""
    host = urllib.parse.urlsplit(url).hostname or ""
    body = urllib.parse.urlencode(form).encode()
    headers = {"Accept": "application/json", "User-Agent": _AGENT}
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - `checked` was called on it
    try:
        status, raw = _exchange(request)
    except (OSError, HTTPException) as failure:
        reason = getattr(failure, "reason", None) or failure
        raise Unavailable(
            _("{host} ne répond pas : {reason}").format(host=host, reason=one_line(str(reason)))
        ) from None
    fields = _fields(raw)
    error = _without(form, fields.get("error", ""))
    if status >= 500 or status == 429 or (not error and (status != 200 or not fields)):
        words = _("{host} : réponse inattendue (HTTP {status})")
        raise Unavailable(words.format(host=host, status=status))
    return Answer(error=error, said=_without(form, fields.get("error_description", "")), fields=fields)


def one_line(text: str) -> str:
    """One line that does nothing to a terminal."""
    return "".join(sign for sign in " ".join(text[: 4 * _LONGEST].split()) if sign.isprintable())[:_LONGEST]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: object, newurl: str
    ) -> None:
        del req, fp, code, msg, headers, newurl


def _exchange(request: urllib.request.Request) -> tuple[int, bytes]:
    # A proxy that the environment names is for the world outside.
    proxies: dict[str, str] | None = {} if _is_here(urllib.parse.urlsplit(request.full_url)) else None
    opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies), _NoRedirect)
    until = time.monotonic() + _SECONDS
    try:
        with opener.open(request, timeout=_SECONDS / 2) as answer:
            return answer.status, _read(answer, until)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, _read(refusal, until)


def _read(answer: HTTPResponse | urllib.error.HTTPError, until: float) -> bytes:
    """The body, unless it is too long or drips."""
    raw = b""
    while piece := answer.read1(8192):
        raw += piece
        if len(raw) > _MOST_BYTES or time.monotonic() > until:
            raise HTTPException(_("réponse trop longue ou trop lente"))
    return raw


def _fields(raw: bytes) -> dict[str, str]:
    try:
        table = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(table, dict):
        return {}
    return {name: str(value) for name, value in table.items() if type(value) in {str, int}}


def _is_here(parts: urllib.parse.SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _without(form: Mapping[str, str], text: str) -> str:
    """A server's words without what it was sent: one that quotes our question would put a secret on the screen."""
    for value in sorted(form.values(), key=len, reverse=True):
        if len(value) >= 8:
            text = text.replace(value, "…")
    return one_line(text)
