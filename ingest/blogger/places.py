"""Where an entry of the old blog stands on the wall: its date and the last part of its address. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from ingest.publication.addresses import ARTICLE, ARTICLE_FOLDERS, MAX_SLUG, PAGE, SLUG
from ingest.publication.slugs import slug as new_slug

_POST = re.compile(r"/(\d{4})/(\d{2})/([^/]{1,200})\.html")
_PAGE = re.compile(r"/p/([^/]{1,200})\.html")
_HOST = re.compile(r"[a-z0-9-]{1,63}\.blogspot(?:\.[a-z]{2,3}){1,2}")
_ZONES_APART = timedelta(hours=36)
"""The blog's own clock may have been any: a post of the last evening of a month there is of the next month here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A date and an address; `url` is relative to the root of the site."""

    date: datetime
    slug: str
    url: str

    @property
    def source(self) -> str:
        """The file under `content/`."""
        return f"{ARTICLE_FOLDERS[0]}/{self.date:%Y-%m-%d}-{self.slug}.md"


def post_place(path: str, published: datetime, title: str, *, zone: ZoneInfo, taken: Collection[str]) -> Place:
    """The very address that the post had, wherever a wall can have it; else one that is close, and not in `taken`.

    `path` is Blogger's `/2022/06/slug.html`, `taken` holds addresses as `Place.url`.
    """
    old = _POST.fullmatch(path)
    date = _in_month(published.astimezone(zone), old, zone)
    asked = old[3] if old else ""
    url = ARTICLE.format(date=date, slug=asked)
    if is_legal(asked) and url not in taken:
        return Place(date=date, slug=asked, url=url)
    month = ARTICLE.format(date=date, slug="").rpartition("/")[0]
    slugs = {PurePosixPath(it).stem for it in taken if it.startswith(f"{month}/")}
    found = new_slug(asked or title, taken=slugs, fallback="billet")
    return Place(date=date, slug=found, url=ARTICLE.format(date=date, slug=found))


def page_slug(path: str, title: str, *, taken: Collection[str]) -> str:
    """The last part of a page's address, `x` of `/p/x.html`."""
    old = _PAGE.fullmatch(path)
    asked = old[1] if old else ""
    if is_legal(asked) and PAGE.format(slug=asked) not in taken:
        return asked
    return new_slug(asked or title, taken={PurePosixPath(it).stem for it in taken}, fallback="page")


def at_home(address: str, paths: Collection[str], site: str) -> str:
    """A link of the blog to itself leads to the wall; any other address stays. `site` is the wall's, or empty.

    An export does not say where its blog was. A post of the same path on any of Blogger's hosts is that post: it had
    one for each country (`…blogspot.fr`).
    """
    try:
        url = urlsplit(address.strip())
    except ValueError:
        return address
    if not site or url.path not in paths or not _HOST.fullmatch((url.hostname or "").lower()):
        return address
    return f"{site}{quote(url.path)}{'#' + quote(url.fragment) if url.fragment else ''}"


def is_legal(slug: str) -> bool:
    """Whether a wall can have this address."""
    return bool(SLUG.fullmatch(slug)) and len(slug) <= MAX_SLUG and slug != "index"


def _in_month(date: datetime, old: re.Match[str] | None, zone: ZoneInfo) -> datetime:
    """`date`, or the moment nearest to it in the month of the old address, where only the clocks were others."""
    if old is None or not 1 <= int(old[2]) <= 12 or not 1990 < int(old[1]) < 2200:
        return date
    year, month = int(old[1]), int(old[2])
    if (date.year, date.month) == (year, month):
        return date
    first = datetime(year, month, 1, tzinfo=zone)
    following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    nearest = first if date < first else following - timedelta(minutes=1)
    return nearest if abs(nearest - date) <= _ZONES_APART else date
