"""Which file of a Takeout is the picture that a post shows. Pure.

Takeout keeps the pictures of posts in `Albums`, by their file names; an address on Blogger's hosts ends with the same
name, unless it is of the short kind (`/img/a/AVvX…=s320`), which has none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote_plus, urlsplit

_SECOND = re.compile(r"\s?\(\d{1,3}\)(?=\.[^.]+$|$)")
"""Takeout calls the second file of a name `photo(1).jpg`."""
_SIZE = re.compile(r"(?<=/)(?:s|w|h)\d{1,5}(?:-[a-z0-9]{1,6})*(?=/)")
_SIZE_AT_END = re.compile(r"=(?:s|w|h)\d{1,5}[a-z0-9-]{0,40}$")
PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".bmp", ".tif", ".tiff", ".avif"})


class Albums:
    """The pictures of a Takeout, by what their addresses end with."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_name: defaultdict[str, list[str]] = defaultdict(list)
        for path in paths:
            if PurePosixPath(path).suffix.lower() in PICTURES:
                self._by_name[_key(PurePosixPath(path).name)].append(path)

    def find(self, addresses: Iterable[str]) -> str:
        """The one file that any of `addresses` names; empty for none, and where two share the name."""
        for address in addresses:
            found = self._by_name.get(_key(name_of(address)), []) if name_of(address) else []
            if len(found) == 1:
                return found[0]
        return ""

    def __len__(self) -> int:
        return sum(map(len, self._by_name.values()))


def name_of(address: str) -> str:
    """The file name at the end of an address; empty where it has none."""
    try:
        last = unquote_plus(urlsplit(address).path).rpartition("/")[2]
    except ValueError:
        return ""
    return last if PurePosixPath(last).suffix.lower() in PICTURES else ""


def in_full(address: str) -> str:
    """The address of the same picture as large as it was sent (`/s320/` and `=s320` say how large it is shown)."""
    return _SIZE_AT_END.sub("=s0", _SIZE.sub("s0", address, count=1))


def chosen(having: Mapping[tuple[str, ...], str], addresses: tuple[str, ...]) -> str:
    """The name under which a picture was found; empty for none."""
    return having.get(addresses, "")


def _key(name: str) -> str:
    return _SECOND.sub("", name).casefold()
