"""Subjects: the prefixes that mail programs and lists put before what the sender typed."""

from __future__ import annotations

import re
import unicodedata

MAX_LENGTH = 300
_FORWARDS = "fwd|fw|tr|transféré|wg|i̇lt|ilt|rv|enc|doorst|vs|vb"
_FORWARDS_ELSEWHERE = (
    "i|wtr|reenv|encam|dst|fs|vl|vid|vidb|pd|továbbítás|továbbított|redir|přep|prep|pren|пересл|переслано|пер|προωθ|πρθ"
    "|転送|转发|轉寄|转"
)
_REPLIES = "re|ré|réf|rép|aw|sv|antw|antwort"
_REPLIES_ELSEWHERE = "rif|ris|r|res|resp|odp|odg|vá|vast|ynt|отв|ответ|відп|απ|σχετ|回复|回覆|返信|答复"
_COUNT = r"(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?"
_PREFIX = re.compile(
    rf"\s*(?:(?P<word>{_FORWARDS}|{_REPLIES})\s?{_COUNT}\s?[:：]|(?P<else>{_FORWARDS_ELSEWHERE}|{_REPLIES_ELSEWHERE}){_COUNT}\.?[:：])\s*",
    re.IGNORECASE,
)
"""Prefixes that mail programs write in France and around it, with or without the French space before the
colon; those of elsewhere without it, since "I : enfance" and "R : suite" are titles."""
_LIST_TAG = re.compile(r"\s*\[[^\[\]]{1,40}\]\s*")
_FORWARD_WORDS = frozenset(f"{_FORWARDS}|{_FORWARDS_ELSEWHERE}".split("|"))
_ANYWHERE = re.compile(r"\((?:fwd|tr)\)\s*$", re.IGNORECASE)
_NOTHING = frozenset(
    {
        "sans objet",
        "sans sujet",
        "aucun objet",
        "aucun sujet",
        "pas d'objet",
        "pas de sujet",
        "no subject",
        "none",
        "sense assumpte",
        "sin asunto",
        "kein betreff",
        "nessun oggetto",
        "sem assunto",
        "geen onderwerp",
    }
)


def clean(subject: str) -> str:
    """What the sender typed: without `Re: Fwd: TR: Réf : AW:` chains, tags of lists and "(sans objet)".

    A tag in brackets is taken off only where the sender's own program put a prefix before or after it, or words follow;
    "[Appel]" alone is a subject. At most 300 characters, in NFC, on one line. Linear.
    """
    text = unicodedata.normalize("NFC", " ".join(subject[: 4 * MAX_LENGTH].split()))
    text = _bare(_unwrapped(_bare(text)))
    text = _ANYWHERE.sub("", text).strip()
    if text.strip("()[]<>.–—- ").replace("’", "'").casefold() in _NOTHING:
        return ""
    return text[:MAX_LENGTH].strip()


def is_forward(subject: str) -> bool:
    """Whether the outermost prefix that says either says that this is a forward, not a reply."""
    text = _unwrapped(subject[: 4 * MAX_LENGTH].strip())
    while True:
        tag = _LIST_TAG.match(text)
        if tag:
            text = text[tag.end() :]
        found = _PREFIX.match(text)
        if not found:
            return bool(_ANYWHERE.search(text))
        return _is_forward(found)


def _unwrapped(text: str) -> str:
    """`[Fwd: so]`, as Netscape and Mozilla forward inline, without its brackets."""
    inner = text[1:-1].strip()
    wrapped = text.startswith("[") and text.endswith("]") and "[" not in inner and "]" not in inner
    return inner if wrapped and _PREFIX.match(inner) else text


def is_reply(subject: str) -> bool:
    """Whether the outermost prefix says that this is a reply."""
    text = _LIST_TAG.sub("", subject[: 4 * MAX_LENGTH], count=1)
    found = _PREFIX.match(text)
    return found is not None and not _is_forward(found)


def _is_forward(prefix: re.Match[str]) -> bool:
    return (prefix["word"] or prefix["else"]).casefold() in _FORWARD_WORDS


def _bare(text: str) -> str:
    while True:
        found = _PREFIX.match(text)
        if found:
            text = text[found.end() :]
            continue
        tag = _LIST_TAG.match(text)
        if tag and text[tag.end() :]:
            text = text[tag.end() :]
            continue
        return text
