"""The HTML of a blog's post, made into what the HTML of a mail is before `read_html` reads it. Pure.

A post points to its pictures where a mail carries them, and embeds players where a mail has none. Whatever is hostile
in it is left for `read_html`, which sees all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit

from bs4 import BeautifulSoup, Tag

from ingest.body.html import bounds
from ingest.body.html.style import attribute
from ingest.model import UntrustedHtml

PICTURE_HOSTS = re.compile(
    r"(?:blogger\.googleusercontent\.com|[1-4]\.bp\.blogspot\.com|bp[0-3]\.blogger\.com|lh[3-6]\.googleusercontent\.com"
    r"|lh[3-6]\.ggpht\.com|photos1\.blogger\.com)"
)
"""Where Blogger keeps the pictures of posts, today and since 2004."""
_FRAMES = ("iframe", "embed", "object")
_YOUTUBE = re.compile(r"(?:www\.)?youtube(?:-nocookie)?\.com")
_YOUTUBE_PATH = re.compile(r"/(?:embed|v)/([\w-]{6,20})")
_VIMEO_PATH = re.compile(r"/video/(\d{4,12})")
_DAILYMOTION_PATH = re.compile(r"/embed/video/(\w{4,20})")
_CAPTIONED = "tr-caption-container"
_CAPTION = "tr-caption"


@dataclass(frozen=True, slots=True, kw_only=True)
class AsMail:
    """A post's markup, and what was turned in it."""

    html: UntrustedHtml
    pictures: tuple[str, ...]
    """Names that `cid:` addresses stand for, in the order of the text."""
    missing: tuple[str, ...]
    """Addresses of pictures that nobody had."""
    embeds: tuple[str, ...]
    """Addresses of players and frames."""


def picture_addresses(markup: UntrustedHtml, *, text_bytes: int) -> tuple[tuple[str, ...], ...]:
    """Of each picture the addresses it may be had from, the largest first. Raises `BadMessage` as `read_html` does."""
    tree = _parsed(markup, text_bytes)
    return tuple(dict.fromkeys(_addresses(tag) for tag in tree.find_all("img") if _addresses(tag)))


def as_mail(
    markup: UntrustedHtml,
    *,
    text_bytes: int,
    having: Callable[[tuple[str, ...]], str],
    moved: Callable[[str], str] = lambda address: address,
) -> AsMail:
    """`markup` with `cid:NAME` for each picture that `having(addresses)` has a name for (empty: none).

    `moved` says where a link leads now.
    Players become links to their page, where that is known; tables that hold a picture and its caption become both.
    Raises `BadMessage`: `too-long`, `too-deep`.
    """
    tree = _parsed(markup, text_bytes)
    pictures: dict[str, None] = {}
    missing: list[str] = []
    for tag in tree.find_all("img"):
        addresses = _addresses(tag)
        if not addresses:
            continue
        name = having(addresses)
        if name:
            pictures[name] = None
            tag["src"] = f"cid:{quote(name, safe='')}"
        else:
            missing.append(addresses[-1])
        _let_out(tag)
    for link in tree.find_all("a", href=True):
        link["href"] = moved(attribute(link, "href"))
    embeds = [_linked(tree, tag) for tag in tree.find_all(_FRAMES) if tag.parent is not None]
    for table in tree.find_all("table", class_=_CAPTIONED):
        _uncaptioned(tree, table)
    return AsMail(
        html=UntrustedHtml(str(tree)),
        pictures=tuple(pictures),
        missing=tuple(missing),
        embeds=tuple(filter(None, embeds)),
    )


def is_blogger_s(address: str) -> bool:
    """Whether a picture's address is one of Blogger's own hosts."""
    return bool(PICTURE_HOSTS.fullmatch(_split(address)[1]))


def _parsed(markup: UntrustedHtml, text_bytes: int) -> BeautifulSoup:
    pruned = bounds.prune(str(markup))
    bounds.check_markup(pruned, text_bytes)
    tree = BeautifulSoup(f"<body>{pruned}</body>", "lxml")
    bounds.check_tree(tree)
    return tree


def _addresses(tag: Tag) -> tuple[str, ...]:
    """What the link around a picture leads to, where that is the picture in full, and its own source."""
    around = tag.find_parent("a")
    full = attribute(around, "href").strip() if around is not None else ""
    source = attribute(tag, "src").strip()
    found = [full] if is_blogger_s(full) else []
    return tuple(dict.fromkeys(_secure(it) for it in (*found, source) if _split(_secure(it))[0] == "https"))


def _let_out(tag: Tag) -> None:
    """A link to the same picture on Blogger's hosts leads nowhere once the blog is gone."""
    around = tag.find_parent("a")
    if around is not None and is_blogger_s(attribute(around, "href").strip()):
        around.unwrap()


def _linked(tree: BeautifulSoup, tag: Tag) -> str:
    inner = tag.find(["embed", "iframe"]) if tag.name == "object" else None
    movie = tag.find("param", attrs={"name": "movie"}) if tag.name == "object" else None
    source = attribute(tag, "src") or attribute(tag, "data")
    source = source or (attribute(inner, "src") if isinstance(inner, Tag) else "")
    source = _secure((source or (attribute(movie, "value") if isinstance(movie, Tag) else "")).strip())
    scheme, host, _rest = _split(source)
    own = is_blogger_s(source) or host in {"www.blogger.com", "draft.blogger.com"}
    if scheme != "https" or own:  # Blogger's own player shows a video that ends with the blog
        tag.decompose()
        return source[:500]
    page = _page_of(source)
    paragraph, link = tree.new_tag("p"), tree.new_tag("a", href=page)
    link.string = page
    paragraph.append(link)
    tag.replace_with(paragraph)
    return page[:500]


def _page_of(source: str) -> str:
    """Where a person watches what a frame shows."""
    url = urlsplit(source)
    host, path = (url.hostname or "").lower(), url.path
    if _YOUTUBE.fullmatch(host) and (found := _YOUTUBE_PATH.match(path)):
        return f"https://www.youtube.com/watch?v={found[1]}"
    if host == "player.vimeo.com" and (found := _VIMEO_PATH.match(path)):
        return f"https://vimeo.com/{found[1]}"
    if host == "www.dailymotion.com" and (found := _DAILYMOTION_PATH.match(path)):
        return f"https://www.dailymotion.com/video/{found[1]}"
    if host.endswith("google.com") and path == "/maps" and (asked := parse_qs(url.query).get("q")):
        return f"https://www.google.com/maps?q={quote(asked[0])}"
    return source


def _uncaptioned(tree: BeautifulSoup, table: Tag) -> None:
    picture = table.find("img")
    if picture is None or table.parent is None:
        return
    caption = table.find(class_=_CAPTION)
    shown, words = tree.new_tag("p"), tree.new_tag("p")
    shown.append(picture.extract())
    if isinstance(caption, Tag):
        words.append(caption.extract())
        caption.name = "em"
    table.replace_with(shown)
    shown.insert_after(words)


def _secure(address: str) -> str:
    if address.startswith("//"):
        return f"https:{address}"
    return f"https:{address[5:]}" if address[:5].lower() == "http:" else address


def _split(address: str) -> tuple[str, str, str]:
    try:
        url = urlsplit(address)
        return url.scheme.lower(), (url.hostname or "").lower(), url.path
    except ValueError:
        return "", "", ""
