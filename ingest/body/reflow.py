"""The lines of plain text put together again: prose wrapped at a width becomes paragraphs, typed lists become lists.

What a person parted stays parted: a poem, an address, a programme. Only text/plain needs this; lines that hold anything
but text are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from ingest.body.blocks import Block, Blocks, Inline, List, Paragraph, Picture, Quote, Rule, Text
from ingest.body.lines import joined, seen, split

_NARROWEST, _WIDEST = 50, 100
"""Programs wrap between these; shorter lines were parted by a person, longer ones were never wrapped."""
_RULE = re.compile(r"\s*([-_*])(?:[ \t]*\1){2,}\s*")
_BULLET = re.compile(r"(\s*)([-–*•●▪◦‣·+])[ \t\u00a0]+(\S.*)")
_NUMBER = re.compile(r"(\s*)(\d{1,3})([.)])[ \t\u00a0]+(\S.*)")
_SAID = re.compile(
    r"\b(?:dit|demand\w+|répond\w*|cri\w+|murmur\w+|repr\w+|fit|ajout\w+|lanç\w+)[ -](?:t-)?"
    r"(?:il|elle|on|ils|elles|je|le|la)\b",
    re.IGNORECASE,
)
_EXCLAIMED = re.compile(r"[!?…]\W*$|^«.*»\W*$")
"""How a line of dialogue ends or names its speaker: "- Tu viens ? demanda-t-elle." is no item of a list."""


def join(blocks: Blocks, *, flowed: bool) -> tuple[Block, ...]:
    """The blocks of `read_plain`, or what `cut` left of them, as they were meant. Linear.

    With `flowed`, every line break is meant (format=flowed, or HTML) and none is joined.
    """
    return _joined(tuple(blocks), () if flowed else _widths(blocks), flowed=flowed)


def _joined(blocks: tuple[Block, ...], widths: tuple[int, ...], *, flowed: bool) -> tuple[Block, ...]:
    done: list[Block] = []
    for block in (part for whole in blocks for part in _parted(whole)):
        match block:
            case Quote(children, marker):
                done.append(Quote(_joined(children, widths, flowed=flowed), marker))
            case Paragraph(children) if all(isinstance(line[0], Text) for line in split(children) if len(line) == 1):
                lines = [seen(line) for line in split(children)]
                plain = all(len(line) <= 1 for line in split(children))
                done += _paragraph(lines, widths, flowed=flowed) if plain else (block,)
            case _:
                done.append(block)
    return tuple(_merged(done))


def _parted(block: Block) -> Iterator[Block]:
    """A paragraph with the pictures that have a line for themselves in paragraphs of their own: they are figures."""
    lines = split(block.children) if isinstance(block, Paragraph) else []
    if len(lines) < 2 or not any(map(_picture, lines)):
        yield block
        return
    for alone, run in groupby(lines, _picture):
        if alone:
            yield from (Paragraph(line) for line in run)
        elif text := [line for line in run if line]:
            yield Paragraph(joined(text))


def _picture(line: tuple[Inline, ...]) -> bool:
    return len(line) == 1 and isinstance(line[0], Picture)


# --- widths


def _widths(blocks: Blocks) -> tuple[int, ...]:
    """The widths at which paragraphs of three lines and more were wrapped, narrowest first."""
    found: set[int] = set()
    for block in blocks:
        match block:
            case Quote(children):
                found.update(_widths(children))
            case Paragraph(children):
                lines = seen(children).split("\n")
                width = max(map(len, lines))
                if len(lines) >= 3 and _NARROWEST <= width <= _WIDEST and _share(lines, width) >= 0.75:
                    found.add(width)
    return tuple(sorted(found))


def _share(lines: Sequence[str], width: int) -> float:
    """How many of the breaks a program would have made: the next word had no room."""
    return sum(_forced(a, b, width) for a, b in pairwise(lines)) / max(1, len(lines) - 1)


def _address(line: str) -> bool:
    """Whether a line is nothing but a web address, which programs give a line of its own and never wrap."""
    return "://" in line and len(line.split()) == 1


def _forced(line: str, following: str, width: int) -> bool:
    if _address(line) or _address(following):
        return False
    word = following.split(maxsplit=1)[0] if following.strip() else ""
    return len(line) + 1 + len(word) > width


def _runs_on(line: str, following: str, width: int) -> bool:
    """Whether, in wrapped lines, a break parts nothing: a program's, or a person's in the middle of a sentence."""
    if _forced(line, following, width):
        return True
    unended = line.rstrip()[-1:].isalnum() or line.rstrip().endswith((",", "'", "’"))
    return 3 * len(line) >= 2 * width and unended and following.lstrip()[:1].islower() and not _address(following)


def _width(lines: Sequence[str], widths: tuple[int, ...]) -> int:
    """The width at which these lines were wrapped by a program, or 0 where a person parted them."""
    longest = max((len(line) for line in lines if not _address(line)), default=0)
    if longest > _WIDEST:
        return 0
    width = next((width for width in widths if width >= longest), longest)
    if width < _NARROWEST or _verse(lines, width):
        return 0
    return width if len(lines) == 2 or _share(lines, width) >= 0.6 else 0


def _verse(lines: Sequence[str], width: int) -> bool:
    """Every line starts with a capital, as verse is set, and some break well before the margin."""
    capitals = all(line.lstrip(" «\"“—–-'’(")[:1].isupper() for line in lines)
    return capitals and len(lines) >= 3 and (width < 70 or _share(lines, width) < 1)


# --- one paragraph


@dataclass(frozen=True, slots=True)
class _Item:
    number: int | None
    mark: str
    text: str


def _paragraph(lines: list[str], widths: tuple[int, ...], *, flowed: bool) -> list[Block]:
    """A paragraph, or what it is made of: prose, lists and rules."""
    width = 0 if flowed else _width(lines, widths)
    done: list[Block] = []
    prose: list[str] = []

    def flush() -> None:
        if prose:
            done.append(Paragraph(joined((Text(line),) for line in _wrapped(prose, width))))
            prose.clear()

    at = 0
    while at < len(lines):
        if _RULE.fullmatch(lines[at]):
            flush()
            done.append(Rule())
            at += 1
            continue
        made, end = _list(lines, at, width)
        if made:
            flush()
            done.append(made)
            at = end
            continue
        prose += lines[at:end]
        at = end
    flush()
    return done


def _wrapped(lines: Sequence[str], width: int) -> list[str]:
    """Lines with the breaks of a program undone."""
    whole: list[list[str]] = []
    for number, line in enumerate(lines):
        if number and width and _runs_on(lines[number - 1], line, width) and _item(line) is None:
            whole[-1].append(line.strip())
        else:
            whole.append([line.strip() if width else line])
    return [" ".join(parts) for parts in whole]


def _item(line: str) -> _Item | None:
    found = _BULLET.fullmatch(line)
    if found:
        return _Item(None, found[2], found[3])
    found = _NUMBER.fullmatch(line)
    return _Item(int(found[2]), found[3], found[4]) if found else None


def _list(lines: Sequence[str], at: int, width: int) -> tuple[List | None, int]:
    """The list that starts at a line, and where it ends; or None and the lines that then are prose."""
    first = _item(lines[at])
    if first is None:
        return None, at + 1
    items: list[list[str]] = []
    end, last = at, first
    while end < len(lines):
        item = _item(lines[end])
        if item and item.mark == first.mark and (not items or _follows(item, last)):
            items.append([item.text])
            last = item
        elif item is None and items and _belongs(lines, end, width):
            items[-1].append(lines[end].strip())
        else:
            break
        end += 1
    if len(items) < 2 or (first.number is None and _spoken(items, first.mark)):
        return None, end
    return List(tuple((Paragraph((Text(" ".join(parts)),)),) for parts in items), first.number), end


def _follows(item: _Item, last: _Item) -> bool:
    return item.number is None or last.number is None or item.number == last.number + 1


def _belongs(lines: Sequence[str], at: int, width: int) -> bool:
    """Whether a line goes on with the item above: it is indented, or its break was a program's."""
    return lines[at][:2].isspace() or bool(width and _forced(lines[at - 1], lines[at], width))


