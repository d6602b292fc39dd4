"""Where the files of a relay stand on the site: said here, and by whoever writes, links to or checks them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

PAGE = "relais/"
"""The page of all of them, as an address; its file is `LIST`."""
LIST = f"{PAGE}index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Relative to the site. `{key}` is the relay's own, see `plugins.relays.gathering`."""

    data: str
    feed: str
    poster: str


def files_of(key: str) -> Files:
    """The files of one relay; with a pattern for its key, patterns."""
    return Files(data=f"{PAGE}{key}.json", feed=f"feeds/{PAGE}{key}.atom.xml", poster=f"affiche/{key}.html")
