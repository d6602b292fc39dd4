"""What French typography asks for in one line of text: the rules, and where they hold. Pure.

The rules are those of the Imprimerie nationale's Lexique, with U+202F before ; ! ? and U+00A0 before : and inside « »,
as browsers and fonts expect them. Each is told by what a text needs to hold for it: most texts hold little of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

NARROW, NBSP = "\u202f", "\u00a0"


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start` to `end` become `text`; an insertion where both are the same."""

    start: int
    end: int
    text: str
    sign: int = -1
    """Where the sign stands that asks for it, if elsewhere."""


Rule = Callable[[str], Iterator[Edit]]

# What looks like an address, a file, a tag or a smiley is left as it is; so are Python-Markdown's own \x02…\x03 marks.
_KEPT = re.compile(
    r"\x02[^\x03]{0,40}\x03"
    r"|(?:https?|ftps?|sftp|ssh|mailto|tel|xmpp|matrix|geo|sip):[^\s«»]+"
    r"|(?<!\w)www\.[^\s«»]+"
    r"|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,5}[a-z]{2,12}[/?#:][^\s«»]*"
    r"|(?<![\w/])\.{0,2}/[^\s«»]+"
    r"|(?<!\S)[:;=8xX][-'^o]?[()\[\]DPpOo/\\|*$3<>]{1,3}(?!\w)"
    r"|&#?\w{1,31};",
)
_CLOSING = r"(?=[\s\u202f\u00a0»)\]”\"’.,…\ufffc]|$)"
_BLANKS = " \t\u00a0\u202f\u2009"
_SPACES = f"[{_BLANKS}]"

# Each begins with what is rare in a text: `re` is quick to find that, and slow to look behind every letter.
_HIGH = re.compile(rf"[;!?]+{_CLOSING}")
_BEFORE_HIGH = frozenset("_»)]…’%€°\ufffc")
_COLON = re.compile(r":(?=[\s\u00a0«»]|$)")
_OPENING_MARK = re.compile(rf"«{_SPACES}*(?=\S)")
_CLOSING_MARK = re.compile(rf"(?<=[^\s«]){_SPACES}*»")
_QUOTE = re.compile(r'"')
_APOSTROPHE = re.compile(r"'(?<=[^\W\d_]')(?=[^\W_]|[«“\"\ufffc])")
_DOTS = re.compile(r"\.\.\.(?<![./\\]\.\.\.)(?![./\\])")
_DIGIT = re.compile(r"\d")
_GROUPS = re.compile(r"[1-9](?<![\d.,/+-].)\d{0,2}(?:[ \u00a0]\d{3})+(?![\d/])(?! \d)")
_UNIT = re.compile(
    rf"\d({_SPACES})(?=(?:[%€$£‰]|°C|[kcm]?m[²³]?|[km]?g|[kM]?W|kWh|[kMG]o|h|min|s|ans|euros?|k€|M€)(?![\w’'-]))"
)
_HOUR = re.compile(rf"\d[{NBSP} ]h( )(?=\d\d(?!\d))")
_NUMBERED = re.compile(r"(?<![\w.])(?:n°|no|nos|p\.|pp\.|art\.|chap\.|vol\.)( )(?=\d)")
_TITLED = re.compile(r"[MDPS](?<![\w.].)(?:(?<=M)(?:M?\.|mes?|lle|e)|(?<=[DP])r|(?<=S)te?)( )(?=[A-ZÀ-Ý])")
_SPEECH = re.compile(r"[—–](?<![^\n].)( )(?=\S)")


def edits(text: str) -> list[Edit]:
    """What to change, in order, never twice at one place and never in what is kept."""
    found = [edit for rule in _asked(text) for edit in rule(text) if text[edit.start : edit.end] != edit.text]
    if not found:  # as in most sentences, and in each that was set just now
        return []
    kept = _kept(text, found)
    starts = [start for start, _end in kept]

    def is_kept(at: int) -> bool:
        index = bisect_right(starts, at) - 1
        return index >= 0 and at < kept[index][1]

    chosen: list[Edit] = []
    for edit in sorted(found, key=lambda edit: (edit.start, edit.end)):
        free = not is_kept(edit.start) and (edit.sign < 0 or not is_kept(edit.sign))
        if free and (not chosen or edit.start >= chosen[-1].end):
            chosen.append(edit)
    return chosen


def apply(text: str, chosen: list[Edit]) -> str:
    """`text` with these edits, which are in order."""
    done, at = [], 0
    for edit in chosen:
        done += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join((*done, text[at:]))


