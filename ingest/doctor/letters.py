"""Outgoing mail: may we send, do letters leave, are the wall's own templates good? Nothing is sent."""

from __future__ import annotations

from datetime import timedelta

from ingest.correspondence.audience import from_address
from ingest.correspondence.outgoing import Server, port_of
from ingest.correspondence.rendering import Templates
from ingest.doctor.finding import Patient, Verdict, fine, mind, unasked, wrong
from ingest.store import Store
from ingest.store.outbox import FAILED, OPEN
from ingest.words import _, ngettext

_LATE = timedelta(hours=24)
_LATELY = timedelta(days=7)


def outgoing(patient: Patient) -> Verdict:
    """Connect, encrypted as the settings say, and log in."""
    settings = patient.settings
    known = settings.outgoing
    if not known.host:
        off = _("aucune lettre ne part d’ici ([outgoing] host est vide)")
        return mind(_("{off} : personne n’est prévenu de rien").format(off=off)) if settings.moderators else fine(off)
    if "@" not in from_address(settings):
        return wrong(_("les lettres n’ont pas d’expéditeur : [outgoing] address et [wall] address sont vides"))
    with Server(settings) as server:
        who = server.user or _("sans identification")
    words = _("{host}:{port} ({security}), {who} ; les lettres viennent de {address}")
    return fine(
        words.format(
            host=known.host, port=port_of(known), security=known.security, who=who, address=from_address(settings)
        )
    )


def letters(patient: Patient) -> Verdict:
    """Whether they leave, and whether servers take them."""
    if not patient.settings.outgoing.host:
        return unasked(_("aucune"))
    with Store.open(patient.settings, readonly=True) as store:
        waiting = [one for one in store.letters(OPEN) if patient.now - one.created_at > _LATE and one.attempts]
        counted = store.letters_by_state(since=patient.now - _LATELY)
        failed = [one for one in store.letters((FAILED,)) if one.ended_at and patient.now - one.ended_at < _LATELY]
    if waiting:
        words = _("{n} attendent depuis plus d’un jour ({said}) ; « mur outbox » dit lesquelles")
        return mind(words.format(n=len(waiting), said=waiting[0].said or "?"))
    if failed:
        words = _("{n} refusées en sept jours ({said}) ; « mur outbox » dit lesquelles")
        return mind(words.format(n=len(failed), said=failed[0].said))
    sent, left = counted.get("sent", 0), sum(counted.get(state, 0) for state in OPEN)
    words = ngettext(
        "{n} partie en sept jours, {left} en attente", "{n} parties en sept jours, {left} en attente", sent
    )
    return fine(words.format(n=sent, left=left))


def templates(patient: Patient) -> Verdict:
    """Those that the wall put in the place of ours: whether they can be read, and whether anybody asks for them."""
    found = Templates(patient.settings)
    own = found.own()
    if not own:
        return fine(_("ceux du programme"))
    for path in own:
        found.check(path)  # `Misconfigured`, with the line
    stray = [path.name for path in own if path.stem not in found.names()]
    if stray:
        return mind(_("{name} : aucune lettre ne s’appelle ainsi").format(name=stray[0]))
    return fine(ngettext("{n} à vous", "{n} à vous", len(own)).format(n=len(own)))
