"""The wall's own key, and hashes under it: the same address gives the same hash here, and tells nobody anything."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from pathlib import Path

from ingest import durable
from ingest.errors import Misconfigured
from ingest.words import _

_BYTES = 32
_NONCE, _TAG = 16, 32


def key_of(state: Path) -> Key:
    """The key of the wall whose state folder this is."""
    return Key(state / "secret.key", by_way_of=state / "contributions")


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

    def seal(self, purpose: str, text: str) -> str:
        """`text` so that only this wall's key opens it, twice never the same: ASCII, 4/3 of its bytes and 64 more.

        HMAC-SHA-256 in counter mode as the stream, under a fresh nonce, then HMAC-SHA-256 over all of it
        (encrypt-then-MAC); two keys, drawn from the wall's. The standard library has no cipher.
        """
        nonce, plain = secrets.token_bytes(_NONCE), text.encode("utf-8", "replace")
        hidden = nonce + self._streamed(purpose, nonce, plain)
        return base64.urlsafe_b64encode(hidden + self._tag(purpose, hidden)).decode("ascii")

    def open(self, purpose: str, sealed: str) -> str | None:
        """What was sealed; None for what this key, for this purpose, never sealed."""
        try:
            data = base64.urlsafe_b64decode(sealed.encode("ascii"))
        except (UnicodeEncodeError, binascii.Error, ValueError):
            return None
        hidden, tag = data[:-_TAG], data[-_TAG:]
        if len(hidden) < _NONCE or not hmac.compare_digest(tag, self._tag(purpose, hidden)):
            return None
        return self._streamed(purpose, hidden[:_NONCE], hidden[_NONCE:]).decode("utf-8", "replace")

    def _tag(self, purpose: str, hidden: bytes) -> bytes:
        return hmac.digest(self._drawn(f"seal-tag {purpose}"), hidden, "sha256")

    def _streamed(self, purpose: str, nonce: bytes, data: bytes) -> bytes:
        key, step = self._drawn(f"seal-stream {purpose}"), hashlib.sha256().digest_size
        stream = b"".join(
            hmac.digest(key, nonce + number.to_bytes(8, "big"), "sha256") for number in range(-(-len(data) // step))
        )
        return bytes(one ^ other for one, other in zip(data, stream, strict=False))

    def _drawn(self, purpose: str) -> bytes:
        return bytes.fromhex(self.hash("key", purpose))

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
