"""Who may decide, and whether they can."""

from __future__ import annotations

from ingest.doctor.finding import Patient, Verdict, fine, mind, unasked
from ingest.moderation import persons, weighing
from ingest.words import _, ngettext


def moderators(patient: Patient) -> Verdict:
    """Somebody is named, and what needs two of them can be decided."""
    named = patient.settings.moderators
    if not named:
        return unasked(_("personne n’est nommé dans [[moderators]] ; on décide dans un terminal"))
    unmet = persons.unmet(patient.settings)
    if unmet:
        return mind(unmet)
    number = len(named)
    return fine(ngettext("{n} personne peut décider", "{n} personnes peuvent décider", number).format(n=number))


def by_mail(patient: Patient) -> Verdict:
    """Whether an answer to a notice decides."""
    if not patient.settings.moderators:
        return unasked(_("personne n’est nommé dans [[moderators]]"))
    off = weighing.off(patient.settings)
    return mind(off) if off else fine(_("répondre à un avis décide"))
