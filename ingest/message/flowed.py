"""format=flowed and DelSp (RFC 3676): paragraphs put together again, quotes kept as `> `."""

from __future__ import annotations

import re

_QUOTED = re.compile(r">+")
SIGNATURE = "-- "


def unwrap(text: str, *, delsp: bool = False) -> str:
    """The text with each paragraph on a line of its own.

    A line that ends in a space flows into the next one of the same quote depth (section 4.1); with `delsp` that space
    was added and goes (section 4.2). The signature line `-- ` is fixed (section 4.3), space-stuffing is undone
    (section 4.4).
    """
    out: list[str] = []
    paragraph: list[str] = []
    depth = 0
    for line in text.split("\n"):
        quoted = _QUOTED.match(line)
        level = quoted.end() if quoted else 0
        content = line[level:].removeprefix(" ")
        if paragraph and (level != depth or content in {SIGNATURE, ""}):
            out.append(_line(depth, paragraph))
            paragraph = []
        depth = level
        if content.endswith(" ") and content != SIGNATURE:
            paragraph.append(content[:-1] if delsp else content)
        else:
            paragraph.append(content)
            out.append(_line(depth, paragraph))
            paragraph = []
    if paragraph:
        out.append(_line(depth, paragraph))
    return "\n".join(out)


def _line(depth: int, paragraph: list[str]) -> str:
    text = "> " * depth + "".join(paragraph)
    return text if paragraph == [SIGNATURE] else text.rstrip(" ")
