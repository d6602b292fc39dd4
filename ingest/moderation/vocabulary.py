"""The words that rooms leave for a moderator, in French: why a mail is held, why it has no draft. Pure.

A word that is not in the table is shown as it is: a new one costs a reader a stumble, never the information.
"""

from __future__ import annotations

from collections.abc import Iterable

from ingest.model import Why
from ingest.words import _

_WORDS = {
    "moderated": "",
    # who sent it
    "unauthenticated": "expéditeur non vérifié",
    "forged": "expéditeur sans doute usurpé",
    "no-sender": "sans expéditeur lisible",
    "odd-from": "expéditeur mal écrit",
    "several-from": "plusieurs expéditeurs",
    "name-is-address": "le nom affiché imite une adresse",
    "from-spam-folder": "trouvé dans les indésirables",
    "possible-duplicate": "peut-être un doublon",
    # how it came
    "list": "passé par une liste de diffusion",
    "bulk": "envoi en nombre",
    "automatic": "écrit par un programme",
    "urgent": "urgent, dit son auteur",
    "no-date": "sans date",
    "odd-date": "date invraisemblable",
    "several-subject": "plusieurs objets",
    "signed": "signé électroniquement",
    "encrypted": "chiffré",
    "encrypted-part": "une partie est chiffrée",
    "winmail": "joint dans un winmail.dat",
    "attached-unreadable": "un message joint est illisible",
    "malformed": "courriel mal formé",
    # the text
    "charset": "jeu de caractères deviné",
    "bidi": "signes de sens d’écriture retirés",
    "alternatives-differ": "le texte et sa mise en forme diffèrent",
    "date": "le texte annonce une date",
    "no-text": "sans texte : tout est dans l’objet ou dans ce qui a été retiré",
    "only-signature": "rien qu’une signature",
    "only-quoted": "rien qu’une citation",
    "nested-forward": "plusieurs fois transféré",
    "to-reread": "à relire : une phrase manque peut-être",
    "link-mismatch": "un lien montre une autre adresse que la sienne",
    "link-scheme": "un lien d’un genre qui n’est pas publié",
    "link-too-long": "un lien démesuré",
    "set-aside": "accepté, mais écarté de la publication",
    "unreadable-draft": "brouillon illisible sur le disque",
    # why there is no draft
    "auto-reply": "réponse automatique",
    "bounce": "avis de non-remise",
    "loop": "notre propre courriel",
    "empty": "vide",
    "too-large": "trop lourd",
    "too-long": "texte trop long",
    "too-deep": "trop imbriqué",
    "too-slow": "trop long à lire",
    "too-heavy": "trop lourd à lire",
    "broken": "illisible pour ce programme, qui s’y est trompé",
    "too-tangled": "trop embrouillé",
    "too-many-parts": "trop de parties",
    "too-many-fields": "trop d’en-têtes",
    "header-too-large": "en-têtes démesurés",
    "no-header": "sans en-têtes",
    "damaged-folder": "fichiers abîmés sur le disque",
    "erased": "effacé",
}
_WHY = {
    Why.QUOTE: "citation",
    Why.SIGNATURE: "signature",
    Why.FORWARD_HEADER: "en-têtes du message transféré",
    Why.FOOTER: "bas de message",
    Why.COMMAND: "consigne",
    Why.TRACKER: "traceur",
    Why.HIDDEN: "texte caché",
    Why.MARKUP: "mise en forme",
    Why.REMOTE_IMAGE: "image distante",
    Why.LINK: "lien",
    Why.ADDRESS: "adresse masquée",
    Why.PHONE: "numéro masqué",
    Why.PLACE: "lieu masqué",
    Why.ATTACHMENT: "pièce jointe",
    Why.METADATA: "métadonnées",
    Why.ALTERNATIVE: "autre version du texte",
}


def told(word: str) -> str:
    """What a word means, with what stands behind its colon if anything does; empty for what goes without saying."""
    head, colon, detail = word.partition(":")
    meaning = _WORDS.get(head)
    if meaning is None:
        return word
    return f"{_(meaning)} ({detail.strip()})" if colon and detail.strip() else _(meaning) if meaning else ""


def all_told(words: Iterable[str]) -> tuple[str, ...]:
    """The same for several, each once."""
    return tuple(dict.fromkeys(filter(None, map(told, words))))


def why(reason: Why) -> str:
    """Why a piece was removed."""
    return _(_WHY[reason])
