"""Mails that were meant for somebody else: a complaint filled in and signed, an identity card, a bank detail. Pure.

Whoever reads of a complaint to join sometimes answers the wall with the very papers that are meant for a lawyer. Those
must not be read by volunteers. A table of signs gives points, for and against, to four kinds of such mails. What a text
tells *about* signing, a form with its blanks, a leaflet, has to stay below: what is caught by mistake is kept from the
people who would publish it, what is missed is held like everything else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ingest.body import numbers
from ingest.body.contacts import STREET, TOWN
from ingest.body.marks import unmarked

FORM, IDENTITY, BANK, NUMBER = "form", "identity", "bank", "number"
"""A signed complaint, a mandate or what belongs to one; an identity document; a bank detail; a social security number.
"""
_THRESHOLDS: Mapping[str, int] = {FORM: 5, IDENTITY: 4, BANK: 3, NUMBER: 3}
_LONGEST = 100_000
_SHORT = 300
"""Letters of a mail that does no more than pass something on."""
_READABLE = 80
"""Letters by which a PDF is no scan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Something attached: a picture or a PDF."""

    name: str
    text: str = ""
    """What can be read in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A mail's own words, before anything is masked in them."""

    subject: str
    text: str
    files: tuple[File, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Plain:
    """The same, made comparable: lower case, without accents, plain apostrophes, one space."""

    raw: str
    words: str
    own: str
    """`words` without what stands in files."""
    names: tuple[str, ...]
    scans: tuple[str, ...]
    """Names of pictures, and of PDFs that hold no text."""

    @cached_property
    def short(self) -> bool:
        return len(self.own) < _SHORT and "http" not in self.own and not _CALL.search(self.own)

    @cached_property
    def street(self) -> bool:
        return _STREET.search(self.words) is not None

    @cached_property
    def home(self) -> bool:
        """Whether it says where somebody lives."""
        return bool(STREET.search(self.raw) and TOWN.search(self.raw) and _MY_ADDRESS.search(self.own))


def look(seen: Seen) -> str:
    """Which kind of mail gone astray this is; empty for none. Linear; looks at the first 100,000 letters."""
    plain = _comparable(seen)
    over = {kind: _points(kind, plain) - least for kind, least in _THRESHOLDS.items()}
    kind = max(over, key=lambda kind: over[kind])
    return kind if over[kind] >= 0 else ""


def _points(kind: str, plain: _Plain) -> int:
    """What speaks for a kind, and against it: that is looked at only where there is enough for it."""
    signs = [(worth, applies) for of, worth, applies in _SIGNS if of == kind]
    found = sum(worth for worth, applies in signs if worth > 0 and applies(plain))
    if found < _THRESHOLDS[kind]:
        return found
    return found + sum(worth for worth, applies in signs if worth < 0 and applies(plain))


def _comparable(seen: Seen) -> _Plain:
    own = f"{seen.subject}\n{seen.text}"[:_LONGEST]
    folded = _folded(own)
    whole = "\n".join((own, *(file.text for file in seen.files)))[:_LONGEST]
    scans = (file.name for file in seen.files if sum(map(str.isalnum, file.text)) < _READABLE)
    return _Plain(
        raw=whole,
        words=_folded(whole) if seen.files else folded,
        own=folded,
        names=tuple(_folded(_apart(file.name)) for file in seen.files),
        scans=tuple(_folded(_apart(name)) for name in scans),
    )


def _apart(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name[:200])


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.casefold().replace("’", "'"))
    return _WIDE.sub(" ", unmarked(plain))


_WIDE = re.compile(r"[ \t\u00a0\u202f]{2,}|[\t\u00a0\u202f]")
"""Spaces that are not one ordinary space already."""


_E = r"(?:[(.·/-]?e[).]?s?)?"
"""The endings of inclusive writing."""
_MONTHS = r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)"
_YEAR = r"(?:19[3-9]\d|20\d\d)"
_DAY = rf"(?:\d{{1,2}} ?[/.-] ?\d{{1,2}} ?[/.-] ?(?:{_YEAR}|\d\d)\b|\d{{1,2}}(?:er)? {_MONTHS} {_YEAR})"
_PAPERS = ("mandat", "plainte", "procuration", "formulaire", "attestation", "bulletin", "pouvoir")
_PAPER = rf"(?:{'|'.join(_PAPERS)})"

