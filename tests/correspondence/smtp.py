"""A real SMTP server (aiosmtpd) in a thread, which does on demand what real ones do: refuse, delay, hang up."""

from __future__ import annotations

import asyncio
import base64
import ssl
import threading
import warnings
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A mail, and how it came."""

    sender: str
    recipient: str
    raw: bytes
    helo: str
    tls: bool
    user: str


@dataclass(slots=True)
class Orders:
    """What the server answers; a list is used up, one answer a command."""

    mail: list[str] = field(default_factory=list)
    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    hang_up: list[str] = field(default_factory=list)
    """`mid-data`, `after-data`, `after-refusal`: the connection ends there, without an answer."""
    refuses_null: bool = False


class _SMTP(SMTP):
    """One that can hang up while it is read to."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's
        orders = self.event_handler.orders
        if orders.hang_up and orders.hang_up[0] == "mid-data":
            orders.hang_up.pop(0)
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class Sink:
    """A context manager. `users` maps names to passwords, `tokens` to access tokens; with either, AUTH is required."""

    def __init__(
        self,
        *,
        context: ssl.SSLContext | None = None,
        starttls: bool = False,
        users: dict[str, str] | None = None,
        tokens: dict[str, str] | None = None,
        utf8: bool = True,
    ) -> None:
        self.users, self.tokens = users or {}, tokens or {}
        self.orders = Orders()
        self.taken: list[Delivered] = []
        self.connections = 0
        self._context, self._starttls, self._utf8 = context, starttls, utf8
        self.port = 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        implicit = None if self._starttls else self._context
        server = await self._loop.create_server(self._smtp, "127.0.0.1", self.port, ssl=implicit)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()

    def _smtp(self) -> SMTP:
        self.connections += 1
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # that it asks for a login before STARTTLS: with TLS all along, it knows of none
            return self._session()

    def _session(self) -> SMTP:
        needs = bool(self.users or self.tokens)
        return _SMTP(
            self,
            hostname="mx.example.org",
            ident="ready",
            enable_SMTPUTF8=self._utf8,
            tls_context=self._context if self._starttls else None,
            require_starttls=self._starttls,
            authenticator=self._authenticate,
            auth_required=needs,
            auth_require_tls=False,
            auth_exclude_mechanism=[] if self.users else ["LOGIN", "PLAIN", *([] if self.tokens else ["XOAUTH2"])],
        )

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data) -> AuthResult:
        good = self.users.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=good, handled=False, auth_data=data.login.decode())

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - aiosmtpd's
        told = base64.b64decode(args[1]).decode()
        user, token = told.split("\1")[0].removeprefix("user="), told.split("\1")[1].removeprefix("auth=Bearer ")
        if self.tokens.get(user) == token:
            return AuthResult(success=True, handled=False, auth_data=user)
        await server.challenge_auth('{"status":"401"}', encode_to_b64=True)
        return AuthResult(success=False, handled=False)

    async def handle_RSET(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's
        if self.orders.hang_up and self.orders.hang_up[0] == "after-refusal":
            server.transport.abort()
        return "250 OK"

    async def handle_MAIL(self, server, session, envelope, address, options) -> str:  # noqa: N802 - aiosmtpd's
        address = "" if address == "<>" else address
        if not address and self.orders.refuses_null:
            return "553 5.1.8 not your address"
        if self.orders.mail and (said := self.orders.mail.pop(0)):
            return said
        envelope.mail_from = address or "<>"
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802 - aiosmtpd's
        if self.orders.rcpt and (said := self.orders.rcpt.pop(0)):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's
        if self.orders.data and (said := self.orders.data.pop(0)):
            return said
        for recipient in envelope.rcpt_tos:
            self.taken.append(
                Delivered(
                    sender=envelope.mail_from.removeprefix("<>"),
                    recipient=recipient,
                    raw=envelope.original_content or b"",
                    helo=str(session.host_name),
                    tls=session.ssl is not None or (self._context is not None and not self._starttls),
                    user=str(session.auth_data or ""),
                )
            )
        if self.orders.hang_up and self.orders.hang_up[0] == "after-data":
            self.orders.hang_up.pop(0)
            server.transport.abort()
        return "250 2.0.0 taken"
