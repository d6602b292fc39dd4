"""What an export of Blogger holds, and what became of it. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ingest.model import UntrustedHtml


class What(StrEnum):
    """What an entry of the feed is."""

    POST = "post"
    PAGE = "page"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as the export has it: nothing cleaned, nothing chosen. All of it is untrusted."""

    what: What
    id: str
    """`tag:blogger.com,1999:blog-1.post-2`: the same in both formats."""
    status: str
    """`live`, `draft`, `scheduled`, `soft_trashed` …, in lower case."""
    title: str
    html: UntrustedHtml
    labels: tuple[str, ...]
    author: str
    """The name shown, never an address or a profile; empty where there is none."""
    published: datetime | None
    """Aware."""
    updated: datetime | None
    path: str
    """`/2022/06/slug.html`; empty where the export does not say."""
    parent: str
    """The id of the post that a comment answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A whole export."""

    title: str
    entries: tuple[Entry, ...]
    unknown: int
    """Entries of no kind that is taken: settings and the template."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """An entry that was not taken. Never a text, nor a name."""

    what: What
    path: str
    """Its old address, or that of the post it answers; its title where it has none."""
    why: str
    """One of `REASONS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An old address that could not be kept, and the new one; both from the root of the site."""

    old: str
    new: str


REASONS = {
    "draft": "brouillon",
    "scheduled": "programmé, pas encore paru",
    "trashed": "dans la corbeille de Blogger",
    "not-live": "pas en ligne sur Blogger",
    "no-date": "sans date",
    "no-post": "le billet auquel il répond n’est pas repris",
    "on-a-page": "commentaire sous une page, qui n’en a pas ici",
    "empty": "vide",
    "unreadable": "illisible",
    "changed": "repris auparavant avec un autre texte",
    "page-exists": "une autre page a déjà cette adresse",
    "erased": "effacé du mur auparavant",
    "refused": "refusé par le mur",
}
"""Words for why an entry was not taken; `ingest.words` has them for people."""
FAILURES = frozenset({"unreadable", "refused"})
"""Of these somebody should know: the command ends with 1."""


@dataclass(slots=True, kw_only=True)
class Report:
    """What an import did, filled as it goes."""

    posts: int = 0
    pages: int = 0
    reactions: int = 0
    known: int = 0
    """Taken by an earlier import."""
    pictures: int = 0
    removed: dict[str, int] = field(default_factory=dict)
    """How many pieces were left out or masked, by `ingest.model.Why`."""
    skipped: list[Skipped] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    """Pictures that were not to be had, by the page that showed them."""
    embeds: dict[str, list[str]] = field(default_factory=dict)
    """Players and frames that became a plain link, or went, by page."""
    moved: list[Moved] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    """Redirections and pages that were written."""
    months: set[str] = field(default_factory=set)
    """`2022-06`, each with something in it."""
    labels: set[str] = field(default_factory=set)

    @property
    def failed(self) -> bool:
        """Whether something could not be read."""
        return any(it.why in FAILURES for it in self.skipped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What was asked for."""

    by: str
    now: datetime
    byline: Callable[[str], str] = lambda _author: ""
    """How the author of that name signs here."""
    fetch: Callable[[str], bytes | None] | None = None
    """Fetches a picture from Blogger's hosts; None: nothing is fetched."""
    dry_run: bool = False