_I_UNDERSIGNED = re.compile(rf"\bje,? ?soussigne{_E}[ ,:]{{1,4}}(?!nom|prenom|\W{{0,3}}[._…\[(])\w{{2}}")
_BORN = re.compile(rf"[dn](?<!\w[dn])(?:(?<=n)e{_E} le|(?<=d)ate de naissance ?:?|(?<=n)ee? le ?:) ?:? ?{_DAY}")
_LIVES = re.compile(
    rf"\b(?:demeurant|domicilie{_E}|residant|adresse(?: postale| complete)? ?:|habitant)"
    rf"[^\n]{{0,20}}?\n?[^\n]{{0,30}}?{STREET.pattern}"
)
_STREET = re.compile(STREET.pattern)
_AGREED = re.compile(r"\blu et approuve|\bbon pour (?:mandat|pouvoir|accord|procuration)")
_DONE = re.compile(r"\bfait a [a-z' -]{2,40},? ?le \d")
_MANDATES = re.compile(
    r"\b(?:je )?donne (?:par la presente )?(?:mandat|pouvoir|procuration)|\bje mandate\b|\bmandate? (?:maitre|me) "
)
_COMPLAINS = re.compile(
    r"\bje (?:porte|depose|souhaite (?:porter|deposer)|declare porter) plainte|\bje me constitue partie civile"
)
_LABELS = re.compile(
    r"^\W{0,4}(?:nom(?: de famille| et prenom)?|prenoms?|profession|nationalite|lieu de naissance"
    r"|telephone|tel|adresse) ?: ?\w{2}",
    re.MULTILINE,
)
_SENDS = re.compile(
    rf"\b(?:ci[- ]joint{_E}|ci[- ]jointe?s?|en piece jointe|en pj|voici|voila"
    r"|je vous (?:envoie|adresse|transmets|renvoie|retourne)"
    rf"|vous trouverez|j'envoie)\b[^\n.!?]{{0,40}}\b(?:(?:mon|ma|mes|nos|notre|leurs?) (?:\w+ )?{_PAPER}s?\b"
    rf"|(?:le|la|les|\d+) {_PAPER}s? (?:dument )?(?:signe|rempli|complete))"
)
_LAWYER = re.compile(
    r"\bavocat|\bmaitre\b|\bme [a-z]{3}|\bcabinet\b|\bgreffe\b|pour (?:la plainte|le mandat|le dossier)"
)
_MY_ADDRESS = re.compile(r"\bmon adresse|\bmes coordonnees|\bnotre adresse|\bj'habite")
_BLANKS = re.compile(r"\.{5,}|…{2,}|_{4,}|\[(?:nom|prenom|date|adresse|votre|lieu)|\((?:nom|prenom|votre|date|adresse)")
_TEMPLATE = re.compile(
    r"\bmodele|\bexemple|\bspecimen|\ba (?:recopier|remplir|completer|imprimer|signer)\b|\btelecharge|\bvierge\b"
)
_SAMPLE = re.compile(rf"\b(?:modele|exemple)s? de (?:lettre|{_PAPER})|\bremplacez\b")
_CALL = re.compile(
    r"\bsignez|\brejoignez|\bsigner\b|\brejoindre\b|\bvous pouvez|\bcomment faire|\bremplissez|\bimprimez|\brecopiez"
    r"|\benvoyez|\bdiffusez|\bfaites tourner|\ba diffuser|\bpartagez"
)
_TOLD = re.compile(
    r"\b(?:il|elle|on|elles|ils) (?:avait|a|ont|avaient|ecrit|ecrivait|lisait|signait)\b|\bdisait\b|«[^»]{200}"
)

_IDENTITY = (
    r"(?:carte (?:nationale )?(?:d'? ?)?identite|piece (?:d'? ?)?identite|cni|passeport"
    r"|titre (?:de )?sejour|permis(?: de)? conduire|recepisse|carte vitale|livret de famille)"
)
_IDENTITIES = ("identite", "cni", "passeport", "sejour", "conduire", "recepisse", "vitale", "livret de famille")
"""One of these stands in each of them."""
_CARD_FILE = re.compile(
    r"\bcni\b|\bcarte (?:nationale )?(?:d )?identite|\bpiece (?:d )?identite|\bid card|\bcarte vitale"
)
_OTHER_FILE = re.compile(
    r"\bpasseport|\bpassport|\btitre (?:de )?sejour|\bpermis\b|\brecepisse|\blivret (?:de )?famille"
)
_SIDES = re.compile(r"\brecto|\bverso|\bscan|\bcopie")
_FORM_FILE = re.compile(rf"\b{_PAPER}s?\b")
_FILLED_FILE = re.compile(r"\bsigne|\brempli|\bcomplete\b|\bscan")
_BANK_FILE = re.compile(r"\brib\b|\biban\b|releve d identite bancaire")
_LEAFLET_FILE = re.compile(
    r"\btract|\baffiche|\bmodele|\bvierge|\bflyer|\bexemple|\bappel\b|\bdessin|\bmanif"
    r"|\ba (?:remplir|imprimer|signer)\b"
)
_MY_PAPERS = re.compile(
    rf"\b(?:ci[- ]joint\w*|joint\w*|en pj|piece jointe|voici|voila|j'envoie|vous envoie|vous adresse|copie|scan"
    rf"|photo)\b[^\n.!?]{{0,50}}\b(?:ma|mon|mes|nos|notre|de la|du) {_IDENTITY}"
)
_PAPER_NUMBER = re.compile(
    rf"\b{_IDENTITY}\W{{1,4}}(?:n ?[°o]|numero|num)\W{{0,4}}(?=[a-z0-9]{{0,8}}\d)[a-z0-9]{{9,12}}\b"
)
_GIFTS = re.compile(
    r"\bcaisse|\bcagnotte|\bdons?\b|\bsoutien|\bsoutenir|\bsolidari|\badhesion|\bcotisation|\bcollecte|\bparticipation|\bassociation"
)
_MY_ACCOUNT = re.compile(
    r"\b(?:mon|mes|notre) (?:rib|iban|compte|coordonnees bancaires|numero de carte)|\btitulaire (?:du compte)? ?:"
)
_CARD_WORDS = re.compile(r"\bcarte (?:bancaire|bleue)|\bcvv|\bcryptogramme|\bexpir")


