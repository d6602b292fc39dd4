"""What an answer would make of a draft: its fields, its text, what its pictures show. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ingest.body import text as plain_text
from ingest.body.commands import MAX_BYLINE, MAX_TITLE
from ingest.body.masks import mask
from ingest.body.plain import read_plain
from ingest.correspondence.answers.asking import Ask, Asked
from ingest.errors import Refused
from ingest.model import Contribution, Draft
from ingest.moderation import pictures
from ingest.moderation.corrected import corrected
from ingest.publication.article import one_line
from ingest.store import Row, Store
from ingest.words import _


def change(store: Store, row: Row, asked: Asked, mail: Contribution) -> Callable[[Draft], Draft]:
    """What is asked, as a function of a draft; tried on the current one.

    Raises `Refused` where it cannot be done: a signature that is an address, a picture that is none, a text that has
    too little in common with the draft's; `BadMessage`.
    """
    keep = store.settings.wall.address
    names = (mail.sender.name,) if mail.sender else ()

    def changed(draft: Draft) -> Draft:
        if asked.ask is Ask.TEXT:
            from ingest.correspondence.proof import proof  # with parsers, for whoever really revises

            draft = corrected(draft, proof(draft), asked.blocks, names=names, keep=keep)
        if asked.alts:
            draft = _described(draft, dict(asked.alts), keep)
        title = _masked(asked.title, keep)[:MAX_TITLE]
        return replace(draft, title=title or draft.title, byline="" if asked.anonymous else _byline(asked, draft))

    changed(store.draft(row.id, row.digest))
    return changed


def what(asked: Asked) -> str:
    """A word for it: the journal's, and the letter's."""
    if asked.ask is Ask.TEXT:
        return "text"
    found = {
        "anonymous": asked.anonymous,
        "byline": bool(asked.byline),
        "title": bool(asked.title),
        "alt": bool(asked.alts),
    }
    said = [word for word, is_asked in found.items() if is_asked]
    return said[0] if len(said) == 1 else "several"


def _byline(asked: Asked, draft: Draft) -> str:
    name = one_line(asked.byline)
    if len(name) > MAX_BYLINE or "@" in name or mask(read_plain(name)).removed:
        raise Refused(_("ce n’est pas un nom"))
    return name or draft.byline


def _described(draft: Draft, alts: Mapping[int, str], keep: str) -> Draft:
    from ingest.correspondence.proof import proof

    there = proof(draft).pictures
    if any(not 1 <= number <= len(there) for number in alts):
        raise Refused(_("il n’y a pas d’image de ce numéro"))
    named = {there[number - 1].source.removeprefix("media:"): _masked(text, keep) for number, text in alts.items()}
    return replace(draft, body=pictures.described(draft.body, named))


def _masked(text: str, keep: str) -> str:
    blocks = mask(read_plain(text), keep=(keep,) if keep else ()).blocks
    return " ".join(plain_text.write(blocks).split())
