"""The keys of a campaign’s front matter, as people read them. Pure."""

from __future__ import annotations

from ingest.words import _

LABELS = {
    "Organiser": "Qui la mène",
    "Organiser_url": "Sa page",
    "Sign_url": "Où signer",
    "Sign_aliases": "Autre adresse pour signer",
    "Opens": "Ouverture",
    "Deadline": "Date limite",
    "Filing": "Dépôt annoncé",
    "Filed": "Dépôt",
    "Decision": "Décision",
    "Outcome": "Issue",
    "Outcome_url": "Où l’issue est racontée",
    "Count": "Combien",
    "Count_qualifier": "Précision du compte",
    "Unit": "De qui",
    "Count_date": "Jour du compte",
    "Count_source": "Source du compte",
    "Goal": "Objectif",
    "Target": "Devant qui",
    "Against": "Contre qui",
    "Attacks": "Ce qu’elle vise",
    "Who_may_join": "Qui peut signer",
    "Conditions": "Conditions",
    "Conditions_by": "Conditions, selon",
    "Data_asked": "Données demandées",
    "Source": "Source",
    "Source_read": "Source lue le",
    "Source_licence": "Licence",
    "Source_archive": "Copie",
    "State": "État",
    "Update_of": "Suite de",
    "Posted": "Écrit le",
}


def label(key: str) -> str:
    """A key, for people; one that is not in the table is shown as it is."""
    return _(LABELS.get(key, key))
