"""Addresses and telephone numbers of people are not published unless a moderator puts them back.

Mail addresses, telephone numbers and the postal addresses of persons are masked wherever they stand, in the
text, in what a link shows and in `mailto:` and `tel:` links. Web addresses stay, without what follows their reader.
Pure and linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from ingest.body import links
from ingest.body.blocks import (
    Block,
    Blocks,
    Code,
    Inline,
    Link,
    List,
    Marked,
    Paragraph,
    Picture,
    Preformatted,
    Quote,
    Text,
)
from ingest.body.contacts import DIGIT, MAIL, PHONE, STREET, TOWN, may_hold, typed
from ingest.body.lines import joined, seen, split
from ingest.body.markdown import escape
from ingest.body.tree import rewrite
from ingest.body.wholes import whole
from ingest.model import Markdown, Removed, Why

ADDRESS_MASK = "[adresse masquée]"
PHONE_MASK = "[téléphone masqué]"
PLACE_MASK = "[lieu masqué]"
MASKS = {Why.ADDRESS: ADDRESS_MASK, Why.PHONE: PHONE_MASK, Why.PLACE: PLACE_MASK}
"""What stands in the text. Each mask belongs to one piece without a `restore` of its own, in the order of the text."""
_WEB = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_PLACE = re.compile(rf"{STREET.pattern}[ ,;–-]{{0,3}}{TOWN.pattern}", re.IGNORECASE)
_HOME = re.compile(
    r"\b(?:chez (?:moi|nous|lui|elle|eux|elles)|(?:mon|ma|notre|son|sa|leur) (?:adresse|domicile)"
    rf"|j['’]habit(?:e|ais)|habitons|habitent|domicili\w{{1,4}})\b[^\n.;!?0-9]{{0,40}}(?P<street>{STREET.pattern})",
    re.IGNORECASE,
)
"""A person's home needs no town to be found: "chez moi, 14 rue des Tilleuls"."""
_PUBLIC = re.compile(
    r"\b(?:mairie|préfecture|salle|gymnase|place|parvis|maison|centre|médiathèque|bibliothèque|cinéma|théâtre|café|bar|local|rendez-vous|rdv|manif\w*|devant|métro|gare|bourse|université|école|église|parc|tribunal|librairie|association|siège)\b",
    re.IGNORECASE,
)
"""Where everybody is invited to is no secret: the words before an address tell it from a person's home."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """The tree with its masks, and what stands behind each: places first, then the rest, in the order of the text."""

    blocks: tuple[Block, ...]
    removed: tuple[Removed, ...]


def mask(blocks: Blocks, *, keep: tuple[str, ...] = ()) -> Masked:
    """Mask what reaches a person; `keep` are the wall's own addresses, compared without regard to case."""
    masker = _Masker(frozenset(address.casefold() for address in keep))
    placed = _each(blocks, masker.block)
    return Masked(blocks=rewrite(placed, masker.inline), removed=tuple(masker.removed))