def _spoken(items: Sequence[Sequence[str]], mark: str) -> bool:
    if mark not in "-–":
        return False
    lines = [" ".join(parts) for parts in items]
    return any(map(_SAID.search, lines)) or 2 * sum(1 for line in lines if _EXCLAIMED.search(line)) >= len(lines)


# --- items parted by blank lines


def _merged(blocks: Sequence[Block]) -> list[Block]:
    """Paragraphs that are one item each put into a list; a single one ("- Non, dit-il.") stays what it was."""
    done: list[Block] = []
    at = 0
    while at < len(blocks):
        end, items, start = at, list[_Item](), None
        while end < len(blocks) and (more := _single(blocks[end])) and _goes_on(items, more, start):
            start = more[0].number if not items else start
            items += more
            end += 1
        if end - at < 2 or (items[0].number is None and _spoken([[item.text] for item in items], items[0].mark)):
            done += blocks[at : max(end, at + 1)]
        else:
            done.append(List(tuple((Paragraph((Text(item.text),)),) for item in items), start))
        at = max(end, at + 1)
    return done


def _single(block: Block) -> list[_Item]:
    """The items of a list, or the one that a paragraph is."""
    match block:
        case List(items, start):
            texts = [seen(part.children) for item in items for part in item if isinstance(part, Paragraph)]
            return [_Item(None if start is None else start + n, "", text) for n, text in enumerate(texts)]
        case Paragraph((Text(text),)):
            item = _item(text)
            return [item] if item else []
    return []


def _goes_on(items: Sequence[_Item], more: Sequence[_Item], start: int | None) -> bool:
    if not items:
        return True
    if start is None or more[0].number is None:
        return start is None and more[0].number is None and (items[0].mark in {more[0].mark, ""} or not more[0].mark)
    return more[0].number == start + len(items)
