"""What a mail must become, in a form that a person reads and reviews: `<client>-<case>.md` beside each `.eml`.

    draft                       or `refused: auto-reply`, `quarantined: too-deep`

    Title: …                    the draft as `ingest.publication.article.document` writes it
    …

    === removed ===             why, and the text indented below it
    === media ===               type, size and description of each file, in the order of the draft
    === forwarded ===           who wrote what is forwarded
    === warnings ===

A file is `media:1.jpg` by its place in the list, not by its hash, which depends on the version of an encoder. A section
that would be empty is left out. `make golden` writes them again, and the difference is read before it is kept: what
stands here is what the contributor meant, not what happened to come out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from ingest.conversion import convert
from ingest.model import Converted, Forwarded, Media, Quarantine, Refusal, Removed
from ingest.publication.article import document
from ingest.settings import Settings, Wall

HERE = Path(__file__).parent
MAILS = sorted(HERE.glob("*.eml"))
WALL = Wall(name="Le mur parle", address="lemurparle@example.org")
SETTINGS = Settings(wall=WALL)
NOW = datetime.fromisoformat("2022-06-25T12:00:00+02:00")
"""After every mail here."""


def portrait(raw: bytes) -> str:
    """The text of the `.md` of a mail."""
    outcome = convert(raw, settings=SETTINGS, now=NOW).outcome
    match outcome:
        case Refusal(reason=reason):
            return f"refused: {reason}\n"
        case Quarantine(reason=reason):
            return f"quarantined: {reason}\n"
    return "\n".join(_drafted(outcome))


def _drafted(found: Converted) -> Iterator[str]:
    yield "draft\n"
    yield _named(document(found.draft).rstrip("\n"), found.media) + "\n"
    yield from _section("removed", map(_piece, found.removed))
    yield from _section("media", (_file(number, file) for number, file in enumerate(found.media, start=1)))
    yield from _section("forwarded", _credit(found.forwarded) if found.forwarded else ())
    yield from _section("warnings", found.warnings)


def _section(name: str, entries: Iterable[str]) -> Iterator[str]:
    lines = list(entries)
    if lines:
        yield f"=== {name} ===\n" + "\n".join(lines) + "\n"


def _piece(piece: Removed) -> str:
    return f"{piece.why}\n" + "\n".join(f"    {line}".rstrip() for line in piece.text.split("\n"))


def _credit(source: Forwarded) -> Iterator[str]:
    yield f"{source.from_name} <{source.from_address}>"
    yield f"date: {source.date}"
    yield f"subject: {source.subject}"


def _file(number: int, file: Media) -> str:
    size = f", {file.width} × {file.height}" if file.width else ""
    return f"{_short(number, file)}: {file.type}{size}, « {file.alt} » ({file.original_name})"


def _short(number: int, file: Media) -> str:
    return f"{number}.{file.name.rpartition('.')[2]}"


def _named(text: str, media: Iterable[Media]) -> str:
    for number, file in enumerate(media, start=1):
        text = text.replace(f"media:{file.name}", f"media:{_short(number, file)}")
    return text


def main() -> None:
    """Write every `.md` again; say which ones changed."""
    for path in MAILS:
        beside, text = path.with_suffix(".md"), portrait(path.read_bytes())
        if not beside.exists() or beside.read_text(encoding="utf-8") != text:
            beside.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{beside.relative_to(Path.cwd())}\n")


if __name__ == "__main__":
    main()