class _Masker:
    def __init__(self, keep: frozenset[str]) -> None:
        self.keep = keep
        self.removed: list[Removed] = []

    def block(self, block: Block) -> Block:
        match whole(block, (MAIL, PHONE)):
            case Paragraph() as paragraph:
                return _placed(paragraph, self)
            case Preformatted(text):
                return Preformatted(self.text(text))
            case mended:
                return mended

    def inline(self, inline: Inline) -> tuple[Inline, ...]:
        match inline:
            case Text(text):
                return (Text(self.text(text)),)
            case Code(text):
                return (Code(self.text(text)),)
            case Picture(source, alt):
                return (Picture(source, self.text(alt)),)
            case Link(href, children):
                return self.link(href, children, inline)
        return (inline,)

    def link(self, href: str, children: tuple[Inline, ...], whole: Link) -> tuple[Inline, ...]:
        scheme, _, target = href.partition(":")
        if scheme.casefold() not in {"mailto", "tel", "sms", "callto"}:
            return (whole,)
        reached = unquote(target.split("?", 1)[0])
        if scheme.casefold() == "mailto" and reached.casefold() in self.keep:
            return (whole,)
        shown = seen(children)
        if not any(one in shown for one in MASKS.values()):
            why = Why.ADDRESS if scheme.casefold() == "mailto" else Why.PHONE
            self.removed.append(Removed(why=why, text=reached, restore=Markdown(escape(reached))))
        return children

    def text(self, text: str) -> str:
        return "".join(self.web(part) if web else self.plain(part) for part, web in _webless(text))

    def web(self, text: str) -> str:
        """Web addresses as they are shown, without what follows their reader: click counters hold mail addresses."""

        def cleaned(found: re.Match[str]) -> str:
            address = links.ended(found[0])
            clean = links.clean(address)
            if clean.href is None or not clean.removed:
                return found[0]
            self.removed.append(Removed(why=Why.TRACKER, text=address))
            return clean.href + found[0][len(address) :]

        return links.BARE.sub(cleaned, text)

    def plain(self, text: str) -> str:
        return self.found(PHONE, Why.PHONE, self.found(MAIL, Why.ADDRESS, text))

    def found(self, pattern: re.Pattern[str], why: Why, text: str) -> str:
        return pattern.sub(lambda found: self.masked(found[0], why), text) if may_hold(pattern, text) else text

    def masked(self, text: str, why: Why) -> str:
        bare = text.rstrip(".-")
        if typed(bare).casefold() in self.keep:
            return text
        self.removed.append(Removed(why=why, text=bare))
        return MASKS[why] + text[len(bare) :]


def _webless(text: str) -> Iterator[tuple[str, bool]]:
    """Parts of a text, and whether each is a web address."""
    at = 0
    for found in _WEB.finditer(text):
        yield text[at : found.start()], False
        yield found[0], True
        at = found.end()
    yield text[at:], False


def _each(blocks: Iterable[Block], change: Callable[[Block], Block]) -> tuple[Block, ...]:
    """The tree with its leaves changed."""
    done: list[Block] = []
    for block in blocks:
        match block:
            case Quote(children, marker):
                done.append(Quote(_each(children, change), marker))
            case Marked(marker, children):
                done.append(Marked(marker, _each(children, change)))
            case List(items, start):
                done.append(List(tuple(_each(item, change) for item in items), start))
            case _:
                done.append(change(block))
    return tuple(done)


# --- postal addresses


def _placed(block: Paragraph, masker: _Masker) -> Paragraph:
    """Number, way, postcode and town, in one line or in two."""
    if not DIGIT.search(seen(block.children)):
        return block
    whole = split(block.children)
    lines = [_at_home(line, masker) for line in whole]
    if not any(TOWN.search(seen(line)) for line in lines):
        return block if lines == whole else Paragraph(joined(lines))
    done: list[tuple[Inline, ...]] = []
    for line in lines:
        text = seen(line)
        above = seen(done[-1]) if done else ""
        simple = all(isinstance(child, Text) for child in line)
        if simple and (found := _PLACE.search(text)) and not _PUBLIC.search(text[: found.start()]):
            masker.removed.append(Removed(why=Why.PLACE, text=found[0]))
            done.append((Text(text[: found.start()] + PLACE_MASK + text[found.end() :]),))
        elif simple and TOWN.match(text.strip()) and (street := _street(done)):
            masker.removed.append(Removed(why=Why.PLACE, text=f"{above[street.start() :]}\n{text}"))
            done[-1] = (Text(above[: street.start()] + PLACE_MASK),)
        else:
            done.append(line)
    return Paragraph(joined(done))


def _at_home(line: tuple[Inline, ...], masker: _Masker) -> tuple[Inline, ...]:
    text = seen(line)
    found = _HOME.search(text)
    if found is None or TOWN.search(text) or not all(isinstance(child, Text) for child in line):
        return line
    masker.removed.append(Removed(why=Why.PLACE, text=found["street"]))
    return (Text(text[: found.start("street")] + PLACE_MASK + text[found.end("street") :]),)


def _street(done: list[tuple[Inline, ...]]) -> re.Match[str] | None:
    """The number and way that the line above ends in, where they are nobody's public place."""
    above = seen(done[-1]) if done else ""
    found = STREET.search(above)
    if found is None or found.end() < len(above.rstrip()) or not all(isinstance(child, Text) for child in done[-1]):
        return None
    around = " ".join(seen(line) for line in done[-3:])
    return None if _PUBLIC.search(around[: around.rfind(found[0])]) else found
