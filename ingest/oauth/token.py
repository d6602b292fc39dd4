"""The token, and the file that keeps it: whole or not there, 0600, one writer at a time."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from ingest import durable
from ingest import settings as mur
from ingest.errors import LoginNeeded, Misconfigured, Unavailable
from ingest.oauth.provider import Provider
from ingest.words import _

_MOST_BYTES = 65_536
_MARGIN = 120
"""Seconds before its end at which a token is not worth a login any more."""
_WAIT = 90.0
"""Longer than a refresh may take."""
_PULSE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a person's yes is worth, and for whom: it is never sent anywhere else. `expires_at` is a Unix time."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: int
    user: str
    client_id: str
    token_url: str

    def lasts(self, now: float) -> bool:
        """Whether it can be used to log in at `now`, by the clock; a server may think otherwise."""
        return self.expires_at - now > _MARGIN

    def is_of(self, provider: Provider) -> bool:
        """Whether it was got from this provider, by this program, for this account."""
        return (self.user, self.client_id, self.token_url) == (provider.user, provider.client_id, provider.token_url)


class TokenFile:
    """Where the token lies. Every method raises `Unavailable` where the disk says no."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._new = path.with_name(f"{path.name}.new")

    def load(self, provider: Provider) -> Token:
        """The token that was kept.

        Raises `LoginNeeded` where there is none that fits, and `Misconfigured` where others may read it.
        """
        with durable.on_disk(self.path):
            try:
                token = _parsed(self._read())
            except FileNotFoundError:
                raise LoginNeeded(_("boîte aux lettres : pas encore de jeton ; faites « mur login »")) from None
        if token is None or not token.is_of(provider):
            words = _("{path} : ce jeton n’est pas celui de {user} ; faites « mur login »")
            raise LoginNeeded(words.format(path=self.path, user=provider.user))
        return token

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone with the file. The kernel lets go of the lock when the process ends, however it ends."""
        with durable.on_disk(self.path):
            if not self.path.parent.is_dir():
                durable.make_folder(self.path.parent)
            lock = self.path.with_name(f"{self.path.name}.lock")
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            with durable.on_disk(lock):
                self._await(descriptor, time.monotonic() + _WAIT)
            yield
        finally:
            os.close(descriptor)

    def rehearse(self, token: Token) -> None:
        """Write beside, as `save` will: asking may use a refresh token up, and the answer must find room. Locked."""
        with durable.on_disk(self._new):
            self._new.unlink(missing_ok=True)
            durable.write(self._new, _bytes(token))

    def save(self, token: Token) -> None:
        """Keep this token, durably, instead of what was there. Locked."""
        self.rehearse(token)
        with durable.on_disk(self.path):
            durable.place(self._new, self.path)

    def _read(self) -> bytes:
        with self.path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o077:
                raise Misconfigured(f"[mailbox] oauth_token_file: {self.path} may be read by others; chmod 600")
            return file.read(_MOST_BYTES)

    def _await(self, descriptor: int, until: float) -> None:
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            if time.monotonic() > until:
                raise Unavailable(_("{path} : un autre processus le tient trop longtemps").format(path=self.path))
            time.sleep(_PULSE)


def token_file(settings: mur.Mailbox, base: Path | None) -> TokenFile:
    """The file that the settings name; a relative path is relative to `base`."""
    named = settings.oauth_token_file or str(mur.Paths().state / "mailbox.token")
    return TokenFile((base or Path()) / Path(named).expanduser())


def _bytes(token: Token) -> bytes:
    return json.dumps(asdict(token), indent=1).encode() + b"\n"


def _parsed(raw: bytes) -> Token | None:
    try:
        table = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    kinds = {each.name: int if each.name == "expires_at" else str for each in fields(Token)}
    if not isinstance(table, dict) or {name: type(table.get(name)) for name in kinds} != kinds:
        return None
    return Token(**{name: table[name] for name in kinds})
