"""Web addresses as people are told to follow them, and as two of them are told to be the same. Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_NOT_IN_ONE = re.compile(r"[\s\x00-\x1f\x7f<>\"'`{}|\\^]")


def web(address: str) -> str:
    """`address` if it is a plain http(s) one, else nothing: it stands in a link that people are told to follow."""
    if len(address) > 2000 or _NOT_IN_ONE.search(address):
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname
        parts.port  # noqa: B018 - a bad port is told by reading it
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and host and "@" not in parts.netloc else ""


def host(address: str) -> str:
    """The host of a plain address without `www.`; empty for none."""
    return (urlsplit(address).hostname or "").removeprefix("www.") if web(address) else ""


def same(address: str) -> str:
    """What two addresses of one page have in common: no scheme, no `www.`, no fragment, no last slash, lower host."""
    if not web(address):
        return ""
    parts = urlsplit(address)
    path = unquote(parts.path).rstrip("/")
    return host(address) + path + (f"?{parts.query}" if parts.query else "")


def shown(address: str) -> str:
    """As Mastodon shows it: without scheme and `www.` (`app/lib/text_formatter.rb`)."""
    return re.sub(r"^https?://(?:www\.)?", "", address, flags=re.IGNORECASE)
