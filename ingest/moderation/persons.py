"""Who is who: a name on the command line, in a session or in a mail is one person for claims and agreements. Pure."""

from __future__ import annotations

import unicodedata

from ingest.model import Kind
from ingest.settings import Settings
from ingest.words import _

FIRST, NAMED = "first", "named"
"""Beside kinds, what `[moderation] two_persons` may hold."""


def person(settings: Settings, by: str) -> str:
    """How the journal calls whoever calls themselves `by`: whom of `[[moderators]]` it names, or it."""
    wanted = _same(by)
    for one in settings.moderators:
        if wanted in {_same(one.name), _same(one.address)}:
            return one.name
    return by.strip()


def is_same(one: str, other: str) -> bool:
    """Whether two names are one person's: capitals, accents and spaces tell nobody apart."""
    return _same(one) == _same(other)


def unmet(settings: Settings) -> str:
    """Why the rule of two persons cannot be kept as it is written, for `mur doctor`; empty where it can."""
    asked = settings.moderation.two_persons
    known = {FIRST, NAMED, *(kind.value for kind in Kind)}
    strange = sorted(set(asked) - known)
    if strange:
        words = _("two_persons : « {word} » n’est ni un genre de contribution, ni « first », ni « named »")
        return words.format(word=strange[0])
    if asked and len(settings.moderators) < 2:
        return _(
            "two_persons demande la voix de deux personnes, et il n’y en a pas deux dans [[moderators]] : "
            "rien de ce que la règle concerne ne pourra être accepté"
        )
    return ""


def _same(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())
