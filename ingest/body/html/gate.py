"""bleach, on markup that is already ours: a second look, by other code, at what the first pass let through.

Never alone and never last: bleach has no further releases, and its parser is quadratic in depth and in attributes, so
it only ever sees what `normal` wrote: shallow, well-formed, few attributes.
"""

from __future__ import annotations

from functools import cache

from bleach.sanitizer import Cleaner

MARK = "data-mur"
"""Our own attribute: written by `normal` alone, since it copies no attribute of the mail."""

_TAGS = frozenset(
    {"a", "b", "blockquote", "br", "code", "div", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "pre"}
    | {"table", "td", "tr", "ul"}
)
_ATTRIBUTES = {"*": [MARK], "a": ["href", MARK], "img": ["src", "alt", MARK], "ol": ["start", MARK]}
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "cid"})


@cache
def _cleaner() -> Cleaner:
    return Cleaner(tags=_TAGS, attributes=_ATTRIBUTES, protocols=_SCHEMES, strip=True, strip_comments=True)


def gate(markup: str) -> str:
    """The markup with nothing but the elements, attributes and schemes listed here; text of others stays."""
    return str(_cleaner().clean(markup))
