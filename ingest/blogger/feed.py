"""Both formats of Blogger's export, read as one. Pure.

The present one is `feed.atom` of Google Takeout: Atom (RFC 4287) with elements of `…/blogger/2018`. The older one is
`blog-MM-DD-YYYY.xml`: Atom with a category of the scheme `…/g/2005#kind` on each entry, `app:draft` (RFC 5023) and
`thr:in-reply-to` (RFC 4685). Looked up in exports of both kinds and in what others read them with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import unquote, urlsplit

from lxml import etree  # type: ignore[import-untyped] # lxml has no types

from ingest.blogger.model import Entry, Feed, What
from ingest.errors import Refused
from ingest.model import UntrustedHtml
from ingest.words import _

MAX_BYTES = 128 * 1024 * 1024
MAX_ENTRIES = 50_000
_ATOM = "{http://www.w3.org/2005/Atom}"
_BLOGGER = "{http://schemas.google.com/blogger/2018}"
_HARMLESS = "NS_ERR_UNDEFINED_NAMESPACE"
_KIND = "http://schemas.google.com/g/2005#kind"
_KINDS = {"post": What.POST, "page": What.PAGE, "comment": What.COMMENT}
_OLD_LABELS = "http://www.blogger.com/atom/ns#"
_LABELS = re.compile(r"tag:blogger\.com,1999:blog-\d+")
_FRACTION = re.compile(r"\.\d+")
_MAX_LABELS = 50
_MAX_LINE = 1000


def read(data: bytes) -> Feed:
    """The entries of an export. Raises `Refused` for what is none, is too large, or brings its own entities."""
    if len(data) > MAX_BYTES:
        raise Refused(_("fichier de plus de {n} Mo").format(n=MAX_BYTES >> 20))
    entries: list[Entry] = []
    title, unknown = "", 0
    try:
        for element in _elements(data):
            if element.tag == f"{_ATOM}title":
                title = title or _line(element.text)
                continue
            entry = _entry(element)
            element.clear()
            if entry is None:
                unknown += 1
            else:
                entries.append(entry)
            if len(entries) > MAX_ENTRIES:
                raise Refused(_("plus de {n} articles et commentaires").format(n=MAX_ENTRIES))
    except etree.LxmlError as error:
        raise Refused(_("ce n’est pas du XML bien formé (ligne {line})").format(line=_line_of(error))) from None
    return Feed(title=title, entries=tuple(entries), unknown=unknown)


def _elements(data: bytes) -> Iterator[etree._Element]:
    """The feed's own titles and entries, one after the other, so that the tree never stands as a whole."""
    # No entity is expanded, no DTD loaded, nothing fetched; without `huge_tree` libxml2 bounds depth and text
    events = etree.iterparse(
        BytesIO(data),
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=True,  # from `_HARMLESS` alone: anything else is raised at the end
    )
    root = None
    for event, element in events:
        if root is None:
            root = element
            _check_root(root)
        if event == "end" and element.getparent() is root and element.tag in {f"{_ATOM}title", f"{_ATOM}entry"}:
            yield element
            while element.getprevious() is not None:
                del root[0]
    _check_end(root, events)


def _check_root(root: etree._Element) -> None:
    if root.getroottree().docinfo.doctype:
        raise Refused(_("ce fichier contient une DTD : Blogger n’en écrit pas"))
    if root.tag != f"{_ATOM}feed":
        raise Refused(_("ce n’est pas un export de Blogger : un fil Atom est attendu"))


def _check_end(root: etree._Element | None, events: etree.iterparse) -> None:
    """What the parser went over: a file that was cut off is none, even where its beginning was."""
    for error in events.error_log:
        if error.type_name != _HARMLESS:
            raise Refused(_("ce n’est pas du XML bien formé (ligne {line})").format(line=error.line))
    if root is None:
        raise Refused(_("ce fichier est vide"))


def _entry(element: etree._Element) -> Entry | None:
    what, status = _kind_and_status(element)
    if what is None:
        return None
    published = _moment(element.findtext(f"{_ATOM}published"))
    return Entry(
        what=what,
        id=_line(element.findtext(f"{_ATOM}id")),
        status=status,
        title=_line(element.findtext(f"{_ATOM}title")),
        html=UntrustedHtml(element.findtext(f"{_ATOM}content") or element.findtext(f"{_ATOM}summary") or ""),
        labels=tuple(dict.fromkeys(_labels(element)))[:_MAX_LABELS],
        author=_line(element.findtext(f"{_ATOM}author/{_ATOM}name")),
        published=published,
        updated=_moment(element.findtext(f"{_ATOM}updated")),
        path=_path(element),
        parent=_parent(element),
    )


def _kind_and_status(element: etree._Element) -> tuple[What | None, str]:
    told = element.findtext(f"{_BLOGGER}type")
    if told is not None:
        trashed = bool((element.findtext(f"{_BLOGGER}trashed") or "").strip())
        status = (element.findtext(f"{_BLOGGER}status") or "LIVE").strip().lower()
        return _KINDS.get(told.strip().lower()), "soft_trashed" if trashed else status
    for category in element.iterfind(f"{_ATOM}category"):
        if category.get("scheme") == _KIND:
            control = _named(element, "control")
            flag = _named(control, "draft") if control is not None else None
            draft = flag is not None and (flag.text or "").strip() == "yes"
            return _KINDS.get((category.get("term") or "").rpartition("#")[2]), "draft" if draft else "live"
    return None, ""


def _labels(element: etree._Element) -> Iterator[str]:
    for category in element.iterfind(f"{_ATOM}category"):
        scheme, term = category.get("scheme") or "", _line(category.get("term"))
        if term and (scheme == _OLD_LABELS or _LABELS.fullmatch(scheme)):
            yield term


def _path(element: etree._Element) -> str:
    told = element.findtext(f"{_BLOGGER}filename")
    if told is None:
        links = (it.get("href") or "" for it in element.iterfind(f"{_ATOM}link") if it.get("rel") == "alternate")
        told = next(links, "")
    try:
        path = unquote(urlsplit(told.strip()).path)
    except ValueError:
        return ""
    return _line(path) if path.startswith("/") else ""


def _parent(element: etree._Element) -> str:
    told = element.findtext(f"{_BLOGGER}parent")
    if told is None:
        answered = _named(element, "in-reply-to")
        told = answered.get("ref") if answered is not None else ""
    return _line(told)


def _named(element: etree._Element, name: str) -> etree._Element | None:
    """The child of that name, whatever its namespace: some copies of exports lost their `xmlns:app`."""
    tags = (child for child in element if isinstance(child.tag, str))
    return next((child for child in tags if child.tag.rpartition("}")[2].rpartition(":")[2] == name), None)


def _line(text: str | None) -> str:
    return " ".join((text or "")[:_MAX_LINE].split())


def _moment(text: str | None) -> datetime | None:
    """RFC 3339; Takeout writes UTC, the older export the blog's own offset."""
    try:
        moment = datetime.fromisoformat(_FRACTION.sub("", (text or "").strip()[:40]))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC) if 1990 < moment.year < 2200 else None
    except (ValueError, OverflowError):
        return None


def _line_of(error: etree.LxmlError) -> int:
    return int(getattr(error, "lineno", None) or 0)
