"""The pictures of a draft's body: what they are called for who does not see them, and in which order they stand. Pure.

They are the pictures that `ingest.body.markdown` writes and a moderator types: `![words](media:0123456789abcdef.jpg)`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.body.markdown import escape
from ingest.model import Markdown

_PICTURE = re.compile(r"!\[((?:[^\[\]\\\n]|\\.|\[[^\[\]\n]{0,300}\]){0,2000})\]\(media:([0-9a-f]{16}\.[a-z0-9]{1,8})")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
MOST = 500
"""Characters of a description: beyond that it belongs into the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture where it stands in a body."""

    name: str
    alt: str


def shown(body: str) -> tuple[Shown, ...]:
    """The pictures of a body, in their order; one that stands there twice, twice."""
    return tuple(Shown(name=found[2], alt=_plain(found[1])) for found in _PICTURE.finditer(body))


def described(body: Markdown, alts: Mapping[str, str]) -> Markdown:
    """`body` with other descriptions, by name of the file."""

    def change(found: re.Match[str]) -> str:
        alt = alts.get(found[2])
        if alt is None or _one_line(alt) == _plain(found[1]):
            return found[0]
        return f"![{escape(_one_line(alt))}](media:{found[2]}"

    return Markdown(_PICTURE.sub(change, body))


def ordered(body: Markdown, places: Sequence[int]) -> Markdown:
    """`body` with its pictures in another order: `places` gives each its new place, 1 for the first.

    The text between them stays; equal places keep the order that they had. As it is where the counts differ.
    """
    found = [match[0] for match in _PICTURE.finditer(body)]
    if len(places) != len(found):
        return body
    after = iter([found[old] for old in sorted(range(len(found)), key=lambda old: (places[old], old))])
    return Markdown(_PICTURE.sub(lambda _match: next(after), body))


def _plain(alt: str) -> str:
    return _ESCAPED.sub(r"\1", alt).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _one_line(alt: str) -> str:
    return " ".join(alt.split())[:MOST]
