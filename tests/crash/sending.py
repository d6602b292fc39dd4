"""Mails without end: written by nobody, all different, of every kind that a mailbox gets."""

from __future__ import annotations

import random

from tests.crash.stage import letter, nested

_WHO = ("la voisine du troisième", "le boulanger", "une classe de CM2", "le collectif du quai", "ma grand-mère", "Ana")
_WHAT = ("a planté", "raconte", "cherche", "offre", "répare", "a retrouvé", "propose", "invite à voir")
_THING = (
    "un tilleul",
    "des vélos",
    "le lavoir",
    "une chorale",
    "un atelier de couture",
    "le vieux puits",
    "des chaises",
)
_WHERE = ("place de la Fontaine", "au bout du quai", "derrière l’école", "sous la halle", "près du pont", "au jardin")
_WHEN = ("samedi matin", "depuis hier", "chaque jeudi", "à la tombée du jour", "pendant l’été", "avant la pluie")

KINDS = ("text", "picture", "unreadable", "automatic", "twin")
_SHARES = (82, 6, 4, 5, 3)


def post(number: int, dice: random.Random) -> tuple[str, bytes]:
    """The `number`-th mail, and what kind it is: no two are the same bytes."""
    kind = dice.choices(KINDS, _SHARES)[0]
    if kind == "unreadable":
        return kind, nested(mark=str(number))
    subject = f"{dice.choice(_THING).capitalize()} {dice.choice(_WHERE)}, n° {number}"
    lines = [_sentence(dice) for _line in range(dice.randrange(2, 9))]
    text = "\n\n".join(lines) + f"\n\nAna, lettre {number}\n"
    if kind == "automatic":
        return kind, letter(subject, text, Auto_Submitted="auto-replied")
    if kind == "twin":
        # The Message-ID of another one: some programs that send forms give them all the same
        return kind, letter(subject, text, References="<toujours-le-meme@example.org>")
    return kind, letter(subject, text, with_picture=number if kind == "picture" else None)


def _sentence(dice: random.Random) -> str:
    told = (
        f"{dice.choice(_WHEN)}, {dice.choice(_WHO)} {dice.choice(_WHAT)} {dice.choice(_THING)} {dice.choice(_WHERE)}."
    )
    return told[0].upper() + told[1:]
