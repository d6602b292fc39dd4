"""Inlines as Markdown, with marks that cannot be misread.

Python-Markdown pairs runs of `*` by the rules of CommonMark: two marks that touch can be read in several ways. So no
two ever touch: beside or inside strong emphasis, emphasis is written `_so_`, and where a letter stands next to it, so
that `_` would be literal, it is left out: its text stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.body import runs
from ingest.body.blocks import Break, Code, Emphasis, Inline, Link, Picture, Strong, Text
from ingest.body.links import linked as with_links
from ingest.body.markdown import literal

_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>]+|media:[0-9a-f]{16}\.[a-z0-9]{1,8}", re.IGNORECASE)
_SOURCE = re.compile(r"(?:cid|media):[^\s<>]+", re.IGNORECASE)
_AUTOLINK = re.compile(r"https?://[^\s<>\"'`\\\[\]{}|&]+(?:&[\w%.~-]+(?==|&|$)[^\s<>\"'`\\\[\]{}|&;]*)*", re.IGNORECASE)
_UNSAFE = {ord(c): f"%{ord(c):02X}" for c in " \"'<>[]\\^`{|}"}
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FIRST = {Strong: "*", Emphasis: "*", Link: "[", Code: "`", Picture: "!", Break: ""}


def paragraph(inlines: Sequence[Inline]) -> str:
    """Inlines as the lines of one paragraph, without escapes at the beginnings of lines."""
    return _written(runs.tidy(runs.flatten(inlines)), cell=False)


def one_line(inlines: Sequence[Inline], *, cell: bool) -> str:
    """Inlines as one line, for a heading or a table cell; in a cell a bar is escaped, and code with one is text."""

    def joined(run: runs.Run) -> runs.Run:
        if isinstance(run.leaf, Break):
            return replace(run, leaf=Text(" "))
        if cell and isinstance(run.leaf, Code) and "|" in run.leaf.text:
            return replace(run, leaf=Text(run.leaf.text))
        return run

    return _written(runs.tidy(map(joined, runs.flatten(inlines))), cell=cell)


def _written(leaves: Sequence[runs.Run], *, cell: bool) -> str:
    sure = runs.tidy(_sure(leaves))
    return _Writer(cell=cell).write(runs.nest(runs.tidy(piece for run in sure for piece in _addressed(run))))


def lines(inlines: Sequence[Inline]) -> str:
    """A paragraph whose every line is safe to begin a block with; two spaces and a newline are a break."""
    return "  \n".join(literal.line(row) for row in paragraph(inlines).split("  \n"))


def address(href: str) -> str:
    """An address as it may stand in the parentheses of a link: no character of it means anything there."""
    plain = _CONTROL.sub("", href).translate(_UNSAFE)
    plain = re.sub(r"&(?=#|\w+;)", "&amp;", plain)
    return f"<{plain}>" if "(" in plain or ")" in plain else plain


def _sure(leaves: Sequence[runs.Run]) -> Iterator[runs.Run]:
    """Without the emphasis that could only be written with marks that touch others."""
    at = 0
    while at < len(leaves):
        run = leaves[at]
        end = at + 1
        while end < len(leaves) and (leaves[end].emphasis, leaves[end].href) == (run.emphasis, run.href):
            end += 1
        group = leaves[at:end]
        beside = [other for other in (*leaves[max(at - 1, 0) : at], *leaves[end : end + 1]) if other.href == run.href]
        if run.emphasis and any(other.strong for other in (*group, *beside)) and _within_word(leaves, at, end):
            yield from (replace(inner, emphasis=False) for inner in group)
        else:
            yield from group
        at = end


def _within_word(leaves: Sequence[runs.Run], start: int, end: int) -> bool:
    """Whether a letter stands directly before or behind, with no mark of strong emphasis or of a link between."""
    before = start > 0 and _touches(leaves[start], leaves[start - 1], at=-1)
    return before or (end < len(leaves) and _touches(leaves[end - 1], leaves[end], at=0))


def _touches(edge: runs.Run, beside: runs.Run, *, at: int) -> bool:
    if not isinstance(beside.leaf, Text) or beside.href != edge.href or (beside.strong and not edge.strong):
        return False
    character = beside.leaf.text[at]
    return character.isalnum() or character == "_"


def _addressed(run: runs.Run) -> Iterator[runs.Run]:
    """A text with the addresses that stand in it as links on themselves."""
    if run.href or not isinstance(run.leaf, Text):
        yield run
        return
    for piece in with_links(run.leaf.text):
        yield from runs.flatten((piece,), run)


def allowed(inlines: Sequence[Inline], *, linked: bool = False) -> list[Inline]:
    """Only links and pictures that may be, no link in a link, and no code that is empty."""
    done: list[Inline] = []
    for inline in inlines:
        match inline:
            case Text(text):
                done.append(Text(literal.text_of(text)))
            case Link(href, children):
                known = _ADDRESS.fullmatch(href) and not linked
                inner = allowed(children, linked=linked or bool(known))
                done.extend((Link(href, tuple(inner)),) if known else inner)
            case Picture(source, alt):
                alt = " ".join(literal.text_of(alt).split())
                done.append(Picture(source, alt) if _SOURCE.fullmatch(source) else Text(alt))
            case Code(text):
                text = literal.text_of(text).strip(runs.BLANKS)
                done.append(Code(text) if text else Text(" "))
            case Strong(children) | Emphasis(children):
                done.append(type(inline)(tuple(allowed(children, linked=linked))))
            case _:
                done.append(inline)
    return done


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands around a piece: the characters before and behind it, and the marks that it is inside of."""

    before: str = ""
    after: str = ""
    linked: bool = False
    strong: bool = False


