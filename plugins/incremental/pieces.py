"""What a post looks like in a list and in a feed, kept as its body is: a new one stands among a hundred that stay.

Where nothing is kept from one build to the next, this build keeps them: a post stands in the feed of each of its tags.
Kept are posts that say all of themselves: a campaign, its news and what has a date show what others say, or the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from plugins.incremental.bodies import Bodies, key_of
from plugins.incremental.posts import Post

SHEET, ATOM, RSS, JSON = KINDS = ("sheet", "atom", "rss", "json")


class Kept:
    """The pieces of one post; `root` is what links begin with in its sheet, as in the theme's `_wall.html`."""

    __slots__ = ("_pieces", "post", "root")

    def __init__(self, pieces: Pieces, post: Post, root: str) -> None:
        self._pieces, self.post, self.root = pieces, post, root

    def piece(self, kind: str, make: Callable[[], str]) -> str:
        """What `make` makes, or made in an earlier build."""
        return self._pieces.piece(kind, self.post, make)


class Pieces:
    """The pieces of one site, in the file of its bodies; `mark` is what they depend on beside their text.

    A site that does not know its address has none: what leads to its root differs from page to page.
    """

    def __init__(self, bodies: Bodies, mark: str, address: str) -> None:
        self._bodies, self._mark, self._named = bodies, mark, address.startswith("http")
        parts = address.split("/", 3)
        self._root = f"/{parts[3]}" if len(parts) > 3 else ""
        self._told: dict[str, str] = {}

    def of(self, post: Post) -> Kept | None:
        """Those of a post; None where it can have none."""
        return Kept(self, post, self._root) if self._named and _is_plain(post) else None

    def piece(self, kind: str, post: Post, make: Callable[[], str]) -> str:
        """The piece of a post, made now where there is none."""
        if self._bodies.kept:
            return self._bodies.body(self._key(kind, post), lambda: (make(), ""))[0]
        key = f"{kind} {post.path}"
        if key not in self._told:
            self._told[key] = make()
        return self._told[key]

    def keys(self, post: Post) -> Iterator[str]:
        """Under which names its pieces are kept, if they are."""
        return (self._key(kind, post) for kind in KINDS)

    def _key(self, kind: str, post: Post) -> str:
        return key_of(kind, self._mark, post.path, post.said, post.body)


def _is_plain(post: Post) -> bool:
    """Whether it shows nothing but itself, at any time."""
    return post.kind == "article" and not post.of and not post.agenda and post.turns is None
