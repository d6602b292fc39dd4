"""A title where the subject gives none."""

from __future__ import annotations

import re

from ingest.body.blocks import Blocks
from ingest.body.lines import read

MAX_LENGTH = 70
_SHORTEST = 12
""""Ah !" says nothing: what ends before goes on."""
_END = re.compile(r"(?<=[^\s.]{2}[.!?…])[\s»\"]|(?<=[!?…])[\s»\"]")
_GREETING = re.compile(
    r"(?:bonjour|bonsoir|salut|coucou|hello|hi|dear|chère?s?|cher|madame|monsieur|bon dia|hola|hallo|ciao"
    r"|olá)\b[^.!?]{0,40}[,!.;:…]?",
    re.IGNORECASE,
)


def from_blocks(blocks: Blocks) -> str:
    """The first sentence that is more than a greeting, cut at a word before 70 characters; empty where there
    is none."""
    fallback = ""
    for line in read(blocks)[:40]:
        text = line.plain[: 4 * MAX_LENGTH].strip(" *_#>")
        if not any(map(str.isalnum, text)):
            continue
        if not _GREETING.fullmatch(text):
            return _shortened(text)
        fallback = fallback or _shortened(text)
    return fallback


def _shortened(text: str) -> str:
    end = _END.search(text, _SHORTEST)
    sentence = text[: end.start()] if end else text
    if len(sentence) > MAX_LENGTH:
        head = sentence[: MAX_LENGTH - 1]
        sentence = (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,;:—–-(«") + "…"
    return sentence.rstrip(" .,;:") if not sentence.endswith(("…", "...")) else sentence
