"""The words that the checklist looks for: `lists/*.txt`, one more word is one more entry there.

A line that begins with `#` says what a list is. Names are words between spaces; everything else is a pattern a line,
in lower case, for whole words.
"""

from __future__ import annotations

from pathlib import Path

_LISTS = Path(__file__).parent / "lists"


def _lines(name: str) -> tuple[str, ...]:
    lines = (_LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def _every_language(name: str) -> tuple[str, ...]:
    return tuple(line for path in sorted(_LISTS.glob(f"{name}.*.txt")) for line in _lines(path.stem))


GIVEN = frozenset(" ".join(_lines("given-names")).split())
NOT_FAMILY = frozenset(" ".join(_lines("not-family-names")).split())
PLACES = tuple(" ".join(_lines("places")).split())
FUNCTIONS = _lines("functions")
INSULTS, ACCUSATIONS, SENSITIVE = map(_every_language, ("insults", "accusations", "sensitive"))

CIVILITIES = r"M\.|MM\.|Mr|Mme|Mmes|Mlle|Dr|Pr|Me|Maître|Monsieur|Madame|Mademoiselle|Docteur|Mrs|Ms"
MOMENTS = (
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|demain|ce soir|aujourd[’']hui|tous les (?:jours|soirs|matins)"
    r"|chaque (?:jour|soir|matin|semaine)|\d{1,2} ?(?:h|heures)\b|\d{1,2}(?:er)? (?:janvier|février|mars|avril|mai|juin"
    r"|juillet|août|septembre|octobre|novembre|décembre)|\d{1,2}/\d{1,2}"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
CLASSES = (
    r"écoles?|maternelle|crèche|collège|lycée|CP|CE[12]|CM[12]|(?:petite|moyenne|grande) section|[3-6](?:e|ème)|classe"
    r"|centre de loisirs|school|kindergarten"
)
CHILDREN = (
    r"fils|filles?|enfants?|garçons?|fillettes?|gamine?s?|bébés?|ado(?:lescente?)?s?|élèves?|collégien(?:ne)?s?"
    r"|lycéen(?:ne)?s?|petit-fils|petite-fille|neveux?|nièces?|mineure?s?|frère|sœur|son|daughter|child|kid|boy|girl"
)
RIGHTS = r"©|tous droits réservés|réservé aux abonnés|article réservé|all rights reserved|\(AFP\)|avec AFP|copyright"
