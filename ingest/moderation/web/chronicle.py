"""The journal: everything that happened, the newest first, by what, by whom, of which contribution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for

from ingest.errors import BadMessage, Refused, Unavailable
from ingest.moderation import happenings
from ingest.moderation.web import visit
from ingest.moderation.web.rendering import day
from ingest.states import State
from ingest.store import Entry, Row
from ingest.store.chronicle import Choice
from ingest.words import _

room = Blueprint("chronicle", __name__)

PAGE = 40
"""Lines on one page."""
_LONGEST = 320


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the form of the page asks for, as it was typed."""

    what: str = ""
    by: str = ""
    of: str = ""


@room.get("/journal")
def show() -> str:
    """One page of it."""
    asked = Asked(
        what=request.args.get("quoi", "")[:_LONGEST],
        by=request.args.get("qui", "")[:_LONGEST],
        of=request.args.get("sur", "").strip()[:_LONGEST],
    )
    choice, error = _choice(asked)
    entries = () if error else visit.store().journal_page(choice, limit=PAGE)
    return render_template(
        "chronicle.html",
        asked=asked,
        error=error,
        groups={word: _(name) for word, (name, _words) in happenings.GROUPS.items()},
        names=visit.store().journal_names(),
        days=tuple(_days(entries)),
        **_around(entries, choice, asked),
    )


def _choice(asked: Asked) -> tuple[Choice, str]:
    """What is looked for, or why it cannot be."""
    what = happenings.GROUPS[asked.what][1] if asked.what in happenings.GROUPS else frozenset[str]()
    below, above = _number("avant"), _number("apres")
    choice = Choice(what=what, by=asked.by, below=below, above=above if below is None else None)
    try:
        return replace(choice, contribution=visit.store().find(asked.of).id if asked.of else None), ""
    except Refused as refusal:
        words = str(refusal)
        return choice, words[:1].upper() + words[1:] + "."


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _around(entries: tuple[Entry, ...], choice: Choice, asked: Asked) -> dict[str, str]:
    """The addresses of the pages beside this one; none where there is nothing on it."""
    if not entries:
        return {"newer": "", "older": ""}
    first, last = entries[0].seq, entries[-1].seq
    newer = visit.store().journal_page(replace(choice, below=None, above=first), limit=1)
    older = visit.store().journal_page(replace(choice, below=last, above=None), limit=1)
    return {
        "newer": _address(asked, apres=first) if newer else "",
        "older": _address(asked, avant=last) if older else "",
    }


def _address(asked: Asked, **place: int) -> str:
    told = {"quoi": asked.what, "qui": asked.by, "sur": asked.of, **place}
    return url_for("chronicle.show") + "?" + urlencode({name: value for name, value in told.items() if value})


def _days(entries: tuple[Entry, ...]) -> Iterator[tuple[str, tuple[dict[str, object], ...]]]:
    rows = visit.store().rows_of({entry.contribution for entry in entries})
    titles = {id_: _title(row) for id_, row in rows.items()}
    for when, lines in groupby(entries, key=lambda entry: day(entry.at)):
        yield when, tuple(_line(entry, titles[entry.contribution]) for entry in lines)


def _line(entry: Entry, title: str) -> dict[str, object]:
    return {
        "what": happenings.what(entry),
        "by": happenings.by(entry),
        "note": happenings.note(entry),
        "at": entry.at,
        "id": entry.contribution,
        "title": title,
        "tone": _TONES.get(entry.what, ""),
    }


def _title(row: Row) -> str:
    """Of the draft, or the subject of a mail that has none; what cannot be read costs its title, never the page."""
    if row.state is State.ERASED:
        return _("contribution effacée")
    store = visit.store()
    try:
        title = store.draft(row.id, row.digest).title if row.digest else store.facts(row.id).subject
    except (Refused, BadMessage, Unavailable):
        title = ""
    return title or _("sans titre")


_TONES = {"accept": "good", "publish": "good", "reject": "bad", "withdraw": "bad", "erase": "bad", "set-aside": "warn"}
