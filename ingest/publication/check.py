"""A site as Pelican built it, beside what was accepted: every page that should be there, and nothing else.

Knows nothing of Pelican but the addresses, so that a mistake of ours in a plugin does not hide itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

from ingest.errors import BuildFailed, Refused
from ingest.publication.addresses import ARTICLE_FOLDERS, EXTRA_FOLDER, MEDIA_FOLDER, PAGE_FOLDER, page_of
from ingest.words import _

NEEDED = ("index.html", "feeds/all.atom.xml")
_YEAR, _MONTH, _SLUG = r"[0-9]{4}", r"[0-9]{4}/[0-9]{2}", r"[a-z0-9][a-z0-9_-]*"
_LISTS = re.compile(
    rf"(?:page/[0-9]+/|{_YEAR}/|{_MONTH}/|mot/(?:{_SLUG}/(?:page/[0-9]+/)?)?)?index\.html"
    rf"|archives\.html|recherche\.html|404\.html|sitemap\.xml|robots\.txt"
    rf"|agenda\.ics|agenda/(?:{_MONTH}/)?index\.html|feeds/agenda/[0-9]{{4}}-[0-9]{{2}}\.atom\.xml|{_MONTH}/{_SLUG}\.ics"
    rf"|relais/index\.html|relais/{_SLUG}\.json|affiche/{_SLUG}\.html|feeds/relais/{_SLUG}\.atom\.xml"
    rf"|cartes/(?:{_MONTH}/{_SLUG}|mur)\.png"
    rf"|feeds/(?:all\.(?:atom\.xml|rss\.xml|json)|(?:mot/)?{_SLUG}\.atom\.xml)"
)
"""What a build writes beside pages, each a list of them. Another kind of file is another alternative here."""
_THEME = re.compile(r"theme/(?:[\w-][\w.-]*/)*[\w-][\w.-]*\.(?:css|js|svg|png|jpe?g|webp|avif|gif|ico|woff2?|txt)")
_MEDIA_TYPES = frozenset(
    {"jpg", "jpeg", "png", "webp", "gif", "avif", "pdf", "mp3", "ogg", "opus", "m4a", "wav", "flac", "ics"}
)


def pages(content: Path, *, zone: ZoneInfo, now: datetime) -> dict[str, str]:
    """`{page: source}` for everything under `content/` that is to be online at `now`.

    Raises `BuildFailed` for a file that cannot be read and for two that want the same address.
    """
    found: dict[str, str] = {}
    for folder in (*ARTICLE_FOLDERS, PAGE_FOLDER):
        for path in sorted((content / folder).rglob("*.md")):
            source = path.relative_to(content)
            page = _page(path, PurePosixPath(source.as_posix()), zone, now)
            if page is None:
                continue
            if page in found:
                raise BuildFailed(
                    _("{page} : voulu par {one} et par {two}").format(page=page, one=found[page], two=source)
                )
            found[page] = source.as_posix()
    return found


def check(output: Path, content: Path, expected: Mapping[str, str]) -> None:
    """Raise `BuildFailed` where a page is missing or empty, and where a file is there that nobody asked for."""
    for page, source in expected.items():
        if not _holds(output / page):
            raise BuildFailed(_("{source} : sa page {page} manque").format(source=source, page=page))
    for needed in NEEDED:
        if not _holds(output / needed):
            raise BuildFailed(_("{page} manque").format(page=needed))
    for name in _files(output):
        if name not in expected and not _allowed(name, content):
            raise BuildFailed(_("{name} : un fichier que personne n’a demandé").format(name=name))


def _page(path: Path, source: PurePosixPath, zone: ZoneInfo, now: datetime) -> str | None:
    try:
        return page_of(source, path.read_text(encoding="utf-8"), zone=zone, now=now)
    except (Refused, OSError, UnicodeDecodeError) as error:
        raise BuildFailed(f"{source}: {error}") from None


def _holds(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _files(output: Path) -> Iterator[str]:
    for path in sorted(output.rglob("*")):
        if not path.is_dir() or path.is_symlink():
            yield path.relative_to(output).as_posix()


def _allowed(name: str, content: Path) -> bool:
    if _LISTS.fullmatch(name) or _THEME.fullmatch(name):
        return True
    folder, _slash, rest = name.partition("/")
    if folder == MEDIA_FOLDER:
        return rest.rpartition(".")[2].lower() in _MEDIA_TYPES and (content / name).is_file()
    return (content / EXTRA_FOLDER / name).is_file()
