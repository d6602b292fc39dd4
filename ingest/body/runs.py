"""Inlines laid flat: each leaf with what applies to it. Emphasis that crosses, abuts or holds blanks is mended here.

HTML nests emphasis and links in any order and lets them cross; Markdown does not. Both the reader of HTML and the
writer of Markdown go through this flat form, in which none of that can be said, and get one canonical tree back. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ingest.body.blocks import Break, Code, Emphasis, Inline, Link, Picture, Strong, Text

BLANKS = " \t\n\r\f\v\xa0\u2002\u2003\u2009\u202f\u3000"
"""What neither starts nor ends a line, an emphasis or a link."""

_DEEP = 60


@dataclass(frozen=True, slots=True)
class Run:
    """One leaf, and whether it is strong, emphasised and linked."""

    leaf: Text | Break | Code | Picture
    strong: bool = False
    emphasis: bool = False
    href: str | None = None

    @property
    def style(self) -> tuple[bool, bool, str | None]:
        return self.strong, self.emphasis, self.href

    @property
    def empty(self) -> bool:
        """A blank or a break."""
        return self.blank or isinstance(self.leaf, Break)

    @property
    def blank(self) -> bool:
        return isinstance(self.leaf, Text) and not self.leaf.text.strip(BLANKS)


NONE = Run(Text(""))


def flatten(inlines: Iterable[Inline], base: Run | None = None, depth: int = 0) -> Iterator[Run]:
    """The leaves of a tree of inlines, in order. What is nested deeper than 60 is left out of its emphasis."""
    base = base or NONE
    for inline in inlines:
        match inline:
            case Strong(children):
                inner = Run(base.leaf, strong=True, emphasis=base.emphasis, href=base.href)
                yield from flatten(children, inner, depth + 1) if depth < _DEEP else ()
            case Emphasis(children):
                inner = Run(base.leaf, strong=base.strong, emphasis=True, href=base.href)
                yield from flatten(children, inner, depth + 1) if depth < _DEEP else ()
            case Link(href, children):
                inner = Run(base.leaf, strong=base.strong, emphasis=base.emphasis, href=base.href or href)
                yield from flatten(children, inner, depth + 1) if depth < _DEEP else ()
            case _:
                yield Run(inline, *base.style)


def tidy(runs: Iterable[Run]) -> list[Run]:
    """Runs of one line or paragraph, joined where alike, blanks and breaks outside of emphasis, none at the edges."""
    runs = list(runs)
    if len(runs) == 1 and isinstance(runs[0].leaf, Text):
        text = runs[0].leaf.text.strip(BLANKS)
        return [Run(Text(text), *runs[0].style)] if text else []
    done = list(_spaced(_plain_blanks(list(_edges_apart(runs)))))
    solid = [at for at, run in enumerate(done) if not run.empty]
    return list(_joined(done[solid[0] : solid[-1] + 1])) if solid else []


def nest(runs: Iterable[Run]) -> tuple[Inline, ...]:
    """The canonical tree of tidy runs: links outermost, then the longer of strong and emphasis."""
    done: list[Inline] = []
    for href, group in groupby(runs, key=lambda run: run.href):
        children = tuple(_styled(list(group)))
        done.extend(children if href is None else (Link(href, children),))
    return tuple(done)


def parted(inlines: Iterable[Inline]) -> Iterator[tuple[Inline, ...]]:
    """Canonical inlines of each paragraph: two breaks or more, which are an empty line, part them."""
    for several, group in groupby(_counted(tidy(flatten(inlines))), key=lambda pair: pair[1] > 1):
        if not several and (paragraph := nest(tidy(run for run, _ in group))):
            yield paragraph


def title(inlines: Iterable[Inline]) -> tuple[Inline, ...]:
    """Canonical inlines of a heading, without the strong emphasis of all of it: a heading is strong already."""
    leaves = tidy(flatten(inlines))
    if all(run.strong or run.empty for run in leaves):
        leaves = [replace(run, strong=False) for run in leaves]
    return nest(leaves)


def _counted(runs: Iterable[Run]) -> Iterator[tuple[Run, int]]:
    """Each run with the number of breaks that stand together where it does, 0 for what is no break."""
    for breaks, group in groupby(runs, key=lambda run: isinstance(run.leaf, Break)):
        together = list(group)
        yield from ((run, len(together) if breaks else 0) for run in together)


def _styled(runs: Sequence[Run]) -> Iterator[Inline]:
    at = 0
    while at < len(runs):
        run = runs[at]
        if run.empty or not (run.strong or run.emphasis):
            yield run.leaf
            at += 1
            continue
        strong = _extent(runs, at, "strong")
        emphasis = _extent(runs, at, "emphasis")
        if strong >= emphasis:
            inside = [Run(one.leaf, emphasis=one.emphasis, href=one.href) for one in runs[at:strong]]
            yield Strong(tuple(_styled(inside)))
        else:
            inside = [Run(one.leaf, strong=one.strong, href=one.href) for one in runs[at:emphasis]]
            yield Emphasis(tuple(_styled(inside)))
        at = max(strong, emphasis)


def _extent(runs: Sequence[Run], start: int, style: str) -> int:
    end = start
    while end < len(runs) and getattr(runs[end], style):
        end += 1
    while end > start and runs[end - 1].empty:
        end -= 1
    return end


def _edges_apart(runs: Iterable[Run]) -> Iterator[Run]:
    """Each text cut in blanks, core and blanks, so that blanks can lose their style; pictures bear none."""
    for run in runs:
        if not isinstance(run.leaf, Text):
            yield Run(run.leaf, href=run.href) if isinstance(run.leaf, Picture) else run
            continue
        text = run.leaf.text
        core = text.strip(BLANKS)
        if core == text:
            if text:
                yield run
            continue
        start = text.find(core) if core else len(text)
        for piece in (text[:start], core, text[start + len(core) :]):
            if piece:
                yield Run(Text(piece), *run.style)


def _plain_blanks(runs: Sequence[Run]) -> Iterator[Run]:
    """Blanks and breaks keep a style only where it stands before them and goes on behind them."""
    behind: list[Run] = []
    following = NONE
    for run in reversed(runs):
        behind.append(following)
        following = following if run.empty else run
    before = NONE
    for run, after in zip(runs, reversed(behind), strict=True):
        if not run.empty:
            before = run
            yield run
            continue
        within = before.href == after.href
        linked = after.href if within and run.blank else None
        strong, emphasis = within and before.strong and after.strong, within and before.emphasis and after.emphasis
        yield Run(run.leaf, strong=strong, emphasis=emphasis, href=linked)


def _spaced(runs: Iterable[Run]) -> Iterator[Run]:
    """Without blanks beside a break, and with one blank where two texts brought one each."""
    held: Run | None = None
    after_break = False
    for run in runs:
        if run.blank:
            held = None if after_break else held or run
            continue
        breaks = isinstance(run.leaf, Break)
        if held is not None and not breaks:
            yield held
        yield run
        held, after_break = None, breaks


def _joined(runs: Sequence[Run]) -> Iterator[Run]:
    """Neighbours of one style as one text, or one code; a blank where the style changes stays by itself."""
    alone = {
        at
        for at, run in enumerate(runs)
        if run.blank and 0 < at < len(runs) - 1 and runs[at - 1].style != runs[at + 1].style
    }
    numbered = enumerate(runs)
    for (kind, style, _), group in groupby(
        numbered, key=lambda pair: (*_kind(pair[1]), pair[0] if pair[0] in alone else -1)
    ):
        members = [run for _, run in group]
        if kind not in (Text, Code):
            yield from members
            continue
        text = "".join(run.leaf.text for run in members if isinstance(run.leaf, Text | Code))
        yield Run(Text(text) if kind is Text else Code(text), *style)


def _kind(run: Run) -> tuple[type, tuple[bool, bool, str | None]]:
    return type(run.leaf), run.style
