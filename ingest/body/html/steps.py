"""What each element of a mail's HTML becomes: one small function a kind, in the order of `STEPS`."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from itertools import islice

from bs4 import Tag

from ingest.body import links
from ingest.body.html import style as css
from ingest.body.html import tables, word
from ingest.body.html.clients import quote_of
from ingest.body.html.gate import MARK
from ingest.body.html.normal import LINE, PARAGRAPH, SKIP, Notes, Rule, State, Step, linked
from ingest.body.html.pictures import picture
from ingest.model import Why

_UNSEEN = re.compile(
    r"script|style|head|title|meta|link|base|template|noframes|xml|svg|math|param|source|track|map|area|wbr|datalist"
    r"|[vwm]:.*"
)
_FOREIGN = re.compile(r"iframe|object|embed|video|audio|applet|canvas|textarea|select|input|frame|frameset|marquee")
_PARAGRAPHS = re.compile(r"p|dl|dt|ul|ol|table|address|figure|fieldset|details")
_LINES = re.compile(
    r"div|body|html|center|section|article|header|footer|main|aside|nav|figcaption|form|legend|summary|dd|caption"
    r"|thead|tbody|tfoot|tr|td|th|hgroup|dir|menu|li|blockquote"
)
_STRONG = frozenset({"b", "strong"})
_EMPHASIS = frozenset({"i", "em", "cite", "dfn", "var"})
_CODE = frozenset({"code", "tt", "kbd", "samp"})
_PROSE = re.compile(r"moz-quote-pre|moz-signature|k9mail|pre-wrap|pre-line|font-family:\s*(?!\S*mono|courier)")
_EXPONENT = {"sup": re.compile(r"[0-9+=()n-]{1,6}"), "sub": re.compile(r"[0-9+=()-]{1,6}")}
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def unseen(tag: Tag, _state: State, _notes: Notes) -> Step | None:
    """What no mail client shows."""
    return SKIP if _UNSEEN.fullmatch(tag.name) else None


def foreign(tag: Tag, _state: State, notes: Notes) -> Step | None:
    """Frames, players and form fields: what they would show is named to the moderator."""
    if not _FOREIGN.fullmatch(tag.name):
        return None
    if css.attribute(tag, "type").lower() != "hidden":
        inside = " ".join(islice(tag.stripped_strings, 50))
        notes.remove(Why.MARKUP, f"{inside or css.attribute(tag, 'value')} {css.attribute(tag, 'src')[:500]}")
    return SKIP


def hidden(tag: Tag, _state: State, notes: Notes) -> Step | None:
    """Preheaders, texts for machines, versions for other screens; a mail as a whole is never hidden."""
    if not tag.attrs or tag.name in {"html", "body"} or not css.is_hidden(tag, css.declarations(tag)):
        return None
    notes.remove(Why.HIDDEN, tag.get_text(" "))
    return SKIP


def image(tag: Tag, state: State, notes: Notes) -> Step | None:
    """A picture that came with the mail stays in its place."""
    if tag.name not in {"img", "image"}:
        return None
    shown = picture(tag)
    if shown.removed is not None:
        notes.remove(shown.removed.why, shown.removed.text)
    if shown.source and not state.pre:
        return Step(opening=linked(f'<img src="{escape(shown.source)}" alt="{escape(shown.alt)}">', state))
    return Step(opening=escape(shown.text, quote=False))


def line_break(tag: Tag, state: State, _notes: Notes) -> Step | None:
    """`<br>` and `<hr>`."""
    if tag.name == "br":
        # lxml keeps what stands in `<br>text</br>`
        return Step(opening="\n" if state.pre else "<br>", state=state if tag.contents else None)
    if tag.name == "hr":
        return Step(opening=LINE if state.cell else "<hr>")
    return None


def quotation(tag: Tag, state: State, _notes: Notes) -> Step | None:
    """A `<blockquote>`: a client's, the author's, or Gmail's way to indent a paragraph."""
    if tag.name != "blockquote" or state.cell:
        return None
    marker = quote_of(tag)
    declared = css.declarations(tag)
    if not marker and declared.get("border") == "none" and declared.get("padding", "").startswith("0"):
        return Step(opening=PARAGRAPH, closing=PARAGRAPH, state=_inherited(tag, state))
    known = f' {MARK}="q:{marker}"' if marker else ""
    return Step(opening=f"<blockquote{known}>", closing="</blockquote>", state=_inherited(tag, state), deep=True)