def _files(plain: _Plain, pattern: re.Pattern[str], *, scans: bool = True) -> bool:
    names = plain.scans if scans else plain.names
    return any(pattern.search(name) and not _LEAFLET_FILE.search(name) for name in names)


def _words(pattern: re.Pattern[str], *needed: str) -> Callable[[_Plain], bool]:
    """Of all that it says. One of the `needed` stands in whatever the pattern matches: they are found much faster."""
    return lambda plain: _stands(pattern, needed, plain.words)


def _own(pattern: re.Pattern[str], *needed: str) -> Callable[[_Plain], bool]:
    return lambda plain: _stands(pattern, needed, plain.own)


def _stands(pattern: re.Pattern[str], needed: tuple[str, ...], text: str) -> bool:
    return (not needed or any(word in text for word in needed)) and pattern.search(text) is not None


def _personal(plain: _Plain) -> bool:
    """Nothing that is one person's: no form that somebody filled in."""
    said = (_BORN, _LIVES, _SENDS, _LABELS)
    return any(pattern.search(plain.words) for pattern in said) or plain.home or _files(plain, _FORM_FILE)


_SIGNS: tuple[tuple[str, int, Callable[[_Plain], bool]], ...] = (
    (FORM, 2, _words(_I_UNDERSIGNED, "soussigne")),
    (FORM, 2, _words(_BORN)),
    (FORM, 2, lambda plain: plain.street and _LIVES.search(plain.words) is not None),
    (FORM, 2, _words(_AGREED, "lu et approuve", "bon pour")),
    (FORM, 1, _words(_DONE, "fait a ")),
    (FORM, 1, _words(_MANDATES, "donne ", "mandat")),
    (FORM, 1, _words(_COMPLAINS, " plainte", "partie civile")),
    (FORM, 1, lambda plain: len(_LABELS.findall(plain.words)) >= 2),
    (FORM, 3, _own(_SENDS, *_PAPERS)),
    (FORM, 2, lambda plain: bool(plain.scans) and plain.short and _SENDS.search(plain.own) is not None),
    (FORM, 3, lambda plain: plain.home),
    (FORM, 2, lambda plain: plain.home and _LAWYER.search(plain.own) is not None),
    (FORM, 2, lambda plain: _files(plain, _FORM_FILE)),
    (FORM, 1, lambda plain: any(_FORM_FILE.search(name) and _FILLED_FILE.search(name) for name in plain.scans)),
    (FORM, 2, lambda plain: plain.short and _files(plain, _FORM_FILE)),
    (FORM, -9, lambda plain: not _personal(plain)),
    (FORM, -4, lambda plain: len(_BLANKS.findall(plain.words)) >= 2),
    (FORM, -3, _words(_TEMPLATE)),
    (FORM, -3, _words(_SAMPLE)),
    (FORM, -3, _own(_CALL)),
    (FORM, -3, _own(_TOLD)),
    (IDENTITY, 4, lambda plain: numbers.machine_readable(plain.raw)),
    (IDENTITY, 3, lambda plain: _files(plain, _CARD_FILE)),
    (IDENTITY, 2, lambda plain: _files(plain, _OTHER_FILE)),
    (IDENTITY, 1, lambda plain: _files(plain, _SIDES) and (_files(plain, _CARD_FILE) or _files(plain, _OTHER_FILE))),
    (IDENTITY, 1, lambda plain: bool(plain.scans) and plain.short),
    (IDENTITY, 3, lambda plain: bool(plain.scans) and _MY_PAPERS.search(plain.own) is not None),
    (IDENTITY, 4, _words(_PAPER_NUMBER, *_IDENTITIES)),
    (IDENTITY, -2, _own(_CALL)),
    (IDENTITY, -1, _words(_TEMPLATE)),
    (BANK, 3, lambda plain: numbers.account(plain.raw)),
    (BANK, 3, lambda plain: numbers.card(plain.raw)),
    (BANK, 1, _own(_CARD_WORDS, "carte", "cvv", "cryptogramme", "expir")),
    (BANK, 2, _own(_MY_ACCOUNT, " rib", " iban", " compte", " coordonnees bancaires", " numero de carte", "titulaire")),
    (BANK, 2, lambda plain: _files(plain, _BANK_FILE)),
    (BANK, -3, _words(_GIFTS)),
    (BANK, -1, _words(_TEMPLATE)),
    (NUMBER, 3, lambda plain: numbers.social_security(plain.raw)),
    (NUMBER, -1, _words(_TEMPLATE)),
)
"""(kind, points, sign). No sign suffices alone but check digits that fit."""
