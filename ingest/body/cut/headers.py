"""Header blocks that clients write above a message: "De : … Envoyé : … À : … Objet : …", in any order and language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.body.contacts import ADDRESS
from ingest.body.cut.words import FIELDS, LONGEST_FIELD, RUN_ON_FIELD, mark
from ingest.body.lines import Line
from ingest.model import Forwarded

_WITHIN = 14
"""A block is looked for in so many lines: six fields, and To fields that wrap."""
_LONGEST = 2000
_DASHED = re.compile(r"[-_=*\s]{2,}([^-]{3,80}?)\s*[-_=*]{2,}\s*(.*)")

_MESSAGE_OF = re.compile(r"message (?:du|reçu le|envoyé le) ?:? ?(?=\d)", re.IGNORECASE)
"""Orange's webmail: "> Message du 06/06/22 10:12", without a colon."""


@dataclass(frozen=True, slots=True)
class Header:
    """A block found in lines `start` to `end` (excluded)."""

    start: int
    end: int
    mark: str
    """`forward`, `original`, or empty where there is no such words above the block."""
    fields: dict[str, str] = field(default_factory=dict)

    def forwarded(self) -> Forwarded:
        """Who wrote what stands below."""
        name, address = person(self.fields.get("from", ""))
        return Forwarded(
            from_name=name,
            from_address=address,
            subject=self.fields.get("subject", ""),
            date=self.fields.get("date", ""),
        )


def person(text: str) -> tuple[str, str]:
    """Name and address in the value of a From field as clients show it; either may be empty."""
    found = ADDRESS.search(text)
    name = re.split(r"[<\[]|\(?mailto:", text, maxsplit=1)[0]
    if found and found[0] in name:
        name = name.split(found[0], 1)[0]
    return name.strip(" \t\"'“”„«»(),;*_"), found[0] if found else ""


def named(text: str) -> tuple[str, str] | None:
    """Field and value of a line such as `*De :* Jean`, or None.

    Webmails of Orange and the old Hotmail write their `>` into HTML as text.
    """
    bare = text.lstrip("*_•·> ")
    if dated := _MESSAGE_OF.match(bare):
        return "date", bare[dated.end() :]
    word, colon, value = bare.replace("：", ":").partition(":")
    if not colon or len(word) > LONGEST_FIELD + 4:
        return None
    name = FIELDS.get(word.strip("*_ ").casefold())
    return (name, value.strip("*_ ")) if name else None


def find(lines: Sequence[Line], at: int) -> Header | None:
    """The header block, or the mark of a forwarded or original message, that starts exactly at line `at`."""
    line = lines[at].plain
    if len(line) > _LONGEST:
        return None
    found = _DASHED.fullmatch(line) if line[:1] in "-_=*" else None
    if found:
        return _marked(lines, at, mark(found[1].strip()), found[2])
    if len(line) < 80 and named(line) is None and (kind := mark(line) or _opens_a_quote(lines, at)):
        below = _fields(lines, at + 1)
        return Header(at, below.end, kind, below.fields) if below else None
    if not lines[at].solid:
        below = _fields(lines, at + 1)
        return Header(at, below.end, below.mark, below.fields) if below else None
    return _fields(lines, at)


def _opens_a_quote(lines: Sequence[Line], at: int) -> str:
    """Apple Mail puts a forward behind `>`, its words in whatever language first: "Début du message réexpédié :"."""
    first = lines[at].depth and (at == 0 or lines[at - 1].depth < lines[at].depth)
    return "forward" if first and lines[at].plain.endswith((":", "：")) else ""


def _marked(lines: Sequence[Line], at: int, kind: str, rest: str) -> Header | None:
    below = _fields(lines, at + 1)
    if rest and kind:
        below = _run_on(rest, at)
    if below:
        return Header(at, below.end, kind, below.fields)
    return Header(at, at + 1, kind) if kind and not rest else None


def _run_on(text: str, at: int) -> Header | None:
    """Yahoo's plain text: "----- Mensaje reenviado ----- De: …Para: …CC: …Enviado: …Asunto: …" in one line."""
    parts = RUN_ON_FIELD.split(text)
    fields: dict[str, str] = {}
    for word, value in zip(parts[1::2], parts[2::2], strict=True):
        fields.setdefault(FIELDS[word.casefold()], value.strip())
    return Header(at, at + 1, "", fields) if "from" in fields and len(fields) >= 3 else None


def _fields(lines: Sequence[Line], at: int) -> Header | None:
    """At least three fields, From among them, each at most two lines below the one before."""
    if at >= len(lines) or named(lines[at].plain) is None:
        return None
    depth, end, fields, last = lines[at].depth, at, dict[str, str](), ""
    for number in range(at, min(at + _WITHIN, len(lines))):
        line = lines[number]
        found = named(line.plain) if line.depth == depth and len(line.plain) < _LONGEST else None
        if found and found[0] not in fields:
            last = found[0]
            fields[last], end = found[1], number + 1
        elif found or not _continues(lines, number, end, last):
            break
    if "from" not in fields or len(fields) < 3:
        return None
    whole = _with_wrapped(lines, at, end, fields)
    while end < len(lines) and lines[end].depth == depth and lines[end].plain and not lines[end].plain.strip("> "):
        end += 1
    return Header(at, end, "", whole)


def _continues(lines: Sequence[Line], number: int, end: int, last: str) -> bool:
    """Whether a line that names no field may be the wrapped rest of the one above, or an empty "Copie à :" """
    patience = 6 if last in {"to", "copy"} else 2
    return not lines[number].gap and number - end < patience and lines[number].depth == lines[number - 1].depth


def _with_wrapped(lines: Sequence[Line], at: int, end: int, fields: dict[str, str]) -> dict[str, str]:
    last = ""
    whole: dict[str, str] = {}
    for line in lines[at:end]:
        found = named(line.plain)
        if found:
            last = found[0]
            whole[last] = fields[last]
        else:
            whole[last] += " " + line.plain.strip("*_ ")
    return whole