def word_list(tag: Tag, state: State, _notes: Notes) -> Step | None:
    """An item of a list that Word wrote as a paragraph."""
    item = None if state.cell else word.item_of(tag)
    if item is None:
        return SKIP if word.is_bullet(tag) else None
    opening = f'<div {MARK}="w:{item.level}:{"" if item.number is None else item.number}">'
    return Step(opening=opening, closing="</div>", state=_inherited(tag, state), deep=True)


def heading(tag: Tag, state: State, notes: Notes) -> Step | None:
    """`<h1>` to `<h6>`, such that none is the page's own title."""
    if not re.fullmatch(r"h[1-6]", tag.name):
        return None
    if state.cell:
        return Step(opening=LINE, closing=LINE, state=state)
    level = min(6, int(tag.name[1]) + notes.heading_shift)
    inside = replace(state, strong=False, cell=True)
    return Step(opening=f"<h{level}>", closing=f"</h{level}>", state=inside, deep=True)


def listing(tag: Tag, state: State, _notes: Notes) -> Step | None:
    """`<ul>`, `<ol>` and `<li>`."""
    if tag.name not in {"ul", "ol", "li", "menu", "dir"} or state.cell:
        return None
    name = tag.name if tag.name in {"ol", "li"} else "ul"
    start = css.attribute(tag, "start").strip()
    counted = f' start="{int(start)}"' if name == "ol" and re.fullmatch(r"[0-9]{1,6}", start) else ""
    return Step(opening=f"<{name}{counted}>", closing=f"</{name}>", state=_inherited(tag, state), deep=True)


def table(tag: Tag, state: State, _notes: Notes) -> Step | None:
    """A table of data stays one; one that only arranges is lines."""
    if tag.name == "table" and not state.cell and not state.data and tables.is_data(tag):
        inside = replace(_inherited(tag, state), data=True)
        return Step(opening="<table>", closing="</table>", state=inside, deep=True)
    if tag.name == "table" and not state.cell and not state.data:
        inside = replace(_inherited(tag, state), rows=tables.has_short_rows(tag))
        return Step(opening=PARAGRAPH, closing=PARAGRAPH, state=inside)
    if state.rows and tag.name in {"td", "th"}:
        return Step(opening=" ", closing=" ", state=_inherited(tag, state))
    if state.data and not state.cell and tag.name in {"tr", "td", "th"}:
        name = "tr" if tag.name == "tr" else "td"
        inside = replace(_inherited(tag, state), cell=name == "td")
        span = tables.span(tag) if name == "td" else 0
        return Step(opening=f"<{name}>", closing=f"</{name}>" + "<td></td>" * span, state=inside, deep=True)
    return None


def preformatted(tag: Tag, state: State, _notes: Notes) -> Step | None:
    """`<pre>`: code, or, as many clients write it, plain text whose lines are meant."""
    if tag.name not in {"pre", "listing", "xmp", "plaintext"}:
        return None
    said = f"{css.attribute(tag, 'class')} {css.attribute(tag, 'style')}".lower()
    if "wrap" in tag.attrs or _PROSE.search(said) or state.cell or css.holds(tag, "img"):
        return Step(opening=PARAGRAPH, closing=PARAGRAPH, state=replace(_inherited(tag, state), lines=True))
    return Step(opening="<pre>", closing="</pre>", state=replace(state, pre=True), deep=True)


