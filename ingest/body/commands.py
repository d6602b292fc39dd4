"""What a contributor asks for at the head of a mail: "Titre : …", "Anonyme", "Date : 12 juin 18 h"; hashtags
at its end.

Only the first lines are read so: a story that says "Date : …" further down is left alone, and so is an
announcement whose "Date :" stands beside a "Lieu :".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from ingest.body import dates
from ingest.body.blocks import Block, Blocks
from ingest.body.lines import Line, read, sift
from ingest.model import Removed, Why

MAX_TITLE, MAX_BYLINE, MAX_TAG, MAX_TAGS = 200, 80, 40, 12
_MOST_LINES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was asked for, and the tree without the lines that asked."""

    blocks: tuple[Block, ...]
    title: str | None
    byline: str | None
    anonymous: bool
    tags: tuple[str, ...]
    not_before: datetime | None
    section: str | None
    """"Rubrique : …", as typed."""
    urgent: bool
    removed: tuple[Removed, ...]


@dataclass(slots=True)
class _Asked:
    now: datetime
    timezone: tzinfo
    title: str | None = None
    byline: str | None = None
    anonymous: bool = False
    tags: list[str] = field(default_factory=list)
    not_before: datetime | None = None
    section: str | None = None
    urgent: bool = False


Command = Callable[[_Asked, str], bool]
"""Takes the value into what was asked; false where the value makes no sense, so that the line stays in the text."""


def _title(asked: _Asked, value: str) -> bool:
    asked.title = value[:MAX_TITLE].strip(' «»"') or None
    return asked.title is not None and len(value) <= MAX_TITLE


def _byline(asked: _Asked, value: str) -> bool:
    if "@" in value or not 0 < len(value) <= MAX_BYLINE:
        return False
    if _words(value) in _ANONYMOUS:
        asked.anonymous = True
    else:
        asked.byline = value
    return True


def _anonymous(asked: _Asked, value: str) -> bool:
    word = value.casefold().strip(" .!")
    asked.anonymous = asked.anonymous or word in {
        "",
        "oui",
        "yes",
        "svp",
        "s'il vous plaît",
        "merci",
        "please",
        "true",
        "1",
    }
    return asked.anonymous or word in {"non", "no"}


def _tags(asked: _Asked, value: str) -> bool:
    parts = re.split(r"[,;/|]|\s+(?=#)", value) if re.search(r"[,;/|#]", value) else [value]
    asked.tags += [tag for part in parts if (tag := _tag(part))]
    return bool(asked.tags)


def _date(asked: _Asked, value: str) -> bool:
    asked.not_before = dates.read(value, now=asked.now, timezone=asked.timezone)
    return asked.not_before is not None


def _section(asked: _Asked, value: str) -> bool:
    asked.section = value[:MAX_TAG] or None
    return 0 < len(value) <= MAX_TAG


def _urgent(asked: _Asked, value: str) -> bool:
    asked.urgent = value.casefold() in {"", "oui", "yes", "merci", "svp"}
    return asked.urgent


_ANONYMOUS = frozenset(
    {"anonyme", "anonymement", "anonymous", "anonymously", "en anonyme", "anonim", "anònim", "aucune", "sans nom"}
)
_TABLE: dict[Command, str] = {
    _title: "titre,title,títol,título",
    _byline: "pseudo,pseudonyme,signé,signature,signer,auteur,autrice,auteurice,auteur·rice,signed,byline,pen name"
    ",author,signat",
    _anonymous: "anonyme,anonymat,anonymous,anonymement,anònim",
    _tags: "mots-clés,mots clés,mot-clé,mots-clefs,mots clefs,étiquettes,étiquette,tags,tag,keywords,etiquetes",
    _date: "date,publier le,à publier le,ne pas publier avant,pas avant,publier à partir du,publish on,not before"
    ",parution,embargo",
    _section: "rubrique,section,catégorie,category",
    _urgent: "urgent,urgente,urgence",
}
_COMMANDS: dict[str, Command] = {word: command for command, words in _TABLE.items() for word in words.split(",")}
_ALONE: dict[str, Command] = {
    **dict.fromkeys(_ANONYMOUS - {"aucune"}, _anonymous),
    "urgent": _urgent,
    "urgente": _urgent,
}
_EVENT = frozenset(
    [
        "lieu",
        "heure",
        "heures",
        "horaire",
        "horaires",
        "adresse",
        "tarif",
        "tarifs",
        "entrée",
        "où",
        "quand",
        "rendez-vous",
        "place",
        "time",
        "where",
        "when",
        "à",
        "de",
    ]
)
_HASHTAGS = re.compile(r"#[^\W_][\w·.’'-]*(?:[\s,]+#[^\W_][\w·.’'-]*)*")


