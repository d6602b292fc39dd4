"""Why a kind of file is never published, in one sentence that its sender can use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ingest.body.markdown import write
from ingest.body.masks import mask
from ingest.body.plain import read_plain
from ingest.media.kinds import Family, Kind
from ingest.media.words import left_out, shown, weight
from ingest.message.charsets import clean, decode
from ingest.model import Attachment, Markdown, Removed, Why

_LONGEST_TEXT = 50_000

REASONS: Mapping[Family, str] = {
    Family.VIDEO: "les vidéos ne sont pas publiées",
    Family.OFFICE: "les documents bureautiques ne sont pas publiés\u00a0; en PDF, ils le sont",
    Family.ARCHIVE: "les archives ne sont pas ouvertes\u00a0; joignez les fichiers un à un",
    Family.DRAWING: "les dessins SVG peuvent cacher du code\u00a0; en PNG, ils sont publiés",
    Family.PAGE: "les pages web jointes ne sont pas publiées\u00a0; collez leur texte dans le message",
    Family.PROGRAM: "les programmes ne sont pas publiés",
    Family.CARD: "les cartes de visite sont privées",
    Family.SIGNATURE: "elle n’est pas publiée",
    Family.KEY: "elle n’est pas publiée",
    Family.TEXT: "les fichiers de texte joints ne sont pas publiés\u00a0; collez leur contenu dans le message",
    Family.EMPTY: "il n’y a rien dedans",
    Family.UNKNOWN: "ce format n’est pas publié",
}


def refused(attachment: Attachment, kind: Kind) -> Removed:
    """The line for a file of a kind that is never published: `film.mp4 (vidéo, 12 Mo) : les vidéos …`.

    The words of a text file can be put into the draft by whoever moderates, masked like the rest.
    """
    line = left_out(attachment, kind.noun, REASONS[kind.family])
    return replace(line, restore=_words(attachment.data)) if kind.family is Family.TEXT else line


def _words(data: bytes) -> Markdown | None:
    if len(data) > _LONGEST_TEXT:
        return None
    text = clean(decode(data, "").text)
    return write(mask(read_plain(text)).blocks) or None


def too_many(name: str, size: int, most: str) -> Removed:
    """The line for a file of `size` bytes beyond the number that one mail may bring."""
    return Removed(why=Why.ATTACHMENT, text=f"{shown(name)} ({weight(size)})\u00a0: {most}")