def anchor(tag: Tag, state: State, notes: Notes) -> Step | None:
    """A link, with its address cleaned; where that may not stand, its text stays and the address is named."""
    if tag.name != "a":
        return None
    href = css.attribute(tag, "href").strip()
    if not href or href.startswith("#") or state.pre:
        return Step(state=_inherited(tag, state))
    shown = " ".join("".join(islice(tag.strings, 20))[:300].split())
    cleaned = links.clean(href)
    notes.warn(cleaned.warning)
    if cleaned.href is None:
        notes.remove(Why.LINK, f"{shown} <{href[:500]}>")
        return Step(state=_inherited(tag, state))
    if cleaned.removed:
        notes.remove(Why.TRACKER, f"{', '.join(cleaned.removed)} ({links.host(cleaned.href)})")
    notes.warn(links.mismatch(shown, cleaned.href))
    if not shown and (pictures := list(css.within(tag, "img"))) and not any(map(_came_along, pictures)):
        notes.remove(Why.LINK, cleaned.href)
    return Step(state=replace(_inherited(tag, state), href=cleaned.href))


def _came_along(picture: Tag) -> bool:
    return css.attribute(picture, "src").lower().startswith("cid:")


def raised(tag: Tag, state: State, _notes: Notes) -> Step | None:
    """Exponents and indices of figures as the characters that exist for them: `m²`, `H₂O`."""
    if tag.name not in {"sup", "sub"} or state.pre:
        return None
    text = tag.contents[0].strip() if len(tag.contents) == 1 and isinstance(tag.contents[0], str) else ""
    if not _EXPONENT[tag.name].fullmatch(text):
        return Step(state=_inherited(tag, state))
    return Step(opening=linked(text.translate(_RAISED if tag.name == "sup" else _LOWERED), state))


def block(tag: Tag, state: State, notes: Notes) -> Step | None:
    """What begins a line: `<div>` is one, `<p>` a paragraph, unless it has no margins and empty ones part the text."""
    paragraph = bool(_PARAGRAPHS.fullmatch(tag.name))
    if not paragraph and not _LINES.fullmatch(tag.name):
        return None
    if state.pre:
        return Step(opening="\n", state=state)
    parts = paragraph and not (tag.name == "p" and notes.blank_lines and is_line(tag))
    edge = PARAGRAPH if parts and not state.cell else LINE
    return Step(opening=edge, closing=edge, state=_inherited(tag, state))


def is_line(tag: Tag) -> bool:
    """Whether a `<p>` is a line rather than a paragraph: Word's style sheets take its margins, others by attribute."""
    wordy = re.search(r"\bMso(?:Normal|PlainText|NoSpacing)\b", css.attribute(tag, "class"))
    return bool(wordy) or css.has_no_margins(css.declarations(tag))


def phrase(tag: Tag, state: State, _notes: Notes) -> Step:
    """Everything else: only what it does to its letters."""
    inside = _inherited(tag, state)
    if tag.name in _STRONG:
        inside = replace(inside, strong=css.is_strong(css.declarations(tag)) is not False)
    elif tag.name in _EMPHASIS:
        inside = replace(inside, emphasis=css.is_emphasised(css.declarations(tag)) is not False)
    elif tag.name in _CODE:
        inside = replace(inside, code=True)
    return Step(state=inside)


def _inherited(tag: Tag, state: State) -> State:
    declared = css.declarations(tag) if "style" in tag.attrs else {}
    if not declared:
        return state
    strong, emphasis, tiny = css.is_strong(declared), css.is_emphasised(declared), css.is_tiny(declared)
    spaces = declared.get("white-space")
    strong = state.strong if strong is None else strong
    emphasis = state.emphasis if emphasis is None else emphasis
    tiny = state.tiny if tiny is None else tiny
    lines = state.lines if spaces is None else spaces.startswith("pre") or spaces == "break-spaces"
    if (strong, emphasis, tiny, lines) == (state.strong, state.emphasis, state.tiny, state.lines):
        return state
    return replace(state, strong=strong, emphasis=emphasis, tiny=tiny, lines=lines)


STEPS: tuple[Rule, ...] = (
    unseen, foreign, hidden, image, line_break, word_list, quotation, heading, listing, table, preformatted, anchor,
    raised, block, phrase,
)  # fmt: skip
