"""What a moderator may want to read again before deciding: found by patterns, explained, and never a verdict. Pure.

Nothing leaves the machine and nothing is decided here: a word, a sentence that says why, and where it stands. Work is
linear in the text; the words are in `ingest.moderation.wordlists`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from ingest.body.contacts import MAIL, PHONE, STREET, typed
from ingest.model import Draft
from ingest.moderation import naming
from ingest.moderation import wordlists as words
from ingest.moderation.naming import PERSON, Span, blanked
from ingest.words import _

CONTACT, MINOR, INSULT, ACCUSATION = "contact", "minor", "insult", "accusation"
SENSITIVE, WHEREABOUTS, FACES, QUOTATION = "sensitive", "whereabouts", "faces", "quotation"
MOST = 5
"""Of one word: whoever has read five looks at the rest by themselves."""
LONGEST = 80
"""Characters of a quote."""
_LONG_QUOTATION = 600
_LONG_ARTICLE = 1500

_SENTENCES = {
    PERSON: "Une personne est-elle nommée ? Le sait-elle, ou est-ce son rôle public qui est en cause ?",
    CONTACT: "Une adresse ou un numéro est resté : doit-il être public ?",
    MINOR: "Il semble être question d’un enfant : rien ne devrait permettre de le reconnaître.",
    INSULT: "À relire : ce mot peut blesser ou passer pour une injure.",
    ACCUSATION: "À relire : ceci peut être lu comme une accusation contre quelqu’un ; peut-on le prouver ?",
    SENSITIVE: "Santé, croyance, opinion ou origine de quelqu’un de nommé : il faut son accord.",
    WHEREABOUTS: "Peut-on savoir où et quand trouver quelqu’un ?",
    FACES: "Y a-t-il des personnes reconnaissables sur les images ? Sont-elles d’accord ?",
    QUOTATION: "Un long passage semble venir d’ailleurs : a-t-on le droit de le reprendre en entier ?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One thing to look at."""

    word: str
    sentence: str
    where: str
    """`title` or `body`; empty for what is in no text."""
    start: int
    end: int
    """Offsets into that text, as Python counts characters."""
    quote: str
    """What stands there, `LONGEST` characters at most."""


def look(draft: Draft, *, pictures: int = 0, keep: tuple[str, ...] = ()) -> tuple[Concern, ...]:
    """The checklist of a draft that shows so many `pictures`; `keep` are addresses of the wall's own."""
    title, body = _Text("title", draft.title, draft.byline), _Text("body", draft.body, draft.byline)
    found = [concern for rule in _RULES for concern in _few(rule, (title, body), keep)]
    if pictures:
        found.append(Concern(word=FACES, sentence=_(_SENTENCES[FACES]), where="", start=0, end=0, quote=""))
    return tuple(found)


class _Text:
    """A text with what several rules look at."""

    def __init__(self, where: str, text: str, byline: str) -> None:
        self.where, self.text = where, text
        self.blank = blanked(text)
        self.persons = tuple(naming.persons(self.blank, byline))
        self.told = tuple(self._told())

    def _told(self) -> Iterator[tuple[Span, tuple[Span, ...]]]:
        """The sentences in which somebody is named, and who."""
        persons = iter(self.persons)
        person = next(persons, None)
        for start, end in naming.sentences(self.blank):
            inside: list[Span] = []
            while person is not None and person[0] < end:
                inside.append(person)
                person = next(persons, None)
            if inside:
                yield (start, end), tuple(inside)


_Rule = Callable[[_Text, tuple[str, ...]], Iterable[Span]]


def _persons(text: _Text, _keep: tuple[str, ...]) -> Iterable[Span]:
    return text.persons


def _contacts(text: _Text, keep: tuple[str, ...]) -> Iterator[Span]:
    ours = {address.casefold() for address in keep}
    for pattern in (MAIL, PHONE):
        for found in pattern.finditer(text.blank):
            if typed(found[0].rstrip(".-")).casefold() not in ours:
                yield found.span()


def _minors(text: _Text, _keep: tuple[str, ...]) -> Iterator[Span]:
    for pattern in (_AGED, _AGE):
        yield from (found.span() for found in pattern.finditer(text.blank) if int(found["age"]) < _GROWN)
    yield from (found.span() for found in _AT_SCHOOL.finditer(text.blank))
    yield from (found.span() for found in _NAMED_CHILD.finditer(text.blank))


def _insults(text: _Text, _keep: tuple[str, ...]) -> Iterator[Span]:
    yield from (found.span() for found in _INSULT.finditer(text.blank))


def _accusations(text: _Text, _keep: tuple[str, ...]) -> Iterator[Span]:
    for (start, end), _inside in text.told:
        yield from (found.span() for found in islice(_ACCUSATION.finditer(text.blank, start, end), 1))


