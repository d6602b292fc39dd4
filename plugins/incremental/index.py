"""The index of a build: what each file said, and where it stood. One file, sealed; damaged or foreign, it is none.

JSON, because reading it can do nothing but read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from plugins.incremental.posts import Post, Posts, Reaction, Waiting

_SEAL = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """What one build was made of."""

    fingerprint: str
    """Of program, packages, settings and theme: see `plugins.incremental.fingerprint`."""
    now: float
    """The moment that it was built for."""
    posts: tuple[Post, ...]
    reactions: tuple[Reaction, ...]
    waiting: tuple[Waiting, ...]
    media: Mapping[str, str]
    """Every file of `medias/`, with its stamp."""

    @property
    def site(self) -> Posts:
        """Its posts, ordered."""
        return Posts(self.posts, self.reactions)


def dump(index: Index) -> bytes:
    """The index as bytes that `load` believes."""
    told = {name: getattr(index, name) for name in Index.__slots__}
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode("utf-8", "replace")
    return _seal(data) + data


def load(path: Path) -> Index | None:
    """The index in a file; None where there is none, or none that is whole."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    seal, body = data[:_SEAL], data[_SEAL:]
    if not body or _seal(body) != seal:
        return None
    try:
        return _index(json.loads(body))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _index(told: dict[str, Any]) -> Index:
    return Index(
        fingerprint=told["fingerprint"],
        now=told["now"],
        posts=tuple(map(Post._make, told["posts"])),
        reactions=tuple(map(Reaction._make, told["reactions"])),
        waiting=tuple(map(Waiting._make, told["waiting"])),
        media=told["media"],
    )


def _seal(data: bytes) -> bytes:
    return blake2b(data, digest_size=_SEAL // 2, person=b"mur index").hexdigest().encode()
