"""The wall's own key, and hashes under it: the same address gives the same hash here, and tells nobody anything."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from ingest.errors import Misconfigured
from ingest.store import durable
from ingest.words import _

_BYTES = 32


class Key:
    """`secret.key` in the state folder, made at its first use, 0600. Without it, senders are strangers again."""

    def __init__(self, path: Path, *, by_way_of: Path) -> None:
        self._path, self._by_way_of = path, by_way_of
        self._key = b""

    @property
    def there(self) -> bool:
        """Whether it was made, so that looking makes none."""
        return bool(self._key) or self._path.exists()

    def hash(self, purpose: str, text: str) -> str:
        """HMAC-SHA-256 in hex of `text`; two purposes never share one. Raises `Misconfigured`, `Unavailable`."""
        message = purpose.encode() + b"\0" + text.encode("utf-8", "replace")
        return hmac.digest(self._load(), message, "sha256").hex()

    def _load(self) -> bytes:
        if not self._key:
            with durable.on_disk(self._path):
                if not self._path.exists():
                    fresh = secrets.token_hex(_BYTES).encode() + b"\n"
                    durable.put_once(self._path, fresh, by_way_of=self._by_way_of)
                self._key = self._read()
        return self._key

    def _read(self) -> bytes:
        if self._path.stat().st_mode & 0o077:
            raise Misconfigured(_("{path} : d’autres peuvent le lire ; chmod 600").format(path=self._path))
        try:
            key = bytes.fromhex(self._path.read_text(encoding="ascii").strip())
        except ValueError:
            key = b""
        if len(key) != _BYTES:
            raise Misconfigured(_("{path} : ce n’est pas une clé de ce mur").format(path=self._path))
        return key