def _sensitive(text: _Text, _keep: tuple[str, ...]) -> Iterator[Span]:
    for (start, end), _inside in text.told:
        yield from (found.span() for found in islice(_SENSITIVE.finditer(text.blank, start, end), 1))


def _whereabouts(text: _Text, _keep: tuple[str, ...]) -> Iterator[Span]:
    for (start, end), inside in text.told:
        at_home = next((found for found in _HOME.finditer(text.blank, start, end) if _of(found, inside)), None)
        street = STREET.search(text.blank, start, end)
        if street is not None:
            yield street.span()
        elif at_home is not None and _MOMENT.search(text.blank, start, end):
            yield at_home.start(), max(at_home.end(), inside[0][1])


def _of(home: re.Match[str], persons: tuple[Span, ...]) -> bool:
    """Whether it is the home of somebody who is named: their name, or a word for them, comes next."""
    return home["whom"] is not None or any(0 <= person[0] - home.end() <= 2 for person in persons)


def _quotations(text: _Text, _keep: tuple[str, ...]) -> Iterator[Span]:
    for pattern in (_QUOTED_LINES, _QUOTED):
        yield from (found.span() for found in pattern.finditer(text.text) if len(found[0]) >= _LONG_QUOTATION)
    if len(text.text) >= _LONG_ARTICLE:
        yield from (found.span() for found in islice(_RIGHTS.finditer(text.text), 1))


_GROWN = 18
_ALL = tuple[tuple[str, _Rule], ...]
_RULES: _ALL = (
    (PERSON, _persons),
    (CONTACT, _contacts),
    (MINOR, _minors),
    (INSULT, _insults),
    (ACCUSATION, _accusations),
    (SENSITIVE, _sensitive),
    (WHEREABOUTS, _whereabouts),
    (QUOTATION, _quotations),
)


def _few(rule: tuple[str, _Rule], texts: tuple[_Text, ...], keep: tuple[str, ...]) -> list[Concern]:
    word, find = rule
    kept: dict[str, Concern] = {}
    for text in texts:
        for start, end in find(text, keep):
            quote = _quote(text.text, start, end)
            kept.setdefault(
                quote.casefold(),
                Concern(word=word, sentence=_(_SENTENCES[word]), where=text.where, start=start, end=end, quote=quote),
            )
            if len(kept) == MOST:
                return list(kept.values())
    return list(kept.values())


def _quote(text: str, start: int, end: int) -> str:
    shown = " ".join(text[start : min(end, start + 2 * LONGEST)].split())
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def _any(listed: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(listed)})(?![\w-])", re.IGNORECASE)


_INSULT, _ACCUSATION, _SENSITIVE = _any(words.INSULTS), _any(words.ACCUSATIONS), _any(words.SENSITIVE)
_OWNERS = r"mon|ma|mes|son|sa|ses|leurs?|notre|nos|votre|vos|my|our|his|her|their"
_AGED = re.compile(
    rf"\b(?:{_OWNERS}|une?|des|les?|la|deux|trois) (?:petite?s? |jeunes? )?(?:{words.CHILDREN})\b[^.!?\n\d]{{0,30}}"
    r"\b(?P<age>\d{1,2}) (?:ans|mois|years?)\b",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b(?:âgée?s? d[e’'] ?|du haut de ses |(?:il|elle|qui) (?:a|avait|aura|n[’']a que) |aged )"
    r"(?P<age>\d{1,2}) (?:ans|mois|years?)\b",
    re.IGNORECASE,
)
_AT_SCHOOL = re.compile(
    rf"\b(?:{_OWNERS}) (?:petite?s? )?(?:{words.CHILDREN})\b[^.!?\n]{{0,60}}\b(?:{words.CLASSES})\b", re.IGNORECASE
)
_NAMED_CHILD = re.compile(rf"\b(?i:{_OWNERS}) (?:{words.CHILDREN}),? {naming.NAME}")
_HOME = re.compile(
    r"\b(?:devant )?(?:chez|(?:le|au) domicile d[eu’']|la maison d[eu’']|l[’']immeuble d[eu’']|home of)"
    r"(?:\s+(?P<whom>lui|elle|eux|elles)\b)?",
    re.IGNORECASE,
)
_MOMENT = re.compile(rf"\b(?:{words.MOMENTS})", re.IGNORECASE)
_QUOTED_LINES = re.compile(r"(?:^ {0,3}>[^\n]*(?:\n|\Z)){1,400}", re.MULTILINE)
_QUOTED = re.compile(rf"«[^«»]{{{_LONG_QUOTATION},20000}}»")
_RIGHTS = re.compile(words.RIGHTS, re.IGNORECASE)
