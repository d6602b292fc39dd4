"""A line of the journal in words: what happened, by whom, in which way. Pure."""

from __future__ import annotations

from ingest.moderation.vocabulary import ASKED, SENT_BACK, told
from ingest.store import BY_ITSELF, Entry
from ingest.words import _

_WHAT = {
    "hold": "reçue",
    "refuse": "écartée à l’arrivée",
    "quarantine": "mise de côté : illisible",
    "accept": "acceptée",
    "agree": "premier accord donné",
    "revoke": "accord repris",
    "reject": "refusée",
    "discard": "écartée",
    "spam": "notée comme indésirable",
    "defer": "remise à plus tard",
    "withdraw": "retirée",
    "undo": "décision annulée",
    "edit": "corrigée",
    "resubmit": "rendue par qui l’a écrite",
    "answer": "réponse traitée",
    "keep": "passage remis dans le texte",
    "fetch": "fil lu sur son serveur",
    "take": "prise en charge",
    "release": "rendue à tout le monde",
    "replay": "courriel relu",
    "publish": "mise en ligne",
    "set-aside": "écartée de la publication",
    "purge": "documents supprimés, leur délai passé",
    "erase": "effacée",
}
_CHANNELS = {
    "web": "sur ces pages",
    "mail": "par courriel",
    "imap": "par courriel",
    "cli": "dans un terminal",
    "import": "par un import",
    "recovery": "après une interruption",
    "tombstone": "après une restauration",
}
GROUPS: dict[str, tuple[str, frozenset[str]]] = {
    "decisions": (
        "Décisions",
        frozenset({"accept", "agree", "revoke", "reject", "discard", "spam", "defer", "withdraw", "undo"}),
    ),
    "corrections": ("Corrections", frozenset({"edit", "keep", "fetch"})),
    "arrivees": ("Arrivées", frozenset({"hold", "refuse", "quarantine", "replay", "resubmit", "answer"})),
    "en-ligne": ("Mises en ligne", frozenset({"publish", "set-aside"})),
    "qui-lit": ("Qui s’en occupe", frozenset({"take", "release"})),
    "oubli": ("Effacements et délais", frozenset({"erase", "purge"})),
}
"""What a filter offers: a word for the address, a word for people, the words of the journal."""
_PURGED = {"raw": "le courriel d’origine", "all": "tout"}
_WORDED = frozenset({"hold", "refuse", "quarantine", "replay"})


def what(entry: Entry) -> str:
    """`acceptée`; a word that the table does not know stands as it is."""
    return _(_WHAT.get(entry.what, entry.what))


def by(entry: Entry) -> str:
    """`par zoe, sur ces pages`; nothing of a person where it went by itself."""
    way = _(_CHANNELS[entry.channel]) if entry.channel in _CHANNELS else ""
    if entry.by == BY_ITSELF:
        return way
    person = _("par {by}").format(by=entry.by)
    return f"{person}, {way}" if way else person


def note(entry: Entry) -> str:
    """What was noted beside it, as words; empty for nothing."""
    if entry.what == "keep":
        return _("morceau n° {number}").format(number=entry.note)
    if entry.what == "purge":
        return _(_PURGED.get(entry.note, entry.note))
    ours = entry.what in _WORDED or entry.note.startswith((f"{SENT_BACK}:", f"{ASKED}:"))
    return told(entry.note) if ours else entry.note
