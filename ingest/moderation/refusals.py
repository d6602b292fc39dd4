"""Ready reasons for a refusal, each with the lines that whoever wrote is sent; and which are never sent. Pure.

What is written here reaches somebody who took the trouble to write: short, warm, and what they can do now.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.errors import Refused
from ingest.words import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One of them. `label` and `letter` are to be said through `ingest.words._`."""

    key: str
    label: str
    """On a button, or in a list."""
    letter: str
    """The middle of a letter: neither greeting nor signature. Of a silent one, what the journal keeps."""
    silent: bool = False
    """Whether nothing is sent: an answer would only confirm the address to whoever sends by the thousand."""


REASONS = (
    Reason(
        key="doublon",
        label="Doublon",
        letter="Ce texte nous est déjà parvenu, et l’un des deux suffit : rien n’est perdu. Si vous aviez changé "
        "quelque chose dans le second, dites-le-nous en réponse.",
    ),
    Reason(
        key="hors-sujet",
        label="Hors sujet",
        letter="Votre texte ne trouve pas sa place ici, parce qu’il s’éloigne de ce dont parle ce mur. "
        "Un autre sujet vous tient à cœur ? Nous vous lirons avec plaisir.",
    ),
    Reason(
        key="donnees-personnelles",
        label="Données personnelles",
        letter="Votre texte permet de reconnaître des personnes qui n’ont peut-être pas donné leur accord. "
        "Renvoyez-le sans leurs noms ni leurs coordonnées, et nous le relirons.",
    ),
    Reason(
        key="diffamation",
        label="Accusation à prouver",
        letter="Votre texte accuse quelqu’un, et le publier tel quel pourrait vous exposer autant que nous. "
        "Si vous pouvez raconter les faits, avec ce qui les montre, renvoyez-le-nous : nous le relirons.",
    ),
    Reason(
        key="blessant",
        label="Propos blessants",
        letter="Des mots de votre texte peuvent blesser. Le fond nous intéresse : dites-le autrement, et nous le "
        "relirons.",
    ),
    Reason(
        key="droits",
        label="Texte d’autrui",
        letter="Votre message reprend en entier le texte ou l’image de quelqu’un d’autre, et nous n’avons pas le droit "
        "de les publier. Quelques lignes de vous avec un lien conviendraient très bien.",
    ),
    Reason(
        key="illisible",
        label="Illisible",
        letter="Nous n’avons pas réussi à lire votre message. Pouvez-vous nous le renvoyer, en mettant le texte "
        "directement dans le courriel ?",
    ),
    Reason(
        key="trop-tard",
        label="Trop tard",
        letter="La date que vous annonciez est passée avant que nous ayons pu vous lire, et nous le regrettons. "
        "La prochaine fois, écrivez-nous un peu plus tôt, ou mettez « urgent » dans l’objet.",
    ),
    Reason(key="publicite", label="Publicité", letter="Publicité.", silent=True),
)

_BY_KEY = {reason.key: reason for reason in REASONS}


def reason(key: str) -> Reason:
    """The ready reason of this key. Raises `Refused`, naming those there are."""
    try:
        return _BY_KEY[key]
    except KeyError:
        raise Refused(_("motif inconnu ; il y a : {keys}").format(keys=", ".join(_BY_KEY))) from None


def letter(key: str, more: str = "") -> str:
    """What a refusal says, for `Decision.note`: the ready lines, then those that a moderator added.

    Without a key, only these. Of a silent reason nothing is sent unless something was added. Raises `Refused`.
    """
    added = more.strip()
    if not key:
        return added
    ready = reason(key)
    if ready.silent:
        return added or _(ready.letter)
    return f"{_(ready.letter)}\n\n{added}" if added else _(ready.letter)


def is_silent(note: str) -> bool:
    """Whether a refusal with this note sends nothing: it has none, or a silent reason's."""
    return not note.strip() or any(note.strip() == _(one.letter) for one in REASONS if one.silent)
