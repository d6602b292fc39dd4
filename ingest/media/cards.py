"""The picture that stands for a post where its link is shown: a sheet of paper on the wall, with the title on it. Pure.

1200 × 630 pixels is what readers of OpenGraph show whole. No photo of the post is ever on it: who is on one did not
ask to be shown in every conversation. The same card gives the same bytes with the same Pillow.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from math import ceil
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

WIDTH, HEIGHT = 1200, 630
MAX_TITLE = 200
"""Characters of a title that are looked at; what does not fit ends in « … »."""
_DRAWING = 2
"""Counts the looks of a card, so that a new look is drawn again."""
_FONT = Path(__file__).parent / "fonts" / "URWBookman-Demi.otf"
_WALL, _PAPER, _EDGE, _SHADE, _INK, _SOFT, _RED = (
    *("#e9dfcc", "#fffdf8", "#cdbd9f", "#d3c6ac", "#2a2320", "#5c5147", "#a02c18"),
)
_SHEET = (70, 56, WIDTH - 70, HEIGHT - 52)
_LEFT, _ROOM = 130, WIDTH - 2 * 130
_TOP, _BOTTOM = 172, 458
_SIZES = (84, 76, 68, 60, 54, 48)
_LEADING = 1.18
_COLOURS = (_WALL, _PAPER, _EDGE, _SHADE, _INK, _SOFT, _RED)
_FADES = {_INK: 5, _SOFT: 3, _RED: 4}
"""In how many steps a letter comes out of the paper: sixteen colours in all, four bits each."""
_COVERED = [255 * (grey > 20) for grey in range(256)]
_SMALL = 30
_MARK = "Mark"
_SEEN = 256
"""Bytes of a PNG within which our mark stands: right behind its 33 bytes of signature and header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is written on one."""

    title: str
    wall: str
    over: str = ""
    """The small line above the title: a day, a kind of post."""


def drawn(card: Card) -> bytes:
    """The card as a PNG of at most 60 KB."""
    image = _ground().copy()
    _write(image, (_LEFT, 112), _line(card.over, _SMALL), _SMALL, _SOFT)
    size, lines = _fitted(_known(card.title[:MAX_TITLE]))
    step = round(size * _LEADING)
    at = _TOP + (_BOTTOM - _TOP - step * len(lines)) // 2
    for n, line in enumerate(lines):
        _write(image, (_LEFT, at + n * step), line, size, _INK)
    _signed(image, card.wall)
    info = PngInfo()
    info.add_text(_MARK, _mark(card))
    image.save(data := BytesIO(), "PNG", pnginfo=info, bits=4)
    return data.getvalue()


def is_drawing_of(data: bytes, card: Card) -> bool:
    """Whether `data` is what `drawn` made of this card, so that it need not be drawn again."""
    return _mark(card).encode() in data[:_SEEN]


def _mark(card: Card) -> str:
    told = "\0".join((str(_DRAWING), card.title, card.wall, card.over))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


@cache
def _ground() -> Image.Image:
    """The sheet on the wall. Its palette has the colours, and what letters fade through into the paper."""
    palette = [value for colour in _COLOURS for value in ImageColor.getrgb(colour)]
    paper = ImageColor.getrgb(_PAPER)
    for colour, steps in _FADES.items():
        ink = ImageColor.getrgb(colour)
        for step in range(1, steps):
            palette += [round(p + (i - p) * step / steps) for p, i in zip(paper, ink, strict=True)]
    image = Image.new("P", (WIDTH, HEIGHT), _COLOURS.index(_WALL))
    image.putpalette(palette)
    _paper(ImageDraw.Draw(image))
    return image


def _write(image: Image.Image, at: tuple[int, int], text: str, size: int, colour: str) -> None:
    """Write a line: each degree of grey of a letter is a place in the palette."""
    if not text:
        return
    *_corner, right, bottom = _font(size).getbbox(text)
    letters = Image.new("L", (ceil(right), ceil(bottom) + 2))
    ImageDraw.Draw(letters).text((0, 0), text, font=_font(size), fill=255)
    image.paste(letters.point(_shades(colour)), at, letters.point(_COVERED))


@cache
def _shades(colour: str) -> list[int]:
    """The place in the palette of each grey of a letter in `colour`."""
    before = [steps for other, steps in list(_FADES.items())[: list(_FADES).index(colour)]]
    first, steps = len(_COLOURS) + sum(before) - len(before), _FADES[colour]
    places = [*range(first, first + steps - 1), _COLOURS.index(colour)]
    return [places[max(0, ceil(grey * steps / 255) - 1)] for grey in range(256)]


def _paper(draw: ImageDraw.ImageDraw) -> None:
    left, top, right, bottom = _SHEET
    paper, edge, shade, red = map(_COLOURS.index, (_PAPER, _EDGE, _SHADE, _RED))
    draw.rectangle((left + 6, top + 10, right + 6, bottom + 10), fill=shade)
    draw.rectangle(_SHEET, fill=paper, outline=edge, width=2)
    middle = WIDTH // 2
    draw.ellipse((middle - 15, top - 12, middle + 21, top + 24), fill=shade)
    draw.ellipse((middle - 18, top - 18, middle + 18, top + 18), fill=red)
    draw.ellipse((middle - 9, top - 11, middle - 1, top - 3), fill=paper)


def _signed(image: Image.Image, wall: str) -> None:
    name = _line(wall, 36)
    _write(image, (_LEFT, 492), name, 36, _RED)
    end = _LEFT + min(_ROOM, max(120, round(_font(36).getlength(name))))
    line = ((_LEFT, 546), (_LEFT + (end - _LEFT) // 2, 541), (end, 544))
    ImageDraw.Draw(image).line(line, fill=_shades(_RED)[255], width=5, joint="curve")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    # Raqm sets text otherwise than Pillow's own layout does, and is not everywhere.
    return ImageFont.truetype(_FONT, size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _has(character: str) -> bool:
    font = _font(_SIZES[-1])
    return bytes(font.getmask(character)) != bytes(font.getmask("\ufffe"))


def _known(text: str) -> str:
    """One line of what the font can write: other signs are left out, each space is one of two."""
    spaced = "".join("\u00a0" if c in "\u00a0\u202f\u2007" else " " if c.isspace() else c for c in text)
    kept = "".join(c for c in spaced if c in " \u00a0" or (c.isprintable() and _has(c)))
    return " ".join(filter(None, kept.split(" "))) or "…"


def _line(text: str, size: int) -> str:
    """One line of `text`, cut where the sheet ends."""
    line = _known(text[:MAX_TITLE]) if text else ""
    return next(_wrapped(line, size)) if line and _font(size).getlength(line) <= _ROOM else _cut(line, size)


def _cut(line: str, size: int) -> str:
    font = _font(size)
    while line and font.getlength(f"{line}…") > _ROOM:
        line = line[:-1]
    return f"{line.rstrip()}…" if line else ""


def _fitted(title: str) -> tuple[int, tuple[str, ...]]:
    """The largest letters with which all of the title stands on the sheet; with the smallest it may be cut."""
    for size in _SIZES:
        lines = tuple(_wrapped(title, size))
        if len(lines) <= _most(size):
            return size, lines
    size, most = _SIZES[-1], _most(_SIZES[-1])
    return size, (*lines[: most - 1], _cut(f"{lines[most - 1]} {lines[most]}", size))


def _most(size: int) -> int:
    return (_BOTTOM - _TOP) // round(size * _LEADING)


def _wrapped(text: str, size: int) -> Iterator[str]:
    font, line = _font(size), ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if font.getlength(longer) <= _ROOM:
            line = longer
            continue
        if line:
            yield line
        line = word
        while font.getlength(line) > _ROOM:
            begin = max(1, bisect_right(range(len(line)), _ROOM, key=lambda n: ceil(font.getlength(line[:n]))) - 1)
            yield line[:begin]
            line = line[begin:]
    yield line
