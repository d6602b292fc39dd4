"""The words that rooms leave for a moderator, in French: why a mail is held, why it has no draft. Pure.

A word that is not in the table is shown as it is: a new one costs a reader a stumble, never the information.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, time

from ingest.model import Why
from ingest.relay.sentences import date_words, time_words
from ingest.states import State
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
    "near-duplicate": "texte déjà reçu, ou presque",
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
    "link-cut": "un lien coupé dans le message reçu",
    "look-alike": "l’adresse pour signer ressemble à une autre",
    "thread": "un fil de messages collé ou transféré",
    # what a proposal supposes
    "relative": "compté à partir d’un jour",
    "date-supposed": "jour supposé : celui du courriel",
    "year-supposed": "année supposée",
    "another-year": "la phrase parle d’une autre année",
    "scheme-supposed": "adresse donnée sans « https:// »",
    "organiser-supposed": "à qui mène la campagne, sans doute",
    "fetched": "lu sur le serveur",
    "tracking-removed": "pistage retiré de l’adresse",
    "link-scheme": "un lien d’un genre qui n’est pas publié",
    "link-too-long": "un lien démesuré",
    "set-aside": "accepté, mais écarté de la publication",
    "unreadable-draft": "brouillon illisible sur le disque",
    "sent-back": "renvoyée à qui l’a écrite",
    "author-agreed": "qui l’a écrite est d’accord avec le texte",
    "author-changed": "modifiée par qui l’a écrite",
    "asked": "à la demande de qui l’a écrite",
    # what somebody asks for who wrote before, or who answers a post
    "lost-thread": "sans le fil de notre lettre : vérifiez de quel texte il s’agit",
    "not-the-author": "ne vient pas de l’adresse qui a envoyé le texte",
    "correction-proposed": "correction proposée pour un texte accepté ; l’accepter la met en ligne",
    "which-post": "répond à plusieurs billets : à vous de choisir",
    "not-online": "répond à un billet qui n’est pas en ligne",
    # why there is no draft
    "auto-reply": "réponse automatique",
    "bounce": "avis de non-remise",
    "loop": "notre propre courriel",
    "answer": "réponse à un avis",
    "unverified-answer": "réponse à un avis, que rien ne vérifie",
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
    "flood": "mis de côté sans être lu : trop d’un coup",
    "too-many-attempts": "a arrêté le programme trois fois : n’est plus lu sans qu’on le demande",
    "blocked-sender": "expéditeur bloqué",
    "astray": "destiné à quelqu’un d’autre",
    "astray-form": "une plainte ou un mandat rempli",
    "astray-identity": "une pièce d’identité",
    "astray-bank": "des coordonnées bancaires",
    "astray-number": "un numéro de sécurité sociale",
    "follow": "demande d’abonnement",
    "unverified-follow": "demande d’abonnement, que rien ne vérifie",
    "came-back": "avis de non-remise, pour une lettre d’abonnement",
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

_STANDS = {
    State.HELD: "en attente",
    State.DEFERRED: "remise à plus tard",
    State.ACCEPTED: "acceptée",
    State.PUBLISHED: "en ligne",
    State.REJECTED: "refusée",
    State.DISCARDED: "écartée",
    State.SPAM: "indésirable",
    State.WITHDRAWN: "retirée",
    State.QUARANTINED: "illisible, mise de côté",
    State.ERASED: "effacée",
}
ASKED = "asked"
"""What the note of a line begins with that its author asked for by mail; which mail, stands behind the colon."""
SENT_BACK = "sent-back"
"""What the note of a `defer` begins with where its author is asked for something, which stands behind the colon."""


def told(word: str) -> str:
    """What a word means, with what stands behind its colon if anything does; empty for what goes without saying."""
    head, colon, detail = word.partition(":")
    meaning = _WORDS.get(head)
    if meaning is None:
        return word
    detail = _DETAILS.get(head, str)(detail.strip())
    return f"{_(meaning)} ({detail})" if colon and detail else _(meaning) if meaning else ""


def _moment(detail: str) -> str:
    """`2022-06-18 10:00` as people say it; a day alone is written as its midnight."""
    try:
        moment = datetime.strptime(detail, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - by the clock of the place that it is about
    except ValueError:
        return detail
    day = date_words(moment.date())
    return _("{day} à {time}").format(day=day, time=time_words(moment)) if moment.time() != time.min else day


_DETAILS: dict[str, Callable[[str], str]] = {"date": _moment}


def all_told(words: Iterable[str]) -> tuple[str, ...]:
    """The same for several, each once."""
    return tuple(dict.fromkeys(filter(None, map(told, words))))


def why(reason: Why) -> str:
    """Why a piece was removed."""
    return _(_WHY[reason])


def stands(state: State) -> str:
    """A state, of a contribution."""
    return _(_STANDS[state])
