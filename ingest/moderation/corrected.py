"""A text that a moderator corrected in an answer, as a draft: by our own writer, never as Markdown of theirs. Pure.

What a plain answer cannot say is kept from the draft: pictures, documents and where links lead. What it may say by
mistake is taken out: the moderator's own name below it. And a text that is not this draft's, "il manque une virgule",
is none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.body import lines as body_lines
from ingest.body import markdown
from ingest.body import text as plain_text
from ingest.body.blocks import Block, Inline, Link, Paragraph, Picture, Text
from ingest.body.masks import mask
from ingest.body.reflow import join
from ingest.body.tree import rewrite
from ingest.correspondence.answers.words import folded, phrases
from ingest.correspondence.proof import Proof
from ingest.errors import Refused
from ingest.model import Draft
from ingest.words import _

_IN_COMMON = 0.5
"""Of the words of the longer of the two texts."""
_NUMBERED = re.compile(r"\W{0,3}image\s?(\d{1,3})\b.*", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"\W{0,3}titre\s?[:：]\s?(\S.{0,199})", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_MOST_LINKS = 200


def corrected(draft: Draft, shown: Proof, blocks: Sequence[Block], *, names: Iterable[str], keep: str) -> Draft:
    """`draft` with the text of an answer. `names` may stand below it, `keep` is the wall's own address.

    Raises `Refused` for a text that has too little in common with the one that was shown.
    """
    blocks = rewrite(blocks, lambda inline: () if isinstance(inline, Picture) else (inline,))
    title, blocks = _title(blocks)
    blocks = _unsigned(blocks, names, shown.text)
    if not _resembles(shown.text, plain_text.write(blocks)):
        raise Refused(_("ce texte ressemble trop peu à celui de la contribution"))
    masked = mask(join(blocks, flowed=False), keep=(keep,) if keep else ()).blocks
    body = markdown.write(_with_media(_with_links(masked, shown), shown))
    return replace(draft, title=title or draft.title, body=body)


def _title(blocks: Sequence[Block]) -> tuple[str, tuple[Block, ...]]:
    """ "Titre : …" on the first line changes the title."""
    lines = body_lines.read(blocks)
    found = _TITLE.fullmatch(lines[0].plain) if lines else None
    if found is None:
        return "", tuple(blocks)
    return found[1].strip(), body_lines.sift(blocks, [number > 0 for number in range(len(lines))])


def _unsigned(blocks: Sequence[Block], names: Iterable[str], shown: str) -> tuple[Block, ...]:
    """Without the last lines that only greet or sign, unless the draft has them too."""
    known, signing = phrases(), {word for name in names for word in folded(name).split()}
    there = {folded(line) for line in shown.splitlines()}
    polite = known.closing | known.filler
    lines = body_lines.read(blocks)

    def only_signs(line: str) -> bool:
        bare = folded(line)
        return bare not in there and (bare in polite or set(bare.split()) <= signing)

    end = len(lines)
    while end and only_signs(lines[end - 1].plain):
        end -= 1
    return body_lines.sift(blocks, [number < end for number in range(len(lines))])


def _resembles(old: str, new: str) -> bool:
    before, after = (Counter(_WORD.findall(text.casefold())) for text in (old, new))
    most = max(before.total(), after.total())
    return after.total() > 0 and (before & after).total() >= _IN_COMMON * most


def _with_links(blocks: Sequence[Block], shown: Proof) -> tuple[Block, ...]:
    """`words <https://…>`, which is how the letter showed a link, as that link again."""
    table = {f"{words} <{href}>": (words, href) for words, href in shown.links[:_MOST_LINKS] if words}
    if not table:
        return tuple(blocks)
    pattern = re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))
    return rewrite(blocks, lambda inline: _linked(inline, pattern, table))


def _linked(inline: Inline, pattern: re.Pattern[str], table: dict[str, tuple[str, str]]) -> tuple[Inline, ...]:
    if not isinstance(inline, Text):
        return (inline,)
    done: list[Inline] = []
    at = 0
    for found in pattern.finditer(inline.text):
        words, href = table[found[0]]
        done += [Text(inline.text[at : found.start()]), Link(href, (Text(words),))]
        at = found.end()
    return (*done, Text(inline.text[at:]))


def _with_media(blocks: Sequence[Block], shown: Proof) -> tuple[Block, ...]:
    """Pictures where the text names them, documents where it has their words; the others at the end."""
    named: set[int] = set()
    documents = dict(shown.documents)
    done: list[Block] = []
    for block in blocks:
        line = plain_text.line(block.children).strip() if isinstance(block, Paragraph) else ""
        number = int(found[1]) if (found := _NUMBERED.fullmatch(line)) and len(line) < 600 else 0
        if 1 <= number <= len(shown.pictures):
            named.add(number)
            done.append(Paragraph((shown.pictures[number - 1],)))
        elif line in documents:
            done.append(Paragraph((Link(documents.pop(line), (Text(line),)),)))
        else:
            done.append(block)
    left = [picture for number, picture in enumerate(shown.pictures, start=1) if number not in named]
    done += [Paragraph((picture,)) for picture in left]
    done += [Paragraph((Link(href, (Text(words),)),)) for words, href in documents.items()]
    return tuple(done)
