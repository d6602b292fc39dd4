"""On what conditions one may join a campaign, as its text says: never as fact, and with who says so. Pure, linear."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ingest.model import Confidence
from ingest.relay.spans import Span, spans

_FREE = re.compile(r"\bgratuite?s?\b|\bgratuitement\b|sans (?:aucuns? )?frais|free of charge", re.IGNORECASE)
_RISK = re.compile(r"(?:sans|aucun) risques?(?: juridiques?| légal| financier)?|no legal risk", re.IGNORECASE)
_PSEUDONYM = re.compile(
    r"\bpseudonymes?\b|nom d'emprunt|sign\w+ anonymement|nom d'état civil|\bpseudonym\b", re.IGNORECASE
)
_OBLIGED = re.compile(r"sans engagement|sans obligation|ne vous engage à rien", re.IGNORECASE)
_WHO = re.compile(
    r"\b(?:réservée?s? (?:à|aux|au)|ouverte?s? (?:à|aux|au)|(?:peut|peuvent) être (?:rejointe?s?|signée?s?) par"
    r"|(?:peut|peuvent) (?:signer|rejoindre|se joindre))\b:?\s*(?P<who>[^.;:,!?…\n][^.;:!?…\n]{2,140})"
    r"|\b(?P<all>tout le monde)(?= peut\b)"
    r"|\b(?P<anyone>(?:toute personne|tou(?:te)?s (?:celles|ceux|les)|anyone|all residents)[^.;:!?…\n]{3,140}?)"
    r"(?= (?:peut|peuvent|may|can)\b)|^(?P<person>toute personne[^.;:!?…\n]{3,140})$",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"(?:on vous demande|il faut (?:donner|indiquer|fournir)|nous (?:vous )?demandons|sont demandés?|est demandée?"
    r"|il (?:vous )?faudra|munissez-vous)[^.\n]{0,40}\b(?:nom|prénom|adresse|courriel|mail|code postal|pièce"
    r"|date de nais)",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:pas|non|ni|jamais|plus|not) (?:\w+ )?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionFound:
    """A condition: `key` is `Conditions`, `Who_may_join` or `Data_asked`."""

    key: str
    words: str
    start: int
    end: int
    confidence: Confidence


def conditions_in(text: str) -> tuple[ConditionFound, ...]:
    """The conditions that `text` states, each once."""
    found: dict[tuple[str, str], ConditionFound] = {}
    for span in spans(text):
        for one in (one for rule in _RULES for one in rule(span, text)):
            found.setdefault((one.key, one.words.casefold()), one)
    return tuple(found.values())


def _short(pattern: re.Pattern[str], words: str | None) -> Callable[[Span, str], Iterator[ConditionFound]]:
    """Says `words` where the pattern stands, or what stands there; a denial before it says the contrary."""

    def rule(span: Span, _text: str) -> Iterator[ConditionFound]:
        for match in pattern.finditer(span.flat):
            if not _NOT.search(span.flat[max(0, match.start() - 20) : match.start()]):
                yield _made("Conditions", words or match[0].lower(), span, match, Confidence.LIKELY)

    return rule


def _whole(pattern: re.Pattern[str], key: str) -> Callable[[Span, str], Iterator[ConditionFound]]:
    """The sentence itself."""

    def rule(span: Span, text: str) -> Iterator[ConditionFound]:
        match = pattern.search(span.flat)
        if match and len(span.flat) <= 300:
            words = " ".join(text[span.start : span.start + len(span.flat)].split()).strip(" *_-•.")
            yield _made(key, words.replace(";", ","), span, match, Confidence.POSSIBLE)

    return rule


def _who(span: Span, text: str) -> Iterator[ConditionFound]:
    for match in _WHO.finditer(span.flat):
        group = next(name for name in ("who", "all", "anyone", "person") if match[name])
        start = span.start + match.start(group)
        words = " ".join(text[start : start + len(match[group])].split()).strip(" ,*_")
        if group != "who" or not re.match(r"(?:dès|ici|en ligne|sur|jusqu|à |la |le |notre|cette|et |$)", words):
            yield ConditionFound(key="Who_may_join", words=words, start=start, end=start + len(words),
                                 confidence=Confidence.LIKELY)  # fmt: skip


def _made(key: str, words: str, span: Span, match: re.Match[str], confidence: Confidence) -> ConditionFound:
    start, end = span.start + match.start(), span.start + match.end()
    return ConditionFound(key=key, words=words, start=start, end=end, confidence=confidence)


_RULES: tuple[Callable[[Span, str], Iterator[ConditionFound]], ...] = (
    _short(_FREE, "gratuit"),
    _short(_RISK, None),
    _short(_OBLIGED, "sans engagement"),
    _whole(_PSEUDONYM, "Conditions"),
    _whole(_DATA, "Data_asked"),
    _who,
)
