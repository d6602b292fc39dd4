"""What `mur --help` says of each command: the beginning of its own help, so that none has to be loaded for that."""

from __future__ import annotations

BEGINNINGS = {
    "poll": "Lit la boîte aux lettres ; sans --once, reste et attend les suivants.",
    "import": "Prend des fichiers .eml, mbox ou Maildir par le même chemin que la boîte aux lettres.",
    "import-blogger": "Reprend un ancien blog Blogger (archive Takeout ou export XML), à ses adresses.",
    "convert": "Montre ce que deviendrait un courriel ; ne touche à rien.",
    "replay": "Reprend un courriel illisible, mis de côté parce qu’il y en avait trop, ou refusé par une règle.",
    "queue": "Montre ce qui attend une décision, le plus ancien d’abord, puis ce qui n’a pas pu être publié.",
    "show": "Montre une contribution : le brouillon, ce qui en a été retiré, et ce qui lui est arrivé.",
    "search": (
        "Cherche des mots dans les titres, les textes, les signatures et les étiquettes ; le plus récent d’abord."
    ),
    "journal": "Montre ce qui s’est passé, le plus ancien d’abord : pour une contribution, ou pour toutes.",
    "figures": "Montre depuis quand on attend, et combien de décisions ont été prises chaque semaine.",
    "tags": "Montre les étiquettes en usage, la plus employée d’abord.",
    "moderators": "Montre qui peut décider, et comment chacun est prévenu, d’après « mur.toml ».",
    "accept": "Accepte, pour la prochaine publication.",
    "reject": "Refuse, avec un motif.",
    "discard": "Écarte sans rien dire.",
    "spam": "Note comme indésirable.",
    "defer": "Remet à plus tard, ou renvoie à qui l’a écrite en demandant quelque chose.",
    "withdraw": "Retire, aussi après publication.",
    "undo": "Annule la dernière décision, aussi après publication.",
    "take": "Dit que vous vous en occupez.",
    "release": "Dit que vous ne vous en occupez plus.",
    "block": "Refuse désormais les courriels de cette adresse, ou de qui a écrit cette contribution.",
    "unblock": "Prend de nouveau les courriels de cette adresse ; « mur replay ID » reprend ceux qui ont été refusés.",
    "blocked": "Montre qui est bloqué : une empreinte, depuis quand, par qui, et combien de courriels depuis.",
    "edit": "Corrige le brouillon dans $EDITOR, ou le remplace par un fichier.",
    "keep": "Remet dans le brouillon un morceau retiré ; PIECE est son numéro dans « mur show ».",
    "adopt": "Prend dans le brouillon ce que « mur show » propose : CLÉ, ou CLÉ=VALEUR ; Update_of dit de quel relais.",
    "fetch-thread": (
        "Lit sur son serveur le fil dont une contribution donne l’adresse, une fois ; « [relay] fetch » le permet."
    ),
    "publish": "Met en ligne ce qui est accepté : écrit content/, construit le site, vérifie, échange.",
    "send": (
        "Envoie les lettres qui attendent, et ce qui attend pour le fédivers ; « mur poll » le fait aussi, de lui-même."
    ),
    "outbox": "Montre les lettres qui attendent, et comment les dernières ont fini.",
    "followers": "Compte qui suit le mur, un mot-clé ou un appel ; les adresses ne se montrent pas.",
    "fediverse": "Dit sous quel compte ce mur parle au fédivers, et ce qui y est ; ne poste rien.",
    "erase": "Efface une contribution partout, ou toutes celles d’une adresse ; ne s’annule pas.",
    "export": "Donne tout ce qui est gardé d’une adresse ; par défaut dans un zip, ici.",
    "tidy": "Enlève ce qui a passé l’âge que dit [keeping], et finit les effacements interrompus.",
    "backup": "Copie tout l’état du mur dans un fichier tar, pendant que tout continue.",
    "restore": "Remet une sauvegarde en place, sur un mur qui n’a encore rien pris.",
    "doctor": "Examine la configuration, la boîte aux lettres, le disque, l’horloge, la base et la construction.",
    "login": "Donne accès à la boîte aux lettres par OAuth2 (Gmail, Microsoft) et garde le jeton.",
    "serve": "Sert les pages de modération, sur cette machine ; un serveur web les met derrière HTTPS (deploy/).",
    "login-link": "Donne un lien qui connecte NOM aux pages de modération, une fois, pendant quinze minutes.",
}
