"""Letters as people write them to a wall: stock phrases, and sentences that share turns of phrase but little more."""

from __future__ import annotations

from random import Random

_WHO = (
    "le comité du quartier",
    "la chorale",
    "notre voisine",
    "l’atelier de couture",
    "le jardin partagé",
    "le collectif",
)
_DOES = ("prépare", "annonce", "propose", "organise", "reporte", "cherche", "présente", "raconte")
_WHAT = (
    "une soirée de contes",
    "un repas ouvert à tous",
    "des cours de vélo",
    "une collecte de livres",
    "un bal sans orchestre",
    "la réparation des bancs",
    "une marche jusqu’à la rivière",
    "un concert de casseroles",
    "des places pour le théâtre",
    "une lettre au maire",
    "un four à pain",
    "la fête des voisins",
)
_WHERE = (
    "sous la halle",
    "dans la cour de l’école",
    "au bout de la rue des Tanneurs",
    "près du lavoir",
    "à la salle des fêtes",
    "devant la bibliothèque",
    "chez le boulanger",
    "au premier étage de la gare",
)
_WHEN = ("samedi", "dès la rentrée", "tous les jeudis", "avant l’hiver", "dimanche matin", "au printemps", "ce soir")
_WHY = (
    "parce que l’an dernier il n’y avait presque personne",
    "pour que les enfants voient autre chose",
    "et chacun apporte ce qu’il peut",
    "sans qu’il faille s’inscrire",
    "si le temps le permet",
    "comme nous l’avions promis",
    "malgré le bruit des travaux",
)
_OPENINGS = ("Bonjour à toutes et à tous,", "Bonjour,", "Chères voisines, chers voisins,")
_ENDINGS = (
    "Merci de faire circuler autour de vous.",
    "À très bientôt.",
    "Bien cordialement.",
    "Nous comptons sur vous.",
)


def sentence(chance: Random) -> str:
    """One of some 200,000."""
    words = [chance.choice(part) for part in (_WHO, _DOES, _WHAT, _WHERE, _WHEN, _WHY)]
    return f"{' '.join(words).capitalize()}."


def letter(chance: Random, *, sentences: int = 8) -> str:
    """An opening, sentences in two paragraphs, an ending."""
    said = [sentence(chance) for _ in range(sentences)]
    middle = sentences // 2
    return "\n\n".join(
        [chance.choice(_OPENINGS), " ".join(said[:middle]), " ".join(said[middle:]), chance.choice(_ENDINGS)]
    )


def programme(chance: Random, *, week: int) -> str:
    """What a café sends each week: the same lines with other dates, and one that is new."""
    usual = (
        "atelier de tricot, entrée libre",
        "chorale, venez avec vos voix",
        "on répare les vélos ensemble",
        "contes pour les petits",
    )
    lines = [f"- Le {1 + (7 * week + n) % 28} à {14 + n} h : {what}" for n, what in enumerate(usual)]
    return "\n".join(
        [
            "Le programme de la semaine au café :",
            *lines,
            f"- Et aussi : {sentence(chance)}",
            "Le café est ouvert de 10 h à 19 h, sauf le lundi.",
        ]
    )
