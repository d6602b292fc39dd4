"""Compiled templates, kept under the private state: compiling ours takes longer than writing a dozen pages.

What is kept is marshalled code, as in Python's own `.pyc` files: it lies where nobody but the wall may write, and bears
a seal over program, packages and its own bytes, since damaged code would not fail but crash.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache

_SEAL = 32


class Compiled(BytecodeCache):
    """One file for each template."""

    def __init__(self, folder: Path, mark: str) -> None:
        self._folder, self._mark = folder, mark

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, where a whole file of this very program is there."""
        with suppress(OSError):
            data = self._file(bucket).read_bytes()
            if self._seal(data[_SEAL:]) == data[:_SEAL]:
                bucket.bytecode_from_string(data[_SEAL:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write the file; without it, the template is compiled again."""
        data = bucket.bytecode_to_string()
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            new = self._file(bucket).with_suffix(".new")
            new.write_bytes(self._seal(data) + data)
            new.chmod(0o600)
            new.rename(self._file(bucket))

    def _file(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.template"

    def _seal(self, data: bytes) -> bytes:
        return blake2b(self._mark.encode() + data, digest_size=_SEAL // 2, person=b"mur template").hexdigest().encode()
