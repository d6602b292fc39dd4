"""What is remembered of each file under `content/`: enough to know its place on the site without reading it. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from plugins.related import neighbours


class Post(NamedTuple):
    """A published article, relay or update. A row of the index, in this order."""

    path: str
    """Relative to `content/`."""
    moment: float
    """Its date, in seconds since 1970."""
    slug: str
    url: str
    month: str
    """`2022/06`."""
    tags: Sequence[Sequence[str]]
    """Pairs of slug and spelling."""
    kind: str
    number: str
    changed: str
    """For the sitemap: ISO 8601."""
    turns: float | None
    """When the clock alone makes something else of it; None for never."""
    of: str
    """The relay that an update names, in lower case."""
    agenda: str
    """The month under which the agenda has it, `2022/07`; empty for what it does not have."""
    alive: bool
    """Whether it is a relay that may be signed, or an event that is not over."""
    media: Sequence[str]
    said: str
    """A digest of the bytes of its file."""
    stamp: str
    """How its file lay there: see `ingest.publication.stamps`."""
    body: str
    """The key of its rendering: see `plugins.incremental.bodies`."""

    @property
    def is_relay(self) -> bool:
        """Whether it passes a campaign on."""
        return self.kind == "relay"


class Reaction(NamedTuple):
    """A published reaction."""

    path: str
    moment: float
    slug: str
    to: str
    """The public number of the post that it answers."""
    media: Sequence[str]
    said: str
    stamp: str
    body: str


class Waiting(NamedTuple):
    """A file that is not shown: a draft, or one that is dated ahead."""

    path: str
    turns: float | None
    said: str
    stamp: str


class Posts:
    """All posts of a site, ordered: what stands beside what. Linear to make, with small steps."""

    def __init__(self, posts: Iterable[Post], reactions: Iterable[Reaction] = ()) -> None:
        self.ordered = sorted(posts, key=lambda it: (it.moment, it.slug))
        """The oldest first."""
        self.reactions = tuple(reactions)

    @cached_property
    def newest_first(self) -> list[Post]:
        """As lists show them: of two of the same second, the slug decides."""
        return sorted(self.ordered, key=lambda it: (-it.moment, it.slug))

    @cached_property
    def by_path(self) -> dict[str, Post]:
        """Each by its file."""
        return {it.path: it for it in self.ordered}

    @cached_property
    def _moments(self) -> list[tuple[float, str]]:
        return [(it.moment, it.slug) for it in self.ordered]

    def place(self, post: Post) -> int:
        """Where it stands in `ordered`."""
        return bisect_left(self._moments, (post.moment, post.slug))

    @cached_property
    def by_tag(self) -> dict[str, list[Post]]:
        """The posts of each tag, the newest first."""
        found: dict[str, list[Post]] = {}
        for post in self.newest_first:
            for slug, _name in post.tags:
                found.setdefault(slug, []).append(post)
        return found

    @cached_property
    def by_month(self) -> dict[str, list[Post]]:
        """The posts of each month, the newest first; months too."""
        return _grouped(self.newest_first, lambda it: it.month)

    @cached_property
    def by_year(self) -> dict[str, list[Post]]:
        """The same by years."""
        return _grouped(self.newest_first, lambda it: it.month[:4])

    @cached_property
    def by_number(self) -> dict[str, Post]:
        """Each that has a public number; the oldest where two have the same."""
        return {it.number: it for it in self.newest_first if it.number}

    @cached_property
    def relays(self) -> list[Post]:
        """The newest first."""
        return [it for it in self.newest_first if it.is_relay]

    @cached_property
    def updates_of(self) -> dict[str, list[Post]]:
        """By the path of a relay, the updates that belong to it: as `plugins.relays.gathering` finds them."""
        names: dict[str, Post] = {}
        for relay in sorted(self.relays, key=lambda it: it.moment):
            names.setdefault(relay.slug, relay)
        names |= {it.number: it for it in self.relays if it.number}
        found: dict[str, list[Post]] = {}
        for post in self.newest_first:
            if post.of and post.of in names:
                found.setdefault(names[post.of].path, []).append(post)
        return found

    @cached_property
    def relay_of(self) -> dict[str, str]:
        """By the path of an update, that of its relay."""
        return {update.path: relay for relay, updates in self.updates_of.items() for update in updates}

    @cached_property
    def relay_keys(self) -> dict[str, str]:
        """How each relay is called in addresses, by its path (`plugins.relays.gathering`)."""
        keys: dict[str, str] = {}
        taken: set[str] = set()
        for relay in sorted(self.relays, key=lambda it: it.moment):
            key = relay.slug if relay.slug not in taken else f"{relay.slug}-{relay.month.replace('/', '-')}"
            keys[relay.path] = key
            taken.add(relay.slug)
        return keys

    @cached_property
    def reactions_to(self) -> dict[str, list[Reaction]]:
        """By the path of a post, what answers it, the oldest first."""
        found: defaultdict[str, list[Reaction]] = defaultdict(list)
        for reaction in sorted(self.reactions, key=lambda it: (it.moment, it.slug)):
            if reaction.to in self.by_number:
                found[self.by_number[reaction.to].path].append(reaction)
        return dict(found)

    @cached_property
    def _tag_places(self) -> dict[str, list[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for place, post in enumerate(self.ordered):
            for slug, _name in post.tags:
                found[slug].append(place)
        return found

    def before_and_after(self, post: Post) -> tuple[Post | None, Post | None]:
        """The older and the newer one."""
        place = self.place(post)
        return (
            self.ordered[place - 1] if place else None,
            self.ordered[place + 1] if place + 1 < len(self.ordered) else None,
        )

    def related(self, post: Post) -> tuple[Post, ...]:
        """What else there is to read (`plugins.related`)."""
        found = neighbours(self.place(post), self._slugs, self._tag_places, self._dates, self._told)
        return tuple(self.ordered[place] for place in found)

    def near(self, post: Post, reach: int) -> set[str]:
        """The paths of those whose related posts may include it, wherever it would stand."""
        place = self.place(post)
        found = {it.path for it in self.ordered[max(place - 2, 0) : place + 3]}
        for slug, _name in post.tags:
            same = self._tag_places.get(slug, [])
            at = bisect_left(same, place)
            found |= {self.ordered[other].path for other in same[max(at - reach, 0) : at + reach + 1]}
        return found

    def _slugs(self, place: int) -> tuple[str, ...]:
        return tuple(slug for slug, _name in self.ordered[place].tags)

    def _dates(self, place: int) -> float:
        return self.ordered[place].moment

    def _told(self, one: int, other: int) -> bool:
        paths = self.ordered[one].path, self.ordered[other].path
        return self.relay_of.get(paths[0]) == paths[1] or self.relay_of.get(paths[1]) == paths[0]


def _grouped(posts: Iterable[Post], key: Callable[[Post], str]) -> dict[str, list[Post]]:
    found: dict[str, list[Post]] = {}
    for post in posts:
        found.setdefault(key(post), []).append(post)
    return found
