"""Narrower copies of a picture for narrower screens: `srcset` on the `img` tags that the gate wrote. Pure.

A copy is called after the picture and its width, `0123456789abcdef-800.jpg` beside `0123456789abcdef.jpg`; see
`ingest.conversion`. Nothing of a text comes into what is added here.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.model import SafeHtml

SIZES = "(min-width: 46em) 42em, 100vw"
"""How wide a picture stands on our page; another theme only chooses a copy less well."""
_IMG = re.compile(r'<img\b(?=[^<>]*?\swidth="(\d{1,5})")[^<>]*?\ssrc="media:([0-9a-f]{16})\.([a-z0-9]{2,5})"')


def with_copies(html: SafeHtml, widths: Callable[[str, str], tuple[int, ...]]) -> SafeHtml:
    """`html` with a `srcset` on each picture that has copies: `widths(stem, extension)` names theirs, in pixels."""

    def responsive(match: re.Match[str]) -> str:
        whole, stem, extension = match[1], match[2], match[3]
        copies = sorted(width for width in widths(stem, extension) if width < int(whole))
        if not copies:
            return match[0]
        named = [f"media:{stem}-{width}.{extension} {width}w" for width in copies]
        srcset = ", ".join([*named, f"media:{stem}.{extension} {whole}w"])
        return f'{match[0]} srcset="{srcset}" sizes="{SIZES}"'

    return SafeHtml(_IMG.sub(responsive, html))