def _kept(text: str, found: list[Edit]) -> list[tuple[int, int]]:
    """What is left as it is, in order: only words in which something would change are looked at."""
    if "\x02" in text:  # Python-Markdown's marks may hold blanks
        return [match.span() for match in _KEPT.finditer(text)]
    kept: list[tuple[int, int]] = []
    done = 0
    for at in sorted({at for edit in found for at in (edit.start, edit.sign)}):
        if at < done or _EDGE.match(text, at):
            continue
        begin = at
        while begin > done and not _EDGE.match(text, begin - 1):
            begin -= 1
        edge = _EDGE.search(text, at)
        done = edge.start() if edge else len(text)
        kept += [match.span() for match in _KEPT.finditer(text, begin, done)]
    return kept


_EDGE = re.compile(r"[\s«»]")
"""Nothing that is kept goes beyond one."""


def _replacing(pattern: re.Pattern[str], made: str, group: int = 0) -> Rule:
    def rule(text: str) -> Iterator[Edit]:
        for match in pattern.finditer(text):
            yield Edit(match.start(group), match.end(group), made)

    return rule


def _space_before_high(text: str) -> Iterator[Edit]:
    for match in _HIGH.finditer(text):
        sign = match.start()
        blank = _blank_before(text, sign)
        before = text[blank - 1 : blank]
        if blank < sign:
            asked = bool(before) and not before.isspace() and before not in "«([¿¡"
        else:  # « ?; » and the like are no punctuation
            asked = (before.isalnum() or before in _BEFORE_HIGH) and ";" not in match[0][1:]
        if asked and not _is_spanish(text, sign):
            yield Edit(blank, sign, NARROW, sign)


def _space_before_colon(text: str) -> Iterator[Edit]:
    for match in _COLON.finditer(text):
        sign = match.start()
        blank = _blank_before(text, sign)
        before = text[blank - 1 : blank]
        if blank < sign and before and not before.isspace() and before not in "«([":
            yield Edit(blank, sign, NBSP, sign)


def _blank_before(text: str, at: int) -> int:
    """Where the blanks begin that end at `at`."""
    while at and text[at - 1] in _BLANKS:
        at -= 1
    return at


def _is_spanish(text: str, at: int) -> bool:
    """Whether the sentence that ends at `at` began with ¿ or ¡."""
    begin = text[max(0, at - 200) : at]
    return any(begin.rfind(opening) > begin.rfind(text[at]) for opening in "¿¡")


def _guillemets(text: str) -> Iterator[Edit]:
    for match in _OPENING_MARK.finditer(text):
        yield Edit(match.start() + 1, match.end(), NBSP)
    for match in _CLOSING_MARK.finditer(text):
        yield Edit(match.start(), match.end() - 1, NBSP)


def _quotes(text: str) -> Iterator[Edit]:
    """Straight quotes become guillemets where all of a paragraph pair; inches and seconds never do."""
    marks = [match.start() for match in _QUOTE.finditer(text)]
    if not marks or len(marks) % 2 or len(marks) > 200:
        return
    pairs = list(zip(marks[::2], marks[1::2], strict=True))
    if all(_opens(text, a) and _closes(text, b) and b > a + 1 for a, b in pairs):
        for a, b in pairs:
            yield Edit(a, a + 1, f"«{NBSP}")
            yield Edit(b, b + 1, f"{NBSP}»")


def _opens(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return (not before or before in " \n\t([—–-'’" + NBSP + NARROW) and bool(after) and not after.isspace()


def _closes(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return not before.isspace() and (not after or not after.isalnum()) and after != '"'


def _number_spaces(text: str) -> Iterator[Edit]:
    for match in _GROUPS.finditer(text):
        for space in re.finditer(r"[ \u00a0]", match[0]):
            at = match.start() + space.start()
            yield Edit(at, at + 1, NARROW)


_OF_SIGNS: tuple[tuple[tuple[str, ...], Rule], ...] = (
    (('"',), _quotes),
    (("«", "»"), _guillemets),
    ((";", "!", "?"), _space_before_high),
    ((":",), _space_before_colon),
    (("'",), _replacing(_APOSTROPHE, "’")),
    (("...",), _replacing(_DOTS, "…")),
    (("M. ", "MM. ", "Mme", "Mlle ", "Dr ", "Pr ", "Me ", "St"), _replacing(_TITLED, NBSP, group=1)),
    (("—", "–"), _replacing(_SPEECH, NBSP, group=1)),
)
"""Rules, each with what a text needs to hold for it: to look for that costs a hundredth of the rule."""
_OF_NUMBERS: tuple[Rule, ...] = (
    _number_spaces,
    _replacing(_UNIT, NBSP, group=1),
    _replacing(_HOUR, NBSP, group=1),
    _replacing(_NUMBERED, NBSP, group=1),
)


def _asked(text: str) -> Iterator[Rule]:
    """The rules that may find something in `text`."""
    for signs, rule in _OF_SIGNS:
        for sign in signs:
            if sign in text:
                yield rule
                break
    if _DIGIT.search(text):
        yield from _OF_NUMBERS
