"""What a page of a social network shows around its posts: buttons, counters, menus, times. Pure, linear.

A whitelist of whole lines, in French and English, read in Mastodon 3 to 4.5, its forks, Pleroma, Misskey and the apps
that copy their looks. A line is page furniture only as a whole: a sentence that holds the word "Partager" is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_BUTTONS = frozenset(
    word.strip()
    for word in """
    follow|following|unfollow|suivre|suivi|suivi·e|ne plus suivre|abonné|abonné·e|s'abonner|se désabonner|followed
    reply|répondre|répondre au fil|boost|booster|partager|partagé|favourite|favorite|favori|ajouter aux favoris
    bookmark|ajouter aux marque-pages|marque-page|more|plus|plus d'options|moins|share|share this post|copier le lien
    copy link|copy link to post|copier le lien du message|translate|traduire|voir l'original|show original|show more
    show less|show thread|déplier|replier|tout déplier|afficher plus|afficher moins|voir plus|voir moins|lire la suite
    voir le fil|afficher le fil|voir la conversation|see more|read more|open|ouvrir|quote|citer|embed|intégrer
    log in|login|sign in|sign up|create account|créer un compte|se connecter|s'inscrire|connexion|inscription|back
    retour|home|accueil|explore|explorer|live feeds|fils en direct|trending|tendances|notifications|search|recherche
    rechercher|about|à propos|privacy policy|politique de confidentialité|mobile apps|applications mobiles
    get the app|obtenir l'application|directory|annuaire des profils|profiles directory|status|profile|profil
    keyboard shortcuts|raccourcis clavier|view source code|voir le code source|hide|masquer|public|unlisted|non listé
    pinned|épinglé|pinned post|message épinglé|edited|modifié|admin|settings|préférences|thread|fil|conversation
    local|fédéré|federated|posts|messages|posts and replies|messages et réponses|media|médias|sensitive content
    contenu sensible|alt|gif|loading…|chargement…|post|publier|reply to thread|continue thread|show this thread
    posted by|boosted by|in reply to|en réponse à|view on web|voir en ligne|open original page|ouvrir la page d'origine
    turn off notifications|this post is public|who to follow|qui suivre
    """.replace("\n", "|").split("|")
)  # fmt: skip
_NUMBER = r"\d[\d .,\u202f\u00a0]*\s?(?:k|m|mille|mio)?"
_UNIT = (
    r"(?:s|sec|secondes?|min|mn|minutes?|h|heures?|hours?|j|d|jours?|days?|sem|w|weeks?|semaines?|mois|months?|y|ans?)"
)
_HANDLE = r"@[\w.-]{1,60}(?:@[\w.-]{1,80})?"
_MONTH = r"[a-zéûA-Z]{3,9}\.?"
_DATE = (
    rf"(?:\d{{1,2}}(?:er)? {_MONTH}(?: \d{{4}})?|{_MONTH} \d{{1,2}},?(?: \d{{4}})?|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}"
    r"|\d{4}-\d\d-\d\d)(?:,? ?(?:à|at|·|-|,)? ?\d{1,2}[:h]\d\d(?: ?[ap]m)?)?"
)
_SINCE = rf"(?:il y a |)\d{{1,3}} ?{_UNIT}(?: ago)?|à l'instant|just now|hier|yesterday"
_COUNTED = (
    r"boosts?|partages?|favou?rites?|favoris?|favs?|likes?|j'aime|réponses?|repl(?:y|ies)|commentaires?|comments?"
    r"|followers?|abonné·?e?s?|abonnés|abonnements?|following|messages?|posts?|pouets?|toots?|reblogs?|reposts?"
    r"|retweets?|citations?|quotes?|vues?|views?|signets|bookmarks?"
)
_SPOKEN = (
    r"est un serveur mastodon|est l'un des nombreux serveurs mastodon|is (?:a |one of the many )[^\n]{0,40}mastodon"
)
_SIGN_IN = r"sign in|log in|login|connectez-vous|se connecter|inscrivez-vous|create (?:an )?account"
_HAPPENED = r"vous a mentionné(?:·?e|\(e\))?|mentioned you|has just posted|vient de publier"
_LINES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_NUMBER} (?:{_COUNTED})(?:[ ,·•|]+{_NUMBER} (?:{_COUNTED}))*",
        rf"(?:{_COUNTED})\s?:?\s?{_NUMBER}",
        rf"(?:[^@\n]{{0,60}} )?{_HANDLE}(?: ?[·•|-] ?(?:{_DATE}|{_SINCE}))?",
        rf"(?:{_SINCE})(?: ?[·•|-] ?[\w ]{{1,20}})?",
        rf"{_DATE}(?: ?[·•|-] ?[\w .'·•|-]{{1,80}})?",
        rf"(?:modifié|edited|dernière modification|last edited)(?: (?:le|on|il y a))? (?:{_DATE}|{_SINCE})",
        r"[^\n]{1,60} (?:a partagé|boosted|a boosté|shared|a republié|reposted)",
        rf"(?:{_SIGN_IN}) (?:to|pour) [^\n]{{3,80}}",
        r"[^\n]{1,80} - (?:mastodon|pleroma|misskey|pixelfed)(?: - [^\n]{1,60})?",
        rf"[^\n]{{1,60}} (?:{_SPOKEN})[^\n]{{0,160}}",
        r"mastodon (?:is|est) [^\n]{3,160}|propulsé par mastodon[^\n]{0,60}|powered by mastodon[^\n]{0,60}",
        r"(?:traduit (?:de|du|depuis)|translated from) [^\n]{2,60}",
        r"(?:server stats|statistiques du serveur|administré par|administered by)\s?:?[^\n]{0,60}",
        r"(?:vous pouvez suivre|you can follow|suivez ce compte|follow this account)[^\n]{0,120}",
        rf"[^\n]{{1,60}} (?:{_HAPPENED})(?: (?:on|sur|dans|in|:)[^\n]{{0,60}})?[.:]?",
        r"https?://\S{4,100}/(?:settings|auth|unsubscribe)\b\S{0,200}",
        r"(?:voir|view|afficher)\s?:?\s?https?://\S{8,300}",
        r"(?:gérer|modifier|change|manage)[^\n]{0,30}(?:préférences|notifications|e-?mail preferences)[^\n]{0,120}",
        r"[\d./·•↩↺★☆♻️🔁⭐❤️💬 ]{1,30}",
    )
)
_SURE: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"follow|suivre|boosts?|booster|translate|traduire|show thread|voir le fil|afficher le fil|show more|déplier",
        rf"{_NUMBER} (?:boosts?|partages|favou?rites?|favoris|pouets?|toots?|reblogs?)\b.*",
        r"(?:[^@\n]{0,60} )?@[\w.-]{1,60}@[\w.-]{1,80}.{0,60}",
        r"(?:sign in|se connecter) (?:to|pour) participe.*",
        r".{1,80} - (?:mastodon|pleroma|misskey|pixelfed)(?: - .{1,60})?",
        rf".{{1,60}} (?:{_SPOKEN}).*",
        rf".{{1,60}} (?:a partagé|boosted|a boosté|{_HAPPENED}).{{0,60}}",
    )
)
"""Of these, one line is enough to know a page by; the others stand in ordinary mail too."""
_LONGEST = 240


def is_furniture(line: str) -> bool:
    """Whether a whole line (single plain spaces, `Line.plain`) is what a page shows around a post."""
    bare = line.replace("’", "'").strip(" |·•…").strip()
    if not bare or len(line) > _LONGEST:
        return False
    return bare.casefold() in _BUTTONS or any(pattern.fullmatch(bare) for pattern in _LINES)


def tells_a_page(lines: Sequence[str]) -> bool:
    """Whether lines were copied from such a page: two of them that only a page has, or one and another line of it."""
    found = [line for line in lines if is_furniture(line)]
    sure = sum(any(pattern.fullmatch(line.replace("’", "'").strip(" |·•…")) for pattern in _SURE) for line in found)
    return sure >= 2 or (sure == 1 and len(found) >= 2)