def take(blocks: Blocks, *, now: datetime, timezone: tzinfo) -> Taken:
    """Read the commands at the head, a signature and hashtags on the last lines. Total and linear; `now` is aware.

    Values that make no sense ("Date : un jour de pluie") leave their line in the text.
    """
    lines = read(blocks)
    asked = _Asked(now, timezone)
    gone = _head(lines, asked)
    gone |= _foot(lines, asked, gone)
    kept = [number not in gone for number in range(len(lines))]
    return Taken(
        blocks=sift(blocks, kept) if gone else tuple(blocks),
        title=asked.title,
        byline=None if asked.anonymous else asked.byline,
        anonymous=asked.anonymous,
        tags=_unique(asked.tags),
        not_before=asked.not_before,
        section=asked.section,
        urgent=asked.urgent,
        removed=tuple(Removed(why=Why.COMMAND, text=lines[number].text) for number in sorted(gone)),
    )


def _head(lines: Sequence[Line], asked: _Asked) -> set[int]:
    gone: set[int] = set()
    for number, line in enumerate(lines[:_MOST_LINES]):
        found = _command(line)
        if found is None or (found[0] is _date and _announces(lines, number)) or not found[0](asked, found[1]):
            break
        gone.add(number)
    return gone


def _command(line: Line) -> tuple[Command, str] | None:
    if line.depth or line.picture or len(line.plain) > MAX_TITLE + 40:
        return None
    text = line.plain.strip("*_[]() ") if ":" not in line.plain else line.plain
    word, colon, value = text.replace("：", ":").partition(":")
    key = _words(word)
    if colon:
        command = _COMMANDS.get(key)
        return (command, value.strip("*_ ")) if command else None
    alone = _ALONE.get(key)
    return (alone, "") if alone else None


def _words(text: str) -> str:
    return text.strip("*_[]()!. ").casefold().replace("’", "'")


def _announces(lines: Sequence[Line], number: int) -> bool:
    """Whether a line near "Date : …" belongs to the announcement of an event."""
    near = (lines[other].plain.partition(":") for other in range(number + 1, min(number + 4, len(lines))))
    return any(colon and _words(word) in _EVENT for word, colon, _ in near)


def _foot(lines: Sequence[Line], asked: _Asked, gone: set[int]) -> set[int]:
    """A last line of nothing but hashtags; a last line "Signé : …", above it or not."""
    last = len(lines) - 1
    taken: set[int] = set()
    if last > 0 and last not in gone and not lines[last].depth and _HASHTAGS.fullmatch(lines[last].plain[:1000]):
        asked.tags += [tag for part in re.split(r"[\s,]+", lines[last].plain) if (tag := _tag(part))]
        taken.add(last)
        last -= 1
    if last > 0 and last not in gone and asked.byline is None and not asked.anonymous:
        found = _command(lines[last])
        if found and found[0] is _byline and _byline(asked, found[1]):
            taken.add(last)
    return taken


def _tag(text: str) -> str:
    tag = " ".join(text.replace("#", " ").split()).strip(' .,;:!"«»')
    return tag if 0 < len(tag) <= MAX_TAG and "@" not in tag else ""


def _unique(tags: Sequence[str]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for tag in tags:
        first.setdefault(tag.casefold(), tag)
    return tuple(first.values())[:MAX_TAGS]
