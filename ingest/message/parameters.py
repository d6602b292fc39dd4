"""Structured MIME fields: `type; name=value; …` (RFC 2045 section 5.1) with RFC 2231 continuations and charsets.

Own code, since the standard library's is quadratic in the number of parameters; and read as clients read it: missing
quotes and semicolons, encoded words in a quoted name, both `filename` and `filename*`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from ingest.message import charsets, words
from ingest.message.headers import Field

_MAX_PARAMETERS = 64
_MAX_LENGTH = 8_000
_HEAD = re.compile(r"\s*([^\s;,=()\"]*)")
_PARAMETER = re.compile(r"[\s;]*([^\s;=()\"]{1,80})\s{0,20}=\s{0,20}(\"(?:[^\"\\]|\\.)*\"?|[^;]*)", re.DOTALL)
_COMMENT = re.compile(r"\([^()]*\)")
_SEGMENT = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*?)")


@dataclass(frozen=True, slots=True)
class Value:
    """`head` in lower case, `multipart/mixed` say, and the decoded parameters by lower-case name."""

    head: str
    parameters: Mapping[str, str]


def parse(field: Field | None) -> Value:
    """The value of a Content-Type or Content-Disposition field; empty where there is none. Linear; raises nothing."""
    if field is None:
        return Value("", {})
    text = charsets.clean(charsets.decode(field.raw).text).replace("\n", " ")[:_MAX_LENGTH]
    head = _HEAD.match(text)
    position = head.end() if head else 0
    found: dict[str, list[tuple[int, bool, str]]] = {}
    for _ in range(_MAX_PARAMETERS):
        match = _PARAMETER.match(text, _after_comments(text, position))
        if match is None:
            break
        _collect(found, match[1].lower(), _unquoted(match[2]))
        position = match.end()
    return Value(head[1].lower() if head else "", {name: _joined(segments) for name, segments in found.items()})


def _after_comments(text: str, position: int) -> int:
    while (position < len(text) and text[position] in " \t;") or _COMMENT.match(text, position):
        comment = _COMMENT.match(text, position)
        position = comment.end() if comment else position + 1
    return position


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return _COMMENT.sub("", value).strip().strip("\"'")
    inner = value[1:-1] if value.endswith('"') and len(value) > 1 else value[1:]
    return re.sub(r"\\([\"\\])", r"\1", inner)


def _collect(found: dict[str, list[tuple[int, bool, str]]], name: str, value: str) -> None:
    """RFC 2231 sections 3 and 4: `name*`, `name*0`, `name*0*`. A plain `name` yields to an extended one, a later one
    to the first.
    """
    match = _SEGMENT.fullmatch(name)
    if match is None:
        return
    base, index, star = match[1], match[2], bool(match[3])
    segments = found.setdefault(base, [])
    if index is None:
        if star or not segments:
            found[base] = [(-1, star, value)] if star else [*segments, (-2, False, value)]
    elif not segments or segments[0][0] != -1:
        found[base] = [segment for segment in segments if segment[0] >= 0] + [(int(index), star, value)]


def _joined(segments: list[tuple[int, bool, str]]) -> str:
    ordered = sorted(segments, key=lambda segment: segment[0])
    if not any(star for _, star, _ in ordered):
        joined = "".join(value for _, _, value in ordered)
        return words.decode_text(joined) if "=?" in joined else charsets.one_line(joined)
    charset, data = "", b""
    for number, (_, star, value) in enumerate(ordered):
        if number == 0 and star and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)  # noqa: PLW2901 - what is left of the segment
        data += unquote_to_bytes(value) if star else value.encode("utf-8", "replace")
    return charsets.one_line(charsets.decode(data, charset).text)
