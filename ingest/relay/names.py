"""Who leads a campaign, before whom it is brought, against whom: names, found by the words beside them. Pure, linear.

A name is walked word by word from the words that announce it: capitals carry it on, and small words between two
capitals; a common noun of an organisation or of a court may begin it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.model import Confidence
from ingest.relay.spans import spans

_CASE = "plainte|pétition|petition|recours|requête|action en justice|action collective|lettre ouverte|class action"
_LEADS = re.compile(
    rf"\b(?:lan(?:ce|cent|çons)|(?:a|ont|avons) (?:lancé|déposé|engagé|initié)|dépos(?:e|ent)|m[èe]n(?:e|ent)"
    rf"|port(?:e|ent)|engag(?:e|ent)|propos(?:e|ent)|initi(?:e|ent)|appell(?:e|ent) à (?:signer|rejoindre)"
    rf"|va (?:déposer|attaquer)|attaqu(?:e|ent)|launch(?:es|ed)|is filing|starts?) "
    r"(?:aujourd'hui |actuellement |donc )?"
    r"(?:(?:une|la|sa|leur|un|le|cette|ce|son|a|the|its) )?(?:grande |nouvelle )?"
    rf"(?P<case>{_CASE}|mobilisation|signature|l[ea']|l'|devant)",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:à l'initiative d(?:e |u |es |')|à l'appel d(?:e |u |es |')|(?:lancé|porté|initié|mené|proposé|organisé|déposé)"
    r"(?:e?s?) (?:collectivement |aujourd'hui )?par |\bmandate[rz] "
    r"|(?:launched|led|started|filed) by )",
    re.IGNORECASE,
)
_BEFORE_WHOM = re.compile(
    r"\b(?:devant|auprès d(?:e|u|es)?|adressée?s? (?:à|au|aux)|sais(?:ir|issons|it)|interpell\w+|destinataires? ?:"
    r"|before|addressed to|to be filed with) ",
    re.IGNORECASE,
)
_TARGETED = re.compile(r"adress|destin", re.IGNORECASE)
_FILED_BEFORE = re.compile(r"d[ée]pos\w+|attaqu\w+|recours|plainte|requête|filed", re.IGNORECASE)
_AGAINST = re.compile(
    rf"(?:(?:{_CASE}|action|procédure|signatures?|mobilisation|se mobilise\w*|vise\w*|complaint)"
    r"(?: collective| commune| citoyenne| en ligne)?s? (?:contre|against) "
    r"|\bnotre plainte vise |\b(?:plainte|recours) visant )",
    re.IGNORECASE,
)
_ATTACK = re.compile(
    r"\battaqu(?:e|er|ons|ent|era|erons)\b(?: collectivement| en justice| cette fois)? ", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_](?:[\w·.-]*[^\W_])?|[&+]")
_ARTICLES = frozenset({"la", "le", "les", "l'", "l"})
_SMALL = frozenset({"de", "du", "des", "d", "la", "le", "les", "l", "et", "en", "à", "au", "aux", "pour", "sur", "of",
                    "the", "for", "and", "&", "sans", "contre"})  # fmt: skip


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BODIES = _listed(
    "collectif collective association asso syndicat ligue comité fédération union réseau mouvement coordination groupe "
    "assemblée observatoire conseil tribunal cour mairie maire préfet préfète préfecture ministère ministre commission "
    "défenseur défenseure région département président présidente direction rectorat rectrice recteur juge parlement "
    "gouvernement société entreprise communauté métropole agence justice parents riverains habitants"
)
_ADJECTIVES = _listed(
    "administratif administrative judiciaire constitutionnel européen européenne municipal municipale départemental "
    "départementale régional régionale citoyen citoyenne national nationale suprême général générale appel droits "
    "habitants habitantes riverains riveraines usagers usagères parents élèves locataires intérieur français française "
    "commune santé transports"
)
_OF = frozenset({"des", "du", "de", "aux", "d"})
_NOBODY = _listed("nous on je vous ils elles il elle qui cela ce ça et mais aujourd'hui")
_SOMEBODY = re.compile(r"(?:le |la |les |l')(?:État|minist|préfe|mair|gouvern|société|région|départ)", re.IGNORECASE)
_CLAUSE = re.compile(r"[^,;:.!?…()\n«»]{3,120}")
_CLAUSE_ENDS = re.compile(
    r"\s(?:devant|avant|jusqu'|qui|que|pour que|afin|parce|car|et nous|à signer|sur|before|until|by|is|est)\b"
)
_MOST_WORDS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class NameFound:
    """A name: `key` is the front matter key that it would be."""

    key: str
    name: str
    start: int
    end: int
    confidence: Confidence


def names_in(text: str) -> tuple[NameFound, ...]:
    """The names that `text` gives of who leads, before whom and against whom, in its order."""
    found = (name for span in spans(text) for name in _in_sentence(text, span.flat, span.start))
    return tuple(found)


def _in_sentence(text: str, flat: str, start: int) -> Iterator[NameFound]:
    for match in _LEADS.finditer(flat):
        case = match["case"].lower()
        sure = Confidence.LIKELY if re.fullmatch(_CASE, case) else Confidence.POSSIBLE
        yield from _made("Organiser", _backward(flat, match.start()), text, start, sure)
    for match in _BY.finditer(flat):
        sure = Confidence.CERTAIN if "initiative" in match[0] or "mandat" in match[0].lower() else Confidence.LIKELY
        yield from _made("Organiser", _forward(flat, match.end()), text, start, sure)
    for match in _BEFORE_WHOM.finditer(flat):
        sure = Confidence.LIKELY if _TARGETED.match(match[0]) else Confidence.POSSIBLE
        if _FILED_BEFORE.search(flat[max(0, match.start() - 40) : match.start()]):
            sure = Confidence.CERTAIN
        yield from _made("Target", _forward(flat, match.end(), court=True), text, start, sure)
    for match in _AGAINST.finditer(flat):
        yield from _made("Against", _clause(flat, match.end()), text, start, Confidence.LIKELY)
    for match in _ATTACK.finditer(flat):
        yield from _made("Against", _attacked(flat, match.end()), text, start, Confidence.POSSIBLE)


def _made(
    key: str, place: tuple[int, int] | None, text: str, start: int, confidence: Confidence
) -> Iterator[NameFound]:
    """With the typography of the text itself."""
    if place is not None:
        begin, end = start + place[0], start + place[1]
        name = " ".join(text[begin:end].split())
        yield NameFound(key=key, name=name, start=begin, end=end, confidence=confidence)


def _forward(flat: str, at: int, *, court: bool = False) -> tuple[int, int] | None:
    """The name that begins at `at`: it ends at a mark, or at a small word that no capital follows.

    Of a `court`, at the next article too: "devant le Conseil d'État le maire de …" names two.
    """
    begin = end = -1
    body, before = False, ""
    position = at
    for word in list(_WORD.finditer(flat[at : at + 160]))[:_MOST_WORDS]:
        between = flat[position : at + word.start()]
        lower = word[0].lower()
        if re.search(r"[^ '-]", between) or (court and lower in _ARTICLES and position == end):
            break
        members = body and (lower in _ADJECTIVES or before in _OF)
        carries = word[0][:1].isupper() or lower in _BODIES or (members and lower not in _SMALL)
        before = lower
        if not carries and lower not in _SMALL:
            break
        begin = at + word.start() if begin < 0 else begin
        end = at + word.end() if carries else end
        body = body or lower in _BODIES
        position = at + word.end()
    return (begin, end) if end > begin >= 0 and end - begin > 2 else None


def _backward(flat: str, at: int) -> tuple[int, int] | None:
    """The name that ends before `at`; at the head of a sentence, whatever stands there."""
    offset = max(0, at - 120)
    words = list(_WORD.finditer(flat[offset:at]))[-_MOST_WORDS:]
    if not words or flat[offset + words[-1].end() : at].strip():
        return None
    end = following = offset + words[-1].end()
    begin = -1
    for number, word in reversed(list(enumerate(words))):
        lower = word[0].lower()
        if re.search(r"[^ '-]", flat[offset + word.end() : following]) or lower in _NOBODY:
            break
        carries = word[0][:1].isupper() or lower in _BODIES
        members = lower in _ADJECTIVES or (number > 1 and words[number - 1][0].lower() in _OF)
        if not carries and not members and (following == end or lower not in _SMALL):
            break
        begin = offset + word.start() if carries or lower in _ARTICLES else begin
        following = offset + word.start()
    if begin < 0:
        begin = _subject(flat, at, words)
    return (begin, end) if 0 <= begin < end - 2 else None


def _subject(flat: str, at: int, words: list[re.Match[str]]) -> int:
    """Where a sentence of few words before its verb begins: "Gare ouverte lance …"."""
    head = flat[:at].strip()
    few = len(words) <= 5 and len(head) < 60 and head[:1].isupper() and not re.search(r"[^\w '·.-]", head)
    return len(flat[:at]) - len(flat[:at].lstrip()) if few and words[0][0].lower() not in _NOBODY else -1


def _clause(flat: str, at: int) -> tuple[int, int] | None:
    match = _CLAUSE.match(flat, at)
    if match is None:
        return None
    stop = _CLAUSE_ENDS.search(match[0])
    words = (match[0][: stop.start()] if stop else match[0]).rstrip()
    return (at, at + len(words)) if len(words) > 3 else None


def _attacked(flat: str, at: int) -> tuple[int, int] | None:
    """Whom: what follows the verb and, where that stands between, the court. A thing attacked is no name."""
    court = re.match(r"devant ", flat[at : at + 8], re.IGNORECASE)
    if court:
        name = _forward(flat, at + court.end(), court=True)
        at = name[1] + 1 if name else at
    if re.match(
        r"(?:le |la |les |l')(?:[Éé]tat|minist|préfe|mair|gouvern|société|région|départ)",
        flat[at : at + 16],
        re.IGNORECASE,
    ):
        return _clause(flat, at)
    return None
