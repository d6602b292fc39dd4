"""Where a file under `content/` becomes a page: what Pelican's settings, our reader and the check agree on.

Addresses have Blogger's shape, so that an old blog's links stay alive. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from ingest.errors import Refused
from ingest.publication.article import split
from ingest.words import _

ARTICLE_FOLDERS = ("billets", "relais")
REACTION_FOLDER = "reactions"
"""Its files have no page of their own: they stand under the post that `Reply_to` names."""
TEXT_FOLDERS = (*ARTICLE_FOLDERS, REACTION_FOLDER)
"""What the publisher writes Markdown into."""
PAGE_FOLDER = "pages"
MEDIA_FOLDER = "medias"
EXTRA_FOLDER = "extra"
"""Its files stand at the root of the site: `robots.txt`, say."""

ARTICLE = "{date:%Y}/{date:%m}/{slug}.html"
PAGE = "p/{slug}.html"

SLUG = re.compile(r"[a-z0-9]+(?:[-_]+[a-z0-9]+)*")
"""Ours have single hyphens; Blogger's own are like `blog-post_12` too."""
MAX_SLUG = 80
_STATUSES = ("published", "draft")
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}-(.+)")

Head = Mapping[str, tuple[int, str]]
"""Front matter as `article.split` gives it: `{key: (line, value)}`."""


def status(head: Head) -> str:
    """`published` or `draft`. Raises `Refused` for anything else, and where nothing is said."""
    line, value = head.get("Status", (1, ""))
    if value.lower() not in _STATUSES:
        raise Refused(_("ligne {line} : « Status: published » ou « Status: draft » attendu").format(line=line))
    return value.lower()


def slug(head: Head, stem: str) -> str:
    """As the file says, else its name without the date: never the title, since two may be called the same.

    Raises `Refused` for one that could not be an address of its own.
    """
    line, value = head.get("Slug", (1, ""))
    if not value:
        dated = _DATED.fullmatch(stem)
        value = dated[1] if dated else stem
    if not SLUG.fullmatch(value) or len(value) > MAX_SLUG or value == "index":
        raise Refused(
            _("ligne {line} : Slug est fait de a-z, 0-9, « - » et « _ », et n’est pas « index »").format(line=line)
        )
    return value


def moment(head: Head, key: str, zone: ZoneInfo) -> datetime | None:
    """A date of the front matter in `zone`; one without an offset is of `zone`. Raises `Refused` for what is none."""
    line, value = head.get(key, (1, ""))
    if not value:
        return None
    try:
        when = datetime.fromisoformat(value)
        if 1900 < when.year < 9000:
            return when.astimezone(zone) if when.tzinfo else when.replace(tzinfo=zone)
    except ValueError:
        pass
    expected = "2022-06-08T09:30:00+02:00"
    raise Refused(_("ligne {line} : {key} s’écrit comme {expected}").format(line=line, key=key, expected=expected))


def page_of(path: PurePosixPath, text: str, *, zone: ZoneInfo, now: datetime) -> str | None:
    """The page that the file `path` (relative to `content/`) is to have at `now`, relative to the output; or None.

    Raises `Refused` where its front matter cannot be read.
    """
    head, _body = split(text)
    folder = path.parts[0]
    date = moment(head, "Date", zone)
    if folder == REACTION_FOLDER:
        return None
    if status(head) != "published" or (date is not None and date > now):
        return None
    if folder == PAGE_FOLDER:
        return PAGE.format(slug=slug(head, path.stem))
    if date is None:
        raise Refused(_("« Date: » manque"))
    return ARTICLE.format(date=date, slug=slug(head, path.stem))
