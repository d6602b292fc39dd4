"""A page as it would be published, shown elsewhere: its pictures and its theme come from where it is shown. Pure.

Nothing else of the page is touched. What is replaced stands in attributes of tags that the gate or a template wrote;
in a text, `<` is an entity.
"""

from __future__ import annotations

import re
from posixpath import dirname, relpath
from urllib.parse import urlsplit

from ingest.publication.addresses import MEDIA_FOLDER

THEME_FOLDER = "theme"
"""Pelican's `THEME_STATIC_DIR`."""
_TAG = re.compile(r"<(?:a|audio|img|link|script|source)\s[^<>]*>")


def framed(html: str, *, page: str, siteurl: str, media: str, theme: str) -> str:
    """`html`, the page at the address `page` of the site at `siteurl`, with other addresses for media and theme.

    `media` and `theme` are what stands before a name, `/apercu/…/medias/` say.
    """
    folders = {MEDIA_FOLDER: media, THEME_FOLDER: theme}
    address = re.compile(rf'(?<=[" ])(?:{_roots(page, siteurl)})/({"|".join(folders)})/')
    return _TAG.sub(lambda tag: address.sub(lambda found: folders[found[1]], tag[0]), html)


def _roots(page: str, siteurl: str) -> str:
    """How the page may call the root of its site: in full, by its path, or relative to itself."""
    relative = relpath(".", dirname(page) or ".")
    found = {siteurl, urlsplit(siteurl).path} if siteurl else {relative}
    return "|".join(re.escape(root) for root in sorted(found, key=len, reverse=True))
