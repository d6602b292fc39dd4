"""A mail server in this process: IMAP in memory (pymap) and SMTP (aiosmtpd), in one thread, on free local ports.

For the demonstration and for tests. It takes mail in as a provider would: what is known of the sender stands in an
Authentication-Results field (see `ingest.demo.stamp`). What is for other hosts goes nowhere and is kept in `outgoing`.
"""

from __future__ import annotations

import asyncio
import threading
from argparse import Namespace
from collections.abc import Awaitable, Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Self
from uuid import uuid4

from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as Accepted
from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxSet
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import Passwords, UserMetadata
from pysasl.hashing import Cleartext

from ingest.demo.stamp import Envelope, stamp

_SECONDS = 10.0
_MAIL_BYTES = 60_000_000
_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A mail that the server accepted: as it lies in the mailbox of `recipient`, or as it was to be sent on."""

    sender: str
    recipient: str
    raw: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """The id that its contribution will have."""
        return sha256(self.raw).hexdigest()[:16]


class _Config(Config):
    """pymap's own greeting asks the name server for this machine's name, at every connection."""

    @property
    def greeting(self) -> bytes:
        """What the server says first."""
        return b"ready"


class MailServer:
    """Runs while the context is open; nothing of it is left afterwards, neither thread nor port.

    `users` maps addresses to passwords. `trusted` holds the domains whose mail is authenticated. With `chain` and
    `key` (PEM) IMAP requires STARTTLS.
    """

    def __init__(
        self,
        users: Mapping[str, str],
        *,
        authserv_id: str = "mx.demo.invalid",
        trusted: Collection[str] = (),
        chain: Path | None = None,
        key: Path | None = None,
    ) -> None:
        self.users = dict(users)
        self.authserv_id = authserv_id
        self.trusted = frozenset(domain.lower() for domain in trusted)
        self.imap_port = 0
        self.smtp_port = 0
        self.delivered: list[Passed] = []
        self.outgoing: list[Passed] = []
        self._tls = {"cert": chain and str(chain), "key": key and str(key), "tls": chain is not None}
        self._mailboxes: dict[str, MailboxSet] = {}
        self._ready = threading.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mail server")

    def __enter__(self) -> Self:
        self._running = self._thread.submit(asyncio.run, self._serve())
        self._running.add_done_callback(lambda _: self._ready.set())
        self._ready.wait(_SECONDS)
        if self._running.done():
            self._thread.shutdown()
            self._running.result()
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(RuntimeError):  # the loop is closed where the thread has ended
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.shutdown()

    def deliver(self, user: str, raw: bytes, folder: str = "INBOX") -> None:
        """Put a mail into a folder of `user`, byte for byte, without stamping it; the folder is made if need be."""
        asyncio.run_coroutine_threadsafe(self._append(user, raw, folder), self._loop).result(_SECONDS)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        imap = await asyncio.start_server(await self._imap(), _HOST, 0)
        smtp = await self._loop.create_server(self._smtp, _HOST, 0)
        self.imap_port, self.smtp_port = (each.sockets[0].getsockname()[1] for each in (imap, smtp))
        self._ready.set()
        await self._stop.wait()
        # Only closed: since Python 3.12 `wait_closed` waits for the clients. `asyncio.run` cancels what they left.
        imap.close()
        smtp.close()

    async def _imap(self) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        first, password = next(iter(self.users.items()))
        arguments = Namespace(debug=False, host=_HOST, port="0", proxy_protocol=None, demo_data=False, passlib_cfg=None)
        vars(arguments).update(self._tls, demo_user=first, demo_password=password)
        config = _Config.from_args(arguments, hash_context=Cleartext(), cpu_subsystem=Subsystem.for_asyncio())
        config.apply_context()
        login = Login(config)
        for user, password in self.users.items():
            hashed = await Passwords(config).hash_password(password)
            login.users_dict[user] = UserMetadata(config, user, password=hashed)
            self._mailboxes[user] = MailboxSet()
            config.set_cache[user] = (self._mailboxes[user], FilterSet())
        serve = IMAPServer(login, config)

        # pymap starts this through `ProxyProtocolReader`, which keeps no reference to the task that it creates: the
        # garbage collector then closes connections in IDLE.
        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(OSError, EOFError):
                await serve(reader, writer, SocketInfoLocal(writer, unique_id=uuid4().bytes))

        return connected

    def _smtp(self) -> SMTP:
        return SMTP(self, hostname=self.authserv_id, enable_SMTPUTF8=True, data_size_limit=_MAIL_BYTES)

    async def handle_DATA(self, _server: SMTP, session: Session, accepted: Accepted) -> str:  # noqa: N802 - aiosmtpd's
        """Take a mail in for every recipient; called by aiosmtpd."""
        raw = accepted.original_content or b""
        for recipient in accepted.rcpt_tos:
            envelope = Envelope(
                sender=(accepted.mail_from or "").removeprefix("<>"),  # what aiosmtpd calls an empty path
                recipient=recipient,
                helo=str(session.host_name or "localhost"),
                peer=session.peer[0] if isinstance(session.peer, tuple) else _HOST,
            )
            await self._route(envelope, raw)
        return "250 2.0.0 taken"

    async def _route(self, envelope: Envelope, raw: bytes) -> None:
        local = self._local(envelope.recipient)
        if local is None:
            self.outgoing.append(Passed(sender=envelope.sender, recipient=envelope.recipient, raw=raw))
            return
        stamped = stamp(raw, envelope, authserv_id=self.authserv_id, trusted=self.trusted, at=datetime.now(UTC))
        await self._append(local, stamped, "INBOX")
        self.delivered.append(Passed(sender=envelope.sender, recipient=local, raw=stamped))

    def _local(self, recipient: str) -> str | None:
        return next((user for user in self.users if user.lower() == recipient.lower()), None)

    async def _append(self, user: str, raw: bytes, folder: str) -> None:
        mailboxes = self._mailboxes[user]
        with suppress(ValueError):
            if folder != "INBOX":
                await mailboxes.add_mailbox(folder)
        mailbox = await mailboxes.get_mailbox(folder)
        await mailbox.append(AppendMessage(raw, datetime.now(UTC), frozenset()), recent=True)
