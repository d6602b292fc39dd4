"""A server that speaks what of Mastodon's API a client of ours needs (docs.joinmastodon.org/methods), on 127.0.0.1."""

from __future__ import annotations

import html
import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

TOKEN = "CANARY-token-5f1e"
_LINK = re.compile(r"https?://\S+")


class Mastodon:
    """One account on it, and how it behaves today."""

    def __init__(self) -> None:
        self.clear()
        self.port = 0

    def clear(self) -> None:
        """As on its first day."""
        self.statuses: dict[str, dict[str, Any]] = {}
        self.media: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        self.asked: list[str] = []
        self.answers: list[int] = []
        """Codes that it gives instead of an answer, each once; 0: it hangs up."""
        self.most, self.version = 500, 2
        self.kill = 0
        """The process to end once it has a status, and before it says so."""
        self.lists = True
        """Whether it shows what an account said."""
        self.refuses = "\0"
        """A word that it will not have in a status."""
        self.forgets = False
        """Whether it forgets keys at once, as Mastodon does after an hour."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, method: str, path: str, form: dict[str, Any], key: str) -> tuple[int, object]:
        """One request; a code and a document."""
        path, _question, _query = path.partition("?")
        path = path.rstrip("/")
        one = path.removeprefix("/api/v1/statuses/")
        if path == f"/api/v{self.version}/instance":
            return 200, self._instance()
        if path == "/api/v1/accounts/verify_credentials":
            return 200, {"id": "1", "acct": "lemur", "username": "lemur"}
        if path == "/api/v1/accounts/1/statuses":
            return 200, list(reversed(self.statuses.values())) if self.lists else []
        if (method, path) == ("POST", "/api/v2/media"):
            self.media[str(len(self.media) + 1)] = form.get("description", [""])[0]
            return 200, {"id": str(len(self.media)), "type": "image", "url": f"{self.url}/m"}
        if (method, path) == ("POST", "/api/v1/statuses"):
            return self._post(form, key)
        if one in self.statuses:
            return self._known(method, one, form)
        return 404, {"error": "Record not found"}

    def _instance(self) -> dict[str, Any]:
        statuses = {"max_characters": self.most, "max_media_attachments": 4, "characters_reserved_per_url": 23}
        known = {"version": "4.5.1", "configuration": {"statuses": statuses}}
        return known if self.version == 2 else {"version": "3.5.0", "max_toot_chars": self.most}

    def _post(self, form: dict[str, Any], key: str) -> tuple[int, object]:
        if key in self.keys and not self.forgets:
            return 200, self.statuses[self.keys[key]]
        answers = form.get("in_reply_to_id", [""])[0]
        if answers and answers not in self.statuses:
            return 404, {"error": "Record not found"}
        if self._length(form) > self.most or self.refuses in form["status"][0]:
            return 422, {"error": "Validation failed: Text character limit exceeded"}
        number = str(109_000_000_000_000_001 + len(self.keys))
        self.statuses[number] = self._status(number, form, answers)
        self.keys[key or number] = number
        if self.kill:
            os.kill(self.kill, signal.SIGKILL)
            return 0, {}
        return 200, self.statuses[number]

    def _length(self, form: dict[str, Any]) -> int:
        text, warning = form["status"][0], form.get("spoiler_text", [""])[0]
        return len(_LINK.sub("u" * 23, text)) + len(warning)

    def _status(self, number: str, form: dict[str, Any], answers: str) -> dict[str, Any]:
        text = form["status"][0]
        linked = _LINK.sub(lambda found: f'<a href="{found[0]}">…</a>', html.escape(text, quote=False))
        return {
            "id": number,
            "text": text,
            "content": f"<p>{linked}</p>",
            "spoiler_text": form.get("spoiler_text", [""])[0],
            "visibility": form.get("visibility", ["public"])[0],
            "language": form.get("language", [""])[0],
            "sensitive": form.get("sensitive", ["False"])[0],
            "in_reply_to_id": answers or None,
            "media_attachments": [
                {"id": one, "type": "image", "description": self.media[one]} for one in form.get("media_ids[]", [])
            ],
        }

    def _known(self, method: str, number: str, form: dict[str, Any]) -> tuple[int, object]:
        known = self.statuses[number]
        if method == "DELETE":
            del self.statuses[number]
        elif method == "PUT":
            if self._length(form) > self.most:
                return 422, {"error": "too long"}
            known = self._status(number, {"visibility": [known["visibility"]], **form}, known["in_reply_to_id"] or "")
            self.statuses[number] = known
        return 200, known


@contextmanager
def serving() -> Iterator[Mastodon]:
    """It, listening."""
    mastodon = Mastodon()

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            form = _form(self.headers.get("Content-Type", ""), self.rfile.read(size))
            mastodon.asked.append(f"{self.command} {self.path}")
            if mastodon.answers:
                code, document = mastodon.answers.pop(0), {"error": "CANARY of theirs"}
            elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
                code, document = 401, {"error": "The access token is invalid"}
            else:
                key = self.headers.get("Idempotency-Key", "")
                code, document = mastodon.answer(self.command, self.path, form, key)
            if not code:
                self.close_connection = True
                return
            self.send_response(code)
            if 300 <= code < 400:
                self.send_header("Location", f"{mastodon.url}/elsewhere")
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(document).encode())

        def log_message(self, *_args: object) -> None:
            """Silence."""

    for method in ("GET", "POST", "PUT", "DELETE"):
        setattr(Handler, f"do_{method}", Handler._any)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    mastodon.port = int(server.server_address[1])
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield mastodon
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _form(kind: str, body: bytes) -> dict[str, list[str]]:
    if not kind.startswith("multipart/"):
        return parse_qs(body.decode(), keep_blank_values=True)
    whole = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    parts = (
        (part.get_param("name", header="Content-Disposition"), part.get_payload(decode=True))
        for part in whole.get_payload()
    )
    return {str(name): [data.decode("utf-8", "replace")] for name, data in parts}
