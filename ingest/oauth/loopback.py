"""The loopback flow (RFC 8252 section 7.3) with PKCE (RFC 7636): a browser comes back to a port of this machine.

Over SSH the browser is elsewhere and finds nobody at that address: it is pasted here instead. Whatever comes with
another `state` than ours is somebody else's, and is not listened to.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import queue
import secrets
import select
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from ingest.errors import Refused, Unavailable
from ingest.oauth.endpoint import Answer, ask, one_line
from ingest.oauth.grant import granted, refused_login
from ingest.oauth.provider import Provider
from ingest.oauth.token import Token
from ingest.words import _

_SECONDS = 900.0
_PULSE = 0.2
_LONGEST = 16_384
_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)
_PAGE = '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Le mur parle</title><p>{words}</p></html>\n'

Redirected = dict[str, str]
"""The parameters of an address that a browser was sent back to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One authorisation request: the address to open, and what only we know of it."""

    address: str = field(repr=False)
    redirect: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)

    def is_ours(self, answer: Redirected) -> bool:
        """Whether this is the answer to it."""
        mine = hmac.compare_digest(answer.get("state", "").encode(), self.state.encode())
        return mine and bool(answer.get("code") or answer.get("error"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Who is at the other side: a line to say, and the descriptor where lines are typed; None where nobody types."""

    say: Callable[[str], None]
    typed: int | None


def log_in(provider: Provider, terminal: Terminal, *, seconds: float = _SECONDS) -> Token:
    """Show an address, wait for its answer on the port or pasted, and exchange the code for a token.

    Raises `Refused` where the person said no or took longer than `seconds`, `Misconfigured` and `Unavailable`.
    """
    answers: queue.SimpleQueue[Redirected] = queue.SimpleQueue()
    with _listening(answers) as (server, port):
        request = _request(provider, port)
        server.asked = request
        _invite(provider, request, terminal)
        answer = _answer(request, answers, terminal, time.monotonic() + seconds)
    if answer.get("error"):
        raise refused_login(Answer(error=one_line(answer["error"]), said="", fields={}))
    form = provider.identified(
        grant_type="authorization_code",
        code=answer["code"],
        redirect_uri=request.redirect,
        code_verifier=request.verifier,
    )
    given = ask(provider.token_url, form)
    if given.error:
        raise refused_login(given)
    return granted(given, provider, now=time.time())


def _request(provider: Provider, port: int) -> Request:
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    redirect = f"http://{provider.redirect_host}:{port}"
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect,
        "scope": provider.scope,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": provider.user,
        **dict(provider.extra),
    }
    joint = "&" if urllib.parse.urlsplit(provider.auth_url).query else "?"
    address = f"{provider.auth_url}{joint}{urllib.parse.urlencode(asked)}"
    return Request(address=address, redirect=redirect, state=state, verifier=verifier)


def _invite(provider: Provider, request: Request, terminal: Terminal) -> None:
    words = _("Ouvrez cette adresse dans un navigateur et connectez-vous avec le compte {user} :")
    terminal.say(f"{words.format(user=provider.user)}\n\n  {request.address}\n")
    if terminal.typed is not None:
        words = _(
            "Si le navigateur est sur une autre machine, il finira sur une page introuvable : copiez l’adresse de cette"
            " page ({redirect}/?…), collez-la ici et tapez Entrée."
        )
        terminal.say(words.format(redirect=request.redirect))


def _answer(request: Request, answers: queue.SimpleQueue[Redirected], terminal: Terminal, until: float) -> Redirected:
    typed = _Typed(terminal.typed)
    while time.monotonic() < until:
        for line in typed.lines(_PULSE):
            pasted = _parameters(line)
            if request.is_ours(pasted):
                return pasted
            terminal.say(_("Ce n’est pas l’adresse attendue : copiez-la tout entière."))
        with suppress(queue.Empty):
            return answers.get_nowait()
    raise Refused(_("personne n’a répondu à temps ; « mur login » recommence"))


class _Typed:
    """Lines from a descriptor, without ever waiting for one longer than asked, and until its end."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor
        self._begun = b""

    def lines(self, seconds: float) -> Iterator[str]:
        """What was typed within `seconds`, line by line."""
        if self._descriptor is None:
            time.sleep(seconds)
            return
        if not select.select([self._descriptor], [], [], seconds)[0]:
            return
        piece = os.read(self._descriptor, 4096)
        if not piece:
            self._descriptor = None
        *whole, self._begun = (self._begun + (piece or b"\n")).split(b"\n")
        self._begun = self._begun if len(self._begun) <= _LONGEST else b""
        yield from (line.decode("utf-8", "replace").strip() for line in whole if line.strip())


def _parameters(address: str) -> Redirected:
    """The query of an address, or of a request line's target; the first value of each parameter."""
    try:
        query = urllib.parse.urlsplit(address[:_LONGEST]).query
        pairs = urllib.parse.parse_qsl(query, max_num_fields=50, errors="replace")
    except ValueError:
        return {}
    return dict(reversed(pairs))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    asked: Request | None = None
    answers: queue.SimpleQueue[Redirected]

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hung up is nobody's business."""


class _Handler(BaseHTTPRequestHandler):
    timeout: ClassVar[float] = 5
    server: _Server

    def do_GET(self) -> None:
        """The browser is back, or something else came by."""
        answer = _parameters(self.path)
        ours = self.server.asked is not None and self.server.asked.is_ours(answer)
        try:
            self._show(ours=ours)
        finally:  # afterwards, since the program may end once it has its answer
            if ours:
                self.server.answers.put(answer)

    def _show(self, *, ours: bool) -> None:
        words = _("C’est noté : retournez au terminal.") if ours else _("Il n’y a rien à voir ici.")
        page = _PAGE.format(words=words).encode()
        self.send_response(200 if ours else 404)
        for name, value in (*_HEADERS, ("Content-Length", str(len(page)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Nothing: the address that it would write holds the code."""


@contextmanager
def _listening(answers: queue.SimpleQueue[Redirected]) -> Iterator[tuple[_Server, int]]:
    try:
        server = _Server(("127.0.0.1", 0), _Handler)
    except OSError as error:
        raise Unavailable(_("pas de port libre sur cette machine : {why}").format(why=error.strerror)) from None
    server.answers = answers
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": _PULSE}, daemon=True)
    thread.start()
    try:
        yield server, server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
