"""What a mail wants of us that is no contribution: to follow, to leave, or yes. Pure and linear.

A text must not be lost to a word in it: a mail that says more than the wish is a contribution.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingest.correspondence.answers.pieces import pieces
from ingest.correspondence.answers.words import Phrases, folded, phrases
from ingest.model import NEWS


class Wants(StrEnum):
    """What somebody asks."""

    FOLLOW = "follow"
    LEAVE = "leave"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`topic` is what it is about; None for everything, where somebody leaves."""

    wants: Wants
    topic: str | None = None
    token: str = ""
    """Of a letter's own address to leave by."""


TAG_LENGTH = 40
_MORE = 60
"""Letters that may stand below a wish: a name."""
_LOOSE = 300
_FOLLOW = re.compile(
    r"\W*(?:bonjour\W+)?(?:je (?:veux|voudrais|souhaite|desire) )?(?:vous |le )?"
    r"(?:suivre|s'abonner|m'abonner|abonnez[- ]moi|abonner|abonnement"
    r"|recevoir les nouveaux messages|recevoir les nouvelles)"
    r"\b(?P<topic>.{0,80})"
)
_LEAVE = re.compile(
    r"\W*(?:bonjour\W+)?(?:je (?:veux|voudrais|souhaite) )?(?:(?:me |se )?desabonner"
    r"|desabonnez[- ]moi|(?:me )?desabonne"
    r"|desabonnement|(?:me |se )?desinscrire|desinscription|desinscrivez[- ]moi"
    r"|ne plus (?:suivre|recevoir)|stop|quitter|unsubscribe)"
    r"\b(?P<topic>.{0,80})"
)
_TOKEN = re.compile(r"\W*stop\W+([0-9a-f]{32})\b", re.IGNORECASE)
_ALL = re.compile(
    r"(?:(?:a |au |le |les |de |du |tous |toutes ){0,3}"
    r"(?:mur|nouveaux messages|nouvelles|messages|nouveautes|tout|lettre|infos?)?)?"
    r"(?: ?(?:du mur|svp|stp|s'il vous plait|merci)){0,2}"
)
_RELAY = re.compile(r"(?:(?:la |le |l')?(?:plainte|appel|relais|campagne) )?\[?(?:mur[- ]?|n ?[°o] ?)?([0-9]{1,7})\]?")
_TAG = re.compile(
    r"(?:(?:le |la )?(?:mot|etiquette|theme|sujet|tag) )?#([\w'-]{1,40})"
    r"|(?:mot|etiquette|theme|sujet|tag) ([\w'-]{1,40})"
)
_REPLY = re.compile(r"\s*(?:(?:re|ré|rép|aw|sv|antw)\s?:\s*){1,5}", re.IGNORECASE)
_ABOUT_FOLLOWING = re.compile(r"recevoir|suivre|abonn|nouveaux messages|inscri")
_YES = frozenset({"je confirme", "confirme", "confirmer", "confirmation", "c'est bon", "c'est confirme", "volontiers"})


def wish(subject: str, lines: Sequence[str], aliases: Sequence[str] = ()) -> Wish | None:
    """The wish of a mail: `lines` are its sender's own, `aliases` what stands behind the `+` of its recipients.

    None for whatever says more, or something else.
    """
    known = phrases()
    said = [line for line in (line.strip() for line in lines) if line and not _polite(line, known)]
    if token := _token(subject):
        return Wish(wants=Wants.LEAVE, token=token)
    if not said:
        return _by_alias(aliases) or parsed(_bare(subject))
    first = parsed(said[0])
    if first and sum(map(len, said[1:])) <= _MORE:
        return first
    head = parsed(_bare(subject))
    words = folded(" ".join(said)[: 2 * _LOOSE])
    if head and head.wants is not Wants.YES and len(words) <= _LOOSE and _ABOUT_FOLLOWING.search(words):
        return head
    return _by_alias(aliases) if len(words) <= _LOOSE else None


def parsed(line: str) -> Wish | None:
    """The wish that one line is."""
    text = _plain(line)
    for wants, pattern in ((Wants.LEAVE, _LEAVE), (Wants.FOLLOW, _FOLLOW)):
        found = pattern.fullmatch(text)
        if found:
            topic = topic_of(found["topic"].strip(' :,.!«»"()'))
            if topic is None:
                return None
            return Wish(wants=wants, topic=None if wants is Wants.LEAVE and not topic else topic)
    word = folded(line)
    if word in _YES or word in phrases().accept:
        return Wish(wants=Wants.YES)
    return Wish(wants=Wants.NO) if word in phrases().reject else None


def topic_of(text: str) -> str | None:
    """`#fête` is `tag:fete`, `mur-12` is `relay:12`, "le mur" is all that is new; None for what is none of them."""
    if found := _TAG.fullmatch(text):
        name = tag_of(found[1] or found[2])
        return f"tag:{name}" if name else None
    if found := _RELAY.fullmatch(text):
        return f"relay:{int(found[1])}"
    return NEWS if _ALL.fullmatch(text) else None


def tag_of(name: str) -> str:
    """A tag as topics hold it: folded, so that "Fêtes" and "fetes" are one."""
    return folded(name)[:TAG_LENGTH].strip()


def _by_alias(aliases: Sequence[str]) -> Wish | None:
    """`mur+suivre-12@…`, `mur+suivre-fete@…`, `mur+quitter@…`, where the provider keeps what stands behind the `+`."""
    for alias in aliases:
        word, _dash, rest = _plain(alias).partition("-")
        if word in {"quitter", "stop"}:
            return Wish(wants=Wants.LEAVE)
        if word == "suivre":
            topic = topic_of(rest if rest.isdigit() or not rest else f"#{rest}")
            return Wish(wants=Wants.FOLLOW, topic=topic) if topic is not None else None
    return None


def _token(subject: str) -> str:
    found = _TOKEN.match(_bare(subject))
    return found[1].lower() if found else ""


def _bare(subject: str) -> str:
    return _REPLY.sub("", subject[:300], count=1)


def _plain(line: str) -> str:
    """Lower case, without accents; unlike `folded` with its signs: a # says something."""
    parts = re.split(r"(\s*[#\[\]:°]\s*)", line[:200].strip())
    return "".join(part if number % 2 else folded(part) for number, part in enumerate(parts)).replace("# ", "#")


def _polite(line: str, known: Phrases) -> bool:
    if len(line) > _LOOSE:
        return False
    found = pieces(line)
    return all(piece.folded in known.filler or piece.folded in known.closing for piece in found)
