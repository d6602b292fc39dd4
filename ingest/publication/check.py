"""A site as Pelican built it, beside what was accepted: every page that should be there, and nothing else.

Knows nothing of Pelican but the addresses, so that a mistake of ours in a plugin does not hide itself.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import astuple
from datetime import datetime
from pathlib import Path

from ingest.errors import BuildFailed
from ingest.publication.addresses import ARTICLE_FOLDERS, EXTRA_FOLDER, MEDIA_FOLDER, PAGE_FOLDER
from ingest.publication.looked import Looks
from ingest.relay.files import LIST, files_of
from ingest.words import _

NEEDED = ("index.html", "feeds/all.atom.xml")
_YEAR, _MONTH, _SLUG = r"[0-9]{4}", r"[0-9]{4}/[0-9]{2}", r"[a-z0-9][a-z0-9_-]*"
_OF_A_RELAY = "|".join(re.escape(path).replace("KEY", _SLUG) for path in astuple(files_of("KEY")))
_LISTS = re.compile(
    rf"(?:page/[0-9]+/|{_YEAR}/|{_MONTH}/(?:page/[0-9]+/)?|mot/(?:{_SLUG}/(?:page/[0-9]+/)?)?)?index\.html"
    rf"|archives\.html|recherche\.html|404\.html|semaine\.html|sitemap(?:/(?:[0-9]{{4}}|mots))?\.xml|robots\.txt"
    rf"|agenda\.ics|agenda/(?:{_MONTH}/)?index\.html|feeds/agenda/[0-9]{{4}}-[0-9]{{2}}\.atom\.xml|{_MONTH}/{_SLUG}\.ics"
    rf"|{re.escape(LIST)}|{_OF_A_RELAY}"
    rf"|cartes/(?:{_MONTH}/{_SLUG}|mur)\.png"
    rf"|feeds/(?:all\.(?:atom\.xml|rss\.xml|json)|(?:mot/)?{_SLUG}\.atom\.xml)"
)
"""What a build writes beside pages, each a list of them. Another kind of file is another alternative here."""
_THEME = re.compile(r"theme/(?:[\w-][\w.-]*/)*[\w-][\w.-]*\.(?:css|js|svg|png|jpe?g|webp|avif|gif|ico|woff2?|txt)")
_MEDIA_TYPES = frozenset(
    {"jpg", "jpeg", "png", "webp", "gif", "avif", "pdf", "mp3", "ogg", "opus", "m4a", "wav", "flac", "ics"}
)


def pages(looks: Looks, *, now: datetime) -> dict[str, str]:
    """`{page: source}` for everything under `content/` that is to be online at `now`.

    Raises `BuildFailed` for a file that cannot be read and for two that want the same address.
    """
    found: dict[str, str] = {}
    moment = now.timestamp()
    for source in looks.texts(*ARTICLE_FOLDERS, PAGE_FOLDER):
        look = looks.at(source)
        if look is None or look.wrong:
            raise BuildFailed(f"{source}: {look.wrong if look else ''}")
        if not look.page or (look.date is not None and look.date > moment):
            continue
        if look.page in found:
            raise BuildFailed(
                _("{page} : voulu par {one} et par {two}").format(page=look.page, one=found[look.page], two=source)
            )
        found[look.page] = source
    return found


def check(output: Path, content: Path, expected: Mapping[str, str], *, fresh: AbstractSet[str] | None = None) -> None:
    """Raise `BuildFailed` where a page is missing or empty, and where a file is there that nobody asked for.

    `fresh` are the files that were written just now, None for all: the others were looked into when they were.
    """
    there = set(_files(str(output)))
    for page, source in expected.items():
        if page not in there or ((fresh is None or page in fresh) and not _holds(output / page)):
            raise BuildFailed(_("{source} : sa page {page} manque").format(source=source, page=page))
    for needed in NEEDED:
        if not _holds(output / needed):
            raise BuildFailed(_("{page} manque").format(page=needed))
    for name in sorted(there - expected.keys()):
        if not _allowed(name, content, looked=fresh is None or name in fresh):
            raise BuildFailed(_("{name} : un fichier que personne n’a demandé").format(name=name))


def _holds(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _files(root: str) -> list[str]:
    """Everything that is no folder, links too, relative to `root`."""
    files: list[str] = []
    below = [""]
    for folder in below:  # which grows
        with os.scandir(f"{root}/{folder}") as found:
            for entry in found:
                name = f"{folder}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    below.append(f"{name}/")
                else:
                    files.append(name)
    return files


def _allowed(name: str, content: Path, *, looked: bool = True) -> bool:
    if _LISTS.fullmatch(name) or _THEME.fullmatch(name):
        return True
    folder, _slash, rest = name.partition("/")
    if folder == MEDIA_FOLDER:
        known = rest.rpartition(".")[2].lower() in _MEDIA_TYPES
        return known and (not looked or (content / name).is_file())
    return (content / EXTRA_FOLDER / name).is_file()
