"""Pages of the old blog as files under `content/pages/`, like those that a wall's own people write by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.blogger.model import Entry
from ingest.blogger.places import page_slug
from ingest.model import Converted
from ingest.publication.addresses import MEDIA_FOLDER, PAGE, PAGE_FOLDER
from ingest.publication.article import one_line
from ingest.publication.check import pages
from ingest.publication.files import ContentFiles
from ingest.publication.looked import Looks
from ingest.settings import Settings
from ingest.words import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A page that stands there now."""

    slug: str
    new: bool
    files: tuple[str, ...]
    """Those written now, relative to `content/`."""


class Pages:
    """What stands under `content/`, and what is added to it."""

    def __init__(self, settings: Settings, *, now: datetime) -> None:
        self._files = ContentFiles(settings.paths.content, settings.paths.state)
        zone = ZoneInfo(settings.wall.timezone)
        content = settings.paths.content
        looks = Looks(content, settings.paths.state, zone)
        self._sources = pages(looks, now=now) if content.is_dir() else {}

    @property
    def addresses(self) -> set[str]:
        """Every page of the site as it would be built now."""
        return set(self._sources)

    def write(self, entry: Entry, outcome: Converted, *, dry_run: bool) -> Written | None:
        """Write a page, unless it stands there with these very bytes; None where another one has its address."""
        others = {page for page in self._sources if page.startswith("p/")}
        slug = page_slug(entry.path, entry.title, taken=())
        path, text = f"{PAGE_FOLDER}/{slug}.md", _text(outcome, slug).encode("utf-8", "replace")
        if self._files.read(path) == text:
            return Written(slug=slug, new=False, files=())
        if PAGE.format(slug=slug) in others or self._files.read(path) is not None:
            return None
        wanted = {f"{MEDIA_FOLDER}/{it.name}": it.data for it in (*outcome.media, *outcome.aside)}
        missing = {name: data for name, data in wanted.items() if self._files.digest(name) is None}
        if not dry_run:
            self._files.prepare((PAGE_FOLDER, MEDIA_FOLDER))
            for name, data in missing.items():
                self._files.write(name, data)
            self._files.write(path, text)
        self._sources[PAGE.format(slug=slug)] = path
        return Written(slug=slug, new=True, files=(path, *missing))


def _text(outcome: Converted, slug: str) -> str:
    title = one_line(outcome.draft.title) or _("Sans titre")
    head = f"Title: {title}\nSlug: {slug}\nStatus: published\nLang: {one_line(outcome.draft.lang) or 'fr'}\n"
    return f"{head}\n{outcome.draft.body.strip()}\n"
