"""What a moderator is told when something cannot be done: who did what, and when. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.states import DECISIONS, Action, State
from ingest.store import Entry, Row
from ingest.words import _

_DONE = {
    Action.ACCEPT: "acceptée par {by} le {when}",
    Action.REJECT: "refusée par {by} le {when}",
    Action.DISCARD: "écartée par {by} le {when}",
    Action.SPAM: "notée comme indésirable par {by} le {when}",
    Action.DEFER: "remise à plus tard par {by} le {when}",
    Action.WITHDRAW: "retirée par {by} le {when}",
    Action.UNDO: "{by} a annulé la décision précédente le {when}",
}
_STANDS = {
    State.HELD: "elle est en attente",
    State.DEFERRED: "elle est remise à plus tard",
    State.ACCEPTED: "elle est acceptée",
    State.PUBLISHED: "elle est en ligne",
    State.REJECTED: "elle est refusée",
    State.DISCARDED: "elle est écartée",
    State.SPAM: "elle est notée comme indésirable",
    State.WITHDRAWN: "elle est retirée",
    State.QUARANTINED: "elle est en quarantaine, son courriel n’a pas pu être lu ; « mur replay » la reprend",
    State.ERASED: "elle est effacée",
}
_VOICES = {
    "article": "c’est un billet",
    "relay": "c’est un appel à relayer",
    "update": "c’est la suite d’un appel",
    "reaction": "c’est une réaction",
    "event": "c’est un rendez-vous",
    "command": "c’est une demande",
    "first": "c’est une première contribution",
    "named": "elle nomme quelqu’un",
}
_CANNOT = {
    Action.ACCEPT: "impossible de l’accepter : {stands}",
    Action.REJECT: "impossible de la refuser : {stands}",
    Action.DISCARD: "impossible de l’écarter : {stands}",
    Action.SPAM: "impossible de la noter comme indésirable : {stands}",
    Action.DEFER: "impossible de la remettre à plus tard : {stands}",
    Action.WITHDRAW: "impossible de la retirer : {stands}",
    Action.UNDO: "aucune décision à annuler : {stands}",
    Action.EDIT: "impossible de la corriger : {stands}",
}


def moment(at: datetime, zone: ZoneInfo) -> str:
    """`08/06/2022 à 09:30`, as the wall's clock has it."""
    return at.astimezone(zone).strftime("%d/%m/%Y %H:%M").replace(" ", _(" à "))


def last_decision(past: Iterable[Entry]) -> Entry | None:
    """The newest line of the journal in which somebody decided."""
    decided = {action.value for action in (*DECISIONS, Action.UNDO)}
    return next((entry for entry in reversed(tuple(past)) if entry.what in decided), None)


def impossible(action: Action, row: Row, past: Sequence[Entry], zone: ZoneInfo) -> str:
    """Why `action` cannot be done to a contribution that stands where it does."""
    return _(_CANNOT[action]).format(stands=_stands(row, last_decision(past), zone))


def _stands(row: Row, entry: Entry | None, zone: ZoneInfo) -> str:
    if entry is None and row.state is State.DISCARDED:
        return _("elle a été écartée à l’arrivée ({reason})").format(reason=row.reason)
    if entry is None:
        return _(_STANDS[row.state])
    if entry.after is row.state and entry.what != Action.UNDO:
        return _("elle a été {done}").format(done=who(entry, zone))
    return f"{_(_STANDS[row.state])} ({who(entry, zone)})"


def second_awaited() -> str:
    """That an agreement is noted, and that it is not enough."""
    return _("votre accord est noté ; il faut encore celui d’une autre personne")


def agreed_already(entry: Entry, zone: ZoneInfo) -> str:
    """That one person has one voice."""
    return _("vous avez déjà donné votre accord le {when} ; c’est à une autre personne de donner le sien").format(
        when=moment(entry.at, zone)
    )


def agreed(entry: Entry, zone: ZoneInfo) -> str:
    """Who said yes first: for whoever is asked for the second voice."""
    return _("{by} a donné son accord le {when} ; il manque le vôtre").format(by=entry.by, when=moment(entry.at, zone))


def second_voice(words: Iterable[str]) -> str:
    """Why two persons have to say yes; empty for no reason."""
    reasons = [_(_VOICES.get(word, "de ce genre")) for word in words]
    return _("il faut l’accord de deux personnes : {reasons}").format(reasons=", ".join(reasons)) if reasons else ""


def now_stands(row: Row) -> str:
    """Where a contribution stands now: `elle est acceptée`."""
    return _(_STANDS[row.state])


def already(past: Sequence[Entry], zone: ZoneInfo) -> str:
    """That the very same was decided before."""
    entry = last_decision(past)
    return _("déjà décidé : {who}").format(who=who(entry, zone) if entry else "?")


def other_text(past: Sequence[Entry], zone: ZoneInfo) -> str:
    """That the draft is no longer the one that was read."""
    versions = {"edit", "keep", "replay"}
    entry = next((entry for entry in reversed(past) if entry.what in versions), None)
    if entry is None:
        return _("ce n’est pas le brouillon actuel ; relisez-le avant de décider")
    return _("le brouillon a changé : {by} l’a modifié le {when} ; relisez-le avant de décider").format(
        by=entry.by, when=moment(entry.at, zone)
    )


def who(entry: Entry, zone: ZoneInfo) -> str:
    """`refusée par zoe le 08/06/2022 à 09:30`."""
    return _(_DONE[Action(entry.what)]).format(by=entry.by, when=moment(entry.at, zone))
