"""French that nobody wrote: sentences put together from parts, the same for the same seed.

What matters is what it costs: lengths of words, accents, elisions, punctuation with its spaces, « guillemets ».
"""

from __future__ import annotations

from random import Random

_WHO = (
    "la mairie", "le conseil de quartier", "une voisine", "l’association des riverains", "le comité des fêtes",
    "un habitant", "la directrice de l’école", "le collectif", "l’équipe de la bibliothèque", "le club de marche",
    "notre groupe", "la régie des transports", "le centre social", "une ancienne élève", "le syndicat des eaux",
)  # fmt: skip
_DOES = (
    "demande", "propose", "annonce", "raconte", "regrette", "prépare", "organise", "explique", "défend", "réclame",
    "a obtenu", "a perdu", "souhaite", "refuse", "attend toujours", "vient d’ouvrir", "a remis en état",
)  # fmt: skip
_WHAT = (
    "une piste cyclable le long du canal", "le maintien de la ligne de bus", "des bancs à l’ombre", "un jardin partagé",
    "la réouverture du lavoir", "une réunion publique", "des horaires plus larges", "un passage protégé",
    "le nettoyage de la berge", "une salle pour les répétitions", "la fin des travaux de nuit", "un marché le samedi",
    "des arbres devant la gare", "l’accès aux archives", "une rampe à l’entrée", "le prêt d’outils entre voisins",
)  # fmt: skip
_WHEN = (
    "depuis le printemps", "avant l’été", "malgré la pluie", "sans attendre", "pour la troisième fois",
    "au bout de deux ans", "en fin de journée", "le premier dimanche du mois", "à la surprise générale", "cet automne",
)  # fmt: skip
_LINK = (
    "et l’on se demande pourquoi", "ce qui ne va pas de soi", "comme chaque année", "c’est du moins ce qu’on nous dit",
    "mais rien n’est encore signé", "et tout le monde y gagne", "alors que le budget existe", "sauf le mercredi",
)  # fmt: skip
_SAID = (
    "« Nous n’avons rien à cacher », dit-elle", "« Qui va payer ? » demande quelqu’un au fond de la salle",
    "« C’est un début », répond le trésorier", "« On verra bien ! » conclut un ancien",
    "« Venez nombreuses et nombreux »",
)  # fmt: skip
_HEAD = ("Réunion", "Marche", "Appel", "Lettre ouverte", "Souvenir", "Compte rendu", "Fête", "Chantier", "Réponse")
_OF = ("du quartier", "des deux rives", "de la rue haute", "du vieux pont", "du lavoir", "de la gare", "des jardins")
_TAGS = (
    "eau", "vélo", "école", "mémoire", "logement", "marché", "forêt", "rivière", "transport", "culture", "santé",
    "pain", "musique", "travail", "jeunesse", "jardin", "budget", "patrimoine", "cuisine", "énergie",
)  # fmt: skip
_PLACES = ("nord", "sud", "haut", "bas", "centre", "canal", "plaine", "colline", "port", "faubourg")
TAGS = tuple(f"{tag} {place}" for place in _PLACES for tag in _TAGS)
"""Two hundred."""
_NAMES = (
    "Camille",
    "Dominique",
    "Claude",
    "Maxime",
    "Sacha",
    "Alix",
    "Noa",
    "Lou",
    "Charlie",
    "Andréa",
    "Yaël",
    "Éden",
)
BYLINES = tuple(f"{name} {letter}." for letter in "ABDFGLMPRS" for name in _NAMES)
"""A hundred and twenty."""


def sentence(random: Random) -> str:
    """One, with its full stop: fifteen words or so."""
    if random.random() < 0.12:
        return f"{random.choice(_SAID)}."
    words = f"{random.choice(_WHO)} {random.choice(_DOES)} {random.choice(_WHAT)} {random.choice(_WHEN)}"
    if random.random() < 0.5:
        words += f", {random.choice(_LINK)}"
    end = random.choices((".", " !", " ?", " ;"), (84, 5, 8, 3))[0]
    return words[0].upper() + words[1:] + end.replace(";", "…")


def paragraph(random: Random, words: int) -> str:
    """Sentences, until there are so many words."""
    told: list[str] = []
    count = 0
    while count < words:
        told.append(sentence(random))
        count += len(told[-1].split())
    return " ".join(told)


def title(random: Random) -> str:
    """A few words."""
    return f"{random.choice(_HEAD)} {random.choice(_OF)}, {random.choice(_WHEN)}"