ALONE = Beside()


class _Writer:
    """Writes a canonical tree (see `runs.nest`)."""

    def __init__(self, *, cell: bool) -> None:
        self.cell = cell

    def write(self, inlines: Sequence[Inline], beside: Beside = ALONE) -> str:
        """The inlines between the characters and inside the marks that `beside` names."""
        done: list[str] = []
        last = beside.before
        for number, inline in enumerate(inlines):
            following = _first(inlines[number + 1]) if number + 1 < len(inlines) else beside.after
            around = Beside(before=last, after=following, linked=beside.linked, strong=beside.strong)
            piece = self._one(inline, around)
            done.append(piece)
            last = piece[-1:] or last
        return "".join(done)

    def _one(self, inline: Inline, beside: Beside) -> str:
        match inline:
            case Strong(children):
                return f"**{self.write(children, replace(beside, before='*', after='*', strong=True))}**"
            case Emphasis(children):
                return self._emphasis(children, beside)
            case Link(href, children):
                return self._link(href, children)
            case Break():
                return "  \n"
            case _:
                return self._leaf(inline, beside)

    def _leaf(self, leaf: Text | Code | Picture, beside: Beside) -> str:
        match leaf:
            case Text(text):
                before, after = beside.before.strip("\n"), beside.after.strip("\n")
                return literal.inline(text, before=before, after=after, linked=beside.linked, cell=self.cell)
            case Code(text):
                return _code(text)
            case Picture(source, alt):
                return f"![{literal.inline(alt, after=']', linked=True, cell=self.cell)}]({address(source)})"

    def _emphasis(self, children: tuple[Inline, ...], beside: Beside) -> str:
        before, after = beside.before, beside.after
        crowded = beside.strong or "*" in {before, after} or any(isinstance(child, Strong) for child in children)
        if not crowded:
            return f"*{self.write(children, replace(beside, before='*', after='*'))}*"
        if before.isalnum() or after.isalnum() or "_" in {before, after}:
            return self.write(children, beside)
        return f"_{self.write(children, replace(beside, before='_', after='_'))}_"

    def _link(self, href: str, children: tuple[Inline, ...]) -> str:
        if children == (Text(href),) and _AUTOLINK.fullmatch(href) and not self.cell:
            return f"<{href}>"
        return f"[{self.write(children, Beside(before='[', after=']', linked=True))}]({address(href)})"


def _code(text: str) -> str:
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    edge = " " if "`" in {text[0], text[-1]} else ""
    return f"{fence}{edge}{text}{edge}{fence}"


def _first(inline: Inline) -> str:
    return inline.text[:1] if isinstance(inline, Text) else _FIRST[type(inline)]
