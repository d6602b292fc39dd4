"""One page, whatever came: a text that has no room is begun, then only named, then counted. Pure.

What there is room for is reckoned here, in lines of a type that is wider than most, because a style sheet can cut but
cannot say what it cut. Lengths are those of `theme/static/week.css`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from typing import Any, TypeVar

from ingest.relay.addresses import shown
from plugins.agenda import Entry
from plugins.dates import span_fr
from plugins.posters import qr
from plugins.wall import Trusted
from plugins.week.reading import Note, Week, note

TITLE = 100
"""Characters; a longer title is cut by the template."""
_WHO = 80
"""Characters of a place or of an organiser."""
_POINT = 25.4 / 72
_EM = 0.46
"""How wide a letter is, by its size: DejaVu Serif, wider than those that we name, has 0.46 in French at the height
of small letters that the style sheet asks for (`font-size-adjust`)."""
_LEADING = 1.36
_SIZES = 17, 14, 12, 10.5
"""Points, tried in this order. At 17 there is one column, else two."""
_WIDTH, _GUTTER, _HEIGHT = 182, 8, 203
"""Millimetres between head and foot."""
_BAND = 56
"""Millimetres that relays and dates may take of it; each has half of the width."""
_PHOTO = 52
"""Millimetres: no picture is higher."""
_PICTURES = 3
_BEGUN = 3
"""So many of the newest are more than a title in any week."""
_HAND = 34
"""Millimetres that must be left for lines to write on."""
_ROUNDS = 3, 7, 11, 16, 22, 30, 40, 60, 10_000
"""Lines that each text is given in turn, so that a long one takes nothing from the beginning of another."""
_SENTENCES = re.compile(r".*[.!?…](?=\s)", re.DOTALL)


It = TypeVar("It")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What `week.html` reads as `sheet`."""

    when: str
    """« du 2 au 8 juin 2022 »."""
    notes: tuple[Note, ...]
    named: tuple[Any, ...]
    """Articles of which only the title stands there."""
    others: int
    """How many more there are."""
    size: str
    """The class of the type: `t10`, `t12`, `t14` or `t17`."""
    hand: bool
    """Whether there is room to write by hand."""
    relays: tuple[tuple[Any, str], ...]
    """With « La Quadrature, jusqu’au samedi 24 septembre à minuit »."""
    dates: tuple[tuple[Entry, str], ...]
    """With « samedi 11 juin, à 20 h, place du marché »."""
    address: str
    """Of the wall, without its scheme; empty where it is not known."""
    qr: Trusted


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The columns for posts, in lines of one size."""

    size: float
    height: float
    """Millimetres."""

    @property
    def letters(self) -> int:
        """Of one line; two are lost to the word that does not fit any more."""
        width = _WIDTH if self.size == _SIZES[0] else (_WIDTH - _GUTTER) / 2
        return int(width / (self.size * _POINT * _EM)) - 2

    @property
    def line(self) -> float:
        """Millimetres."""
        return self.size * _POINT * _LEADING

    @property
    def lines(self) -> float:
        """Of all columns; what is lost where one ends is taken off."""
        columns = 1 if self.size == _SIZES[0] else 2
        return columns * (self.height / self.line - 0.5)

    def text(self, text: str) -> int:
        """Lines that a paragraph takes."""
        return sum(max(1, ceil(len(line) / self.letters)) for line in text.split("\n"))

    def note(self, it: Note) -> float:
        """Lines that a post takes, with the space after it."""
        taken = 1.1 * ceil(1.3 * min(len(it.article.title), TITLE) / self.letters) + 2
        if it.article.event is not None:
            taken += self.text(f"{it.article.event.words}, {it.article.event.place[:_WHO]}")
        taken += it.article.relay is not None
        taken += sum(self.text(text) + 0.3 for text in it.texts) + (1 if it.begun else 0)
        if it.picture is not None:
            wide = self.letters * self.size * _POINT * _EM
            taken += min(_PHOTO, wide * it.picture.height / it.picture.width) / self.line + 0.8
        return taken

    def named(self, article: Any) -> float:
        """Lines that a title alone takes, with its signature."""
        said = min(len(article.title), TITLE) + len(article.byline) + 3
        return ceil(1.1 * said / self.letters) + 0.25


def sheet(week: Week, *, now: datetime, root: str) -> Sheet:
    """The sheet of `week` at `now`; `root` is the address of the site, or empty."""
    relays = _that_fit([(it, _until(it, now.year)) for it in week.relays])
    dates = _that_fit([(it, _on(it, now.year)) for it in week.dates])
    band = max(_lines_of(relays), _lines_of(dates))
    height = _HEIGHT - (11 + band * _NARROW.line if band else 0)
    whole = _with_pictures([note(article) for article in week.posts])
    pages = [Page(size=size, height=height) for size in _SIZES]
    page = next((it for it in pages if sum(map(it.note, whole)) <= it.lines), pages[-1])
    notes, named = _fitted(whole, page)
    taken = sum(map(page.note, notes)) + sum(map(page.named, named))
    return Sheet(
        when=span_fr(week.since.date(), now.date()),
        notes=tuple(notes),
        named=tuple(named),
        others=len(week.posts) - len(notes) - len(named),
        size=f"t{int(page.size)}",
        hand=height * (1 - taken / page.lines) >= _HAND,
        relays=relays,
        dates=dates,
        address=shown(root),
        qr=qr(f"{root}/") if root else Trusted(),
    )


def _fitted(whole: Sequence[Note], page: Page) -> tuple[list[Note], list[Any]]:
    """The posts that are told, wholly or begun, and those that are only named; the newest have the first choice."""
    if sum(map(page.note, whole)) <= page.lines:
        return list(whole), []
    told = {at: begun(it, _ROUNDS[0], page) for at, it in enumerate(whole[:_BEGUN])}
    left = page.lines - 2.5 - sum(map(page.note, told.values()))  # a heading above titles, a line that counts the rest
    titled = list(whole[:_BEGUN])
    for it in whole[_BEGUN:]:
        if (cost := page.named(it.article)) > left:
            break
        titled.append(it)
        left -= cost
    for lines in _ROUNDS:
        for at, it in enumerate(titled):
            longer = begun(it, lines, page)
            before = page.note(told[at]) if at in told else page.named(it.article)
            if page.note(longer) - before <= left:
                left -= page.note(longer) - before
                told[at] = longer
    return [told[at] for at in sorted(told)], [it.article for at, it in enumerate(titled) if at not in told]


def begun(it: Note, lines: int, page: Page) -> Note:
    """At most `lines` of `it`, which end with a sentence where there is one; its picture comes with the seventh."""
    kept: list[str] = []
    picture = it.picture if lines >= _ROUNDS[1] else None
    for text in it.texts:
        if page.text(text) <= lines:
            kept.append(text)
            lines -= page.text(text)
            continue
        kept += filter(None, [_cut(text, lines, page)])
        return replace(it, texts=tuple(kept), picture=picture, begun=True)
    return replace(it, picture=picture, begun=it.begun or picture is not it.picture)


def _cut(text: str, lines: int, page: Page) -> str:
    kept = []
    for line in text.split("\n"):
        if page.text(line) > lines:
            room = line[: lines * page.letters]
            ended = _SENTENCES.match(f"{room} ")
            if ended and len(ended[0]) > len(room) // 3:
                kept.append(ended[0])
            elif lines:
                kept.append(f"{room.rpartition(' ')[0] or room}…")
            break
        kept.append(line)
        lines -= page.text(line)
    return "\n".join(kept)


def _with_pictures(notes: Iterable[Note]) -> list[Note]:
    """The first pictures stay: a wall is also looked at, but not only."""
    kept, pictures = [], 0
    for it in notes:
        pictures += it.picture is not None
        dropped = it.picture is not None and pictures > _PICTURES
        kept.append(replace(it, picture=None, begun=True) if dropped else it)
    return kept


_NARROW = Page(size=_SIZES[-1], height=_BAND)


def _until(article: Any, year: int) -> str:
    """Whose a relay is, and until when; neither the year of the sheet nor the zone of its wall."""
    ends = article.relay.deadline_words.partition(" (")[0].replace(f" {year}", "")
    return ", ".join(filter(None, (article.relay.data.organiser[:_WHO], ends)))


def _on(entry: Entry, year: int) -> str:
    return ", ".join(filter(None, (entry.event.words.replace(f" {year}", ""), entry.event.place[:_WHO])))


def _lines_of(them: Sequence[tuple[Any, str]]) -> float:
    titles = (str((it.article if isinstance(it, Entry) else it).title)[:TITLE] for it, _said in them)
    return sum(_NARROW.text(title) + _NARROW.text(said) + 0.4 for title, (_it, said) in zip(titles, them, strict=True))


def _that_fit(them: Sequence[tuple[It, str]]) -> tuple[tuple[It, str], ...]:
    """The first of `them`, as many as the band has room for."""
    most = next((n for n in range(len(them)) if _lines_of(them[: n + 1]) > _BAND / _NARROW.line), len(them))
    return tuple(them[:most])
