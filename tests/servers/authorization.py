"""An authorisation server written by hand: device and loopback flows, refresh, rotation, expiry, revocation.

It also answers a mail server that asks whether a token is good (RFC 7662). Whatever it gives out holds `CANARY`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

from ingest import settings as mur

CANARY = "canari-9034"
CLIENT, SECRET = "client-du-mur", f"{CANARY}-secret"
SCOPE = "offline_access imap"
_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass
class Authorization:
    """One account and its tokens. Fields are set by a test; `asked` holds every form that came, in order."""

    user: str = "mur@example.org"
    secret: str = SECRET
    lifetime: int = 3600
    rotates: bool = True
    """A refresh token is good once; used twice, everything is revoked (RFC 9700 section 4.14)."""
    slow: float = 0.0
    """Seconds that a refresh takes."""
    pending: list[str] = field(default_factory=list)
    """Errors that the device flow answers before the code was typed."""
    refuses: str = ""
    """The error that ends every flow."""
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    """Raw answers, status and body, given before any other."""
    interval: int = 1
    gives_refresh: bool = True
    port: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    visited: list[str] = field(default_factory=list)
    """What was asked for by GET."""
    alive: dict[str, float] = field(default_factory=dict)
    """Access tokens and when they end."""
    refreshers: set[str] = field(default_factory=set)
    spent: set[str] = field(default_factory=set)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def keys(self) -> dict[str, str]:
        """`[mailbox]` keys that lead to it."""
        return {
            "oauth": "other",
            "user": self.user,
            "oauth_client_id": CLIENT,
            "oauth_client_secret_env": "MUR_ESSAI_SECRET",
            "oauth_auth_url": f"{self.url}/authorize",
            "oauth_token_url": f"{self.url}/token",
            "oauth_device_url": f"{self.url}/device",
            "oauth_scope": SCOPE,
        }

    def mailbox(self, folder, **more) -> mur.Mailbox:
        """Settings of a mailbox that is opened with its tokens, which are kept in `folder`."""
        return mur.Mailbox(**{**self.keys, "oauth_token_file": str(folder / "mailbox.token"), **more})

    def refreshed(self) -> int:
        """How many times somebody asked to refresh."""
        return sum(form.get("grant_type") == "refresh_token" for form in self.asked)

    def end_access(self) -> None:
        """Every access token is over at once, whatever its owner's clock says."""
        self.alive.clear()

    def revoke(self) -> None:
        """The person took everything back."""
        self.end_access()
        self.refreshers.clear()

    def grant(self) -> dict[str, object]:
        """Fresh tokens."""
        number = next(self.numbers)
        access, refresh = f"{CANARY}-acces-{number}", f"{CANARY}-renouvellement-{number}"
        self.alive[access] = time.time() + self.lifetime
        given = {"access_token": access, "token_type": "Bearer", "expires_in": self.lifetime, "scope": SCOPE}
        if self.gives_refresh:
            self.refreshers.add(refresh)
            given["refresh_token"] = refresh
        return given

    def device(self, form: dict[str, str]) -> dict[str, object]:
        """RFC 8628 section 3.2."""
        if self.refuses == "invalid_client" or form.get("client_id") != CLIENT:
            return {"error": "invalid_client"}
        device_code = f"{CANARY}-appareil"
        self.codes[device_code] = form
        shown = {"user_code": "WDJB-MJHT", "verification_uri": f"{self.url}/ici"}
        return {"device_code": device_code, **shown, "expires_in": 600, "interval": self.interval}

    def token(self, form: dict[str, str]) -> dict[str, object]:
        """RFC 6749 sections 4.1.3 and 6, RFC 8628 section 3.4."""
        if form.get("client_id") != CLIENT or form.get("client_secret", "") != self.secret:
            return {"error": "invalid_client"}
        kind = form.get("grant_type")
        if kind == "refresh_token":
            return self._refresh(form["refresh_token"])
        if kind == _DEVICE and self.pending:
            return {"error": self.pending.pop(0)}
        if self.refuses:
            return {
                "error": self.refuses,
                "error_description": f"on demandait {form.get('device_code', 'rien')}\x1b[2J",
            }
        if kind == _DEVICE:
            return self.grant() if self.codes.pop(form["device_code"], None) else {"error": "invalid_grant"}
        return self._exchange(form)

    def _refresh(self, refresh: str) -> dict[str, object]:
        time.sleep(self.slow)
        with self.lock:
            if refresh in self.spent:
                self.revoke()
            if refresh not in self.refreshers:
                return {"error": "invalid_grant", "error_description": f"inconnu : {refresh}"}
            if not self.rotates:
                given = self.grant()
                del given["refresh_token"]
                return given
            self.refreshers.discard(refresh)
            self.spent.add(refresh)
            return self.grant()

    def _exchange(self, form: dict[str, str]) -> dict[str, object]:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri"):
            return {"error": "invalid_grant"}
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if proof.rstrip(b"=").decode() != asked["code_challenge"]:
            return {"error": "invalid_grant"}
        return self.grant()

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent to: the person says yes at once, or no (RFC 6749 section 4.1.2)."""
        said = {"state": query["state"]}
        if self.refuses:
            said["error"] = self.refuses
        else:
            said["code"] = f"{CANARY}-code-{next(self.numbers)}"
            self.codes[said["code"]] = query
        return f"{query['redirect_uri']}/?{urllib.parse.urlencode(said)}"


@contextmanager
def running(**how) -> Iterator[Authorization]:
    """Start it on a free port of 127.0.0.1, and stop it."""
    authority = Authorization(**how)

    class Handler(_Handler):
        server_of = authority

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        authority.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield authority
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server_of: Authorization

    def do_POST(self) -> None:
        it = self.server_of
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        form = dict(urllib.parse.parse_qsl(raw.decode()))
        it.asked.append(form)
        if it.answers:
            self._say(*it.answers.pop(0))
            return
        answer = it.device(form) if self.path == "/device" else it.token(form)
        self._say(400 if "error" in answer else 200, json.dumps(answer).encode())

    def do_GET(self) -> None:
        it = self.server_of
        it.visited.append(self.path)
        if self.path.startswith("/introspect"):
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            active = it.alive.get(token, 0) > time.time()
            told = {"active": True, "user": it.user} if active else {"active": False}
            self._say(200 if active else 401, json.dumps(told).encode())
            return
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        self.send_response(302)
        self.send_header("Location", it.authorize(query))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if status in {301, 302, 307}:
            self.send_header("Location", body.decode())
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args) -> None:  # noqa: A002 - the standard library's name
        """Quiet."""
